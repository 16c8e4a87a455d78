"""The canary on the screens: every action of the registry, and every run, with the marks nowhere to be seen.

Revealing a value is what a person asks for it with, and is left out.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from end_to_end.canary_support import World
from end_to_end.screens import picture, texts
from strongroom.resolver.reports.reporting import make_report
from strongroom.settings.loading import load_settings
from strongroom_tui.app import StrongroomApp
from strongroom_tui.backend.session import VaultSession
from strongroom_tui.dialogs.confirm import Confirm
from strongroom_tui.frame.actions import ACTIONS

LEFT_OUT = {"reveal", "quit", "open"}
"""`open` gives the terminal to another program."""

WITH_DIALOG = {
    "new", "edit", "rename", "history", "expire", "import", "export", "fix_all", "pick", "all_tests",
    "save_case", "community", "settings", "palette", "help",
}  # fmt: skip
"""Actions whose dialog is looked at as well."""

SIZE = (130, 40)


async def until(condition: Callable[[], Any], what: str) -> None:
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end, f"never came true: {what}"
        await asyncio.sleep(0.01)


@pytest.fixture
def app(world: World) -> StrongroomApp:
    folder = str(world.workspace)
    return StrongroomApp(folder, VaultSession(str(world.folder / "vault.db"), "acme"), load_settings(folder))


class Watch:
    """Looks at every screen."""

    def __init__(self, app: StrongroomApp, world: World) -> None:
        self._app = app
        self._world = world
        self.seen = 0
        self.all_text = ""

    def look(self, when: str) -> str:
        shown = texts(picture(self._app))
        self._world.search.expect_nothing(f"the screen after {when}", shown)
        self.seen += 1
        self.all_text += shown
        return shown


async def begin(app: StrongroomApp, pilot: Any) -> None:
    await until(lambda: app.is_unlocked and app.workspace.files, "the vault is open and the files are read")
    await pilot.pause()


async def leave(app: StrongroomApp, pilot: Any) -> None:
    """Close every dialog; what was typed into it is dropped."""
    for _ in range(6):
        if len(app.screen_stack) == 1:
            return
        # A form that was changed asks if it may drop that.
        is_asking = isinstance(app.screen, Confirm) and len(app.screen_stack) > 2
        await pilot.press("y" if is_asking else "escape")
    raise AssertionError(f"{app.screen} stays open")


async def test_no_action_shows_a_value(app: StrongroomApp, world: World) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await begin(app, pilot)
        watch = Watch(app, world)
        assert "s_header" in watch.look("the start")
        opened: set[str] = set()
        for action in ACTIONS:
            if action.id in LEFT_OUT:
                continue
            await app.perform(action)
            await pilot.pause()
            watch.look(f"{action.tab.value}/{action.id}")
            if len(app.screen_stack) > 1:
                opened.add(action.id)
                await pilot.press("down", "tab", "x")
                watch.look(f"keys in {action.id}")
                await leave(app, pilot)
            if not app.is_unlocked:
                await app.perform(next(one for one in ACTIONS if one.id == "unlock"))
                await pilot.pause()
        assert watch.seen > len(ACTIONS)
        assert opened >= WITH_DIALOG
    found = world.search.in_files(world.folder)
    assert not found, found


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The connectors whose runs have ended."""
    ended: list[str] = []

    def counting(result: Any) -> Any:
        made = make_report(result)
        ended.append(made.connector)
        return made

    monkeypatch.setattr("strongroom.resolver.runner.make_report", counting)
    return ended


async def test_no_result_of_a_run_shows_a_value(app: StrongroomApp, world: World, done: list[str]) -> None:
    from strongroom_tui.tabs.test import TestPane

    async with app.run_test(size=SIZE) as pilot:
        await begin(app, pilot)
        watch = Watch(app, world)
        targets = list(app.workspace.targets)
        assert len(targets) == 23
        pane = app.screen_stack[0].query_one(TestPane)
        by_id = {action.id: action for action in ACTIONS}
        for number, target in enumerate(targets):
            await app.test_connector(target.file, target.name)
            await app.perform(by_id["run"])
            await until(lambda number=number: len(done) > number, f"the run of {target.name}")  # type: ignore[misc]
            await until(lambda: not pane.is_testing, f"the end of {target.name}")
            await pilot.pause()
            for _part in range(6):
                await app.perform(by_id["next_view"])
                await pilot.pause()
                watch.look(f"the run of {target.name}")
        assert "masked" in watch.all_text
        assert "••••••••" in watch.all_text
    found = world.search.in_files(world.folder)
    assert not found, found


async def test_all_test_cases_at_once_show_no_value(
    app: StrongroomApp, world: World, done: list[str]
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await begin(app, pilot)
        watch = Watch(app, world)
        await app.perform(next(action for action in ACTIONS if action.id == "all_tests"))
        await until(lambda: len(done) >= 29, "every test case has run")
        await until(lambda: "not met" in texts(picture(app)), "the results are shown")
        for key in ("down", "down", "end", "enter"):
            await pilot.press(key)
            await pilot.pause()
            watch.look(f"all tests, {key}")
    found = world.search.in_files(world.folder)
    assert not found, found


def test_what_is_on_a_screen_can_be_read_back(world: World) -> None:
    svg = '<text class="a" x="0" y="20.5">one&#160;Kq&quot;7&amp;x</text><text x="9" y="20.5">é/9+&lt;=%Zv\\w</text>'
    assert world.search.in_bytes(texts(svg).encode())
