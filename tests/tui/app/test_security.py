"""Nothing secret leaves: screenshots, crash reports, titles, the lock, idling."""

import asyncio
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from dialog_support import dialog
from textual import events
from tui_support import CANARY, MemorySession, ready, screen_text, see, until

from strongroom.values.secret_value import MASK
from strongroom_tui import app_base as room
from strongroom_tui.app import StrongroomApp
from strongroom_tui.dialogs.form import EntryForm
from strongroom_tui.model.connectors.workspace_view import WorkspaceView, scan
from strongroom_tui.widgets.value_editor import ValueEditor

Make = Callable[..., StrongroomApp]
SIZE = (80, 24)


async def test_the_value_is_on_no_screen_but_the_revealed_one_and_in_no_picture(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    pictures: list[str] = []
    screens: list[str] = []

    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await see(app, f"w{MASK}")
        dialogs = ("e", "d", "R", "E", "x", "i", "comma", "ctrl+p", "c", "T", "question_mark")
        for keys in (
            ["end"],
            *(each for key in dialogs for each in ([key], ["escape"])),
            ["2"],
            ["3"],
            ["1"],
        ):
            await pilot.press(*keys)
            await pilot.pause()
            screens.append(screen_text(app))
            pictures.append(app.export_screenshot())
        await pilot.press("end", "r")
        await see(app, CANARY)
        pictures.append(app.export_screenshot())
        await pilot.pause()
        screens.append(screen_text(app))  # the picture hid it
        assert app.title == "Strongroom"
    assert not [text for text in screens if CANARY in text]
    assert not [picture for picture in pictures if CANARY in picture]


async def test_a_picture_of_the_form_masks_a_value_that_is_shown_there(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "n")
        await dialog(app, EntryForm)
        editor = app.screen.query_one(ValueEditor)
        editor.focus()
        editor.post_message(events.Paste(CANARY))
        await pilot.press("ctrl+r")
        await see(app, CANARY)
        assert CANARY not in app.export_screenshot()


async def test_a_value_being_typed_does_not_tell_its_length_once_the_field_is_left(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    shown = []
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        for text in ("abcdefgh", "a" + "b" * 40):
            await pilot.press("end", "n")
            await dialog(app, EntryForm)
            editor = app.screen.query_one(ValueEditor)
            editor.focus()
            editor.post_message(events.Paste(text))
            await pilot.pause()
            await pilot.press("tab")
            await pilot.pause()
            shown.append(next(line for line in screen_text(app).splitlines() if "Value" in line))
            await pilot.press("escape", "y")  # yes, throw it away
            await until(lambda: len(app.screen_stack) == 1)
    assert shown[0] == shown[1]
    assert f"a{MASK}" in shown[0]


async def test_locking_closes_dialogs_and_forgets_what_was_typed(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "n")
        await dialog(app, EntryForm)
        editor = app.screen.query_one(ValueEditor)
        editor.focus()
        await pilot.press(*"hunter")
        await pilot.press("ctrl+l")
        await until(lambda: len(app.screen_stack) == 1)
        assert editor.buffer.is_empty
        assert not session.open
        await see(app, "○ locked")
        assert f"w{MASK}" not in screen_text(app)
        await pilot.press("n")
        await see(app, "Unlock the vault")


async def test_a_dialog_over_a_dialog_does_not_survive_the_lock(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "n")
        await dialog(app, EntryForm)
        editor = app.screen.query_one(ValueEditor)
        editor.post_message(events.Paste(CANARY))
        await until(lambda: not editor.buffer.is_empty)
        await pilot.press("ctrl+g")
        await see(app, "Generate a value")
        await pilot.press("ctrl+l")
        await until(lambda: len(app.screen_stack) == 1 and not session.open)
        assert editor.buffer.is_empty


async def test_idling_locks_the_vault_with_a_dialog_open(make_app: Make, session: MemorySession) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "e")
        await dialog(app, EntryForm)
        app.idle_seconds = 0
        await until(lambda: not session.open, "locked by itself")
        await until(lambda: len(app.screen_stack) == 1, "the dialog is gone")


async def test_a_look_at_the_folder_that_ends_after_the_app_was_left_shows_nothing(
    make_app: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    began, go_on = threading.Event(), threading.Event()

    def scan_when_told(*given: Any, **options: Any) -> WorkspaceView:
        began.set()
        assert go_on.wait(20)
        return scan(*given, **options)

    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        monkeypatch.setattr(room, "scan", scan_when_told)
        looking = asyncio.create_task(app.refresh_vault())
        await until(began.is_set)
    go_on.set()
    await looking


async def test_a_crash_leaves_a_report_without_values_and_prints_none(
    make_app: Make, session: MemorySession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    session.open = True
    app = make_app()

    def fail(*_: Any) -> None:
        held = session.data["production"]["weather_api_key"][1].reveal()
        raise RuntimeError(f"a message with {held}")

    monkeypatch.setattr(app, "action_community", fail)

    async def crash_it() -> None:
        async with app.run_test(size=SIZE) as pilot:
            await ready(app, pilot)
            await pilot.press("c")
            await pilot.pause()

    with pytest.raises(RuntimeError):
        await crash_it()
    said = "".join(capsys.readouterr().err.splitlines())  # the path may be folded
    files = list(tmp_path.rglob("crash-*.txt"))
    assert len(files) == 1
    text = files[0].read_text()
    assert "during: terminal app" in text
    assert "builtins.RuntimeError" in text
    assert ".fail\n" in text
    for place in (text, said):
        assert CANARY not in place
        assert "a message" not in place
    assert str(files[0]) in said
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600 or os.name == "nt"
