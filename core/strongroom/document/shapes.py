r"""Connectors that differ in nothing but a few plain words: what they share is their shape.

Files hold many connectors that were made from one pattern, with another name, permalink, path, secret and number in
each. The holes of a shape are those words, where they are plain: words of ASCII letters and digits, none of which
means anything to the platform. Two connectors of one shape have the same JSON, the same templates and the same
equal words, so that what was found in one holds for the other, moved.

A shape that was met a few times becomes a regular expression, and the next connector of that shape is recognised in
one step, without reading its JSON.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final, NamedTuple

from strongroom.platform.authentication import ALGORITHMS
from strongroom.platform.template_names import FILTERS, FUNCTIONS
from strongroom.text.expressions import expression

NAME_TEXT: Final = r"[A-Za-z0-9]++(?:[ _-][A-Za-z0-9]++)*+"
PERMALINK_TEXT: Final = r"[a-z0-9]++(?:-[a-z0-9]++)*+"
PATH_TEXT: Final = r"(?:/[A-Za-z0-9_-]++)++"
_CALLED: Final = r"[a-z][a-z0-9_]*+"
WORD_TEXT: Final = r"[A-Za-z_]{1,24}+[0-9]{1,6}+"
_NUMBER: Final = r"[0-9]{1,6}+"

NAME, PERMALINK, PATH, CALLED, WORD, NUMBER = range(1, 7)
"""The kinds of holes: of the connector itself `name`, `permalink`, the path in `url`; names that calls ask for; words
that end in a number, and numbers after a hyphen, in any text.
"""
_ANYWHERE: Final = (WORD, NUMBER)

_CONTENTS: Final = {
    NAME: NAME_TEXT, PERMALINK: PERMALINK_TEXT, PATH: PATH_TEXT, CALLED: _CALLED, WORD: WORD_TEXT, NUMBER: _NUMBER,
}  # fmt: skip
_COLON: Final = r"[ \t\n\r]*+:[ \t\n\r]*+"
_FIELDS: Final = (
    ("name", NAME, expression(rf'{_COLON}"({NAME_TEXT})(?=")')),
    ("permalink", PERMALINK, expression(rf'{_COLON}"({PERMALINK_TEXT})(?=")')),
    ("url", PATH, expression(rf'{_COLON}"https://[A-Za-z0-9.-]++({PATH_TEXT})(?=[/"{{?])')),
)
_CALL: Final = expression(rf"get_(?:secret|variable)\('({_CALLED})'")
_DIGITS: Final = expression(r"[0-9]++(?!\w)")
_LETTERS: Final = expression(r"(?<![\w\\.%&#$])[A-Za-z_]{1,24}+\Z")
"""The letters of a word up to its number. A backslash before them makes the first an escape; after a dot stands a
member.
"""
MEANT: Final = frozenset(name.lower() for name in (*ALGORITHMS, *FILTERS, *FUNCTIONS)) | {
    "base64", "base32", "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "utf8", "utf16", "latin1", "oauth1",
    "oauth2", "http1", "http2", "ipv4", "ipv6", "aes128", "aes192", "aes256", "iso8601", "rfc3339", "fe80", "fc00",
}  # fmt: skip
"""Words with a number, in lower case, that mean something."""

LONGEST: Final = 250
"""Characters of a string that may hold a hole: below every limit that the platform sets, so that the length of a word
never decides anything.
"""
_LARGEST: Final = 20_000
"""Characters. A larger connector is hardly one of many."""
_MOST: Final = 2_000
"""Shapes that are kept. Past it all are forgotten: long sessions must not grow without end."""
_MOST_DIGITS: Final = 6
_OFTEN: Final = 64
"""So many connectors make it worth while to compile an expression for their shape: some milliseconds."""
_RECENT: Final = 4
"""Expressions that are tried on a connector."""
_TRUST: Final = 64
"""So many connectors of new shapes, one after the other, and shapes are not looked for in the next `_PAUSE`."""
_WORTH: Final = 4
"""One connector of a known shape makes up for so many of new ones."""
_PAUSE: Final = 1_000
_UNLIMITED: Final = expression(rf'"re(?:quest|sponse)_body"{_COLON}\Z')
_AFTER_KEY: Final = expression(r"[ \t\n\r]*+:")
_ESCAPED_LETTER: Final = expression(r"\\u00[4-7]")

Holes = tuple[tuple[int, int], ...]
"""The places of the words, relative to the connector."""


class _Hole(NamedTuple):
    """A word, and the length of the JSON string around it; 0 where no limit is set to it."""

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
    """The shapes that were met, for the documents that share it.

    After `often` connectors of one shape it becomes an expression.
    """

    __slots__ = ("_known", "_often", "_pause", "_recent", "_trust")

    def __init__(self, often: int = _OFTEN) -> None:
        self._often = often
        self._trust = _TRUST
        self._pause = 0
        self._known: dict[tuple[str, str], Shape] = {}
        self._recent: dict[str, list[Shape]] = {}

    def of(self, source: str, array: str, data: Mapping[str, Any]) -> tuple[Shape, Holes] | None:
        """The shape and the holes of a sound connector in the array called `array`; `data` is what it decodes to.

        None where the connector is too large to be one of many, and for a while where hardly any was like another.
        """
        if len(source) > _LARGEST or not self._is_worth_while():
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
        self._trust = min(self._trust + _WORTH, _TRUST) if shape.count > 1 else self._trust - 1
        if shape.count == self._often:
            shape.expression = _expression(key)
            shape.rooms = _rooms(found)
            self._recent.setdefault(array, []).insert(0, shape)
            del self._recent[array][_RECENT:]
        return shape, tuple([(hole.start, hole.end) for hole in found])

    def _is_worth_while(self) -> bool:
        if self._trust > 0:
            return True
        self._pause += 1
        if self._pause > _PAUSE:
            self._pause, self._trust = 0, _WORTH
        return False

    def recognise(self, text: str, start: int, array: str) -> tuple[Shape, Holes, int] | None:
        """The shape and the holes of the connector at `start`, and where it ends; None where it is not of a shape
        that was met often.
        """
        recent = self._recent.get(array, [])
        for shape in recent:
            match = shape.expression.match(text, start) if shape.expression is not None else None
            if match is None:
                continue
            words = match.groups()
            if len(set(words)) != shape.words or _may_mean_something(words, shape.kinds):
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
    is_plain = "steps" not in data and _ESCAPED_LETTER.search(source) is None
    places = [*(_fields(source, data) if is_plain else ()), *_calls(source)]
    found = [hole for kind, start, end in places if (hole := _hole(source, kind, start, end)) is not None]
    # A path parameter is told by its name, which is no hole where it stands after a dot.
    if is_plain and "pathParams" not in source:
        numbered = [hole for hole in _numbered(source) if not any(o.start < hole.end <= o.end for o in found)]
        words = [source[hole.start : hole.end] for hole in numbered]
        if not _may_mean_something(words, [hole.kind for hole in numbered]):
            found += numbered
    found.sort(key=_START)
    return found


_START: Final = attrgetter("start")


def _fields(source: str, data: Mapping[str, Any]) -> Iterator[tuple[int, int, int]]:
    for key, kind, content in _FIELDS:
        quoted = f'"{key}"'
        # Where the connector has this key, and it stands only once in all the text, it is not another object's.
        if key not in data or source.count(quoted) != 1:
            continue
        at = source.find(quoted)
        match = content.match(source, at + len(quoted)) if source[at - 1] != "\\" else None
        if match is not None:
            yield (kind, *match.span(1))


def _calls(source: str) -> Iterator[tuple[int, int, int]]:
    at = source.find("get_")
    while at >= 0:
        match = _CALL.match(source, at)
        if match is not None and not _is_word(source[at - 1]):
            yield (CALLED, *match.span(1))
        at = source.find("get_", at + 4)


def _numbered(source: str) -> Iterator[_Hole]:
    for match in _DIGITS.finditer(source):
        start, end = match.span()
        if end - start > _MOST_DIGITS:
            continue
        letters = _LETTERS.search(source, max(start - 26, 0), start)
        kind = WORD
        if letters is not None:
            start = letters.start()
        elif source[start - 1] == "-" and source[end] in '-"':
            kind = NUMBER
        else:
            continue
        if _is_free(source, start, _around(source, start, end)):
            hole = _hole(source, kind, start, end)
            if hole is not None:
                yield hole


def _hole(source: str, kind: int, start: int, end: int) -> _Hole | None:
    """The hole, unless the text around it is so long that the length of a word may decide something."""
    first, last = _around(source, start, end)
    length = 0 if _UNLIMITED.search(source, max(first - 40, 0), first) else last - first
    return _Hole(kind, start, end, length) if length <= LONGEST else None


def _is_word(character: str) -> bool:
    return character == "_" or character.isalnum()


def _may_mean_something(words: Sequence[str], kinds: Sequence[int]) -> bool:
    """Whether a word that ends in a number is one that somebody knows, looks like a function's name, or differs from
    another in its case only.
    """
    numbered = {word for word, kind in zip(words, kinds, strict=True) if kind in _ANYWHERE}
    lower = {word.lower() for word in numbered}
    return len(lower) != len(numbered) or not lower.isdisjoint(MEANT) or "get_" in " ".join(lower)


def _is_free(source: str, start: int, around: tuple[int, int]) -> bool:
    """Whether a word that ends in a number, inside a text, means nothing there: no key of an object, no name that is
    asked for, no part of a host.
    """
    first, last = around
    text = source[first:last]
    if "get_" in text or _AFTER_KEY.match(source, last + 1):
        return False
    origin = source.rfind("://", first, start)
    return origin < 0 or source.find("/", origin + 3, start) >= 0


def _around(source: str, start: int, end: int) -> tuple[int, int]:
    """The quotes around a word, or quotes further away: where one may be escaped it is taken to be."""
    first = source.rfind('"', 0, start)
    while first > 0 and source[first - 1] == "\\":
        first = source.rfind('"', 0, first)
    last = source.find('"', end)
    while last > 0 and source[last - 1] == "\\":
        last = source.find('"', last + 1)
    return first, last


def _rooms(holes: list[_Hole]) -> tuple[int, ...]:
    """How long the word in each hole may be, so that the string around it stays short."""
    # As if all the holes were in each of the strings: that errs on the safe side.
    return tuple([(LONGEST - hole.around) // len(holes) + hole.end - hole.start for hole in holes])


def _expression(key: str) -> re.Pattern[str]:
    """Matches what has the shape of this key. Equal words refer to the first of them."""
    groups: dict[int, int] = {}
    parts = []
    pieces = [piece.partition("\0") for piece in key.split("\1")]
    for position, (text, _, hole) in enumerate(pieces):
        parts.append(re.escape(text))
        if not hole:
            continue
        kind, number = map(int, hole.split(","))
        content = _CONTENTS[kind]
        if number in groups:
            # It must be a word of this kind too: the first one may be of another.
            after = re.escape(pieces[position + 1][0][:1])
            content = f"(?={content}{after})\\{groups[number]}"
        parts.append(f"({content})")
        groups.setdefault(number, position + 1)
    return re.compile("".join(parts))
