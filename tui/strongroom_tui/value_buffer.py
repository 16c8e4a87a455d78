"""The text of a value while it is typed: lines and a cursor, and on purpose no undo history.

An undo history would keep every value that was ever in the field. The text leaves as a `SecretValue` only.
"""

import re

from strongroom.secret_value import SecretValue

_BREAKS = re.compile(r"\r\n|\r|\n")


class ValueBuffer:
    r"""Editable text. Rows and columns count from 0, in code points.

    What is loaded keeps its bytes: line breaks are held as they were, and a break typed here is `\\n`.
    """

    def __init__(self) -> None:
        self._lines: list[str] = [""]
        self._ends: list[str] = [""]  # the line break after each line; "" after the last
        self.row = 0
        self.column = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is no text at all."""
        return len(self._lines) == 1 and not self._lines[0]

    @property
    def line_count(self) -> int:
        """How many lines there are; an empty text has one."""
        return len(self._lines)

    def line(self, row: int) -> str:
        """One line without its break. Show it only where a value may be shown."""
        return self._lines[row]

    def length(self, row: int) -> int:
        """How long a line is, in code points."""
        return len(self._lines[row])

    def value(self) -> SecretValue:
        """The whole text."""
        return SecretValue("".join(line + end for line, end in zip(self._lines, self._ends, strict=True)))

    def set(self, value: SecretValue) -> None:
        """Replace the text; the cursor goes to its end."""
        self.clear()
        self.insert(value.reveal())

    def clear(self) -> None:
        """Forget the text."""
        self._lines, self._ends = [""], [""]
        self.row = self.column = 0

    def insert(self, text: str) -> None:
        """Put text in at the cursor, line breaks included as they are."""
        pieces = _BREAKS.split(text)
        breaks = _BREAKS.findall(text)
        line = self._lines[self.row]
        head, tail = line[: self.column], line[self.column :]
        end = self._ends[self.row]
        pieces[0] = head + pieces[0]
        self.column = len(pieces[-1])
        pieces[-1] += tail
        self._lines[self.row : self.row + 1] = pieces
        self._ends[self.row : self.row + 1] = [*breaks, end]
        self.row += len(breaks)

    def backspace(self) -> None:
        """Delete the character, or the line break, before the cursor."""
        if self.column:
            line = self._lines[self.row]
            self._lines[self.row] = line[: self.column - 1] + line[self.column :]
            self.column -= 1
        elif self.row:
            self.row -= 1
            self.column = len(self._lines[self.row])
            self._join()

    def delete(self) -> None:
        """Delete the character, or the line break, after the cursor."""
        line = self._lines[self.row]
        if self.column < len(line):
            self._lines[self.row] = line[: self.column] + line[self.column + 1 :]
        elif self.row + 1 < len(self._lines):
            self._join()

    def _join(self) -> None:
        self._lines[self.row] += self._lines.pop(self.row + 1)
        del self._ends[self.row]

    def move(self, rows: int, columns: int) -> None:
        """Move the cursor; sideways it runs over line ends, up and down it stays inside the text."""
        if rows:
            self.row = max(0, min(self.row + rows, len(self._lines) - 1))
            self.column = min(self.column, len(self._lines[self.row]))
        if columns < 0 and not self.column and self.row:
            self.row -= 1
            self.column = len(self._lines[self.row])
        elif columns > 0 and self.column == len(self._lines[self.row]) and self.row + 1 < len(self._lines):
            self.row, self.column = self.row + 1, 0
        else:
            self.column = max(0, min(self.column + columns, len(self._lines[self.row])))

    def home(self) -> None:
        """To the start of the line."""
        self.column = 0

    def end(self) -> None:
        """To the end of the line."""
        self.column = len(self._lines[self.row])
