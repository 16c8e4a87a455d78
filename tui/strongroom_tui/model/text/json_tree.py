"""Show a JSON document as rows of a tree. Only open values become rows."""

import json
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from strongroom.text.phrases import counted
from strongroom_tui.model.text.json_body import Number, Overridden, duplicates
from strongroom_tui.model.text.words import one_line, visible

Piece = tuple[str, str]
Key = str | int
Path = tuple[Key, ...]

GROUP: Final = 1000
"""Children of one row. More are shown in groups of this many."""

OPENED: Final = 300
"""Rows that are open at first."""

LONGEST: Final = 400
"""Characters of a text that a row shows."""

PREVIEWED: Final = 5
"""Children that a closed row names."""

PREVIEWED_CHARACTERS: Final = 24
"""Characters of each of those children."""

NOT_USED, USED = "duplicate key, not used", "duplicate key, this value counts"

MOST_FOUND: Final = 10_000
"""Places that a search returns."""


class JsonRow(NamedTuple):
    """Hold one row of the tree.

    A group has a `span` of its parent's children. The children of an open container are below it.
    `note` says of a repeated key whether this place counts.
    """

    path: Path
    depth: int
    value: Any
    span: tuple[int, int] | None = None
    is_open: bool = False
    note: str = ""

    @property
    def size(self) -> int:
        """Return the number of children, or -1 for a value without any."""
        if self.span is not None:
            return self.span[1] - self.span[0]
        return len(self.value) if isinstance(self.value, Mapping | list) else -1


class JsonTree:
    """Hold the rows of `data`, found by their number on screen."""

    def __init__(self, data: Any) -> None:
        self.data = data
        self.rows: list[JsonRow] = [JsonRow((), 0, data)]
        self._open_first()

    def _open_first(self) -> None:
        """Open from the top, level by level, up to a limit of rows."""
        waiting = [0]
        while waiting:
            below: list[int] = []
            for index in reversed(waiting):  # from the end, because an opened row moves the rows after it
                if 0 < self.rows[index].size <= GROUP and len(self.rows) + self.rows[index].size <= OPENED:
                    self.open(index)
                elif index == 0 and self.rows[0].size > GROUP:
                    self.open(0)
                    self.open(1)
                    return
            depth = self.rows[waiting[0]].depth + 1
            below = [i for i, row in enumerate(self.rows) if row.depth == depth and row.size > 0]
            if len(self.rows) >= OPENED or below == waiting:
                return
            waiting = below

    def __len__(self) -> int:
        return len(self.rows)

    # -- opening ----------------------------------------------------------------

    def toggle(self, index: int) -> None:
        """Open or close a row."""
        if self.rows[index].is_open:
            self.close(index)
        else:
            self.open(index)

    def open(self, index: int) -> None:
        """Show the children of a row."""
        row = self.rows[index]
        if row.size > 0 and not row.is_open:
            self.rows[index] = row._replace(is_open=True)
            self.rows[index + 1 : index + 1] = _children(row)

    def close(self, index: int) -> None:
        """Hide the children of a row."""
        row = self.rows[index]
        if row.is_open:
            self.rows[index] = row._replace(is_open=False)
            end = self._end(index)
            del self.rows[index + 1 : end]

    def open_below(self, index: int, most: int = 2000) -> None:
        """Open everything below a row, up to a limit of rows."""
        end = index + 1
        at = index
        while at < end and len(self.rows) < most:
            before = len(self.rows)
            self.open(at)
            end += len(self.rows) - before
            if at == index:
                end = self._end(index)
            at += 1

    def _end(self, index: int) -> int:
        depth = self.rows[index].depth
        end = index + 1
        while end < len(self.rows) and self.rows[end].depth > depth:
            end += 1
        return end

    def parent(self, index: int) -> int:
        """Return the row that this one is below, or the first row for itself."""
        depth = self.rows[index].depth
        return next((i for i in range(index - 1, -1, -1) if self.rows[i].depth < depth), 0)

    def reveal(self, path: Path) -> int:
        """Open the rows that lead to `path`, and return the number of its row."""
        at = 0
        for length in range(1, len(path) + 1):
            self.open(at)
            at = self._child(at, path[:length])
        return at

    def _child(self, index: int, path: Path) -> int:
        parent = self.rows[index]
        if parent.size > GROUP and parent.span is None:
            value = parent.value
            position = path[-1] if isinstance(value, list) else list(value).index(path[-1])
            number = int(position) // GROUP
            index = self._at(index, lambda row: row.span is not None and row.span[0] == number * GROUP)
            self.open(index)
        return self._at(index, lambda row: row.path == path and row.span is None)

    def _at(self, index: int, matches: Any) -> int:
        depth = self.rows[index].depth + 1
        for at in range(index + 1, self._end(index)):
            if self.rows[at].depth == depth and matches(self.rows[at]):
                return at
        return index

    # -- drawing ------------------------------------------------------------------

    def line(self, index: int) -> list[Piece]:
        """Return one row as pieces of text with the names of their styles."""
        row = self.rows[index]
        sign = ("▾ " if row.is_open else "▸ ") if row.size > 0 else "  "
        pieces: list[Piece] = [("  " * row.depth + sign, "muted")]
        if row.span is not None:
            return [*pieces, (f"[{row.span[0]:,} … {row.span[1] - 1:,}]", "muted")]
        if row.path:
            key = row.path[-1]
            named = f"{key}" if isinstance(key, int) else one_line(key)
            pieces += [(named, "accent" if isinstance(key, str) else "muted"), (": ", "muted")]
        if row.size >= 0:
            pieces.append((_summary(row.value, is_open=row.is_open), "muted"))
        else:
            pieces.append((scalar(row.value)[:LONGEST], "literal" if isinstance(row.value, str) else "code"))
            if isinstance(row.value, str) and len(row.value) > LONGEST:
                pieces.append((f"… {len(row.value):,} characters", "muted"))
        return [*pieces, (f"  ! {row.note}", "warn")] if row.note else pieces


def scalar(value: Any) -> str:
    """Return a value without children as JSON. Nothing in it can steer the terminal."""
    if isinstance(value, str):
        return '"' + one_line(value[: LONGEST + 1]) + ('"' if len(value) <= LONGEST else "")
    return visible(_plain(value))


def _plain(value: Any) -> str:
    return str(value.text) if isinstance(value, Number) else json.dumps(value)


def _summary(value: Any, *, is_open: bool) -> str:
    """Return the size of a container, and the beginning of a closed one."""
    is_list = isinstance(value, list)
    left, right = "[]" if is_list else "{}"
    if not value:
        return left + right
    amount = counted(len(value), "item" if is_list else "key")
    if is_open:
        return f"{left}{amount}{right}"
    shown = value[:PREVIEWED] if is_list else [value[key] for key in list(islice(value, PREVIEWED))]
    keys = (
        [""] * len(shown) if is_list else [f"{one_line(str(key))[:24]}: " for key in islice(value, PREVIEWED)]
    )
    parts = [key + _short(item) for key, item in zip(keys, shown, strict=True)]
    more = ", …" if len(value) > PREVIEWED else ""
    return f"{left}{', '.join(parts)}{more}{right}" + (f" {amount}" if is_list else "")


def _short(value: Any) -> str:
    if isinstance(value, str):
        return '"' + one_line(value[:20]) + ('…"' if len(value) > 20 else '"')
    if isinstance(value, Mapping):
        return "{…}" if value else "{}"
    return ("[…]" if value else "[]") if isinstance(value, list) else _plain(value)[:PREVIEWED_CHARACTERS]


def _children(row: JsonRow) -> list[JsonRow]:
    value, depth = row.value, row.depth + 1
    if row.span is None and row.size > GROUP:
        return [
            JsonRow(row.path, depth, value, (start, min(start + GROUP, row.size)))
            for start in range(0, row.size, GROUP)
        ]
    start, end = row.span or (0, row.size)
    if isinstance(value, list):
        return [JsonRow((*row.path, i), depth, value[i]) for i in range(start, end)]
    twice = duplicates(value)
    return [
        JsonRow((*row.path, key), depth, value[key], note=_note(key, twice)) for key in list(value)[start:end]
    ]


def _note(key: str, twice: frozenset[str]) -> str:
    if isinstance(key, Overridden):
        return NOT_USED
    return USED if key in twice else ""


Link = tuple[Any, Key] | None
"""The way to a value: its parent's way, and its key there.

Cheaper than a path for each value.
"""


def find(data: Any, query: str) -> list[Path]:
    """Return the paths whose key or value holds `query`, in the document's order.

    Case is ignored.
    """
    wanted = query.lower()
    found: list[Path] = []
    waiting: list[tuple[Any, Link]] = [(data, None)] if wanted else []
    while waiting:
        value, link = waiting.pop()
        if isinstance(value, dict):
            waiting.extend([(item, (link, key)) for key, item in reversed(value.items())])
            text = ""
        elif isinstance(value, list):
            waiting.extend([(value[i], (link, i)) for i in range(len(value) - 1, -1, -1)])
            text = ""
        else:
            text = value if isinstance(value, str) else _plain(value)
        key = link[1] if link is not None else ""
        if (text and wanted in text.lower()) or (isinstance(key, str) and wanted in key.lower()):
            found.append(_path(link))
            if len(found) >= MOST_FOUND:
                break
    return found


def _path(link: Link) -> Path:
    keys: list[Key] = []
    while link is not None:
        keys.append(link[1])
        link = link[0]
    return tuple(reversed(keys))


def json_path(path: Sequence[Key]) -> str:
    """Return the place as JSONPath (RFC 9535)."""
    parts = ["$"]
    for key in path:
        if isinstance(key, int):
            parts.append(f"[{key}]")
        else:
            parts.append(f".{key}" if key.isidentifier() and key.isascii() else f"[{json.dumps(key)}]")
    return "".join(parts)
