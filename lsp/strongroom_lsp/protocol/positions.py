"""Convert protocol positions to offsets in code points, and back.

The core counts code points. A client counts UTF-8, UTF-16 or UTF-32 code units from the start of a line. A line of
ASCII, which nearly every line is, needs no counting.
"""

import re
from typing import Final, Protocol

from lsprotocol import types

UTF8: Final = "utf-8"
UTF16: Final = "utf-16"
UTF32: Final = "utf-32"

_ASTRAL: Final = re.compile("[\U00010000-\U0010ffff]")
"""The characters that take two UTF-16 units."""

Position = tuple[int, int]
"""Line and character, both from 0. The character is in the client's code units."""


class Lines(Protocol):
    """Describe what is needed of the core's line index.

    Offsets are in code points. The end of a line excludes its line break.
    """

    def line_start(self, line: int) -> int: ...
    def line_end(self, line: int) -> int: ...
    def position(self, offset: int) -> Position: ...


def units(text: str, encoding: str) -> int:
    """Return the length of `text` in code units of `encoding`."""
    if encoding == UTF32 or text.isascii():
        return len(text)
    if encoding == UTF8:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text) + sum(1 for _ in _ASTRAL.finditer(text))


def code_points(text: str, count: int, encoding: str) -> int:
    """Return how many code points of `text` the first `count` code units cover.

    A count past the end gives all of them. A count inside a character gives the characters before it.
    """
    head = text[: max(count, 0)]  # no encoding has fewer units than code points
    if encoding == UTF32 or head.isascii():
        return len(head)
    if encoding == UTF8:
        data = head.encode("utf-8", "surrogatepass")
        end = min(count, len(data))
        while end < len(data) and data[end] & 0xC0 == 0x80:
            end -= 1
        return len(data[:end].decode("utf-8", "surrogatepass"))
    extra = 0
    for match in _ASTRAL.finditer(head):
        start = match.start() + extra
        if start + 2 > count:
            return match.start() if start < count else count - extra
        extra += 1
    return min(count - extra, len(head))


class Positions:
    """Convert positions of one text in one encoding.

    Offsets that rise on the same line, as those of findings do, cost only the text between them. So a file of one
    long line is walked once, not once for each finding.
    """

    __slots__ = ("_column", "_encoding", "_line", "_lines", "_offset", "_text")

    def __init__(self, text: str, lines: Lines, encoding: str) -> None:
        self._text = text
        self._lines = lines
        self._encoding = encoding
        self._line = -1
        self._offset = 0
        self._column = 0

    def offset(self, line: int, character: int) -> int:
        """Return the offset of a position.

        A position outside the text counts as the nearest one inside.
        """
        if line < 0:
            return 0
        start, end = self._lines.line_start(line), self._lines.line_end(line)
        if self._encoding == UTF32 or self._text.isascii():
            return min(start + max(character, 0), end)
        return start + code_points(
            self._text[start : min(end, start + max(character, 0))], character, self._encoding
        )

    def position(self, offset: int) -> Position:
        """Return the position of an offset."""
        line, column = self._lines.position(offset)
        if self._encoding == UTF32 or self._text.isascii():
            return line, column
        start = self._lines.line_start(line)
        end = start + column
        if line != self._line or end < self._offset:
            self._line, self._offset, self._column = line, start, 0
        self._column += units(self._text[self._offset : end], self._encoding)
        self._offset = end
        return line, self._column

    def range(self, start: int, end: int) -> types.Range:
        """Return the range of two offsets."""
        return types.Range(types.Position(*self.position(start)), types.Position(*self.position(end)))

    def json_range(self, start: int, end: int) -> dict[str, dict[str, int]]:
        """Return the range of two offsets as plain JSON, for diagnostics."""
        first, last = self.position(start), self.position(end)
        return {
            "start": {"line": first[0], "character": first[1]},
            "end": {"line": last[0], "character": last[1]},
        }
