"""List the deleted entries of a community. Restore one, or purge it for good."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from strongroom.store.rows.history import Deleted
from strongroom_tui.model.columns import Cell, Column
from strongroom_tui.model.text.words import age, one_line
from strongroom_tui.widgets.dialog import Dialog, words
from strongroom_tui.widgets.virtual_list import VirtualList


class Wish(Enum):
    """Name what to do with a deleted entry."""

    RESTORE = "restore"
    PURGE = "purge"


class ChosenDeleted(NamedTuple):
    """Hold one deleted entry and what to do with it."""

    wish: Wish
    entry: Deleted


class _Rows:
    columns = (Column("name", 0), Column("kind", 9), Column("deleted", 12, right=True))

    def __init__(self, entries: Sequence[Deleted], clock: Callable[[], datetime]) -> None:
        self.all = list(entries)
        self.shown = list(entries)
        self._clock = clock

    def filter(self, query: str) -> None:
        """Keep the names that hold every word."""
        parts = query.lower().split()
        self.shown = [one for one in self.all if all(part in one.name.lower() for part in parts)]

    def __len__(self) -> int:
        return len(self.shown)

    def cells(self, index: int) -> tuple[Cell, ...]:
        """Return the name, the kind and the age of the deletion."""
        one = self.shown[index]
        ago = age(one.deleted, self._clock())
        when = ago if ago in ("", "now") else f"{ago} ago"
        return Cell(one_line(one.name)), Cell(one.kind.value, "muted"), Cell(when, "muted")


class DeletedEntries(Dialog[ChosenDeleted]):
    """Give the deleted entry under the cursor and what to do with it."""

    DEFAULT_CSS = """
    DeletedEntries #box { width: 76; }
    DeletedEntries VirtualList { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose('restore')", show=False),
        Binding("P", "choose('purge')", show=False),
        Binding("slash", "filter", show=False),
    ]
    keys = "⏎ restore · P purge · / filter · esc close"

    def __init__(self, community: str, entries: Sequence[Deleted], clock: Callable[[], datetime]) -> None:
        super().__init__()
        self.heading = f"Deleted from {one_line(community)}"
        self._rows = _Rows(entries, clock)

    def body(self) -> ComposeResult:
        """Yield the list, and a line about what is kept."""
        yield words("A deleted entry is kept with its earlier values until it is purged.", style="muted")
        rows = VirtualList(self._rows, id="deleted")
        rows.empty = ("", "Nothing matches.")
        rows.total = len(self._rows)
        yield rows

    @property
    def rows(self) -> VirtualList:
        """Return the list."""
        return self.query_one(VirtualList)

    def begin(self) -> None:
        """Put the cursor on the newest."""
        self.rows.styles.height = max(4, min(14, len(self._rows) + 2))
        self.set_focus(self.rows)
        self.rows.reload(0)

    def on_virtual_list_queried(self, event: VirtualList.Queried) -> None:
        """Filter while a person types."""
        self._rows.filter(event.query)
        self.rows.reload(0)

    def action_filter(self) -> None:
        """Go to the filter."""
        self.rows.start_query()

    def on_virtual_list_chosen(self) -> None:
        """Restore the entry on whose row the cursor was clicked."""
        self.action_choose(Wish.RESTORE.value)

    def action_choose(self, wish: str) -> None:
        """Close with the entry under the cursor."""
        if len(self._rows):
            self.dismiss(ChosenDeleted(Wish(wish), self._rows.shown[self.rows.cursor]))
