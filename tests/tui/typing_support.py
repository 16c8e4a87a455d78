"""What the tests of typing share: every place that takes text, how it is reached, and a plain model of a text."""

import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, NamedTuple

from textual import events
from textual.widget import Widget
from textual.widgets import Input
from tui_support import ready, until

from strongroom_tui.app import StrongroomApp
from strongroom_tui.widgets.text_editor import TextEditor, TextField
from strongroom_tui.widgets.value_editor import ValueEditor
from strongroom_tui.widgets.virtual_list import VirtualList


def send(app: StrongroomApp, keys: Iterable[str]) -> None:
    """Press keys as one read of a terminal would: none of them waits for what another one does."""
    for key in keys:
        pressed = events.Key(key, key if len(key) == 1 else None)
        pressed.set_sender(app)
        app.post_message(pressed)


def paste(app: StrongroomApp, text: str) -> None:
    """Paste with brackets."""
    app.post_message(events.Paste(text))


class Model:
    """A text and a cursor, as plainly as it can be written."""

    def __init__(self, *, has_lines: bool = False) -> None:
        self.text, self.at, self.has_lines = "", 0, has_lines

    def _start(self) -> int:
        return self.text.rfind("\n", 0, self.at) + 1

    def _end(self) -> int:
        end = self.text.find("\n", self.at)
        return len(self.text) if end < 0 else end

    def _word(self) -> int:
        starts = [found.start() for found in re.finditer(r"(?<=\W)\w", self.text[self._start() : self.at])]
        return self._start() + (starts[-1] if starts else 0)

    def _cut(self, start: int, end: int) -> None:
        self.text = self.text[: max(0, start)] + self.text[end:]
        self.at = max(0, start)

    def press(self, key: str) -> None:
        """Do what a key does."""
        at, start, end = self.at, self._start(), self._end()
        if len(key) == 1 or key == "enter":
            new = "\n" if key == "enter" else key
            self.text, self.at = self.text[:at] + new + self.text[at:], at + 1
        elif key == "backspace":
            self._cut(at - 1, at)
        elif key == "delete":
            self._cut(at, at + 1)
        elif key == "ctrl+u":
            self._cut(start if start < at else at - 1, at)
        elif key == "ctrl+k":
            self._cut(at, end if at < end else at + 1)
        elif key == "ctrl+w":
            self._cut(self._word() if start < at else at - 1, at)
        else:
            moves = {
                "left": at - 1,
                "right": at + 1,
                "home": start,
                "ctrl+a": start,
                "end": end,
                "ctrl+e": end,
            }
            self.at = max(0, min(len(self.text), moves[key]))


def typed(keys: Iterable[str]) -> str:
    """The text that keys make of nothing."""
    model = Model()
    for key in keys:
        model.press(key)
    return model.text


def text_of(widget: Widget) -> str:
    """The text in a widget, whichever it is."""
    if isinstance(widget, ValueEditor):
        return widget.buffer.value().reveal()
    if isinstance(widget, TextField | Input):
        return widget.value
    assert isinstance(widget, VirtualList)
    return widget.query_text


class Scene(NamedTuple):
    """A place that takes text: the keys that lead there and the widget that has the focus then."""

    keys: tuple[str, ...]
    widget: type[Widget]
    id: str | None
    is_open: bool = True
    has_vault: bool = True


SCENES = {
    "form: name": Scene(("n",), Input, "name"),
    "form: value": Scene(("n", "tab", "tab"), ValueEditor, "value"),
    "form: path": Scene(("n", "tab", "tab", "tab"), Input, "path"),
    "form: note": Scene(("n", "tab", "tab", "tab", "tab"), Input, "note"),
    "form: expires": Scene(("n", "tab", "tab", "tab", "tab", "tab"), Input, "expires"),
    "unlock: passphrase": Scene(("u",), ValueEditor, "passphrase", is_open=False),
    "make a vault: passphrase": Scene(("n",), ValueEditor, "passphrase", is_open=False, has_vault=False),
    "make a vault: once more": Scene(("n", "tab"), ValueEditor, "again", is_open=False, has_vault=False),
    "export: path": Scene(("x", "tab"), Input, "path"),
    "export: passphrase": Scene(("x", "tab", "tab"), ValueEditor, "passphrase"),
    "export: once more": Scene(("x", "tab", "tab", "tab"), ValueEditor, "again"),
    "export: recipient": Scene(("x", "right", "tab", "tab"), Input, "recipient"),
    "import: path": Scene(("i",), Input, "path"),
    "rename: name": Scene(("end", "R"), Input, "name"),
    "expiry: date": Scene(("end", "E"), Input, "date"),
    "settings: value": Scene(("comma", "enter"), Input, "value"),
    "palette": Scene(("ctrl+p",), Input, "query"),
    "help": Scene(("question_mark",), Input, "query"),
    "community": Scene(("c",), Input, "query"),
    "pick a connector": Scene(("3", "p"), Input, "query"),
    "secrets: filter": Scene(("slash",), VirtualList, "entries"),
    "connectors: filter": Scene(("2", "slash"), VirtualList, None),
    "compare: filter": Scene(("C", "slash"), VirtualList, None),
    "test: path parameter": Scene(("3", "i"), Input, None),
    "test: query": Scene(("3", "i", "tab"), Input, None),
    "test: payload": Scene(("3", "i", "tab", "tab", "tab"), TextField, None),
    "test: save case": Scene(("3", "s"), Input, "name"),
}
"""Every place of the app that takes text."""

Make = Callable[..., StrongroomApp]


async def arrive(app: StrongroomApp, pilot: Any, scene: Scene) -> Widget:
    """Go to the place of `scene` and empty it. Gives its widget."""
    await ready(app, pilot)
    await pilot.press(*scene.keys)

    def there() -> bool:
        widget = app.focused
        return isinstance(widget, scene.widget) and (scene.id is None or widget.id == scene.id)

    await until(there, f"{scene} has the focus, not {app.focused!r}")
    widget = app.focused
    assert widget is not None
    await clear(app, widget)
    return widget


async def clear(app: StrongroomApp, widget: Widget) -> None:
    """Delete what is in a widget, by its keys."""
    lines = text_of(widget).count("\n")
    send(app, ["down"] * lines * isinstance(widget, TextEditor) + ["end"] + ["ctrl+u"] * (2 * lines + 1))
    await until(lambda: not text_of(widget), "empty")


Burst = Callable[[StrongroomApp, Widget], Awaitable[None]]
