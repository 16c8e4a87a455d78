"""Hold a connector file as text with positions.

Reading never fails, and an edit reads again only the connector that it touched.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import Final

from strongroom.document.connector import Connector, Fragment
from strongroom.document.element_scan import scan_element
from strongroom.document.json_problems import JsonEdit, JsonProblem
from strongroom.document.json_reader import read_element, read_json
from strongroom.document.json_state import ELEMENT_ARRAYS, Element, ElementValue, Extent
from strongroom.document.json_values import Value
from strongroom.document.lines import LineIndex
from strongroom.document.template import NameSlot, Template
from strongroom.platform.fields import COMPOSITE_FIELDS, CONNECTOR_FIELDS
from strongroom.text.prefix import common_prefix

_KNOWN_KEYS: Final = frozenset(CONNECTOR_FIELDS) | frozenset(COMPOSITE_FIELDS)


class Document:
    """Hold a connector file; make one with `parse`, and the next with `edit`.

    A document is immutable. `connectors` holds standard and composite connectors in the order of the file; `problems`
    the mistakes of JSON syntax, with source offsets; `root` the outer JSON value, or None for an empty text. `placed`
    are the fragments of the connectors, each with its offset and the JSON Pointer of its connector. `is_one_connector`
    says that the file is one connector by itself (Code Mode).
    """

    __slots__ = (
        "_connectors",
        "_fragments",
        "_lines",
        "is_connector_file",
        "is_one_connector",
        "placed",
        "problems",
        "root",
        "text",
    )

    def __init__(self, text: str, kept: "_Kept | None" = None) -> None:
        self.text = text
        self._fragments: dict[int, Fragment] = {}
        self._lines: LineIndex | None = None
        self._connectors: tuple[Connector, ...] | None = None
        reading = read_json(text, _Elements(self._fragments, kept).read)
        self.root = reading.root
        self.placed = _placed(text, reading.root, self._fragments, reading.problems)
        self.is_one_connector = len(self.placed) == 1 and not self._fragments
        self.is_connector_file = _is_connector_file(reading.root, self._fragments)
        self.problems = _problems(reading.problems, self._fragments)

    @classmethod
    def parse(cls, text: str) -> "Document":
        """Read a whole text. Never raises."""
        return cls(text)

    @property
    def connectors(self) -> tuple[Connector, ...]:
        """Return standard and composite connectors, in the order of the file."""
        if self._connectors is None:
            self._connectors = tuple(
                [
                    Connector(fragment, None, base, pointer, is_composite=fragment.is_composite)
                    for fragment, base, pointer in self.placed
                ]
            )
        return self._connectors

    def edit(self, start: int, end: int, new: str, lines: LineIndex | None = None) -> "Document":
        """Return the document after text[start:end] was replaced by `new`.

        The result is the same as parsing the new text. Connectors that the edit does not touch are not read again:
        their fragments are the same objects. `lines` is the new text's line index, if the caller has it already.
        """
        size = len(self.text)
        start = min(max(start, 0), size)
        end = min(max(end, start), size)
        text = f"{self.text[:start]}{new}{self.text[end:]}"
        edited = Document(text, _Kept(self._fragments, start, end, len(new) - (end - start)))
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


def _read_fragment(text: str, at: int, key: str) -> Fragment:
    """Return the element at `at` of the array called `key`.

    It is read in the quickest way that it allows.
    """
    scanned = scan_element(text, at)
    if scanned is not None:
        return Fragment(text[at : scanned.end], key, data=scanned.data)
    element = read_element(text, at)
    return Fragment(text[at : at + element.value.end], key, element=element)


def _read_past(text: str, at: int, key: str, stray: int) -> Fragment | None:
    """Return the element at `at` as if the brace at `stray` were a space.

    Return None if the element is not closed then.
    """
    element = read_element(f"{text[:stray]} {text[stray + 1 :]}", at)
    if not element.is_closed:
        return None
    start, end = stray - at, stray - at + 1
    message = "This brace closes the connector too early: members of it follow."
    problem = JsonProblem(message, start, end, "Remove the brace", (JsonEdit(start, end, ""),))
    element = element._replace(problems=(*element.problems, problem), is_kept=False)
    return Fragment(text[at : at + element.value.end], key, element=element)


class _Elements:
    """Read elements of connectors arrays, and take those kept from before an edit."""

    __slots__ = ("_fragments", "_kept")

    def __init__(self, fragments: dict[int, Fragment], kept: "_Kept | None") -> None:
        self._fragments = fragments
        self._kept = kept

    def read(self, text: str, at: int, key: str, stray: int) -> Extent:
        """Return the element at `at`, in the array called `key`.

        A brace at `stray` does not close it.
        """
        if stray >= 0 and (longer := _read_past(text, at, key, stray)) is not None:
            self._fragments[at] = longer
            return Extent(at + len(longer.source), True)
        kept = self._kept.at(at, key) if self._kept is not None else None
        fragment = self._fragments[at] = kept or _read_fragment(text, at, key)
        if fragment.is_sound:
            return Extent(at + len(fragment.source), True)
        element = fragment.element
        # A kept element was read at another offset. Of its offsets only the end is relative to the element's own start.
        end = at + element.value.end if element.is_kept else element.end
        return Extent(end, element.is_closed)


class _Kept:
    """Hold the fragments from before an edit, by their offset after the edit."""

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
            and fragment.key == key
            and offset + len(fragment.source) <= self._start
            and fragment.is_kept
        ):
            return fragment
        before = offset - self._delta
        fragment = self._fragments.get(before) if before >= self._end else None
        return fragment if fragment is not None and fragment.key == key and fragment.is_kept else None


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
        return [(Fragment(text, "", element=element), 0, "")]
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
    if root is None:
        return False
    if root.kind == "array":
        return any(_looks_like_connector(fragment.data) for fragment in fragments.values())
    for name in ELEMENT_ARRAYS:
        array = root.get(name)
        if array is not None and array.kind == "array":
            return True
    return _looks_like_connector(root.data)


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
