"""Outline a file of test cases, and find the text that fits at an offset.

The text may be in any state, because an editor asks while a person types.
"""

import re
from typing import Final, NamedTuple

from strongroom.testcases.keys import keys_of, table_at
from strongroom.testcases.toml_outline import Entry, Path, Span, TomlOutline

_WORD: Final = re.compile(r"[A-Za-z0-9_-]")


class OutlinedCase(NamedTuple):
    """Hold one `[[test]]`, from its header to the next one's.

    `number` counts from 0. `name` and `connector` are None if the test has none.
    """

    number: int
    start: int
    end: int
    name: Entry | None
    connector: Entry | None


class Place(NamedTuple):
    """Describe the text that fits at an offset.

    It is a key of `table`, or the value of `key` in it. `span` is the word or value that is there already and would be
    replaced. `present` are the table's keys.
    """

    table: str
    key: str | None
    span: Span
    present: frozenset[str]
    test: int | None
    """The index of the test that it belongs to."""


class CaseOutline(TomlOutline):
    """Hold the outline of a file of test cases."""

    @property
    def tests(self) -> list[OutlinedCase]:
        """Return the tests in their order."""
        headers = [entry for entry in self.entries if entry.is_header]
        found: list[OutlinedCase] = []
        for index, entry in enumerate(headers):
            if len(entry.path) != 2 or entry.path[0] != "test":
                continue
            number = entry.path[1]
            if not isinstance(number, int):
                continue  # a table below [test], which then is not a list
            later = index + 1
            while later < len(headers) and headers[later].path[:2] == entry.path:
                later += 1
            end = headers[later].value[0] if later < len(headers) else len(self.text)
            name, connector = (self.find((*entry.path, key)) for key in ("name", "connector"))
            found.append(OutlinedCase(number, entry.value[0], end, name, connector))
        return found

    def place(self, offset: int) -> Place | None:
        """Return the place at an offset; None in comments, headers and unknown tables."""
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
        while start and _WORD.match(self.text[start - 1]):
            start -= 1
        while end < len(self.text) and _WORD.match(self.text[end]):
            end += 1
        return start, end
