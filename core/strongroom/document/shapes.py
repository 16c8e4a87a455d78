r"""Connectors that differ in nothing but a few plain words: what they share is their shape.

Files hold many connectors that were made from one pattern, with another name, permalink, path and secret in each.
The holes of a shape are those words, where they are plain: words of ASCII letters and digits, none of which means
anything to the platform. Two connectors of one shape have the same JSON, the same templates and the same equal
words, so that what was found in one holds for the other, moved.

A shape that was met a few times becomes a regular expression, and the next connector of that shape is recognised in
one step, without reading its JSON.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from strongroom.expressions import expression

_NAME: Final = r"[A-Za-z0-9]++(?:[ _-][A-Za-z0-9]++)*+"
_PERMALINK: Final = r"[a-z0-9]++(?:-[a-z0-9]++)*+"
_PATH: Final = r"(?:/[A-Za-z0-9_-]++)++"
_CALLED: Final = r"[a-z][a-z0-9_]*+"

NAME, PERMALINK, PATH, CALLED = 1, 2, 3, 4
"""The kinds of holes: of the connector itself `name`, `permalink`, the path in `url`; names that calls ask for."""

_CONTENTS: Final = {NAME: _NAME, PERMALINK: _PERMALINK, PATH: _PATH, CALLED: _CALLED}
_COLON: Final = r"[ \t\n\r]*+:[ \t\n\r]*+"
_HOLE: Final = expression(
    rf'(?<!\\)"name"{_COLON}"({_NAME})(?=")'
    rf'|(?<!\\)"permalink"{_COLON}"({_PERMALINK})(?=")'
    rf'|(?<!\\)"url"{_COLON}"https://[A-Za-z0-9.-]++({_PATH})(?=[/"{{?])'
    rf"|\bget_(?:secret|variable)\('({_CALLED})'"
)
_KEYS: Final = {NAME: "name", PERMALINK: "permalink", PATH: "url"}

_LONGEST: Final = 250
"""Characters of a string that may hold a hole: below every limit that the platform sets, so that the length of a word
never decides anything.
"""
_LARGEST: Final = 20_000
"""Characters. A larger connector is hardly one of many."""
_MOST: Final = 2_000
"""Shapes that are kept. Past it all are forgotten: long sessions must not grow without end."""
_OFTEN: Final = 16
"""So many connectors make it worth while to compile an expression for their shape."""
_RECENT: Final = 4
"""Expressions that are tried on a connector."""
_ESCAPED_LETTER: Final = expression(r"\\u00[4-7]")

Holes = tuple[tuple[int, int], ...]
"""The places of the words, relative to the connector."""


class _Hole(NamedTuple):
    """A word, and the length of the JSON string around it."""

    kind: int
    start: int
    end: int
    around: int


class Shape:
    """What connectors of one shape share. `kinds` are those of the holes, in the order of the text; `words` is how
    many of their words differ.
    """

    __slots__ = ("count", "expression", "kinds", "rooms", "words")

    def __init__(self, kinds: tuple[int, ...], words: int) -> None:
        self.kinds = kinds
        self.words = words
        self.count = 0
        self.expression: re.Pattern[str] | None = None
        self.rooms: tuple[int, ...] = ()


class Shapes:
    """The shapes that were met, for the documents that share it."""

    __slots__ = ("_known", "_recent")

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Shape] = {}
        self._recent: dict[str, list[Shape]] = {}

    def of(self, source: str, array: str, data: Mapping[str, Any]) -> tuple[Shape, Holes] | None:
        """The shape and the holes of a sound connector in the array called `array`; `data` is what it decodes to.

        None where the connector is too large to be one of many.
        """
        if len(source) > _LARGEST:
            return None
        found = _holes(source, data)
        numbers: dict[str, int] = {}
        parts: list[str] = []
        at = 0
        for kind, start, end, _ in found:
            number = numbers.setdefault(source[start:end], len(numbers))
            # No sound JSON holds these two characters as they are, so the key says exactly where holes are.
            parts += (source[at:start], f"\0{kind},{number}\1")
            at = end
        parts.append(source[at:])
        key = "".join(parts)
        shape = self._known.get((array, key))
        if shape is None:
            if len(self._known) >= _MOST:
                self._known.clear()
                self._recent.clear()
            shape = self._known[array, key] = Shape(tuple([hole.kind for hole in found]), len(numbers))
        shape.count += 1
        if shape.count == _OFTEN:
            shape.expression = _expression(key)
            shape.rooms = _rooms(found)
            self._recent.setdefault(array, []).insert(0, shape)
            del self._recent[array][_RECENT:]
        return shape, tuple([(hole.start, hole.end) for hole in found])

    def recognise(self, text: str, start: int, array: str) -> tuple[Shape, Holes, int] | None:
        """The shape and the holes of the connector at `start`, and where it ends; None where it is not of a shape
        that was met often.
        """
        recent = self._recent.get(array, [])
        for shape in recent:
            match = shape.expression.match(text, start) if shape.expression is not None else None
            if match is None:
                continue
            if len(set(match.groups())) != shape.words:
                return None
            count = len(shape.kinds)
            holes = tuple([(match.start(n) - start, match.end(n) - start) for n in range(1, count + 1)])
            for (first, last), room in zip(holes, shape.rooms, strict=True):
                if last - first > room:
                    return None
            if shape is not recent[0]:
                self._recent[array] = [shape, *(other for other in recent if other is not shape)]
            return shape, holes, match.end()
        return None


def _holes(source: str, data: Mapping[str, Any]) -> list[_Hole]:
    """The holes in their order. Of a composite only called names: what its steps are called has meaning."""
    found = []
    is_plain = "steps" not in data and _ESCAPED_LETTER.search(source) is None
    for match in _HOLE.finditer(source):
        kind = match.lastindex or 0
        start, end = match.span(kind)
        if kind != CALLED:
            key = _KEYS[kind]
            # Where the connector has this key, and it stands only once in all the text, it is not another object's.
            if not is_plain or key not in data or source.count(f'"{key}"') != 1:
                continue
        around = _around(source, start, end)
        if around <= _LONGEST:
            found.append(_Hole(kind, start, end, around))
    return found


def _around(source: str, start: int, end: int) -> int:
    """The length of the JSON string around a word, or more: where a quote may be escaped it is taken to be."""
    first = source.rfind('"', 0, start)
    while first > 0 and source[first - 1] == "\\":
        first = source.rfind('"', 0, first)
    last = source.find('"', end)
    while last > 0 and source[last - 1] == "\\":
        last = source.find('"', last + 1)
    return last - first


def _rooms(holes: list[_Hole]) -> tuple[int, ...]:
    """How long the word in each hole may be, so that the string around it stays short."""
    # As if all the holes were in each of the strings: that errs on the safe side.
    return tuple([(_LONGEST - hole.around) // len(holes) + hole.end - hole.start for hole in holes])


def _expression(key: str) -> re.Pattern[str]:
    """Matches what has the shape of this key. Equal words refer to the first of them."""
    groups: dict[int, int] = {}
    parts = []
    for position, piece in enumerate(key.split("\1")):
        text, _, hole = piece.partition("\0")
        parts.append(re.escape(text))
        if hole:
            kind, number = map(int, hole.split(","))
            parts.append(f"(\\{groups[number]})" if number in groups else f"({_CONTENTS[kind]})")
            groups.setdefault(number, position + 1)
    return re.compile("".join(parts))
