"""Edit text while it is typed.

A buffer has lines, a cursor, and the effect of each editing key. On purpose it has no undo history: that would keep
every value that was ever in the field.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

_BREAKS = re.compile(r"\r\n|\r|\n")


class TextBuffer:
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
        """Return True if the text is empty."""
        return len(self._lines) == 1 and not self._lines[0]

    @property
    def line_count(self) -> int:
        """Return the number of lines. An empty text has one."""
        return len(self._lines)

    def line(self, row: int) -> str:
        """Return one line without its break.

        Show a secret's line only where the secret's value may be shown.
        """
        return self._lines[row]

    def length(self, row: int) -> int:
        """Return the length of a line, in code points."""
        return len(self._lines[row])

    def _joined(self) -> str:
        return "".join(line + end for line, end in zip(self._lines, self._ends, strict=True))

    def clear(self) -> None:
        """Forget the text."""
        self._lines, self._ends = [""], [""]
        self.row = self.column = 0

    def insert(self, text: str) -> None:
        """Insert text at the cursor, with its line breaks as they are."""
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
        """Move the cursor.

        Sideways the cursor crosses line ends. Up and down it stays inside the text.
        """
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
        """Go to the start of the line."""
        self.column = 0

    def end(self) -> None:
        """Go to the end of the line."""
        self.column = len(self._lines[self.row])

    def word_left(self) -> None:
        """Go to the start of the word before the cursor, also over a line's start."""
        if not self.column:
            self.move(0, -1)
            return
        self.column -= _skipped(self._lines[self.row][self.column - 1 :: -1])

    def word_right(self) -> None:
        """Go to the end of the word after the cursor.

        From a line's end, go to the next line.
        """
        if self.column == len(self._lines[self.row]):
            self.move(0, 1)
            return
        self.column += _skipped(self._lines[self.row][self.column :])

    def delete_word(self) -> None:
        """Delete back to the start of the word, or at a line's start the break before it."""
        if not self.column:
            self.backspace()
            return
        end = self.column
        self.word_left()
        line = self._lines[self.row]
        self._lines[self.row] = line[: self.column] + line[end:]

    def delete_before(self) -> None:
        """Delete back to the start of the line, or at its start the break before it."""
        if not self.column:
            self.backspace()
            return
        self._lines[self.row] = self._lines[self.row][self.column :]
        self.column = 0

    def delete_after(self) -> None:
        """Delete up to the end of the line, or at its end the break after it."""
        if self.column == len(self._lines[self.row]):
            self.delete()
            return
        self._lines[self.row] = self._lines[self.row][: self.column]


def _skipped(text: str) -> int:
    """Return how many characters at the start of `text` are before a word or in it."""
    at = 0
    for wanted in (False, True):
        while at < len(text) and (text[at].isalnum() or text[at] == "_") is wanted:
            at += 1
    return at


class PlainBuffer(TextBuffer):
    """Edit a text that is not secret."""

    @property
    def text(self) -> str:
        """Return the whole text."""
        return self._joined()

    @text.setter
    def text(self, text: str) -> None:
        self.clear()
        self.insert(text)


MOVES: Final[Mapping[str, Callable[[TextBuffer], None]]] = {
    "left": lambda buffer: buffer.move(0, -1),
    "right": lambda buffer: buffer.move(0, 1),
    "up": lambda buffer: buffer.move(-1, 0),
    "down": lambda buffer: buffer.move(1, 0),
    "home": TextBuffer.home,
    "ctrl+a": TextBuffer.home,
    "end": TextBuffer.end,
    "ctrl+e": TextBuffer.end,
    "ctrl+left": TextBuffer.word_left,
    "ctrl+right": TextBuffer.word_right,
}
"""The keys that move the cursor: those of a shell's line and of Textual's fields."""

EDITS: Final[Mapping[str, Callable[[TextBuffer], None]]] = {
    "backspace": TextBuffer.backspace,
    "delete": TextBuffer.delete,
    "ctrl+d": TextBuffer.delete,
    "ctrl+u": TextBuffer.delete_before,
    "ctrl+k": TextBuffer.delete_after,
    "ctrl+w": TextBuffer.delete_word,
}
"""The keys that delete."""
