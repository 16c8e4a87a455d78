"""Join edits that follow one another into one list of edits of the first text."""

from collections.abc import Sequence
from typing import Final

from strongroom.text.edits import Edit

_NEW: Final = -1


class Changes:
    """Collect the changes of a text of `size` characters."""

    def __init__(self, size: int) -> None:
        self._size = size
        # For each character of the text as it is now, its offset in the first text, or _NEW.
        self._origins = list(range(size))

    def add(self, edits: Sequence[Edit]) -> None:
        """Take edits of the text as it is now, which are in order and do not overlap."""
        origins: list[int] = []
        at = 0
        for edit in edits:
            origins += self._origins[at : edit.start]
            origins += [_NEW] * len(edit.new)
            at = edit.end
        self._origins = origins + self._origins[at:]

    def edits(self, text: str) -> tuple[Edit, ...]:
        """Return one list of edits of the first text, in order, that lead to `text`, the text as it is now."""
        found: list[Edit] = []
        first = now = 0  # the ends of what was kept last, in the two texts
        for at, origin in enumerate([*self._origins, self._size]):
            if origin == _NEW:
                continue
            if origin > first or at > now:
                found.append(Edit(first, origin, text[now:at]))
            first, now = origin + 1, at + 1
        return tuple(found)
