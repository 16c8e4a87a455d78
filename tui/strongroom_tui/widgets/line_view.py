"""Show read-only text of any length.

Lines consist of styled pieces, and are drawn only while visible.
"""

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from strongroom_tui.widgets.painting import fit, segment

Piece = tuple[str, str]
"""A text and the name of its style (theme.py)."""

Line = Sequence[Piece]


class LineView(ScrollView, can_focus=True):
    """Show `count` lines.

    `line(i)` returns the pieces of one, and is called for visible lines only.
    """

    DEFAULT_CSS = """
    LineView { background: $background; scrollbar-size: 1 1; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "scroll_up", "Up", show=False),
        Binding("j", "scroll_down", "Down", show=False),
        Binding("g", "scroll_home", "Top", show=False),
        Binding("G", "scroll_end", "Bottom", show=False),
        Binding("h", "scroll_left", "Left", show=False),
        Binding("l", "scroll_right", "Right", show=False),
    ]

    class Resized(Message):
        """Report another width than that at the last `show`.

        Text that was folded to the old width has to be folded again.
        """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._line: Callable[[int], Line] = lambda _: ()
        self._count = 0
        self._folded_to = 0
        self.marked: int | None = None

    def on_resize(self) -> None:
        """Post the new width."""
        if self._folded_to != self.size.width:
            self.post_message(self.Resized())

    def on_show(self) -> None:
        """Post the width if the lines came while the view was hidden, without a width."""
        self.on_resize()

    def show(self, lines: Sequence[Line]) -> None:
        """Show these lines from the top."""
        widest = max((sum(cell_len(text) for text, _ in line) for line in lines), default=0)
        self.show_lazily(len(lines), lines.__getitem__, widest)

    def show_lazily(self, count: int, line: Callable[[int], Line], widest: int) -> None:
        """Show `count` lines of at most `widest` cells.

        Each line is made when it is first visible.
        """
        self._count, self._line, self._folded_to = count, line, self.size.width
        self.virtual_size = Size(widest, count)
        self.scroll_to(0, 0, animate=False)
        self.refresh()

    def bring(self, number: int) -> None:
        """Scroll to a line."""
        top, height = int(self.scroll_offset.y), max(1, self.size.height)
        if not top <= number < top + height:
            self.scroll_to(y=max(0, number - height // 3), animate=False)
        self.refresh()

    def text(self) -> str:
        """Return all lines as plain text, for tests and for the clipboard."""
        return "\n".join("".join(text for text, _ in self._line(i)) for i in range(self._count))

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        width = self.scrollable_content_region.width
        index = int(self.scroll_offset.y) + y
        theme = self.app.theme
        if index >= self._count:
            return Strip([segment(theme, fit("", width))], width)
        look = "cursor" if index == self.marked else "ground"
        pieces = [segment(theme, text, style, look) for text, style in self._line(index)]
        left = int(self.scroll_offset.x)
        ground = segment(theme, "", "", look).style
        return Strip(pieces).crop_extend(left, left + width, ground)
