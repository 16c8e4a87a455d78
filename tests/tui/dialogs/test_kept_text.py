"""What was typed is kept: no key and no lock throws it away without a word."""

import pytest
from dialog_support import dialog
from textual.widgets import Input
from tui_support import MemorySession, ready, see, until
from typing_support import SCENES, Make, Scene, arrive, send, text_of

from strongroom_tui.app import StrongroomApp
from strongroom_tui.dialogs.confirm import Confirm
from strongroom_tui.dialogs.form import EntryForm
from strongroom_tui.dialogs.input_dialog import InputDialog
from strongroom_tui.widgets.dialog import Dialog

WORK = {
    name: scene
    for name, scene in SCENES.items()
    if name.split(":")[0]
    not in {
        "palette",
        "help",
        "community",
        "pick a connector",
        "secrets",
        "connectors",
        "compare",
        "test",
        "unlock",
    }
}
"""The fields of dialogs that hold somebody's work: all but searches, the inputs of a call, and unlocking."""


async def told(app: StrongroomApp, text: str) -> None:
    """Wait until a notice says `text`."""
    await until(lambda: any(text in notice.message for notice in app._notifications), text)


@pytest.mark.parametrize("scene", WORK.values(), ids=WORK.keys())
async def test_esc_asks_before_it_throws_away_what_was_typed(
    scene: Scene, make_app: Make, session: MemorySession
) -> None:
    session.open, session.exists = scene.is_open, scene.has_vault
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        widget = await arrive(app, pilot, scene)
        opened = app.screen
        assert isinstance(opened, Dialog)
        send(app, "42")
        await until(lambda: text_of(widget) == "42")
        await pilot.press("ctrl+c")
        await told(app, "esc leaves this dialog")
        assert app.screen is opened
        await pilot.press("escape")
        await see(app, "Throw away what you typed?")
        await pilot.press("escape")
        await until(lambda: app.screen is opened, "back")
        assert text_of(widget) == "42"
        await pilot.press("ctrl+q")
        await see(app, "Quit, and throw away")
        await pilot.press("n", "escape", "y")
        await until(lambda: opened not in app.screen_stack, "left")
        assert app.is_running


@pytest.mark.parametrize("keys", [("n",), ("x",), ("i",), ("end", "R"), ("end", "E"), ("comma", "enter")])
async def test_esc_leaves_at_once_where_nothing_was_typed(
    keys: tuple[str, ...], make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press(*keys)
        opened = await dialog(app, Dialog)
        await pilot.press("escape")
        await until(lambda: opened not in app.screen_stack)
        assert not isinstance(app.screen, Confirm)


async def test_what_a_dialog_fills_in_itself_was_not_typed(make_app: Make, session: MemorySession) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press("x", "right", "right")  # another form has another ending
        opened = app.screen
        assert isinstance(opened, InputDialog)
        await until(lambda: opened.query_one("#path", Input).value.endswith(".env"))
        assert opened.typed_fields() == []


async def test_a_lock_keeps_the_names_and_notes_of_a_form_but_no_value(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(app, pilot)
        send(app, ["n", *"half", "tab", "tab", *"hunter2", "tab", "tab", *"a note"])
        await until(lambda: isinstance(app.screen, EntryForm) and "note" in app.screen.typed_fields())
        await pilot.press("ctrl+l")
        await told(app, "The form “New · production” was closed by the lock.")
        assert "hunter2" not in repr(app.drafts)
        session.open = True
        await app.refresh_vault()
        await pilot.press("n")
        form = await dialog(app, EntryForm)
        await told(app, "Filled with what you typed before the lock.")
        assert (form.query_one("#name", Input).value, form.query_one("#note", Input).value) == (
            "half",
            "a note",
        )
        assert form.editor.buffer.is_empty
        await told(app, "Type again: value.")
        assert form.typed_fields() == ["name", "note"]


async def test_a_draft_is_used_once(make_app: Make, session: MemorySession) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        send(app, ["n", *"half"])
        await until(lambda: isinstance(app.screen, EntryForm) and app.screen.typed_fields())
        await pilot.press("ctrl+l")
        session.open = True
        await app.refresh_vault()
        await pilot.press("n")
        await until(lambda: isinstance(app.screen, EntryForm) and app.screen.typed_fields() == ["name"])
        await pilot.press("escape", "y", "n")
        await until(lambda: isinstance(app.screen, EntryForm) and not app.screen.typed_fields())


async def test_the_idle_lock_is_announced_once_and_a_key_puts_it_off(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app(idle_seconds=600)
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press("down")
        app._last_touch -= 575
        await app._lock_when_idle()
        await told(app, "Any key keeps it open.")
        assert len(app._notifications) == 1
        await app._lock_when_idle()
        assert len(app._notifications) == 1
        await pilot.press("down")
        app._last_touch -= 550
        await app._lock_when_idle()
        assert app.is_unlocked
        app._last_touch -= 60
        await app._lock_when_idle()
        assert not app.is_unlocked


async def test_ctrl_c_in_a_list_says_the_apps_own_key(make_app: Make, session: MemorySession) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press("ctrl+c")
        await see(app, "q quits")
        assert not app._notifications
        await pilot.press("3", "i", "ctrl+c")
        await see(app, "^q quits")
