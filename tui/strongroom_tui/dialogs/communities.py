"""Compare the names and kinds of two communities."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from strongroom.names import Name
from strongroom_tui.frame.workers import Group, start
from strongroom_tui.model.secrets.community_diff import CommunityDiff
from strongroom_tui.model.text.words import one_line, visible
from strongroom_tui.widgets.dialog import Dialog
from strongroom_tui.widgets.virtual_list import VirtualList

Make = Callable[[str, Name], Awaitable[CommunityDiff | None]]
"""Makes a name in a community.

Returns the difference after that, or None if nothing was made.
"""


class CompareCommunities(Dialog[None]):
    """Show the differing names. `n` makes the missing name under the cursor."""

    DEFAULT_CSS = """
    CompareCommunities #box { width: 96%; height: 92%; }
    CompareCommunities VirtualList { height: 1fr; }
    CompareCommunities #summary { margin-bottom: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,enter", "make", show=False),
        Binding("a", "all", show=False),
        Binding("slash", "filter", show=False),
    ]
    keys = "n make it · a all names · / filter · esc close"

    def __init__(self, table: CommunityDiff, make: Make) -> None:
        super().__init__()
        self.heading = f"{one_line(table.left.community)} and {one_line(table.right.community)}"
        self.table = table
        self._make = make

    def body(self) -> ComposeResult:
        """Yield the summary and the table."""
        yield Static(visible(self.table.summary()), markup=False, id="summary")
        rows = VirtualList(self.table)
        rows.empty = ("", "Nothing is missing, and no kind differs.", "", "a shows all names")
        rows.total = len(self.table.pairs)
        yield rows

    @property
    def rows(self) -> VirtualList:
        """Return the table."""
        return self.query_one(VirtualList)

    def begin(self) -> None:
        """Show the differing names at once."""
        self.rows.focus()
        self.rows.reload(0)

    def on_virtual_list_queried(self, event: VirtualList.Queried) -> None:
        """Filter while a person types."""
        self.table.query = event.query
        self.table.arrange()
        self.rows.reload(0)

    def action_filter(self) -> None:
        """Go to the filter."""
        self.rows.start_query()

    def action_all(self) -> None:
        """Show or hide the names that both communities have."""
        self.table.shows_same = not self.table.shows_same
        self.table.arrange()
        self.rows.reload()

    def on_virtual_list_chosen(self) -> None:
        """Make the name on whose row the cursor was clicked."""
        self.action_make()

    def action_make(self) -> None:
        """Make the missing name."""
        pair = self.table.pair(self.rows.cursor)
        wanted = self.table.missing_in(pair) if pair else None
        if wanted is not None:
            start(self, Group.DIALOG, self._made, *wanted)
        elif pair is not None:
            self.notify("Both have it. A kind cannot be changed: delete and make it again.", markup=False)

    async def _made(self, community: str, name: Name) -> None:
        table = await self._make(community, name)
        if table is not None:
            table.shows_same, table.query = self.table.shows_same, self.table.query
            table.arrange()
            self.table = self.rows.source = table
            self.query_one("#summary", Static).update(visible(table.summary()))
            self.rows.reload()
