"""Show a list of any length. Only visible lines are drawn.

A `ListSource` has the rows. This widget has a cursor, a scroll position and, while filtering, a query line drawn as its
own first line, so that a filter key costs one repaint and no layout.
"""

import textwrap
from collections.abc import Callable
from typing import ClassVar, Final, Protocol

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from strongroom_tui.model.columns import GAP, Cell, Column, lay_out
from strongroom_tui.model.secrets.text_buffer import EDITS, MOVES, PlainBuffer
from strongroom_tui.model.text.pasted import on_one_line
from strongroom_tui.widgets.painting import fit, segment

MARGIN = 2
"""Cells before the first column: the cursor's bar and the sign of a selected row."""

QUERY_MOVES: Final = {key: move for key, move in MOVES.items() if key not in {"up", "down"}}
"""The keys that move in the query. Up and down move in the rows."""


class ListSource(Protocol):
    """Hold the rows that a list shows."""

    def __len__(self) -> int: ...
    @property
    def columns(self) -> tuple[Column, ...]: ...
    def cells(self, index: int) -> tuple[Cell, ...]: ...


class VirtualList(ScrollView, can_focus=True):
    """Show a `ListSource`.

    Set `empty` to the lines for a list without rows. Long ones are folded.
    """

    DEFAULT_CSS = """
    VirtualList { background: $background; overflow-x: hidden; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home,g", "edge(0)", "First", show=False),
        Binding("end,G", "edge(1)", "Last", show=False),
    ]

    class Moved(Message):
        """Report the cursor on another row, or changed rows under the cursor."""

        def __init__(self, sender: "VirtualList", index: int) -> None:
            super().__init__()
            self.list = sender
            self.index = index

        @property
        def control(self) -> "VirtualList":
            """Return the list, so that handlers can be bound to its id."""
            return self.list

    class Chosen(Moved):
        """Report a click on the row under the cursor."""

    class TitleClicked(Message):
        """Report a click on a column's title."""

        def __init__(self, sender: "VirtualList", number: int) -> None:
            super().__init__()
            self.list = sender
            self.number = number

        @property
        def control(self) -> "VirtualList":
            """Return the list, so that handlers can be bound to its id."""
            return self.list

    class Queried(Message):
        """Report a changed query: filter, then call `reload`."""

        def __init__(self, sender: "VirtualList", query: str) -> None:
            super().__init__()
            self.list = sender
            self.query = query

        @property
        def control(self) -> "VirtualList":
            """Return the list, so that handlers can be bound to its id."""
            return self.list

    def __init__(self, source: ListSource, *, id: str | None = None, header: bool = True) -> None:  # noqa: A002
        super().__init__(id=id)
        self.source = source
        self.header = header
        self.empty: tuple[str, ...] = ()
        self.cursor = 0
        self._query = PlainBuffer()
        self.is_querying = False
        self._laid_out_for: tuple[int, tuple[Column, ...]] = (0, ())
        self._layout_kept: list[tuple[int, Column, int]] = []
        self.total = 0  # rows before filtering; shown beside the query
        self.is_marked: Callable[[int], bool] | None = None  # selected rows, shown by a sign before them

    # -- rows ---------------------------------------------------------------

    @property
    def head(self) -> int:
        """Return the number of lines above the rows: the query, the columns' titles."""
        return int(self.header) + int(self.is_querying or bool(self.query_text))

    def reload(self, cursor: int | None = None) -> None:
        """Show the source as it is now, with the cursor on row `cursor`.

        By default the cursor stays where it was.
        """
        self.virtual_size = Size(0, len(self.source) + self.head)
        self.cursor = max(0, min(self.cursor if cursor is None else cursor, len(self.source) - 1))
        self._keep_in_view()
        self.refresh()
        self.post_message(self.Moved(self, self.cursor))

    def visible_range(self) -> range:
        """Return the indices of the rows on screen."""
        first = self.scroll_offset.y
        return range(first, min(len(self.source), first + max(0, self.size.height - self.head)))

    def _keep_in_view(self) -> None:
        page = max(1, self.size.height - self.head)
        top = self.scroll_offset.y
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + page:
            self.scroll_to(y=self.cursor - page + 1, animate=False)

    def go(self, index: int) -> None:
        """Put the cursor on row `index` (clamped)."""
        index = max(0, min(index, len(self.source) - 1))
        if index == self.cursor:
            return
        before, self.cursor = self.cursor, index
        top = self.scroll_offset.y
        self._keep_in_view()
        if self.scroll_offset.y != top:
            self.refresh()
        else:  # only two lines changed
            width = self.size.width
            self.refresh(*(Region(0, self.head + row - int(top), width, 1) for row in (before, index)))
        self.post_message(self.Moved(self, index))

    def action_move(self, by: int) -> None:
        """Move up or down by rows."""
        self.go(self.cursor + by)

    def action_page(self, by: int) -> None:
        """Move up or down by a screenful."""
        self.go(self.cursor + by * max(1, self.size.height - self.head - 1))

    def action_edge(self, end: int) -> None:
        """Go to the first (0) or the last (1) row."""
        self.go(len(self.source) - 1 if end else 0)

    # -- query ----------------------------------------------------------------

    @property
    def query_text(self) -> str:
        """Return the text that the rows are filtered by."""
        return self._query.text

    def start_query(self) -> None:
        """Filter while a person types from now on."""
        self.is_querying = True
        self.reload()

    def clear_query(self) -> None:
        """Show all rows again."""
        self.is_querying = False
        if self.query_text:
            self._set_query("")
        else:
            self.reload()

    def put_query(self, text: str) -> None:
        """Filter by `text`, as if a person had typed it."""
        self.is_querying = False
        self._set_query(text)

    def _set_query(self, text: str) -> None:
        self._query.text = text
        self.post_message(self.Queried(self, text))

    def edits(self, event: events.Key) -> bool:
        """Return True for a character of the query."""
        return self.is_querying and event.is_printable

    def on_key(self, event: events.Key) -> None:
        """Give text to the query while a person filters.

        Enter keeps the filter, Escape drops it.
        """
        if event.key == "escape" and (self.is_querying or self.query_text):
            self.clear_query()
        elif not self.is_querying:
            return
        elif event.key in ("enter", "tab"):
            self.is_querying = False
            self.reload()
        elif event.key in QUERY_MOVES:
            QUERY_MOVES[event.key](self._query)
            self.refresh()
        elif event.key in EDITS:
            EDITS[event.key](self._query)
            self.post_message(self.Queried(self, self.query_text))
        elif event.is_printable and event.character:
            self._type(event.character)
        else:
            return
        event.stop()
        event.prevent_default()

    def _type(self, text: str) -> None:
        self._query.insert(text)
        self.post_message(self.Queried(self, self.query_text))

    def on_paste(self, event: events.Paste) -> None:
        """Give a paste to the query."""
        if self.is_querying:
            event.stop()
            text, said = on_one_line(event.text)
            if said:
                self.notify(said, severity="warning", markup=False)
            self._type(text)

    # -- mouse and size -----------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked row, or choose the cursor's row."""
        index = int(self.scroll_offset.y) + event.y - self.head
        if self.header and event.y == self.head - 1:
            self._click_title(event.x)
        if event.y < self.head or index >= len(self.source):
            return
        if index == self.cursor:
            self.post_message(self.Chosen(self, index))
        else:
            self.go(index)

    def _click_title(self, x: int) -> None:
        at = MARGIN
        for number, _, wide in self.layout_columns(self.scrollable_content_region.width):
            if at <= x < at + wide:
                self.post_message(self.TitleClicked(self, number))
            at += wide + GAP

    def on_resize(self) -> None:
        """Keep the cursor's row on screen."""
        self.virtual_size = Size(0, len(self.source) + self.head)
        self._keep_in_view()

    def on_focus(self) -> None:
        """Draw the cursor's row with the focus."""
        self.refresh()

    def on_blur(self) -> None:
        """Draw the cursor's row without the focus, and end typing."""
        self.is_querying = False
        self.refresh()

    # -- drawing ------------------------------------------------------------

    def layout_columns(self, width: int) -> list[tuple[int, Column, int]]:
        """Return the columns that fit `width` cells: (number, column, width)."""
        wanted = self.source.columns
        if (width, wanted) != self._laid_out_for:
            self._laid_out_for, self._layout_kept = (width, wanted), lay_out(width, wanted)
        return self._layout_kept

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        width = self.scrollable_content_region.width
        theme = self.app.theme
        if self.is_querying or self.query_text:
            if y == 0:
                return self._query_line(width, theme)
            y -= 1
        if self.header:
            if y == 0:
                titles = tuple(Cell(c.title, "muted") for c in self.source.columns)
                return self._line(titles, width, "ground", "  ")
            y -= 1
        index = int(self.scroll_offset.y) + y
        if index >= len(self.source):
            lines = [] if len(self.source) else self._folded_empty(width)
            words = lines[y] if y < len(lines) else ""
            return Strip([segment(theme, fit("  " + words, width), "muted")], width)
        mark = "✓" if self.is_marked is not None and self.is_marked(index) else " "
        bar, ground = " ", "ground"
        if index == self.cursor:
            bar, ground = ("▌", "cursor") if self.has_focus else ("▏", "resting")
        return self._line(self.source.cells(index), width, ground, bar + mark)

    def _folded_empty(self, width: int) -> list[str]:
        return [line for text in self.empty for line in (textwrap.wrap(text, max(8, width - 3)) or [""])]

    def _line(self, cells: tuple[Cell, ...], width: int, ground: str, marker: str) -> Strip:
        theme = self.app.theme
        parts = [segment(theme, marker, "accent", ground)]
        for at, (number, column, cells_wide) in enumerate(self.layout_columns(width)):
            cell = cells[number]
            if at:
                parts.append(segment(theme, " " * GAP, "", ground))
            text = cell.text if cell.short is None or len(cell.text) <= cells_wide else cell.short(cells_wide)
            parts.append(segment(theme, fit(text, cells_wide, right=column.right), cell.style, ground))
        strip = Strip(parts)
        return strip.adjust_cell_length(width, parts[0].style)

    def _query_line(self, width: int, theme: str) -> Strip:
        found = f"{len(self.source):,} of {self.total:,}" if self.total else f"{len(self.source):,}"
        at = self._query.column if self.is_querying else len(self.query_text)
        caret = "▏" if self.is_querying else " "
        typed = self.query_text[:at] + caret + self.query_text[at:]
        text = fit(typed, max(0, width - len(found) - 5))
        return Strip(
            [
                segment(theme, " / ", "key", "raised"),
                segment(theme, text, "", "raised"),
                segment(theme, " " + found + " ", "muted", "raised"),
            ]
        ).adjust_cell_length(width)
