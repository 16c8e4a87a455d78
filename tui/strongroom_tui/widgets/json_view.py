"""Walk through a JSON document: a tree with a cursor, drawn line by line."""

from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from strongroom_tui.model.text.json_tree import JsonRow, JsonTree, Path
from strongroom_tui.widgets.painting import segment


class JsonView(ScrollView, can_focus=True):
    """Show a `JsonTree`.

    Right opens a row. Left closes the row or goes up. A click on the cursor's row opens it.
    """

    DEFAULT_CSS = """
    JsonView { background: $background; overflow-x: hidden; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup,ctrl+b", "page(-1)", show=False),
        Binding("pagedown,ctrl+f", "page(1)", show=False),
        Binding("home,g", "edge(0)", show=False),
        Binding("end,G", "edge(1)", show=False),
        Binding("right,l", "open", show=False),
        Binding("left,h", "close", show=False),
        Binding("space", "fold", show=False),
        Binding("asterisk", "open_below", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.tree_rows: JsonTree | None = None
        self.cursor = 0

    def show(self, tree: JsonTree | None) -> None:
        """Show this document from its top, unless it is shown already."""
        if tree is self.tree_rows:
            return
        self.tree_rows = tree
        self.cursor = 0
        self.scroll_to(0, 0, animate=False, force=True)
        self._changed()

    @property
    def row(self) -> JsonRow | None:
        """Return the row under the cursor."""
        tree = self.tree_rows
        return tree.rows[self.cursor] if tree and self.cursor < len(tree) else None

    def reveal(self, path: Path) -> None:
        """Open the rows that lead to this place, and go to the place."""
        if self.tree_rows is not None:
            at = self.tree_rows.reveal(path)
            self._changed()
            self.go(at)

    def _changed(self) -> None:
        self.virtual_size = Size(0, len(self.tree_rows) if self.tree_rows else 0)
        self.refresh()

    def go(self, index: int) -> None:
        """Put the cursor on this row (clamped), and scroll to it."""
        if self.tree_rows is None:
            return
        self.cursor = max(0, min(index, len(self.tree_rows) - 1))
        top, height = int(self.scroll_offset.y), max(1, self.size.height)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, force=True)
        self.refresh()

    def on_resize(self) -> None:
        """Keep the cursor on screen."""
        self.go(self.cursor)

    def action_move(self, by: int) -> None:
        """Move up or down."""
        self.go(self.cursor + by)

    def action_page(self, by: int) -> None:
        """Move by a screenful."""
        self.go(self.cursor + by * max(1, self.size.height - 1))

    def action_edge(self, end: int) -> None:
        """Go to the first or the last row."""
        if self.tree_rows is not None:
            self.go(len(self.tree_rows) - 1 if end else 0)

    def action_open(self) -> None:
        """Open the row, or go to the first child of an open row."""
        tree, row = self.tree_rows, self.row
        if tree is None or row is None:
            return
        if row.is_open:
            self.go(self.cursor + 1)
        else:
            tree.open(self.cursor)
            self._changed()

    def action_close(self) -> None:
        """Close the row, or go to the parent of a closed row."""
        tree, row = self.tree_rows, self.row
        if tree is None or row is None:
            return
        if row.is_open:
            tree.close(self.cursor)
            self._changed()
        else:
            self.go(tree.parent(self.cursor))

    def action_fold(self) -> None:
        """Open or close the row."""
        if self.tree_rows is not None and self.row is not None:
            self.tree_rows.toggle(self.cursor)
            self._changed()

    def action_open_below(self) -> None:
        """Open everything below the cursor."""
        if self.tree_rows is not None and self.row is not None:
            self.tree_rows.open_below(self.cursor)
            self._changed()

    def on_click(self, event: events.Click) -> None:
        """Go to the row under the mouse. Open or close the cursor's row."""
        index = int(self.scroll_offset.y) + event.y
        if self.tree_rows is None or index >= len(self.tree_rows):
            return
        if index == self.cursor:
            self.action_fold()
        else:
            self.go(index)

    def on_focus(self) -> None:
        """Draw the cursor's row with the focus."""
        self.refresh()

    def on_blur(self) -> None:
        """Draw the cursor's row without the focus."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one row of the screen."""
        width, theme = self.scrollable_content_region.width, self.app.theme
        index = int(self.scroll_offset.y) + y
        tree = self.tree_rows
        if tree is None or index >= len(tree):
            return Strip([segment(theme, " " * width)], width)
        bar, ground = " ", "ground"
        if index == self.cursor:
            bar, ground = ("▌", "cursor") if self.has_focus else ("▏", "resting")
        pieces = [segment(theme, bar, "accent", ground)]
        pieces += [segment(theme, text, style, ground) for text, style in tree.line(index)]
        used = sum(cell_len(piece.text) for piece in pieces)
        blank = segment(theme, "", "", ground).style
        strip = Strip(pieces, used)
        if used > width:
            return Strip([*strip.crop(0, width - 1), segment(theme, "…", "muted", ground)], width)
        return strip.adjust_cell_length(width, blank)
