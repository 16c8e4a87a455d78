"""Look for many values, and for parts of them, in a text at once.

The text is looked at four characters at a time, whatever the number of values, so that the time grows with its length
alone.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import compress, count
from typing import Final, NamedTuple

from strongroom.resolver.masking.needles import Needle, ShortValue, squeezed_of
from strongroom.values.common import SHORTEST_PART

_GRAM: Final = 4
"""The characters of a gram.

Every part of seven characters and more holds one of the grams that begin at each fourth character of a text.
"""

_BEYOND: Final = re.compile("[\U00010000-\U0010ffff]")

_NO_WORD: Final = 12
"""The length from which letters alone, or digits alone, mean something without separators."""


class Found(NamedTuple):
    """Hold the place of a value, or of a part of a value."""

    start: int
    end: int
    name: str


_Grams = dict[int, list[tuple[Needle, int]]]


class Search:
    """Hold the texts that are looked for. They are the values, so its repr shows none."""

    def __init__(self) -> None:
        self._grams: _Grams = {}
        self._squeezed: _Grams = {}
        self._shorts: list[ShortValue] = []
        self._known: set[str] = set()

    def __repr__(self) -> str:
        return "Search()"

    def add(self, needles: Iterable[Needle | ShortValue]) -> None:
        """Add texts to look for. A text that is known already keeps its first name."""
        for needle in needles:
            if needle.text in self._known:
                continue
            self._known.add(needle.text)
            if isinstance(needle, ShortValue):
                self._shorts.append(needle)
                continue
            _index(self._grams, needle)
            if (without_separators := squeezed_of(needle)) is not None:
                _index(self._squeezed, without_separators)

    def finds(self, text: str, *, is_decoded: bool = False) -> Iterator[Found]:
        """Yield the finds in a folded text, in no order.

        `is_decoded` is for a text that may be bytes of any kind.
        """
        yield from _parts(text, self._grams, _gives_away)
        for short in self._shorts:
            # Looking for the bare text first is the quickest.
            for match in short.pattern.finditer(text) if short.text in text else ():
                start, end = match.span()
                if not is_decoded or (
                    not short.is_shortest and _is_readable(text[max(0, start - 4) : end + 4])
                ):
                    yield Found(start, end, short.name)

    def is_whole(self, text: str) -> bool:
        """Return True for a whole value, in one of its forms."""
        return text in self._known

    def finds_squeezed(self, text: str) -> Iterator[Found]:
        """Return the finds in a text of letters and digits alone."""
        return _parts(text, self._squeezed, _gives_away_squeezed)


def _grams_of(text: str) -> "memoryview[int]":
    """Return the grams of a text as numbers, one for each four characters."""
    whole = text[: len(text) // _GRAM * _GRAM]
    narrow = whole if whole.isascii() else _BEYOND.sub("?", whole)
    charset = "utf-16-le" if sys.byteorder == "little" else "utf-16-be"
    return memoryview(narrow.encode(charset, "surrogatepass")).cast("Q")


def _index(grams: _Grams, needle: Needle) -> None:
    for first, last in needle.telling:
        for offset in range(min(_GRAM, last - first)):
            for number, gram in enumerate(_grams_of(needle.text[first + offset : last])):
                grams.setdefault(gram, []).append((needle, first + offset + number * _GRAM))


class _Match(NamedTuple):
    """Hold the stretch that a text and a needle share.

    The stretch is `start` to `end` in the text, and `first` to `last` in the needle.
    """

    start: int
    end: int
    first: int
    last: int
    needle: Needle

    @property
    def size(self) -> int:
        return self.last - self.first

    @property
    def is_whole(self) -> bool:
        return self.size == len(self.needle.text)


def _parts(text: str, grams: _Grams, gives_away: Callable[[str, _Match], bool]) -> Iterator[Found]:
    if not grams:
        return
    found = _grams_of(text)
    # Most texts hold no gram at all. That is found out without a step of the interpreter for each gram.
    if grams.keys().isdisjoint(found):
        return
    end = 0
    for number in compress(count(), map(grams.__contains__, found)):
        at = number * _GRAM
        if at + _GRAM <= end:
            continue
        best: _Match | None = None
        for needle, place in grams[found[number]]:
            match = _longest_match(text, at, needle, place)
            if (best is None or match.size > best.size) and gives_away(text, match):
                best = match
        if best is not None:
            start, end = _in_alphabet(text, best)
            yield Found(start, end, best.needle.name)


def _longest_match(text: str, at: int, needle: Needle, place: int) -> _Match:
    """Return the longest stretch around a gram that the text and the needle share."""
    wanted, start = needle.text, at - place
    if start >= 0 and text.startswith(wanted, start):
        return _Match(start, start + len(wanted), 0, len(wanted), needle)
    first = start = 0
    most = min(at, place)
    while start < most and text[at - start - 1] == wanted[place - start - 1]:
        start += 1
    first, start = place - start, at - start
    end, last = at + _GRAM, place + _GRAM
    while end < len(text) and last < len(wanted) and text[end] == wanted[last]:
        end, last = end + 1, last + 1
    return _Match(start, end, first, last, needle)


def _is_long_enough(match: _Match) -> bool:
    """Return True if a text has a whole needle, or eight characters of a secret part."""
    if match.is_whole or match.size < match.needle.least:
        return match.is_whole
    overlaps = (min(match.last, last) - max(match.first, first) for first, last in match.needle.telling)
    return max(overlaps) >= SHORTEST_PART


def _gives_away(text: str, match: _Match) -> bool:
    if not _is_long_enough(match):
        return False
    # A part of letters alone may be a part of another word: `administrat` of `administration`.
    is_word = not match.is_whole and text[match.start : match.end].replace(" ", "").isalpha()
    return not is_word or not (
        text[match.start - 1 : match.start].isalpha() or text[match.end : match.end + 1].isalpha()
    )


def _gives_away_squeezed(text: str, match: _Match) -> bool:
    shared = text[match.start : match.end]
    is_plain = shared.isalpha() or (shared.isdigit() and not match.is_whole)
    return _is_long_enough(match) and (not is_plain or match.size >= _NO_WORD)


def _in_alphabet(text: str, match: _Match) -> tuple[int, int]:
    """Return the span of the match with the characters of its encoding around it.

    The neighbours of an encoded value change its ends.
    """
    start, end, alphabet = match.start, match.end, match.needle.alphabet
    while start and text[start - 1] in alphabet:
        start -= 1
    while end < len(text) and text[end] in alphabet:
        end += 1
    return start, end


def _is_readable(text: str) -> bool:
    """Return True if the text around a find is printable.

    Bytes that are not text hold every short value somewhere.
    """
    return all(character.isprintable() or character in "\t\r\n" for character in text)
