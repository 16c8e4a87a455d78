"""Hold a connector file as text with positions.

Reading never fails, and an edit reads again only the connector that it touched.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final, TypeGuard

from strongroom.document.connector import Connector, Fragment
from strongroom.document.elements import Elements, Placed
from strongroom.document.json_mistakes import JsonProblem
from strongroom.document.json_reader import ELEMENT_ARRAYS, read_json
from strongroom.document.template import NameSlot, Template
from strongroom.platform.fields import COMPOSITE_FIELDS, CONNECTOR_FIELDS
from strongroom.text.lines import LineIndex
from strongroom.text.prefix import common_prefix

_KNOWN_KEYS: Final = frozenset(CONNECTOR_FIELDS) | frozenset(COMPOSITE_FIELDS)


class Document:
    """Hold a connector file; make one with `parse`, and the next with `edit`.

    A document is immutable. `problems` are the mistakes of JSON syntax, with source offsets; `root` is the outer JSON
    value, or None for an empty text. `placed` are the fragments of the connectors, each with its offset and the JSON
    Pointer of its connector. `is_one_connector` says that the file is one connector by itself (Code Mode).
    """

    def __init__(self, text: str, kept: Mapping[int, Fragment] | None = None) -> None:
        elements = Elements(text, kept or {})
        reading = read_json(text, elements.read)
        data = reading.root.data if reading.root is not None else None
        self.text = text
        self.root = reading.root
        self.placed = elements.placed
        self.problems = _problems(reading.problems, self.placed)
        self.is_connector_file = _is_connector_file(data, self.placed)
        self.is_one_connector = _looks_like_connector(data) and data.keys().isdisjoint(ELEMENT_ARRAYS)
        if self.is_one_connector:
            self.placed = [(Fragment(text, "", data, reading), 0, "")]
        self._lines: LineIndex | None = None

    @classmethod
    def parse(cls, text: str) -> "Document":
        """Read a whole text. Never raises."""
        return cls(text)

    @cached_property
    def connectors(self) -> tuple[Connector, ...]:
        """Return standard and composite connectors, in the order of the file."""
        return tuple([Connector(*placed) for placed in self.placed])

    def edit(self, start: int, end: int, new: str, lines: LineIndex | None = None) -> "Document":
        """Return the document after text[start:end] was replaced by `new`.

        The result is the same as parsing the new text. Connectors that the edit does not touch are not read again:
        their fragments are the same objects. `lines` is the new text's line index, if the caller has it already.
        """
        size = len(self.text)
        start = min(max(start, 0), size)
        end = min(max(end, start), size)
        text = f"{self.text[:start]}{new}{self.text[end:]}"
        delta = len(text) - size
        kept = {
            base if base < start else base + delta: fragment
            for fragment, base, _ in self.placed
            if fragment.is_apart and (base + len(fragment.source) <= start or base >= end)
        }
        edited = Document(text, kept)
        if lines is None and self._lines is not None:
            lines = self._lines.edited(text, start, end, new)
        edited._lines = lines
        return edited

    def replace_text(self, text: str) -> "Document":
        """Return the document of a whole new text.

        It shares with this document the parts that did not change at the two ends.
        """
        old = self.text
        if text == old:
            return self
        start = common_prefix(old, text)
        limit = min(len(old), len(text)) - start
        tail = common_prefix(old[: -limit - 1 : -1], text[: -limit - 1 : -1])
        return self.edit(start, len(old) - tail, text[start : len(text) - tail])

    @property
    def lines(self) -> LineIndex:
        """Return the line index, which is built when first asked for."""
        if self._lines is None:
            self._lines = LineIndex(self.text)
        return self._lines

    @property
    def templates(self) -> Iterator[Template]:
        """Return an iterator over every template field of the file, in order."""
        for connector in self.connectors:
            yield from connector.templates

    def connector_at(self, offset: int) -> Connector | None:
        """Return the connector whose braces enclose the offset, or None."""
        at = bisect_right(self.connectors, offset, key=lambda connector: connector.start) - 1
        if at >= 0 and offset <= self.connectors[at].end:
            return self.connectors[at]
        return None

    def template_at(self, offset: int) -> Template | None:
        """Return the template field whose content has or touches the offset, or None."""
        connector = self.connector_at(offset)
        templates = connector.templates if connector is not None else ()
        return next((found for found in templates if found.start <= offset <= found.end), None)

    def string_slot_at(self, offset: int) -> NameSlot | None:
        """Return the name slot at the offset, or None.

        A name slot is the text between the quotes of get_secret or get_variable, finished or not.
        """
        template = self.template_at(offset)
        return template.slot_at(offset) if template is not None else None


def _looks_like_connector(data: object) -> TypeGuard[dict[str, object]]:
    return isinstance(data, dict) and ("url" in data or "steps" in data or len(data.keys() & _KNOWN_KEYS) > 1)


def _is_connector_file(data: object, placed: Iterable[Placed]) -> bool:
    if isinstance(data, dict):
        arrays = (data.get(name) for name in ELEMENT_ARRAYS)
        return _looks_like_connector(data) or any(isinstance(array, list) for array in arrays)
    return any(_looks_like_connector(fragment.data) for fragment, _, _ in placed)


def _problems(outer: Iterable[JsonProblem], placed: Iterable[Placed]) -> tuple[JsonProblem, ...]:
    """Return all problems by their places.

    At one place the first problem is enough, because a second only follows from it.
    """
    first: dict[tuple[int, int], JsonProblem] = {}
    inner = (problem.moved(base) for fragment, base, _ in placed for problem in fragment.problems)
    for problem in (*outer, *inner):
        first.setdefault((problem.start, problem.end), problem)
    return tuple([first[place] for place in sorted(first)])
