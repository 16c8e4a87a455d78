"""Describe edits of a text, apply them and join them."""

from array import array
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final, NamedTuple


class Edit(NamedTuple):
    """Replace text[start:end] by `new`.

    `new` has the escapes of its place, such as JSON's.
    """

    start: int
    end: int
    new: str


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` after edits that do not overlap."""
    parts, at = [], 0
    for edit in sorted(edits):
        parts += [text[at : edit.start], edit.new]
        at = edit.end
    return "".join([*parts, text[at:]])


_NEW: Final = -1
_WIDE: Final = "q"  # eight bytes a character; a list of numbers takes 36


class JoinedEdits:
    """Join edits that follow one another into one list of edits of the first text.

    The first text has `size` characters.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        # For each character of the text as it is now, its offset in the first text, or _NEW.
        self._origins = array(_WIDE, range(size))

    def add(self, edits: Sequence[Edit]) -> None:
        """Take edits of the text as it is now, which are in order and do not overlap."""
        origins = array(_WIDE)
        at = 0
        for edit in edits:
            origins += self._origins[at : edit.start]
            origins += array(_WIDE, [_NEW]) * len(edit.new)
            at = edit.end
        self._origins = origins + self._origins[at:]

    def edits(self, text: str) -> tuple[Edit, ...]:
        """Return the edits, in order, that lead from the first text to `text`.

        `text` is the text as it is now.
        """
        found: list[Edit] = []
        first = now = 0  # the ends of what was kept last, in the two texts
        for at, origin in enumerate(chain(self._origins, [self._size])):
            if origin == _NEW:
                continue
            if origin > first or at > now:
                found.append(Edit(first, origin, text[now:at]))
            first, now = origin + 1, at + 1
        return tuple(found)
