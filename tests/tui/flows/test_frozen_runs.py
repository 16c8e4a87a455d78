"""A run is what it was when it began, whatever changes meanwhile; its result says of what it is, and what changed."""

import asyncio
import json
import threading
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual import events
from tui_support import CANARY, MemorySession, entry, ready, screen_text, see, until

from strongroom_tui.app import StrongroomApp
from strongroom_tui.dialogs.all_tests import AllTests
from strongroom_tui.dialogs.pick_connector import PickConnector
from strongroom_tui.dialogs.run_history import RunHistory
from strongroom_tui.flows import curl
from strongroom_tui.places.test import TestPane

httpx2 = pytest.importorskip("httpx2")

Make = Callable[..., StrongroomApp]
SIZE = (120, 30)


class Api:
    """Answers with its host. While `gate` is set, an answer waits for it."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.gate: asyncio.Event | None = None
        self.body: dict[str, Any] = {}

    async def __call__(self, request: Any) -> Any:
        self.asked.append(request)
        gate, number = self.gate, len(self.asked)
        if gate is not None:
            await gate.wait()
        return httpx2.Response(200, json={"host": request.url.host, "number": number, **self.body})

    @property
    def hosts(self) -> set[str]:
        return {request.url.host for request in self.asked}


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def opened(make_app: Make, session: MemorySession, api: Api) -> Callable[..., Any]:
    session.open = True
    session.put("production", entry("stripe_key"), "sk_1_value")

    async def open_place(app: StrongroomApp, pilot: Any) -> TestPane:
        await ready(app, pilot)
        await pilot.press("3")
        await see(app, "runs the test")
        pane = app.query_one(TestPane)
        pane.runner.transport = httpx2.MockTransport(api)
        return pane

    return open_place


def burst(app: StrongroomApp, *keys: str) -> None:
    """Press keys without waiting for what one of them does."""
    for key in keys:
        pressed = events.Key(key, key if len(key) == 1 else None)
        pressed.set_sender(app)
        app.post_message(pressed)


def head(app: StrongroomApp) -> str:
    """The line that says of which run the result is."""
    return next((line for line in screen_text(app).splitlines() if "of " in line and "(" in line), "")


async def choose(app: StrongroomApp, pilot: Any, name: str, whole: str) -> None:
    await pilot.press("p")
    await see(app, "Test which connector?")
    await pilot.press(*name, "enter")
    pane = app.query_one(TestPane)
    await until(lambda: pane.target is not None and pane.target.name == whole, whole)


async def switch(app: StrongroomApp, pilot: Any, community: str) -> None:
    await pilot.press("c")
    await see(app, "Community")
    await pilot.press(*community, "enter")
    await until(lambda: app.snapshot.community == community, community)
    await until(lambda: not asks(app))


def asks(app: StrongroomApp) -> bool:
    """Whether something asks a person, or is about to."""
    return any(not worker.is_finished for worker in app.workers if worker.group == "dialog")


def captures(workspace: Path) -> list[dict[str, Any]]:
    return [json.loads(p.read_text()) for p in sorted((workspace / ".strongroom/captures").glob("*.json"))]


async def run_lisbon(app: StrongroomApp, pilot: Any) -> None:
    await pilot.press("i", *"lisbon", "enter")
    await see(app, "✓ passed")


# -- what changes while it runs ------------------------------------------------------


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
        assert "of Weather now (production): another connector is chosen" in screen_text(app)
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


# -- nothing is sent for what is not on the screen -----------------------------------


async def test_a_choice_counts_before_the_next_key_acts(make_app: Make, api: Api, opened: Any) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        pane = await opened(app, pilot)
        await pilot.press("i", *"lisbon", "escape", "p")
        await until(lambda: isinstance(app.screen, PickConnector))
        app.screen.dismiss("2")
        pane.action_run()  # nothing was waited for in between
        await see(app, "of Stripe charges (production)")
        await see(app, "✓ passed")
        assert api.hosts == {"api.stripe.example.com"}


async def test_no_burst_around_a_choice_runs_the_connector_before(
    make_app: Make, api: Api, opened: Any
) -> None:
    keys = ("p", *"stripe", "enter", "ctrl+r")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        for first in range(1, len(keys)):
            await choose(app, pilot, "weather", "Weather now")
            burst(app, *keys[:first])
            await until(lambda: isinstance(app.screen, PickConnector) or len(app.screen_stack) == 1)
            burst(app, *keys[first:])
            await pilot.pause()
            while len(app.screen_stack) > 1:
                await pilot.press("escape")
            await until(lambda: not app.query_one(TestPane).is_testing)
        await choose(app, pilot, "stripe", "Stripe charges")
        await pilot.press("ctrl+r")
        await see(app, "of Stripe charges (production)")
        await see(app, "✓ passed")
        assert api.hosts == {"api.stripe.example.com"}


@pytest.mark.parametrize("opens", ["c", "H"])
async def test_a_key_that_follows_one_that_opens_a_dialog_runs_nothing(
    opens: str, make_app: Make, api: Api, opened: Any
) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("i", *"lisbon", "escape")
        burst(app, opens, "enter")
        await pilot.pause()
        await until(lambda: len(app.screen_stack) > 1 or not asks(app))
        while len(app.screen_stack) > 1:
            await pilot.press("escape")
        await until(lambda: not asks(app))
        await choose(app, pilot, "stripe", "Stripe charges")
        await pilot.press("ctrl+r")
        await see(app, "✓ passed")
        assert api.hosts == {"api.stripe.example.com"}


async def test_while_the_community_is_being_switched_nothing_is_sent_with_the_values_of_the_old_one(
    make_app: Make, session: MemorySession, api: Api, opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on = threading.Event()
    use = session.use

    def held(community: str) -> None:
        assert may_go_on.wait(30)
        use(community)

    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("i", *"lisbon", "escape")
        monkeypatch.setattr(session, "use", held)
        await pilot.press("c")
        await see(app, "Community")
        await pilot.press(*"staging", "enter")
        await until(lambda: len(app.screen_stack) == 1)
        burst(app, "ctrl+r")
        await pilot.pause()
        assert not api.asked
        may_go_on.set()
        await until(lambda: app.snapshot.community == "staging" and not asks(app))
        await until(lambda: not app.query_one(TestPane).is_testing)
        await pilot.press("ctrl+r")
        await see(app, "of Weather now (staging)")
        await see(app, "✓ passed")
        assert {request.headers["Authorization"] for request in api.asked} == {"Bearer wk_test_0000000"}


async def test_a_connector_that_left_its_file_is_not_replaced_by_another(
    make_app: Make, api: Api, opened: Any, workspace: Path
) -> None:
    file = workspace / "connectors_registry.json"
    text = file.read_text()
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        pane = await opened(app, pilot)
        await choose(app, pilot, "stripe", "Stripe charges")
        file.write_text(text.replace("Stripe charges", "Renamed"))
        await see(app, "not in its file: Stripe charges")
        await pilot.press("enter")
        await see(app, "Stripe charges is not in connectors_registry.json any more")
        file.write_text(text)
        await until(lambda: not pane.is_gone, "back")
        await pilot.press("enter")
        await see(app, "✓ passed")
        assert api.hosts == {"api.stripe.example.com"}


async def test_of_two_connectors_of_one_name_the_chosen_one_is_run(
    make_app: Make, api: Api, opened: Any, workspace: Path
) -> None:
    file = workspace / "connectors_registry.json"
    twins = [{"name": "Twin", "permalink": f"t{i}", "url": f"https://host{i}.example.com/"} for i in (1, 2)]
    file.write_text(json.dumps({"connectors": twins}))
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        pane = await opened(app, pilot)
        await pilot.press("p")
        await see(app, "Test which connector?")
        await pilot.press("down", "enter")
        await until(lambda: pane.target is not None and pane.target.permalink == "t2")
        file.write_text(json.dumps({"connectors": twins}, indent=3))
        before = app.workspace.stamps
        await until(lambda: app.workspace.stamps != before or app.workspace.files[0].source)
        await pilot.press("ctrl+r")
        await see(app, "of Twin (production)")
        await see(app, "✓ passed")
        assert api.hosts == {"host2.example.com"}
        await pilot.press("2")
        await see(app, "Twin")
        await pilot.press("home", "down", "down", "t")
        await until(lambda: pane.target is not None and pane.target.permalink == "t2")


# -- what is kept --------------------------------------------------------------------


async def test_a_typed_secret_is_not_kept_whatever_is_chosen_or_shown_afterwards(
    make_app: Make, session: MemorySession, api: Api, opened: Any, workspace: Path
) -> None:
    """In a connector that was never run; of a community that is not shown any more; of one that never was."""
    session.put("staging", entry("other"), "wk_of_staging_1")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        pane = await opened(app, pilot)
        await pilot.press("i", *"oslo", "tab", "tab", "tab", *CANARY, "escape")
        await choose(app, pilot, "stripe", "Stripe charges")
        api.gate = asyncio.Event()
        await pilot.press("i", "tab", "tab", *f"a {CANARY} wk_of_staging_1", "ctrl+r")
        await until(lambda: api.asked, "sent")
        await switch(app, pilot, "staging")
        api.gate.set()
        await see(app, "✓ passed")
        await until(lambda: captures(workspace), "captured")
        kept = workspace / ".strongroom"
        for file in kept.rglob("*.json"):
            assert CANARY not in file.read_text()
            assert "wk_of_staging_1" not in file.read_text()
        assert captures(workspace)[0]["run"]["dropped"] == ["payload"]
        assert pane.remembered.of("connectors_registry.json", "Weather now")["payload"] == CANARY


# -- earlier runs --------------------------------------------------------------------


async def test_an_earlier_run_is_saved_with_its_own_inputs_and_has_no_curl_of_another_call(
    make_app: Make, api: Api, opened: Any, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    monkeypatch.setattr(curl, "copy_plain", lambda text, _write: copied.append(text) or "xclip")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await run_lisbon(app, pilot)
        await until(lambda: captures(workspace), "captured")
        await choose(app, pilot, "stripe", "Stripe charges")
        await pilot.press("H")
        await until(lambda: isinstance(app.screen, RunHistory) and app.screen.rows.has_focus)
        await pilot.press("a", "enter")
        await see(app, "of Weather now (production)")
        await pilot.press("i", "end", *"x", "escape")
        await see(app, "stale")
        assert "the inputs changed" in head(app)
        await pilot.press("x")
        await until(lambda: any("kept without its curl command" in n.message for n in app._notifications))
        assert not copied
        await pilot.press("s")
        await see(app, "Save as a test case")
        await pilot.press("ctrl+s")
        file = workspace / "connectors_registry.tests.toml"
        await until(file.exists, "written")
        assert tomllib.loads(file.read_text())["test"][0]["path_parameters"] == {"city": "lisbon"}


async def test_a_curl_command_says_of_which_run_it_is(
    make_app: Make, opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    monkeypatch.setattr(curl, "copy_plain", lambda text, _write: copied.append(text) or "xclip")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await run_lisbon(app, pilot)
        await choose(app, pilot, "stripe", "Stripe charges")
        await pilot.press("x")
        await see(app, "curl command of Weather now (production) copied")
        assert "/v1/lisbon" in copied[0]


# -- all tests -----------------------------------------------------------------------

CASES = """\
[[test]]
name = "Lisbon"
connector = "weather-now"
path_parameters = { city = "lisbon" }

[[test]]
name = "Charges"
connector = "stripe-charges"
"""


async def test_all_tests_run_as_everything_was_when_they_began(
    make_app: Make, session: MemorySession, api: Api, opened: Any, workspace: Path
) -> None:
    (workspace / "connectors_registry.tests.toml").write_text(CASES)
    registry = workspace / "connectors_registry.json"
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        api.gate = asyncio.Event()
        await pilot.press("A")
        await until(lambda: len(api.asked) == 2, "both are sent")
        session.shown = "staging"  # as another program does
        session.changes += 1
        registry.write_text(registry.read_text().replace("/v1/{{", "/v2/{{"))
        await until(lambda: app.snapshot.community == "staging")
        api.gate.set()
        await see(app, "✓ 2 passed")
        await until(lambda: len(captures(workspace)) == 2, "captured")
        assert {data["community"] for data in captures(workspace)} == {"production"}
        await pilot.press("home", "enter")
        await see(app, "of Weather now (production), stale, test Lisbon")
        assert "the connector changed, the commu" in head(app)


async def test_all_tests_end_when_the_vault_is_locked_by_another_program(
    make_app: Make, session: MemorySession, api: Api, opened: Any, workspace: Path
) -> None:
    (workspace / "connectors_registry.tests.toml").write_text(CASES)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        api.gate = asyncio.Event()
        await pilot.press("A")
        await until(lambda: len(api.asked) == 2, "both are sent")
        session.open = False
        session.changes += 1
        await see(app, "cancelled")
        assert not captures(workspace)


async def test_a_tests_run_is_saved_as_it_was_after_its_file_changed(
    make_app: Make, opened: Any, workspace: Path
) -> None:
    file = workspace / "connectors_registry.tests.toml"
    file.write_text(CASES)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("A")
        await see(app, "✓ 2 passed")
        await pilot.press("home", "enter")
        await see(app, "test Lisbon")
        file.write_text(CASES.replace('"lisbon"', '"porto"'))
        await pilot.press("s")
        await see(app, "Of Weather now (production)")
        await pilot.press("ctrl+s")
        await until(lambda: len(tomllib.loads(file.read_text())["test"]) == 3, "saved")
        assert tomllib.loads(file.read_text())["test"][2]["path_parameters"] == {"city": "lisbon"}


async def test_leaving_during_a_run_leaves_nothing_behind(
    make_app: Make, api: Api, opened: Any, workspace: Path
) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        api.gate = asyncio.Event()
        await pilot.press("i", *"lisbon", "enter")
        await until(lambda: api.asked, "sent")
        await pilot.press("q")
    assert app.return_code == 0
    assert not captures(workspace)


async def test_escape_goes_back_from_a_result_to_all_tests_and_runs_none_again(
    make_app: Make, api: Api, opened: Any, workspace: Path
) -> None:
    (workspace / "connectors_registry.tests.toml").write_text(CASES)
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("A")
        await see(app, "✓ 2 passed")
        await pilot.press("end", "enter")
        await see(app, "test Charges")
        await see(app, "esc all tests")
        await pilot.press("escape")
        await see(app, "✓ 2 passed")
        assert isinstance(app.screen, AllTests)
        assert app.screen.rows.cursor == 1
        assert len(api.asked) == 2
        await pilot.press("escape")
        await until(lambda: len(app.screen_stack) == 1)
        await pilot.press("escape")
        await pilot.pause()
        assert len(app.screen_stack) == 1


async def test_again_in_all_tests_runs_what_the_files_have_by_then(
    make_app: Make, api: Api, opened: Any, workspace: Path
) -> None:
    file = workspace / "connectors_registry.tests.toml"
    file.write_text(CASES)
    registry = workspace / "connectors_registry.json"
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("A")
        await see(app, "✓ 2 passed")
        registry.write_text(registry.read_text().replace("/v1/{{", "/v2/{{"))
        file.write_text(CASES.replace('"lisbon"', '"porto"'))
        await pilot.press("r")
        await until(lambda: len(api.asked) == 4)
        assert "/v2/porto" in {request.url.path for request in api.asked}


# -- what is missing -----------------------------------------------------------------


async def test_a_missing_path_parameter_is_told_first_and_its_field_takes_the_cursor(
    make_app: Make, api: Api, opened: Any
) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        pane = await opened(app, pilot)
        assert "needed" in screen_text(app)
        await pilot.press("enter")
        await see(app, "✗ failed  400")
        await until(lambda: pane.form.focused_key == "path:city", "the cursor is in the field")
        assert pane.view.lines.text().startswith("✗ ")
        assert "city" in pane.view.lines.text().splitlines()[0]
        await see(app, "✗ needed")
        await pilot.press(*"lisbon", "enter")
        await see(app, "✓ passed")
        assert not pane.form.focused_key


async def test_the_pane_in_focus_can_have_the_whole_screen(make_app: Make, opened: Any) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        pane = await opened(app, pilot)
        await pilot.press("plus")
        await until(lambda: pane.view.size.width == SIZE[0])
        await pilot.press("i")
        await until(lambda: pane.form.focused_key and pane.form.size.width < SIZE[0] // 2)
        await pilot.press("escape", "plus", "plus")
        await until(lambda: 0 < pane.form.size.width < SIZE[0])
        await pilot.press("2")
        await see(app, "Stripe charges")
        await pilot.press("plus")
        await until(lambda: app.query_one("#tree").size.width == SIZE[0])
        await pilot.press("plus", "tab", "plus")
        await until(lambda: app.query_one("#source").size.width == SIZE[0])
