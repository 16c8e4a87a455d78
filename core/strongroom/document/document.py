"""Hold a connector file as text with positions.

Reading never fails, and an edit reads again only the connector that it touched.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final

from strongroom.document.connector import Connector, Fragment
from strongroom.document.element_scan import scan_element
from strongroom.document.json_problems import JsonProblem
from strongroom.document.json_reader import read_element, read_json
from strongroom.document.json_state import ELEMENT_ARRAYS, Element, ElementValue
from strongroom.document.json_values import Value
from strongroom.document.template import NameSlot, Template
from strongroom.platform.fields import COMPOSITE_FIELDS, CONNECTOR_FIELDS
from strongroom.text.edits import Edit
from strongroom.text.lines import LineIndex
from strongroom.text.prefix import common_prefix

_KNOWN_KEYS: Final = frozenset(CONNECTOR_FIELDS) | frozenset(COMPOSITE_FIELDS)


class Document:
    """Hold a connector file; make one with `parse`, and the next with `edit`.

    A document is immutable. `problems` are the mistakes of JSON syntax, with source offsets; `root` is the outer JSON
    value, or None for an empty text. `placed` are the fragments of the connectors, each with its offset and the JSON
    Pointer of its connector. `is_one_connector` says that the file is one connector by itself (Code Mode).
    """

    def __init__(self, text: str, elements: "_Elements | None" = None) -> None:
        elements = elements or _Elements({}, 0, 0, 0)
        reading = read_json(text, elements.read)
        self.text = text
        self.root = reading.root
        self._fragments = elements.found
        self._lines: LineIndex | None = None
        self.placed = _placed(text, reading.root, self._fragments, reading.problems)
        self.is_one_connector = len(self.placed) == 1 and not self._fragments
        self.is_connector_file = _is_connector_file(reading.root, self._fragments)
        self.problems = _problems(reading.problems, self._fragments)

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
        edited = Document(text, _Elements(self._fragments, start, end, len(new) - (end - start)))
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
        tail = common_prefix(old[: -limit - 1 : -1], text[: -limit - 1 : -1]) if limit else 0
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
        if connector is None:
            return None
        for template in connector.templates:
            if template.start <= offset <= template.end:
                return template
        return None

    def string_slot_at(self, offset: int) -> NameSlot | None:
        """Return the name slot at the offset, or None.

        A name slot is the text between the quotes of get_secret or get_variable, finished or not.
        """
        template = self.template_at(offset)
        return template.slot_at(offset) if template is not None else None


class _Elements:
    """Read the elements of connectors arrays, and take those kept from before an edit.

    `found` are their fragments by offset. The edit replaced [start:end] of the text before by one that is longer by
    `delta`.
    """

    __slots__ = ("_before", "_delta", "_end", "_start", "found")

    def __init__(self, before: Mapping[int, Fragment], start: int, end: int, delta: int) -> None:
        self.found: dict[int, Fragment] = {}
        self._before = before
        self._start = start
        self._end = end
        self._delta = delta

    def read(self, text: str, at: int, key: str, stray: int) -> tuple[int, bool]:
        """Read the element at `at`, in the array called `key`. A brace at `stray` does not close it.

        Return the offset after it, and True if its own brace ended it.
        """
        element: Element | None = None
        if stray >= 0:
            element = _read_past(text[at:], stray - at)
            fragment = self.found[at] if element is None else None
        else:
            fragment = self._kept(at, key)
            if fragment is None and (scanned := scan_element(text, at)) is not None:
                data, end = scanned
                fragment = Fragment(text[at:end], key, data)
        if fragment is None:
            element = element or read_element(text[at:])
            fragment = Fragment(text[at : at + element.value.end], key, element.value.data, element)
        self.found[at] = fragment
        if element is None or element.is_closed:
            return at + len(fragment.source), True
        return at + element.end, False

    def _kept(self, at: int, key: str) -> Fragment | None:
        is_before = at < self._start
        old = at if is_before else at - self._delta
        fragment = self._before.get(old)
        if fragment is None or fragment.key != key or not fragment.is_kept:
            return None
        is_untouched = old + len(fragment.source) <= self._start if is_before else old >= self._end
        return fragment if is_untouched else None


def _read_past(text: str, stray: int) -> Element | None:
    """Read the element at the beginning of a text, as if the brace at `stray` were a space.

    Return None if the element is not closed then.
    """
    element = read_element(f"{text[:stray]} {text[stray + 1 :]}")
    if not element.is_closed:
        return None
    message = "This brace closes the connector too early: members of it follow."
    problem = JsonProblem(message, stray, stray + 1, "Remove the brace", (Edit(stray, stray + 1, ""),))
    return element._replace(problems=(*element.problems, problem), is_kept=False)


def _placed(
    text: str, root: Value | None, fragments: Mapping[int, Fragment], problems: tuple[JsonProblem, ...]
) -> list[tuple[Fragment, int, str]]:
    if root is None:
        return []
    if root.kind == "array":
        arrays = [("", root)]
    else:
        arrays = [(f"/{key.data}", value) for key, value in root.members if key.data in ELEMENT_ARRAYS]
    if not arrays and _looks_like_connector(root.data):
        # Code Mode: one connector alone. The file is one fragment.
        is_harmless = all(problem.is_harmless for problem in problems)
        element = Element(root, root.end, () if is_harmless else problems, True, False)
        return [(Fragment(text, "", root.data, element), 0, "")]
    return [
        (fragments[item.start], item.start, f"{pointer}/{index}")
        for pointer, array in arrays
        for index, item in enumerate(array.items)
        if isinstance(item, ElementValue)
    ]


def _looks_like_connector(data: object) -> bool:
    if not isinstance(data, dict):
        return False
    return "url" in data or "steps" in data or len(data.keys() & _KNOWN_KEYS) > 1


def _is_connector_file(root: Value | None, fragments: Mapping[int, Fragment]) -> bool:
    if root is None or root.kind == "array":
        return any(_looks_like_connector(fragment.data) for fragment in fragments.values())
    arrays = (root.get(name) for name in ELEMENT_ARRAYS)
    return _looks_like_connector(root.data) or any(
        array is not None and array.kind == "array" for array in arrays
    )


def _problems(outer: tuple[JsonProblem, ...], fragments: Mapping[int, Fragment]) -> tuple[JsonProblem, ...]:
    found = list(outer)
    for base, fragment in fragments.items():
        for problem in fragment.problems:
            edits = tuple(
                edit._replace(start=edit.start + base, end=edit.end + base) for edit in problem.edits
            )
            found.append(problem._replace(start=problem.start + base, end=problem.end + base, edits=edits))
    if not found:
        return ()
    # At one place the first mistake is enough. A second one there only follows from it.
    first: dict[tuple[int, int], JsonProblem] = {}
    for problem in found:
        first.setdefault((problem.start, problem.end), problem)
    return tuple(sorted(first.values(), key=lambda problem: (problem.start, problem.end)))
