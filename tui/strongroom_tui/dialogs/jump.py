"""Jump to a tab, key, field or row of the screen by its letter."""

import string
from collections.abc import Callable, Iterator
from functools import partial
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.geometry import Offset
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from strongroom_tui.widgets.bars import TopBar
from strongroom_tui.widgets.virtual_list import VirtualList

LETTERS = string.ascii_lowercase
"""The letters. The arrow keys reach what has no letter."""


class JumpTarget(NamedTuple):
    """Hold the place of a letter, and the work that goes there."""

    offset: Offset
    go: Callable[[], None]


class Jump(ModalScreen[JumpTarget | None]):
    """Draw the letters over `below`, and give the chosen target."""

    DEFAULT_CSS = """
    Jump { background: $background 0%; }
    Jump Static {
        position: absolute; width: 2; height: 1; background: $primary; color: $background; text-style: bold;
        text-align: center;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+l", "app.lock", "Lock", show=False, priority=True),
    ]

    def __init__(self, below: Screen[object]) -> None:
        super().__init__()
        found = sorted(targets(below), key=lambda target: (target.offset.y, target.offset.x))
        self._targets = dict(zip(LETTERS, found, strict=False))

    def compose(self) -> ComposeResult:
        """Yield a letter for each target."""
        for letter, target in self._targets.items():
            label = Static(letter, markup=False)
            label.styles.offset = target.offset
            yield label

    def on_key(self, event: Key) -> None:
        """Give the letter's target. Any other key closes the dialog."""
        event.stop()
        event.prevent_default()
        self.dismiss(self._targets.get(event.character or ""))

    def on_click(self) -> None:
        """Close on a click."""
        self.dismiss(None)


def targets(screen: Screen[object]) -> Iterator[JumpTarget]:
    """Return all targets of the screen: tabs, rows of lists, and focusable widgets."""
    for widget in screen.query(Widget):
        if not widget.is_on_screen or not widget.region or not _is_shown(widget):
            continue
        if isinstance(widget, TopBar):
            yield from _tabs(widget)
        elif isinstance(widget, VirtualList) and widget.can_focus:
            yield from _rows(widget)
        elif widget.focusable:
            yield JumpTarget(widget.region.offset, widget.focus)  # type: ignore[arg-type]


def _is_shown(widget: Widget) -> bool:
    return all(node.display for node in widget.ancestors_with_self if isinstance(node, Widget))


def _tabs(bar: TopBar) -> Iterator[JumpTarget]:
    for start, _, tab in bar.spans:
        yield JumpTarget(Offset(start, bar.region.y), partial(bar.open, tab))


def _rows(rows: VirtualList) -> Iterator[JumpTarget]:
    def go(index: int) -> None:
        rows.focus()
        rows.go(index)

    for index in rows.visible_range():
        y = rows.region.y + rows.head + index - int(rows.scroll_offset.y)
        yield JumpTarget(Offset(rows.region.x, y), partial(go, index))
