"""Hold JSON values with positions, and map decoded strings to their source.

All offsets are relative to the beginning of the reading. Because of that, a connector's values stay valid when text
before it changes.
"""

import re
from bisect import bisect_right
from typing import Any, Final, Literal

from strongroom.text.expressions import expression

ValueKind = Literal["object", "array", "string", "number", "literal", "word"]
LITERALS: Final = {"true": True, "false": False, "null": None}

_ESCAPE: Final = expression(
    r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.)|\Z)", re.DOTALL
)
_SIMPLE: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class Value:
    """Hold a JSON value that is not a string: its place and its decoded data.

    `kind` "word" is a bare word in the place of a value. `data` is the decoded Python value: containers share it with
    their children, so the data of a whole connector costs nothing extra.
    """

    __slots__ = ("data", "end", "items", "kind", "members", "start")

    def __init__(self, kind: ValueKind, start: int, end: int, data: Any) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.data = data
        self.members: list[tuple[StringValue, Value]] = _NO_MEMBERS
        self.items: list[Value] = _NO_ITEMS

    def get(self, name: str) -> "Value | None":
        """Return the value of the member `name`.

        If the key is there twice, the last one counts.
        """
        member = self.member(name)
        return member[1] if member is not None else None

    def member(self, name: str) -> "tuple[StringValue, Value] | None":
        """Return the key and the value of the member that `get` gives."""
        if self.members and name in self.data:
            for member in reversed(self.members):
                if member[0].data == name:
                    return member
        return None

    def at(self, path: "Path") -> "Value":
        """Return the value that a path of the decoded data leads to."""
        value = self
        for step in path:
            found = value.items[step] if isinstance(step, int) else value.get(step)
            assert found is not None, "the path is one of this value's data"
            value = found
        return value


# Shared and never written to: the reader gives containers lists of their own.
_NO_MEMBERS: Final[list[tuple["StringValue", Value]]] = []
_NO_ITEMS: Final[list[Value]] = []


class StringValue(Value):
    """Hold a JSON string.

    `inner_start` and `inner_end` enclose its content, without the quotes. `raw` is the source of the content if it has
    escapes, and None if source and decoded text are the same. `is_damaged` says that the string was read around a
    mistake, so that its text may not be the one that was meant. Nothing about a template in it can be said for certain.
    """

    __slots__ = ("_map", "inner_end", "inner_start", "is_damaged", "raw")

    def __init__(
        self, start: int, end: int, content: str, *, quote: int = 1, is_damaged: bool = False
    ) -> None:
        """Take the source of a content, which begins after `quote` characters."""
        # Not by super(), because strings are by far the most frequent of all values.
        self.kind = "string"
        self.start = start
        self.end = end
        self.raw = content if "\\" in content else None
        self.data = content if self.raw is None else decode(content)
        self.members = _NO_MEMBERS
        self.items = _NO_ITEMS
        self.inner_start = start + quote
        self.inner_end = self.inner_start + len(content)
        self.is_damaged = is_damaged
        self._map: tuple[list[int], list[int]] | None = None

    def to_source(self, offset: int) -> int:
        """Return the source offset of a decoded offset.

        For the character of an escape it is the offset of the escape's first character.
        """
        if self.raw is None:
            return self.inner_start + offset
        decoded, source = self._offsets(self.raw)
        at = bisect_right(decoded, offset) - 1
        return self.inner_start + min(source[at] + offset - decoded[at], len(self.raw))

    def from_source(self, offset: int) -> int:
        """Return the decoded offset of a source offset.

        Inside an escape it is the offset of the character that the escape means.
        """
        inner = min(max(offset - self.inner_start, 0), self.inner_end - self.inner_start)
        if self.raw is None:
            return inner
        decoded, source = self._offsets(self.raw)
        at = bisect_right(source, inner) - 1
        found = decoded[at] + inner - source[at]
        return min(found, decoded[at + 1] - 1) if at + 1 < len(decoded) else found

    def _offsets(self, raw: str) -> tuple[list[int], list[int]]:
        """Return matching decoded and source offsets right after each escape.

        They are built when first asked for.
        """
        if self._map is None:
            decoded, source = [0], [0]
            shorter = 0
            for match in _ESCAPE.finditer(raw):
                end = match.end()
                shorter += end - match.start() - len(_character(match))
                source.append(end)
                decoded.append(end - shorter)
            self._map = decoded, source
        return self._map


def _character(match: re.Match[str]) -> str:
    high, low, unit, simple = match.groups()
    if high:
        return chr(0x10000 + ((int(high, 16) & 0x3FF) << 10) + (int(low, 16) & 0x3FF))
    if unit:
        return chr(int(unit, 16))
    return _SIMPLE.get(simple, simple) if simple else "\\"


def decode(content: str) -> str:
    r"""Return the text that a JSON string's content means.

    An escape that JSON does not know loses its backslash.
    """
    return _ESCAPE.sub(_character, content) if "\\" in content else content


def encode(text: str) -> str:
    """Return `text` as the content of a JSON string.

    Only quotes, backslashes and control characters are escaped.
    """
    return _MUST_ESCAPE.sub(_escaped, text)


_MUST_ESCAPE: Final = expression(r'["\\\x00-\x1f]')
_NAMED: Final = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    return _NAMED.get(character) or f"\\u{ord(character):04x}"


Path = tuple[str | int, ...]
"""Name the keys and indexes that lead from an object to a value inside it."""


def pointer_of(path: Path) -> str:
    """Return the JSON Pointer of a path."""
    return "".join(map(pointer_part, path))


def label_of(path: Path) -> str:
    """Return a path for people, such as "headers[0].value"."""
    return "".join([f"[{part}]" if isinstance(part, int) else f".{part}" for part in path]).removeprefix(".")


def pointer_part(key: str | int) -> str:
    """Return one step of a JSON Pointer (RFC 6901), with its slash."""
    return "/" + str(key).replace("~", "~0").replace("/", "~1")
