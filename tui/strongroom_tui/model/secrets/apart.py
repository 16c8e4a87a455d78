"""Shorten names that are too long for their place, so that they still differ."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from strongroom.text.prefix import common_prefix
from strongroom_tui.model.text.words import shorten, shorten_middle

SHORTEST: Final = 4
"""Characters below which only the beginning is shown."""

_CONTEXT: Final = 4
"""Characters of the beginning that stay before a gap, where they fit."""


class Apart:
    """Hold some names, each to be shown in a width.

    A name keeps its beginning where that tells it from all others. The names are compared when one of them is too
    long for the first time.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._width = -1
        self._cut: dict[str, str] = {}

    def shorten(self, name: str, width: int) -> str:
        """Return `name` in at most `width` characters."""
        if len(name) <= width or width < SHORTEST:
            return shorten(name, width)
        if width != self._width:
            self._width, self._cut = width, self._all(width)
        return self._cut.get(name) or shorten_middle(name, width)

    def _all(self, width: int) -> dict[str, str]:
        """Cut each name in the first way that gives no other name the same text."""
        found: dict[str, str] = {}
        names = sorted(set(self._names))
        left = [(name, at) for name, at in zip(names, _differs(names), strict=True) if len(name) > width]
        taken = {name for name in names if len(name) <= width}
        for way in _WAYS:
            cuts = [way(name, at, width) for name, at in left]
            times = Counter(cuts)
            unique = [times[cut] == 1 and cut not in taken for cut in cuts]
            found |= {name: cut for (name, _), cut, is_one in zip(left, cuts, unique, strict=True) if is_one}
            taken |= set(found.values())
            left = [pair for pair, is_one in zip(left, unique, strict=True) if not is_one]
        return found


def _differs(names: list[str]) -> list[int]:
    """Return the place where each sorted name differs from its neighbours."""
    shared = [common_prefix(*pair) for pair in pairwise(names)]
    return [max(before, after) for before, after in zip([0, *shared], [*shared, 0], strict=True)]


def _end(name: str, _at: int, width: int) -> str:
    return shorten(name, width)


def _middle(name: str, _at: int, width: int) -> str:
    return shorten_middle(name, width)


def _window(name: str, at: int, width: int) -> str:
    """Return the beginning, and the part where the name differs from its neighbours."""
    head = name[: _CONTEXT if width > 3 * _CONTEXT else 0]
    room = max(1, width - len(head) - 2)
    start = max(len(head), at + 1 - room * 3 // 4)
    cut = f"{head}…{name[start : start + room]}"
    return cut + "…" if start + room < len(name) else f"{head}…{name[-(width - len(head) - 1) :]}"


_WAYS: Final[tuple[Callable[[str, int, int], str], ...]] = (_end, _middle, _window)
