"""Hold a text that was made of another one, with the way back to its places there."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple


class Stretch(NamedTuple):
    """Hold a stretch of a text, and its number of characters in the next layer."""

    left: int
    right: int
    size: int


class Layer:
    """Hold a text and the layer it was made of (`parent`, None for the text itself).

    Between stretches both texts are equal, or, with `is_joined`, nothing is left of what is between stretches. The
    stretches are asked for when the first place is looked up: most texts hold no value, and need no way back.
    """

    def __init__(
        self,
        text: str,
        parent: "Layer | None" = None,
        stretches: Callable[[], Iterable[Stretch]] = tuple,
        *,
        is_joined: bool = False,
    ) -> None:
        self.text = text
        self.parent = parent
        self._make_stretches = stretches
        self._is_joined = is_joined
        self._stretches: Sequence[Stretch] = ()
        self._starts: list[int] | None = None

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the lowest text that `start` to `end` was made of.

        The span has whole stretches only.
        """
        if self.parent is None:
            return start, end
        return self.parent.source(self._place(start)[0], self._place(end - 1)[1])

    def _place(self, at: int) -> tuple[int, int]:
        """Return the span of the parent that one character was made of."""
        if self._starts is None:
            self._stretches = list(self._make_stretches())
            self._starts = self._where_stretches_start()
        index = bisect_right(self._starts, at) - 1
        if index < 0:
            return at, at + 1
        left, right, size = self._stretches[index]
        beyond = at - self._starts[index] - size
        return (left, right) if beyond < 0 else (right + beyond, right + beyond + 1)

    def _where_stretches_start(self) -> list[int]:
        if self._is_joined:
            return list(accumulate((size for _left, _right, size in self._stretches), initial=0))[:-1]
        # What the text has gained or lost so far says where its next stretch starts.
        gained = accumulate((size - (right - left) for left, right, size in self._stretches), initial=0)
        return [stretch.left + gain for stretch, gain in zip(self._stretches, gained, strict=False)]
