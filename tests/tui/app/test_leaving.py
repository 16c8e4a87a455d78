"""Leaving and locking while something is under way: what was begun ends, and nothing reaches for what is gone."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from dialog_support import dialog
from tui_support import MemorySession, ready, see, until

from strongroom_tui.app import StrongroomApp
from strongroom_tui.dialogs.confirm import Confirm
from strongroom_tui.dialogs.form import EntryForm
from strongroom_tui.dialogs.pick import Pick
from strongroom_tui.dialogs.unlock import Unlock
from strongroom_tui.frame import key_queue
from strongroom_tui.frame.workers import Group, start
from strongroom_tui.tabs.call import InputRow
from strongroom_tui.tabs.test import TestPane
from strongroom_tui.widgets.bars import TopBar
from strongroom_tui.widgets.virtual_list import VirtualList

Make = Callable[..., StrongroomApp]
SIZE = (80, 24)


class Held:
    """Work that stops at its first call until it is let go."""

    def __init__(self, work: Callable[..., Any]) -> None:
        self._work = work
        self.has_begun = threading.Event()
        self.may_go_on = threading.Event()

    def __call__(self, *args: Any) -> Any:
        self.has_begun.set()
        assert self.may_go_on.wait(30)
        return self._work(*args)


@pytest.fixture
def top_line_gone(monkeypatch: pytest.MonkeyPatch) -> list[threading.Event]:
    """Events to set as soon as the top line is taken off the screen."""
    waiting: list[threading.Event] = []

    def on_unmount(_: TopBar) -> None:
        for event in waiting:
            event.set()

    monkeypatch.setattr(TopBar, "on_unmount", on_unmount, raising=False)
    return waiting


class FakeCopier:
    """A clipboard that holds a value until it is cleared."""

    seconds = 30.0
    holds = True

    def clear(self) -> bool:
        self.holds = False
        return True


async def test_leaving_while_a_dialog_opens_is_no_error(make_app: Make) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        app.push_screen(Confirm("Delete it?", ["It goes."], "delete"))
        app.exit(0)
    assert app.return_code == 0


async def test_leaving_during_a_lock_locks_and_touches_no_widget(
    make_app: Make,
    session: MemorySession,
    monkeypatch: pytest.MonkeyPatch,
    top_line_gone: list[threading.Event],
) -> None:
    session.open = True
    held = Held(session.lock)
    monkeypatch.setattr(session, "lock", held)
    top_line_gone.append(held.may_go_on)
    app = make_app()
    app._copier = FakeCopier()  # type: ignore[assignment]
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "e")
        await dialog(app, EntryForm)
        app.idle_seconds = 0
        await until(held.has_begun.is_set, "the lock is under way")
    assert not session.open
    assert not app.copier.holds


async def test_leaving_while_the_names_are_read_touches_no_widget(
    make_app: Make,
    session: MemorySession,
    monkeypatch: pytest.MonkeyPatch,
    top_line_gone: list[threading.Event],
) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        held = Held(session.snapshot)
        monkeypatch.setattr(session, "snapshot", held)
        top_line_gone.append(held.may_go_on)
        session.changes += 1
        await until(held.has_begun.is_set, "the change was noticed")


async def test_a_dialog_that_is_answered_twice_closes_nothing_else(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("c")
        await dialog(app, Pick)
        rows = app.screen.query_one(VirtualList)
        for _ in range(2):  # as a quick double click does
            rows.post_message(VirtualList.Chosen(rows, 1))
        await see(app, "community staging")
        assert len(app.screen_stack) == 1


async def test_an_unlocking_that_was_given_up_leaves_the_vault_locked(
    make_app: Make, session: MemorySession, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    held = Held(session.unlock)
    monkeypatch.setattr(session, "unlock", held)
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("u")
        await dialog(app, Unlock)
        await pilot.press(*"open sesame")
        monkeypatch.setattr(key_queue, "LONGEST_SECONDS", 0.05)
        await pilot.press("enter")
        await until(held.has_begun.is_set, "it is being opened")
        await pilot.press("escape")
        await until(lambda: len(app.screen_stack) == 1)
        held.may_go_on.set()
        await until(lambda: not app.vault_thread.submit(lambda: session.open).result(), "locked again")
        await see(app, "○ locked")


async def test_a_choice_that_another_overtakes_leaves_none_of_its_inputs(
    make_app: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    goes, may_go = asyncio.Event(), asyncio.Event()

    async def on_unmount(_: InputRow) -> None:
        goes.set()
        await may_go.wait()

    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        pane = app.query_one(TestPane)
        await until(lambda: "path:city" in pane.values(), "the first connector's inputs")
        monkeypatch.setattr(InputRow, "on_unmount", on_unmount, raising=False)
        _, crm, stripe = app.workspace.targets
        start(pane, Group.CHOOSE, pane.choose, crm)
        await until(goes.is_set, "its inputs are going")
        start(pane, Group.CHOOSE, pane.choose, stripe)
        may_go.set()
        await until(lambda: pane.target == stripe and len(pane.query(InputRow)) == len(pane.values()))
        assert [row.field.key for row in pane.query(InputRow)] == ["query", "user", "payload"]
