"""Nothing is sent for a connector, a community or a value that is not on the screen, or is missing."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from dialog_support import dialog
from run_support import Api, asks, choose
from tui_support import MemorySession, burst, screen_text, see, until

from strongroom_tui.app import StrongroomApp
from strongroom_tui.dialogs.pick_connector import PickConnector
from strongroom_tui.tabs.test import TestPane

Make = Callable[..., StrongroomApp]
SIZE = (120, 30)


async def test_a_choice_counts_before_the_next_key_acts(make_app: Make, api: Api, opened: Any) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        pane = await opened(app, pilot)
        await pilot.press("i", *"lisbon", "escape", "p")
        await dialog(app, PickConnector)
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
        # After the key that opens the choice, after a character, and before each of the last two.
        for first in (1, 2, len(keys) - 2, len(keys) - 1):
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
