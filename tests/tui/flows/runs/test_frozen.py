"""A run is what it was when it began, whatever changes meanwhile. Its result names the run and the changes."""

import asyncio
import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from run_support import Api, captures, choose, head, run_lisbon, switch
from tui_support import MemorySession, entry, screen_text, see, until

from strongroom_tui.app import StrongroomApp

Make = Callable[..., StrongroomApp]
SIZE = (120, 30)


async def test_a_run_that_ends_after_another_connector_was_chosen_is_shown_and_saved_as_its_own(
    make_app: Make, api: Api, opened: Any, workspace: Path
) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        api.gate = asyncio.Event()
        await pilot.press("i", *"lisbon", "enter")
        await until(lambda: api.asked, "sent")
        await choose(app, pilot, "stripe", "Stripe charges")
        await see(app, "of Weather now (production): another connector is chosen")
        api.gate.set()
        await see(app, "✓ passed")
        assert "of Weather now (production), stale, finished: another connector is chosen" in head(app)
        await pilot.press("s")
        await see(app, "Of Weather now (production)")
        await pilot.press("ctrl+s")
        await until((workspace / "connectors_registry.tests.toml").exists, "written")
        (test,) = tomllib.loads((workspace / "connectors_registry.tests.toml").read_text())["test"]
        assert (test["connector"], test["path_parameters"]) == ("weather-now", {"city": "lisbon"})


async def test_a_run_is_of_the_community_that_it_began_in(
    make_app: Make, api: Api, opened: Any, workspace: Path
) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        api.gate = asyncio.Event()
        await pilot.press("i", *"lisbon", "enter")
        await until(lambda: api.asked, "sent")
        await switch(app, pilot, "staging")
        api.gate.set()
        await see(app, "of Weather now (production), stale, finished: the community is staging")
        await until(lambda: captures(workspace), "captured")
        assert captures(workspace)[0]["community"] == "production"
        assert captures(workspace)[0]["run"]["inputs"] == {"path:city": "lisbon"}
        await pilot.press("s")
        await see(app, "Of Weather now (production)")
        await pilot.press("ctrl+s")
        file = workspace / "connectors_registry.tests.toml"
        await until(file.exists, "written")
        assert tomllib.loads(file.read_text())["test"][0]["community"] == "production"


async def test_a_run_sends_the_text_and_the_values_of_its_start(
    make_app: Make, session: MemorySession, api: Api, opened: Any, workspace: Path
) -> None:
    """Between the two steps of a composite its file, its secret and the community change."""
    headers = [{"key": "A", "value": "{{ get_secret('stripe_key') }}"}]
    steps = [
        {"name": name, "url": f"https://{name}.example.com/", "headers": headers}
        for name in ("first", "second")
    ]
    composite = {"name": "Both", "permalink": "both", "steps": steps}
    file = workspace / "connectors_registry.json"
    file.write_text(json.dumps({"connectors": [], "composite_connectors": [composite]}))
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        api.gate = asyncio.Event()
        await pilot.press("ctrl+r")
        await until(lambda: api.asked, "the first step is sent")
        session.put("production", entry("stripe_key"), "another_value")
        session.put("staging", entry("stripe_key"), "of_staging")
        file.write_text(file.read_text().replace("second.example", "elsewhere.example"))
        await switch(app, pilot, "staging")
        await see(app, "the connector changed, the community is staging")
        api.gate.set()
        await see(app, "✓ passed")
        assert [(r.url.host, r.headers["A"]) for r in api.asked] == [
            ("first.example.com", "sk_1_value"),
            ("second.example.com", "sk_1_value"),
        ]


async def test_a_result_is_stale_from_a_change_on_and_no_longer_once_it_is_undone(
    make_app: Make, session: MemorySession, opened: Any, workspace: Path
) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await run_lisbon(app, pilot)

        async def stale(why: str) -> None:
            await until(lambda: f"of Weather now (production), stale: {why}" in head(app), why)

        async def current() -> None:
            await until(lambda: "stale" not in head(app), "of what is there now")
            assert "of Weather now (production)" in head(app)

        await current()
        await switch(app, pilot, "staging")
        await stale("the community is staging")
        await switch(app, pilot, "production")
        await current()
        await choose(app, pilot, "stripe", "Stripe charges")
        await stale("another connector is chosen")
        await choose(app, pilot, "weather", "Weather now")
        await current()
        await pilot.press("i", "end", "x")
        await stale("the inputs changed")
        await pilot.press("backspace", "escape")
        await current()
        file = workspace / "connectors_registry.json"
        text = file.read_text()
        file.write_text(text.replace("/v1/{{", "/v2/{{"))
        await stale("the connector changed")
        file.write_text(text)
        await current()
        old = session.data["production"]["weather_api_key"]
        session.put("production", old[0]._replace(version=2), "another value")
        await stale("weather_api_key changed")


async def test_enter_during_a_run_sends_nothing_and_says_why(make_app: Make, api: Api, opened: Any) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        api.gate = asyncio.Event()
        await pilot.press("i", *"lisbon", "enter")
        await until(lambda: api.asked, "sent")
        await pilot.press("enter")
        await see(app, "not run: Weather now (production) is still running")
        await choose(app, pilot, "stripe", "Stripe charges")
        await pilot.press("enter")
        await see(app, "not run: Weather now (production) is still running")
        assert len(api.asked) == 1


async def test_a_cancelled_run_that_would_end_late_does_not_replace_the_next_one(
    make_app: Make, api: Api, opened: Any
) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        first = api.gate = asyncio.Event()
        await pilot.press("i", *"lisbon", "enter")
        await until(lambda: api.asked, "sent")
        await pilot.press("escape")
        await see(app, "– cancelled")
        api.gate = None
        await pilot.press("enter")
        await see(app, "number: 2")
        first.set()
        await pilot.pause()
        assert "number: 2" in screen_text(app)


async def test_locking_ends_a_run_and_says_so(make_app: Make, api: Api, opened: Any, workspace: Path) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        api.gate = asyncio.Event()
        await pilot.press("i", *"lisbon", "enter")
        await until(lambda: api.asked, "sent")
        await pilot.press("ctrl+l")
        await see(app, "The vault was locked, so the test was cancelled")
        assert "of Weather now (production)" in head(app)
        assert not captures(workspace)
