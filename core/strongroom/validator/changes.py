"""Join edits that follow one another into one list of edits of the first text."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from strongroom.validator.findings import Edit


def edited(text: str, edits: Sequence[Edit]) -> str:
    """Return `text` with these edits, which are in order and do not overlap."""
    parts = []
    at = 0
    for edit in edits:
        parts.append(text[at : edit.start])
        parts.append(edit.new)
        at = edit.end
    parts.append(text[at:])
    return "".join(parts)


class _Piece(NamedTuple):
    """Hold a part of a text: a stretch of the first text, or its replacement."""

    start: int
    end: int
    new: str | None

    @property
    def size(self) -> int:
        return self.end - self.start if self.new is None else len(self.new)

    def before(self, at: int) -> "_Piece":
        """Return the first `at` characters.

        New text takes the place of its whole stretch with its first part.
        """
        if self.new is None:
            return _Piece(self.start, self.start + at, None)
        return _Piece(self.start, self.end, self.new[:at])

    def after(self, at: int) -> "_Piece":
        """Return the rest without the first `at` characters."""
        if self.new is None:
            return _Piece(self.start + at, self.end, None)
        return _Piece(self.end, self.end, self.new[at:])


class Changes:
    """Collect the changes of a text.

    `add` takes edits of the text as it is by then.
    """

    def __init__(self, size: int) -> None:
        self._pieces = [_Piece(0, size, None)]

    def add(self, edits: Sequence[Edit]) -> None:
        """Take edits of the text as it is now, which are in order and do not overlap."""
        rest, at = list(reversed(self._pieces)), 0
        made: list[_Piece] = []
        for edit in edits:
            made += _taken(rest, edit.start - at)
            gone = _taken(rest, edit.end - edit.start)
            place = made[-1].end if made else 0
            made.append(_Piece(place, gone[-1].end if gone else place, edit.new))
            at = edit.end
        self._pieces = [*made, *reversed(rest)]

    def edits(self) -> tuple[Edit, ...]:
        """Return one list of edits of the first text, in order.

        Neighbours are one edit.
        """
        return tuple(self._merged())

    def _merged(self) -> Iterator[Edit]:
        last: Edit | None = None
        for piece in self._pieces:
            if piece.new is None:
                if piece.size and last is not None:
                    yield last
                    last = None
                continue
            start, new = (last.start, last.new) if last is not None else (piece.start, "")
            last = Edit(start, piece.end, new + piece.new)
        if last is not None:
            yield last


def _taken(rest: list[_Piece], size: int) -> list[_Piece]:
    """Return the pieces of the next `size` characters, taken from the end of `rest`."""
    taken = []
    while size:
        piece = rest.pop()
        if piece.size > size:
            taken.append(piece.before(size))
            rest.append(piece.after(size))
            break
        taken.append(piece)
        size -= piece.size
    return taken
