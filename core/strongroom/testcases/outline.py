"""Where everything stands in a file of test cases, whatever state the text is in.

`tomllib` gives values without their places and nothing at all for a file with one mistake; an editor needs
both. This reads TOML just far enough to know the places of keys and values, never raises, and takes time in
proportion to the text.
"""

import re
from typing import Final, NamedTuple

from strongroom.testcases.keys import keys_of, table_at

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
    """One key, list item or table header. Spans are offsets in code points; a text's span has its quotes."""

    path: Path
    key: Span
    """The last part of the key; for an item of a list, the item itself."""
    value: Span
    """The value; for a header, the header with its brackets."""
    text: str | None = None
    """The text itself, where the value is one."""
    is_header: bool = False
    is_table: bool = False


class CaseOutline(NamedTuple):
    """One `[[test]]`: from its header to the next one's; `number` counts from 0.

    `name` and `connector` are None where they lack.
    """

    number: int
    start: int
    end: int
    name: Entry | None
    connector: Entry | None


class Place(NamedTuple):
    """What may stand at an offset: a key of `table`, or the value of `key` in it.

    `span` is the word or value that is there already and would be replaced. `present` are the table's keys.
    """

    table: str
    key: str | None
    span: Span
    present: frozenset[str]
    test: int | None
    """The index of the test that it belongs to."""


class Outline:
    """The places in one text. Make it with `Outline.of(text)`."""

    def __init__(self, text: str, entries: list[Entry]) -> None:
        self.text = text
        self.entries = entries
        self._by_path: dict[Path, Entry] = {}
        for entry in entries:
            self._by_path.setdefault(entry.path, entry)

    @classmethod
    def of(cls, text: str) -> "Outline":
        """Reads a text; never raises."""
        return cls(text, _Scanner(text).scan())

    def find(self, path: Path) -> Entry | None:
        """What stands at a path such as ("test", 0, "expect", "status")."""
        return self._by_path.get(path)

    def nearest(self, path: Path) -> Entry | None:
        """The same, or the closest thing around it."""
        while path:
            if found := self._by_path.get(path):
                return found
            path = path[:-1]
        return None

    @property
    def tests(self) -> list[CaseOutline]:
        """The tests in their order."""
        headers = [entry for entry in self.entries if entry.is_header]
        found: list[CaseOutline] = []
        for index, entry in enumerate(headers):
            if len(entry.path) != 2 or entry.path[0] != "test":
                continue
            number = entry.path[1]
            if not isinstance(number, int):
                continue  # a table below [test], which is no list then
            later = index + 1
            while later < len(headers) and headers[later].path[:2] == entry.path:
                later += 1
            end = headers[later].value[0] if later < len(headers) else len(self.text)
            name, connector = (self.find((*entry.path, key)) for key in ("name", "connector"))
            found.append(CaseOutline(number, entry.value[0], end, name, connector))
        return found

    def place(self, offset: int) -> Place | None:
        """What may stand at an offset; None in a comment, a header, or a table that is not known."""
        line_start = self.text.rfind("\n", 0, offset) + 1
        inside = [entry for entry in self.entries if not entry.is_header and self._is_in(entry, offset)]
        innermost = max(inside, key=lambda entry: entry.value[0], default=None)
        if innermost is not None and not innermost.is_table and not isinstance(innermost.path[-1], int):
            return self._place_of(innermost.path[:-1], str(innermost.path[-1]), innermost.value)
        if innermost is not None and isinstance(innermost.path[-1], int) and not innermost.is_table:
            return self._place_of(innermost.path[:-2], str(innermost.path[-2]), innermost.value)
        if "#" in self.text[line_start:offset]:
            return None
        container: Path = innermost.path if innermost is not None else self._table_before(offset)
        if innermost is None and self.text[line_start:offset].lstrip().startswith("["):
            return None
        return self._place_of(container, None, self._word(offset))

    def _is_in(self, entry: Entry, offset: int) -> bool:
        start, end = entry.value
        is_closed = entry.is_table and self.text.endswith("}", start, end)
        return start < offset < end if is_closed else start <= offset <= end

    def _place_of(self, container: Path, key: str | None, span: Span) -> Place | None:
        table = table_at(container)
        if table is None or (key is not None and key not in keys_of(table)):
            return None
        present = frozenset(
            str(entry.path[-1])
            for entry in self.entries
            if entry.path[:-1] == container and isinstance(entry.path[-1], str)
        )
        test = container[1] if len(container) > 1 and container[0] == "test" else None
        return Place(table, key, span, present, test if isinstance(test, int) else None)

    def _table_before(self, offset: int) -> Path:
        path: Path = ()
        for entry in self.entries:
            if entry.is_header and entry.value[1] <= offset:
                path = entry.path
        return path

    def _word(self, offset: int) -> Span:
        start = end = offset
        while start and _BARE.match(self.text[start - 1]):
            start -= 1
        while end < len(self.text) and _BARE.match(self.text[end]):
            end += 1
        return start, end


class _Scanner:
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
            # What is left of the line is a comment, or a mistake that somebody else tells.
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
        """A key with dots: its parts and their spans."""
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
