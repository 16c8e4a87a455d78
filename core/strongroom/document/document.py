"""A connector file as text with positions. Reading never fails, and an edit re-reads only the connector
it touched.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import Final

from strongroom.document.connector import Connector, Fragment
from strongroom.document.json_problems import JsonProblem
from strongroom.document.json_reader import ELEMENT_ARRAYS, Element, ElementValue, read_element, read_json
from strongroom.document.json_values import Value
from strongroom.document.lines import LineIndex
from strongroom.document.template import NameSlot, Template
from strongroom.platform.fields import COMPOSITE_FIELDS, CONNECTOR_FIELDS

_KNOWN_KEYS: Final = frozenset(CONNECTOR_FIELDS) | frozenset(COMPOSITE_FIELDS)


class Memory:
    """A place for what others keep about a document; those edited from it share it. `found` is theirs."""

    __slots__ = ("found",)

    def __init__(self) -> None:
        self.found: object = None


class Document:
    """A connector file, immutable. Make one with `parse`, and the next with `edit`.

    `connectors` holds standard and composite connectors in the order of the file; `problems` the mistakes
    of JSON syntax, with source offsets; `root` the outer JSON value, or None for an empty text.
    """

    __slots__ = (
        "_fragments",
        "_lines",
        "connectors",
        "is_connector_file",
        "memory",
        "problems",
        "root",
        "text",
    )

    def __init__(self, text: str, kept: "_Kept | None" = None, memory: Memory | None = None) -> None:
        fragments: dict[int, Fragment] = {}

        def element(source: str, at: int, key: str) -> Element:
            fragment = kept.at(at, key) if kept is not None else None
            if fragment is None:
                read = read_element(source, at)
                fragment = Fragment(read, key, source[at : at + read.value.end])
            fragments[at] = fragment
            found = fragment.element
            # A kept element was read at another offset: only where it ends is absolute.
            return found._replace(end=at + found.value.end) if found.is_kept else found

        reading = read_json(text, element)
        self.text = text
        self.memory = memory or Memory()
        self.root = reading.root
        self._fragments = fragments
        self._lines: LineIndex | None = None
        self.connectors = _connectors(text, reading.root, fragments, reading.problems)
        self.is_connector_file = _is_connector_file(reading.root)
        self.problems = _problems(reading.problems, fragments)

    @classmethod
    def parse(cls, text: str) -> "Document":
        """Read a whole text. Never raises."""
        return cls(text)

    def edit(self, start: int, end: int, new: str) -> "Document":
        """The document after text[start:end] was replaced by `new`: the same as parsing the new text.

        Connectors that the edit does not touch are not read again, and keep their findings.
        """
        size = len(self.text)
        start = min(max(start, 0), size)
        end = min(max(end, start), size)
        text = f"{self.text[:start]}{new}{self.text[end:]}"
        return Document(text, _Kept(self._fragments, start, end, len(new) - (end - start)), self.memory)

    def replace_text(self, text: str) -> "Document":
        """The document of a whole new text, sharing what did not change at its two ends with this one."""
        old = self.text
        if text == old:
            return self
        start = _common_prefix(old, text)
        limit = min(len(old), len(text)) - start
        tail = _common_prefix(old[: -limit - 1 : -1], text[: -limit - 1 : -1]) if limit else 0
        return self.edit(start, len(old) - tail, text[start : len(text) - tail])

    @property
    def lines(self) -> LineIndex:
        """The line index, built when first asked for."""
        if self._lines is None:
            self._lines = LineIndex(self.text)
        return self._lines

    @property
    def templates(self) -> Iterator[Template]:
        """Every template field of the file, in order."""
        for connector in self.connectors:
            yield from connector.templates

    def connector_at(self, offset: int) -> Connector | None:
        """The connector whose braces enclose the offset, or None."""
        at = bisect_right(self.connectors, offset, key=lambda connector: connector.start) - 1
        if at >= 0 and offset <= self.connectors[at].end:
            return self.connectors[at]
        return None

    def template_at(self, offset: int) -> Template | None:
        """The template field whose content encloses or touches the offset, or None."""
        connector = self.connector_at(offset)
        if connector is None:
            return None
        for template in connector.templates:
            if template.start <= offset <= template.end:
                return template
        return None

    def string_slot_at(self, offset: int) -> NameSlot | None:
        """The name between the quotes of get_secret or get_variable at the offset, finished or not, or
        None.
        """
        template = self.template_at(offset)
        return template.slot_at(offset) if template is not None else None


class _Kept:
    """The fragments of a document before an edit, found by the offset that they have after it."""

    __slots__ = ("_delta", "_end", "_fragments", "_start")

    def __init__(self, fragments: Mapping[int, Fragment], start: int, end: int, delta: int) -> None:
        self._fragments = fragments
        self._start = start
        self._end = end
        self._delta = delta

    def at(self, offset: int, key: str) -> Fragment | None:
        fragment = self._fragments.get(offset)
        if (
            fragment is not None
            and self._is_kept(fragment, key)
            and offset + fragment.element.value.end <= self._start
        ):
            return fragment
        before = offset - self._delta
        fragment = self._fragments.get(before)
        if fragment is not None and before >= self._end and self._is_kept(fragment, key):
            return fragment
        return None

    @staticmethod
    def _is_kept(fragment: Fragment, key: str) -> bool:
        return fragment.element.is_kept and fragment.key == key


def _connectors(
    text: str, root: Value | None, fragments: Mapping[int, Fragment], problems: tuple[JsonProblem, ...]
) -> tuple[Connector, ...]:
    if root is None:
        return ()
    if root.kind == "array":
        arrays = [("", root)]
    else:
        arrays = [(f"/{key.data}", value) for key, value in root.members if key.data in ELEMENT_ARRAYS]
    if not arrays and _looks_like_connector(root):
        # Code Mode: one connector alone. It is its own fragment.
        is_sound = all(problem.is_harmless for problem in problems)
        element = Element(root, root.end, () if is_sound else problems, True, False)
        return (_placed(Fragment(element, "", text), 0, ""),)
    return tuple(
        _placed(fragments[item.base], item.base, f"{pointer}/{index}")
        for pointer, array in arrays
        for index, item in enumerate(array.items)
        if isinstance(item, ElementValue)
    )


def _placed(fragment: Fragment, base: int, pointer: str) -> Connector:
    relative = fragment.connector
    return Connector(fragment, relative.value, base, pointer, is_composite=relative.is_composite)


def _looks_like_connector(value: Value) -> bool:
    if value.kind != "object":
        return False
    keys = {key.data for key, _ in value.members}
    return bool(keys & {"url", "steps"}) or len(keys & _KNOWN_KEYS) > 1


def _is_connector_file(root: Value | None) -> bool:
    if root is None:
        return False
    if root.kind == "array":
        return any(
            _looks_like_connector(item.element.value) for item in root.items if isinstance(item, ElementValue)
        )
    for name in ELEMENT_ARRAYS:
        array = root.get(name)
        if array is not None and array.kind == "array":
            return True
    return _looks_like_connector(root)


def _problems(outer: tuple[JsonProblem, ...], fragments: Mapping[int, Fragment]) -> tuple[JsonProblem, ...]:
    found = list(outer)
    for base, fragment in fragments.items():
        for problem in fragment.element.problems:
            edits = tuple(
                edit._replace(start=edit.start + base, end=edit.end + base) for edit in problem.edits
            )
            found.append(problem._replace(start=problem.start + base, end=problem.end + base, edits=edits))
    # At one place the first mistake says it all: a second one there only follows from it.
    first: dict[tuple[int, int], JsonProblem] = {}
    for problem in found:
        first.setdefault((problem.start, problem.end), problem)
    return tuple(sorted(first.values(), key=lambda problem: (problem.start, problem.end)))


def _common_prefix(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning: a binary search by slices."""
    low, high = 0, min(len(one), len(other))
    if one[:high] == other[:high]:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
