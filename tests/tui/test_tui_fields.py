"""Typing into a field: keys that come in one burst take effect in their order."""

from collections.abc import Callable

from textual import events
from textual.widgets import Input
from tui_support import MemorySession, ready, until

from strongroom_tui.app import StrongroomApp
from strongroom_tui.screens.rename import Rename

Make = Callable[..., StrongroomApp]


def burst(app: StrongroomApp, *keys: str) -> None:
    """Press keys without waiting for what one of them does."""
    for key in keys:
        pressed = events.Key(key, key if len(key) == 1 else None)
        pressed.set_sender(app)
        app.post_message(pressed)


async def test_what_is_typed_after_an_editing_key_is_not_edited_by_it(
    make_app: Make, session: MemorySession
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "R")
        await until(lambda: isinstance(app.screen, Rename))
        name = app.screen.query_one("#name", Input)
        burst(app, "ctrl+u", *"abx", "backspace", "c", "home", "z", "ctrl+e", "d")
        await until(lambda: name.value == "zabcd", "all of it, in its order")
