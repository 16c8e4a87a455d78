"""Show a source text with a cursor, coloured templates and marked findings."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from strongroom.document import Document
from strongroom_tui.model.connectors.highlight import Highlighter, StyledSpan
from strongroom_tui.model.text.folded import Folded, FoldedRow, cells
from strongroom_tui.model.text.words import visible
from strongroom_tui.widgets.painting import segment, style

CONTEXT = 3
"""Rows that stay on screen above and below a place that a person goes to."""


class FindingMark(NamedTuple):
    """Hold a finding's place, with the sign and style of its severity."""

    start: int
    end: int
    sign: str
    style: str


class SourceView(ScrollView, can_focus=True):
    """Show a document. The cursor is an offset. Moving it posts `Moved`."""

    DEFAULT_CSS = """
    SourceView { background: $background; overflow-x: hidden;
        scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "lines(-1)", show=False),
        Binding("down,j", "lines(1)", show=False),
        Binding("left,h", "by(-1)", show=False),
        Binding("right,l", "by(1)", show=False),
        Binding("w", "word(1)", show=False),
        Binding("b", "word(-1)", show=False),
        Binding("pageup,ctrl+b", "page(-1)", show=False),
        Binding("pagedown,ctrl+f", "page(1)", show=False),
        Binding("home,0", "line_edge(0)", show=False),
        Binding("end,dollar_sign", "line_edge(1)", show=False),
        Binding("g,ctrl+home", "edge(0)", show=False),
        Binding("G,ctrl+end", "edge(1)", show=False),
    ]

    class Moved(Message):
        """Report that a person moved the cursor."""

        def __init__(self, offset: int) -> None:
            super().__init__()
            self.offset = offset

    class Resized(Message):
        """Report a changed width."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.document: Document | None = None
        self.cursor = 0
        self._marks: Sequence[FindingMark] = ()
        self._highlighter: Highlighter | None = None
        self._folded: Folded | None = None

    # -- what is shown ----------------------------------------------------------

    def show(self, document: Document | None, marks: Sequence[FindingMark] = ()) -> None:
        """Show this document, with the cursor where it was."""
        self._marks = sorted(marks)
        if document is not self.document:
            before = self.document
            self.document = document
            self._highlighter = Highlighter(document) if document else None
            self._fold()
            if document is not None:
                self.cursor = follow(before.text if before else "", document.text, self.cursor)
        self.refresh()

    @property
    def margin_cells(self) -> int:
        """Return the cells before the text: a sign, the line's number, a rule."""
        lines = self.document.lines.line_count if self.document else 1
        return len(str(lines)) + 5

    def _fold(self) -> None:
        width = self.scrollable_content_region.width - self.margin_cells
        document = self.document
        self._folded = Folded(document.text, document.lines, width) if document and width > 0 else None
        self.virtual_size = Size(0, len(self._folded) if self._folded else 0)

    def on_resize(self) -> None:
        """Fold to the new width, and keep the cursor on screen."""
        self._fold()
        self.go(self.cursor, aside=True)

    def go(self, offset: int, *, aside: bool = False) -> None:
        """Put the cursor on this offset and scroll to it.

        For `aside`, keep some rows around the cursor.
        """
        if self.document is None:
            return
        self.cursor = max(0, min(offset, len(self.document.text)))
        if self._folded is not None:
            at, height = self._folded.row_at(self.cursor), max(1, self.size.height)
            top = int(self.scroll_offset.y)
            edge = min(CONTEXT, (height - 1) // 2) if aside else 0
            if at < top + edge:
                self.scroll_to(y=max(0, at - edge), animate=False, force=True)
            elif at > top + height - 1 - edge:
                self.scroll_to(y=at - height + 1 + edge, animate=False, force=True)
        self.refresh()

    # -- moving -----------------------------------------------------------------

    def _move(self, offset: int) -> None:
        self.go(offset)
        self.post_message(self.Moved(self.cursor))

    def action_by(self, by: int) -> None:
        """Move left or right, over a line's end to the next line."""
        if self.document is not None:
            at = self.cursor + by
            # The two characters of a Windows line break are one step.
            if self.document.text[min(at, self.cursor) : max(at, self.cursor) + 1] == "\r\n":
                at += by
            self._move(at)

    def action_lines(self, by: int) -> None:
        """Move up or down by rows of the screen, in the same column."""
        folded = self._folded
        if folded is None:
            return
        at = folded.row_at(self.cursor)
        row, to = folded.row(at), folded.row(max(0, min(at + by, len(folded) - 1)))
        self._move(_clamped(to, to.start + self.cursor - row.start, self.document))

    def action_page(self, by: int) -> None:
        """Move up or down by a screenful."""
        self.action_lines(by * max(1, self.size.height - 1))

    def action_line_edge(self, end: int) -> None:
        """Go to the line's first or last character."""
        if self.document is not None:
            lines = self.document.lines
            line, _ = lines.position(self.cursor)
            self._move(lines.line_end(line) if end else lines.line_start(line))

    def action_edge(self, end: int) -> None:
        """Go to the first or the last character of the text."""
        if self.document is not None:
            self._move(len(self.document.text) if end else 0)

    def action_word(self, by: int) -> None:
        """Go to the next or the previous word's beginning."""
        if self.document is None:
            return
        text, at = self.document.text, self.cursor
        limit = len(text)

        def is_word(index: int) -> bool:
            return 0 <= index < limit and (text[index].isalnum() or text[index] == "_")

        if by > 0:
            while at < limit and is_word(at):
                at += 1
            while at < limit and not is_word(at):
                at += 1
        else:
            at -= 1
            while at > 0 and not is_word(at):
                at -= 1
            while at > 0 and is_word(at - 1):
                at -= 1
        self._move(at)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is."""
        folded = self._folded
        number = int(self.scroll_offset.y) + event.y
        if folded is None or number >= len(folded):
            return
        row, column = folded.row(number), event.x - self.margin_cells
        offset, used = row.start, 0
        while offset < row.end and used + cells(folded.text[offset]) <= column:
            used += cells(folded.text[offset])
            offset += 1
        self._move(_clamped(row, offset, self.document))

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh()

    # -- drawing ------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """Draw one row of the screen."""
        theme, width = self.app.theme, self.scrollable_content_region.width
        number = int(self.scroll_offset.y) + y
        folded = self._folded
        if folded is None or number >= len(folded):
            return Strip([segment(theme, " " * width)], width)
        row = folded.row(number)
        here = folded.lines.position(self.cursor)[0] == row.line
        pieces = self._gutter(row, here, theme)
        pieces += [Segment(visible(text), look) for text, look in self._pieces(row, theme)]
        return Strip(pieces).adjust_cell_length(width, style(theme, ""))

    def _gutter(self, row: FoldedRow, here: bool, theme: str) -> list[Segment]:
        lines = self.document.lines if self.document else None
        number = str(row.line + 1) if not row.part else ""
        sign: tuple[str, str] = (" ", "")
        if lines is not None and not row.part:
            start, end = lines.line_start(row.line), lines.line_end(row.line)
            found = next((m for m in self._marks if m.start <= end and m.end >= start), None)
            sign = (found.sign, found.style) if found else sign
        return [
            segment(theme, sign[0] + " ", sign[1]),
            segment(theme, f"{number:>{self.margin_cells - 5}} ", "accent" if here else "muted"),
            segment(theme, "│ ", "line"),
        ]

    def _pieces(self, row: FoldedRow, theme: str) -> Iterator[tuple[str, Style]]:
        assert self._highlighter is not None
        assert self._folded is not None
        text = self._folded.text
        spans = self._highlighter.spans(row.start, row.end)
        marks = [m for m in self._marks if m.start < max(row.end, row.start + 1) and m.end > row.start]
        cuts = {row.start, row.end}
        for start, end, *_ in (*spans, *marks):
            cuts |= {max(row.start, min(start, row.end)), max(row.start, min(end, row.end))}
        has_cursor = self.has_focus and row.start <= self.cursor <= row.end
        if has_cursor and self._folded.row(self._folded.row_at(self.cursor)) != row:
            has_cursor = False
        if has_cursor:
            cuts |= {self.cursor, min(self.cursor + 1, row.end)}
        for start, end in pairwise(sorted(cuts)):
            look = _look(start, spans, theme)
            mark = next((m for m in marks if m.start <= start < max(m.end, m.start + 1)), None)
            if mark is not None:
                look += style(theme, mark.style) + Style(underline=True, bold=True, bgcolor=look.bgcolor)
            if has_cursor and start == self.cursor:
                look = style(theme, "caret")
            yield text[start:end], look
        if has_cursor and self.cursor == row.end:
            yield " ", style(theme, "caret")


def follow(before: str, after: str, offset: int) -> int:
    """Return the new place of `offset` after an edit.

    The offset moves with the text behind the edit.
    """
    if before == after:
        return offset
    head = _shared(before, after)
    if offset <= head:
        return min(offset, len(after))
    limit = min(len(before), len(after)) - head
    tail = _shared(before[: -limit - 1 : -1], after[: -limit - 1 : -1]) if limit else 0
    from_end = len(before) - offset
    return len(after) - from_end if from_end <= tail else min(offset, len(after) - tail)


def _shared(one: str, other: str) -> int:
    """Return how many characters two texts share at their beginning."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[low:middle] == other[low:middle] else (low, middle - 1)
    return low


def _look(offset: int, spans: Sequence[StyledSpan], theme: str) -> Style:
    span = next((s for s in spans if s.start <= offset < s.end), None)
    return style(theme, span.style, span.ground) if span else style(theme, "")


def _clamped(row: FoldedRow, offset: int, document: Document | None) -> int:
    """Return `offset` within the row.

    Only a line's last row has a place after its end.
    """
    if document is None:
        return 0
    ends_line = row.end == document.lines.line_end(row.line)
    return max(row.start, min(offset, row.end if ends_line else row.end - 1))
