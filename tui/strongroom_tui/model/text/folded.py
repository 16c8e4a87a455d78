"""Fold a text of any size into rows of a width, made when they are asked for."""

from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from rich.cells import cell_len

from strongroom_tui.model.text.words import visible

if TYPE_CHECKING:
    from strongroom.document import LineIndex

EXACT: Final = 20_000
"""Lines of more characters are cut at half the width where some are wide."""


class FoldedRow(NamedTuple):
    """Hold one row: its line, from 0, and its offsets in the whole text.

    `part` 0 begins the line.
    """

    line: int
    part: int
    start: int
    end: int


class Folded:
    """Hold the rows of `text` at a width in cells. A line takes one row or more."""

    def __init__(self, text: str, lines: "LineIndex", width: int) -> None:
        self.text = text
        self.lines = lines
        self.width = max(4, width)
        self._is_plain = text.isascii() and "\t" not in text
        counts = (self._count(number) for number in range(lines.line_count))
        self._first = [0, *accumulate(counts)]

    def __len__(self) -> int:
        return self._first[-1]

    def row(self, number: int) -> FoldedRow:
        """Return the row of this number, from 0."""
        line = bisect_right(self._first, number) - 1
        part = number - self._first[line]
        start, end = self._cut(line, part)
        return FoldedRow(line, part, start, end)

    def row_at(self, offset: int) -> int:
        """Return the number of the row that shows `offset`."""
        line, column = self.lines.position(offset)
        last = self._first[line + 1] - 1
        if self._plain(line):
            return min(self._first[line] + column // self.width, last)
        return self._first[line] + bisect_right(self._wide_cuts(line), column) - 1

    def _plain(self, line: int) -> bool:
        if self._is_plain:
            return True
        text = self.text[self.lines.line_start(line) : self.lines.line_end(line)]
        return text.isascii() and "\t" not in text

    def _count(self, line: int) -> int:
        start, end = self.lines.line_start(line), self.lines.line_end(line)
        if end - start <= self.width // 2:
            return 1
        if self._plain(line):
            return max(1, -(-(end - start) // self.width))
        return len(self._wide_cuts(line))

    def _cut(self, line: int, part: int) -> tuple[int, int]:
        start, end = self.lines.line_start(line), self.lines.line_end(line)
        if self._plain(line):
            begin = start + part * self.width
            return begin, min(begin + self.width, end)
        cuts = self._wide_cuts(line)
        return start + cuts[part], start + cuts[part + 1] if part + 1 < len(cuts) else end

    def _wide_cuts(self, line: int) -> "list[int] | range":
        text = self.text[self.lines.line_start(line) : self.lines.line_end(line)]
        return wide_cuts(text, self.width)


@lru_cache(maxsize=4096)
def cells(character: str) -> int:
    """Return the cells of a character as it is shown (`visible`)."""
    return cell_len(visible(character))


def wide_cuts(text: str, width: int) -> "list[int] | range":
    """Return the offsets at which the rows of one line begin, from 0; one at least."""
    if len(text) > EXACT:
        return range(0, len(text), width // 2)
    cuts, used = [0], 0
    for index, character in enumerate(text):
        wide = cells(character)
        if used + wide > width:
            cuts.append(index)
            used = 0
        used += wide
    return cuts
