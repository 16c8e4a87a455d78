"""List the versions of one value, to look at one for a moment or to restore it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from strongroom.errors import StrongroomError
from strongroom.store.rows.history import Version
from strongroom.values.secret_value import MASK, SecretValue
from strongroom_tui.frame.app_words import error_text
from strongroom_tui.frame.workers import Group, start
from strongroom_tui.model.columns import Cell, Column
from strongroom_tui.model.text.words import age, visible
from strongroom_tui.widgets.dialog import Dialog, words
from strongroom_tui.widgets.line_view import Line, LineView
from strongroom_tui.widgets.secret_details import folded
from strongroom_tui.widgets.virtual_list import VirtualList

LINES = 10
"""The most lines of a value that are shown at once.

A person scrolls to the others.
"""


class _Versions:
    columns = (Column("version", 9), Column("changed", 0), Column("", 12))

    def __init__(self, versions: Sequence[Version], clock: Callable[[], datetime]) -> None:
        self.all = versions
        self._clock = clock

    def __len__(self) -> int:
        return len(self.all)

    def cells(self, index: int) -> tuple[Cell, ...]:
        """Return the number, the age, and a mark at the current version."""
        version = self.all[index]
        ago = age(version.created, self._clock())
        when = f"{version.created[:10]} {version.created[11:16]}  ({ago if ago == 'now' else ago + ' ago'})"
        return Cell(str(version.number)), Cell(when), Cell("● current" if version.is_current else "", "good")


class History(Dialog[int]):
    """Give the number of the version to restore."""

    DEFAULT_CSS = """
    History VirtualList { height: auto; max-height: 12; }
    History LineView { height: 1; padding: 0 2; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "restore", show=False),
        Binding("r", "reveal", show=False),
    ]
    keys = "⏎ restore · r reveal · esc close"

    def __init__(
        self,
        name: str,
        versions: Sequence[Version],
        value: Callable[[int], Awaitable[SecretValue]],
        clock: Callable[[], datetime],
        reveal_seconds: float,
    ) -> None:
        super().__init__()
        self.heading = f"History of {name}"
        self._versions = _Versions(versions, clock)
        self._value = value
        self._reveal_seconds = reveal_seconds
        self._shown: SecretValue | None = None
        self._number = 0

    def body(self) -> ComposeResult:
        """Yield the list, and the view of a value below it."""
        yield VirtualList(self._versions, id="versions")
        value = LineView(id="value")
        value.can_focus = False
        yield value
        yield words("", style="problem", id="problem")

    def begin(self) -> None:
        """Put the cursor on the current version."""
        rows = self.query_one(VirtualList)
        rows.styles.height = min(12, len(self._versions) + 1)
        self.set_focus(rows)
        rows.reload(0)
        self._show()

    def on_virtual_list_moved(self) -> None:
        """Mask the value of the version before."""
        self.hide_value()

    def on_virtual_list_chosen(self) -> None:
        """Restore the version on whose row the cursor was clicked."""
        self.action_restore()

    def action_restore(self) -> None:
        """Restore the version under the cursor."""
        self.forget()
        self.dismiss(self._versions.all[self.query_one(VirtualList).cursor].number)

    def action_reveal(self) -> None:
        """Show this version's value for a moment, or mask it again."""
        if self._shown is not None:
            self.hide_value()
        else:
            start(self, Group.REVEAL, self._reveal, self.query_one(VirtualList).cursor)

    async def _reveal(self, index: int) -> None:
        try:
            value = await self._value(self._versions.all[index].number)
        except StrongroomError as error:
            self.query_one("#problem").update(f"✗ {visible(error_text(error))}")  # type: ignore[attr-defined]
            return
        if self.query_one(VirtualList).cursor != index:
            return
        self._shown = value
        self._number += 1
        number = self._number
        self.set_timer(self._reveal_seconds, lambda: self.hide_value(number))
        self._show()

    def hide_value(self, number: int | None = None) -> None:
        """Show the mask again. With `number`, only if that look still lasts."""
        if self._shown is not None and number in (None, self._number):
            self._shown = None
            self._show()

    def _show(self) -> None:
        width = max(16, self.query_one("#box").size.width - 15)
        texts = folded(self._shown.reveal(), width) if self._shown is not None else [MASK]
        style = "accent" if self._shown is not None else ""
        lines: list[Line] = [
            [("value    " if not i else "         ", "muted"), (text, style)] for i, text in enumerate(texts)
        ]
        view = self.query_one("#value", LineView)
        view.styles.height = min(LINES, len(lines))
        view.show(lines)

    def forget(self) -> None:
        """Drop the shown value."""
        self.hide_value()
