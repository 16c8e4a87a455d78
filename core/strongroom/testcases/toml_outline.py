"""Find the places of keys and values in a TOML text in any state.

`tomllib` gives values without their places, and nothing for a text with a mistake; an editor needs both. The scanner
here reads TOML as far as places need it. It never raises and takes time in proportion to the text.
"""

import re
from typing import Final, NamedTuple, Self

Path = tuple[str | int, ...]
Span = tuple[int, int]

_SPACE: Final = re.compile(r"[ \t]*")
_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR: Final = re.compile(r"[^,\]}\r\n#]*")
_BASIC: Final = re.compile(r'"(?:[^"\\\r\n]|\\.)*"?')
_LITERAL: Final = re.compile(r"'[^'\r\n]*'?")
_LONG_BASIC: Final = re.compile(r'"""(?:[^\\"]|\\.|"{1,2}(?!"))*(?:"{3,5})?', re.DOTALL)
_LONG_LITERAL: Final = re.compile(r"'''(?:[^']|'{1,2}(?!'))*(?:'{3,5})?", re.DOTALL)
_LINE: Final = re.compile(r"[^\n]*\n?")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(\r?\n\s*)|(.))", re.DOTALL)
_SIMPLE: Final = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}
_DEEPEST: Final = 60


class Entry(NamedTuple):
    """Hold one key, list item or table header.

    Spans are offsets in code points; a text's span has its quotes.
    """

    path: Path
    key: Span
    """The last part of the key; for an item of a list, the item itself."""
    value: Span
    """The value; for a header, the header with its brackets."""
    text: str | None = None
    """The text itself, if the value is a text."""
    is_header: bool = False
    is_table: bool = False


class TomlOutline:
    """Hold the keys and values of one text, with their places.

    Make one with `TomlOutline.of(text)`.
    """

    def __init__(self, text: str, entries: list[Entry]) -> None:
        self.text = text
        self.entries = entries
        self._by_path: dict[Path, Entry] = {}
        for entry in entries:
            self._by_path.setdefault(entry.path, entry)

    @classmethod
    def of(cls, text: str) -> Self:
        """Read a text; never raises."""
        return cls(text, _Scanner(text).scan())

    def find(self, path: Path) -> Entry | None:
        """Return the entry at a path such as ("test", 0, "expect", "status")."""
        return self._by_path.get(path)

    def nearest(self, path: Path) -> Entry | None:
        """Return the entry at a path, or else the closest one around it."""
        while path:
            if found := self._by_path.get(path):
                return found
            path = path[:-1]
        return None


class _Scanner:
    """Read a text from left to right and collect its entries."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._entries: list[Entry] = []
        self._lists: dict[Path, int] = {}
        self._table: Path = ()

    def scan(self) -> list[Entry]:
        text = self._text
        while True:
            self._skip(_BLANK)
            if self._at >= len(text):
                return self._entries
            before = self._at
            if text[before] == "[":
                self._header()
            else:
                self._pair(self._table, 0)
            # The rest of the line is a comment, or a mistake that `tomllib` reports.
            self._skip(_LINE)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self._text, self._at)
        if match:
            self._at = match.end()

    def _header(self) -> None:
        start = self._at
        is_list = self._text.startswith("[[", start)
        self._at += 2 if is_list else 1
        parts = self._key()
        self._skip(_SPACE)
        for _ in range(2 if is_list else 1):
            if self._text.startswith("]", self._at):
                self._at += 1
        if not parts:
            return
        path: Path = ()
        for name, _span in parts[:-1]:
            path = self._inside((*path, name))
        path = (*path, parts[-1][0])
        if is_list:
            self._lists[path] = self._lists.get(path, -1) + 1
            path = (*path, self._lists[path])
        else:
            path = self._inside(path)
        self._table = path
        self._entries.append(Entry(path, parts[-1][1], (start, self._at), is_header=True, is_table=True))

    def _inside(self, path: Path) -> Path:
        return (*path, self._lists[path]) if path in self._lists else path

    def _key(self) -> list[tuple[str, Span]]:
        """Read a key with dots; return its parts and their spans."""
        parts: list[tuple[str, Span]] = []
        while True:
            self._skip(_SPACE)
            start = self._at
            if self._text.startswith(('"', "'"), start):
                name: str | None = self._string()
            else:
                self._skip(_BARE)
                name = self._text[start : self._at] or None
            if name is None:
                return parts
            parts.append((name, (start, self._at)))
            self._skip(_SPACE)
            if not self._text.startswith(".", self._at):
                return parts
            self._at += 1

    def _pair(self, table: Path, depth: int) -> None:
        parts = self._key()
        self._skip(_SPACE)
        if not parts:
            return
        path = (*table, *(name for name, _span in parts))
        key = parts[-1][1]
        if not self._text.startswith("=", self._at):
            return
        self._at += 1
        self._skip(_SPACE)
        self._value(path, key, depth)

    def _value(self, path: Path, key: Span | None, depth: int) -> None:
        start, text = self._at, None
        place = len(self._entries)
        first = self._text[start : start + 1]
        if first and first in "\"'":
            text = self._string()
        elif first == "[" and depth < _DEEPEST:
            self._list(path, depth + 1)
        elif first == "{" and depth < _DEEPEST:
            self._inline(path, depth + 1)
        else:
            self._skip(_SCALAR)
            while self._at > start and self._text[self._at - 1] in " \t":
                self._at -= 1
        span = (start, self._at)
        self._entries.insert(place, Entry(path, key or span, span, text, is_table=first == "{"))

    def _list(self, path: Path, depth: int) -> None:
        self._at += 1
        index = 0
        while True:
            self._skip(_BLANK)
            if self._at >= len(self._text):
                return
            if self._text[self._at] == "]":
                self._at += 1
                return
            before = self._at
            if self._text[before] != ",":
                self._value((*path, index), None, depth)
                index += 1
                self._skip(_BLANK)
            if self._text.startswith(",", self._at):
                self._at += 1
            elif self._at == before:
                return

    def _inline(self, path: Path, depth: int) -> None:
        self._at += 1
        while True:
            self._skip(_BLANK)
            if self._at >= len(self._text):
                return
            if self._text[self._at] == "}":
                self._at += 1
                return
            before = self._at
            if self._text[before] != ",":
                self._pair(path, depth)
                self._skip(_BLANK)
            if self._text.startswith(",", self._at):
                self._at += 1
            elif self._at == before or not self._text.startswith("}", self._at):
                return

    def _string(self) -> str:
        quote = self._text[self._at]
        is_long = self._text.startswith(quote * 3, self._at)
        basic = quote == '"'
        pattern = (_LONG_BASIC if basic else _LONG_LITERAL) if is_long else (_BASIC if basic else _LITERAL)
        match = pattern.match(self._text, self._at)
        assert match is not None
        self._at = match.end()
        size = 3 if is_long else 1
        inner = match[0][size:]
        inner = inner[:-size] if inner.endswith(quote * size) else inner
        if is_long:
            inner = inner.removeprefix("\r\n") if inner.startswith("\r\n") else inner.removeprefix("\n")
        return _ESCAPE.sub(_unescaped, inner) if basic else inner


def _unescaped(match: re.Match[str]) -> str:
    if code := match[1] or match[2]:
        number = int(code, 16)
        return chr(number) if number < 0x110000 else "\N{REPLACEMENT CHARACTER}"
    if match[3]:
        return ""
    return _SIMPLE.get(match[4], match[4])
