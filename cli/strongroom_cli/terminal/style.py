"""Define the colours, widths and tables of the command line.

Colours repeat the meaning of the words. They are used on a terminal only, without `NO_COLOR` and with a
`TERM` that is not `dumb`.
"""

import os
import sys
from collections.abc import Sequence
from typing import Final, TextIO

from strongroom.text.terminal import visible

_CODES: Final = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "good": "1;32",
    "strong": "1",
    "faint": "2",
}


class Style:
    """Hold the colours of one stream, or none."""

    def __init__(self, stream: TextIO | None = None, colours: bool | None = None) -> None:
        self.colours = wants_colours(stream or sys.stdout) if colours is None else colours

    def __call__(self, text: str, look: str) -> str:
        """Return `text` in the look of that name (see `_CODES`)."""
        return f"\x1b[{_CODES[look]}m{text}\x1b[0m" if self.colours else text


def wants_colours(stream: TextIO) -> bool:
    """Return True if this stream gets colours.

    A value in NO_COLOR means no (https://no-color.org).
    """
    return (
        not os.environ.get("NO_COLOR") and os.environ.get("TERM", "") not in ("", "dumb") and stream.isatty()
    )


def quoted(path: str) -> str:
    """Return a path for a sentence: visible, and in quotes.

    Without quotes, the sentence's marks could be read as part of the path.
    """
    return f'"{visible(path)}"'


def moment(at: str) -> str:
    """Return a time in ISO 8601 for people: to the second."""
    whole, dot, _ = at.partition(".")
    return f"{whole}Z" if dot else at


def cells(text: str) -> int:
    """Return the terminal cells of `text`.

    A wide character has two, a combining one none.
    """
    if text.isascii():
        return len(text)
    import unicodedata

    width = 0
    for character in text:
        if unicodedata.category(character) in ("Mn", "Me"):
            continue
        width += 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
    return width


def padded(text: str, width: int) -> str:
    """Return `text` filled up to `width` cells."""
    return text + " " * max(0, width - cells(text))


def table(rows: Sequence[Sequence[str]], heading: Sequence[str], style: Style) -> list[str]:
    """Return the lines of a table with a heading.

    All cells are visible text. The last column is not filled up.
    """
    columns = list(zip(heading, *rows, strict=True))
    if all(text.isascii() and text.isprintable() for text in map("".join, columns)):
        # Every character is one cell: the usual case, and ten times as quick for thousands of rows.
        pattern = "  ".join(f"{{:<{max(map(len, column))}}}" for column in columns)
        head, *body = (pattern.format(*row).rstrip() for row in (heading, *rows))
        return [style(head, "strong"), *body]
    shown = [[visible(cell) for cell in row] for row in rows]
    widths = [max(map(cells, column)) for column in zip(heading, *shown, strict=True)]
    lines = []
    for number, row in enumerate([list(heading), *shown]):
        line = "  ".join(padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
        lines.append(style(line, "strong") if number == 0 else line)
    return lines
