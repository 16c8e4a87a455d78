r"""Convert offsets to lines and columns, and back.

Only \n, \r\n and \r end a line.
"""

from bisect import bisect_right
from itertools import accumulate
from typing import Final

from strongroom.text.expressions import expression

_BREAK: Final = expression(r"\r\n?|\n")


class LineIndex:
    """Hold the offsets at which the lines of a text begin.

    Offsets and columns are code points. Lines and columns count from 0.

    U+2028, U+2029 and U+0085 end no line, because JSON strings may hold them unescaped (FINDINGS, "Language server").
    """

    __slots__ = ("_shift", "_shifted", "_starts", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        # The lines from `_shifted` on begin `_shift` code points after the offsets in `_starts`.
        self._shifted = self._shift = 0
        if "\r" in text:
            self._starts = [0, *(match.end() for match in _BREAK.finditer(text))]
        else:
            # On the common kind of file this takes a quarter of the time of the expression above.
            self._starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
            self._starts.pop()

    def edited(self, text: str, start: int, end: int, new: str) -> "LineIndex":
        """Return the index of `text`, which is this text with [start:end] replaced.

        `new` is in the place of that stretch. One edit after the other in the same line takes no longer in a long file
        than in a short one.
        """
        if "\r" in self._text or "\r" in new:
            return LineIndex(text)
        delta = len(text) - len(self._text)
        following = self.position(start)[0] + 1
        edited = LineIndex.__new__(LineIndex)
        edited._text = text
        edited._shifted = edited._shift = 0
        if "\n" not in new and self.position(end)[0] + 1 == following:
            is_same_line = self._shifted == following
            edited._starts = self._starts if is_same_line else self._listed()
            edited._shifted = following
            edited._shift = delta + (self._shift if is_same_line else 0)
            return edited
        starts = self._listed()
        after = starts[bisect_right(starts, end) :]
        if delta:
            after = [begins + delta for begins in after]
        inside = [start + match.end() for match in _BREAK.finditer(new)] if "\n" in new else []
        edited._starts = [*starts[:following], *inside, *after]
        return edited

    def _listed(self) -> list[int]:
        """Return the offsets at which all lines begin."""
        if not self._shift:
            return self._starts
        starts, at, shift = self._starts, self._shifted, self._shift
        return [*starts[:at], *[begins + shift for begins in starts[at:]]]

    @property
    def line_count(self) -> int:
        """Return the number of lines.

        A text that ends with a line break has an empty last line.
        """
        return len(self._starts)

    def line_start(self, line: int) -> int:
        """Return the offset at which a line begins.

        A line past the last begins at the text's end.
        """
        if line >= len(self._starts):
            return len(self._text)
        return self._starts[max(line, 0)] + (self._shift if line >= self._shifted else 0)

    def line_end(self, line: int) -> int:
        """Return the offset at which a line ends, without its line break."""
        if line + 1 >= len(self._starts):
            return len(self._text)
        end = self.line_start(max(line, 0) + 1) - 1
        if self._text[end] == "\n" and end > self.line_start(line) and self._text[end - 1] == "\r":
            return end - 1
        return end

    def position(self, offset: int) -> tuple[int, int]:
        """Return (line, column) of an offset.

        An offset outside the text is moved to its nearest end.
        """
        offset = min(max(offset, 0), len(self._text))
        starts, at = self._starts, self._shifted
        if at < len(starts) and offset >= starts[at] + self._shift:
            line = bisect_right(starts, offset - self._shift, at) - 1
        else:
            line = bisect_right(starts, offset, 0, at) - 1
        return line, offset - self.line_start(line)

    def offset(self, line: int, column: int) -> int:
        """Return the offset of (line, column).

        The column is kept inside the line, and the line inside the text.
        """
        if line < 0:
            return 0
        if line >= len(self._starts):
            return len(self._text)
        return min(self.line_start(line) + max(column, 0), self.line_end(line))
