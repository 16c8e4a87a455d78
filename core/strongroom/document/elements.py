"""Read the elements of connectors arrays, each apart from the rest of its file.

Because of that, an edit can keep the elements that it does not touch. The JSON scanner of the standard library gives
the data and the end of a sound element in a fraction of the time of our own reader, but no places. Our own reader reads
what it accepts the same, without a remark. Everything else is left to our own reader.
"""

from collections.abc import Mapping
from importlib import import_module
from types import SimpleNamespace
from typing import Any, Final

from strongroom.document.connector import Fragment
from strongroom.document.json_mistakes import JsonProblem
from strongroom.document.json_reader import MAX_DEPTH, Reading, read_element
from strongroom.document.json_values import Value
from strongroom.text.edits import Edit
from strongroom.text.expressions import expression

Placed = tuple[Fragment, int, str]
"""Name the fragment of a connector, its offset and the JSON Pointer of its connector."""

_FOLLOWING: Final = expression(
    r"[ \t\n\r]*+(?:,[ \t\n\r]*+(?=\{)"
    r'|,?[ \t\n\r]*+("(?!(?:composite_)?connectors")(?:[^"\\\n]|\\.)*+"[ \t\n\r]*+:))'
)
"""Match what follows an element: all up to the next one, or a key with its colon, as a group.

A key is in no array. The key of an array of elements does not match: before it a bracket is missing.
"""


class Elements:
    """Hold the elements of a text that are read so far.

    `kept` are the fragments that an edit left as they were, by their offsets in the text.
    """

    def __init__(self, text: str, kept: Mapping[int, Fragment]) -> None:
        self.placed: list[Placed] = []
        self._text = text
        self._kept = kept

    def read(self, array: Value, key: str, at: int) -> tuple[int, bool]:
        """Read the element at `at` and those that follow it, as an `ElementReader` does."""
        text, match = self._text, _FOLLOWING.match
        pointer = f"/{key}" if key else ""
        while True:
            fragment, end, is_closed = self._element(at, key)
            following = match(text, end) if is_closed else None
            if following is not None and following.lastindex:
                # The brace is one too many, and the element goes on.
                past = self._past(at, key, end - 1)
                if past is not None:
                    fragment, end = past, at + len(past.source)
            self.placed.append((fragment, at, f"{pointer}/{len(array.items)}"))
            array.items.append(Value("object", at, end, None))
            if following is None or following.lastindex:
                return end, is_closed
            at = following.end()

    def _element(self, at: int, key: str) -> tuple[Fragment, int, bool]:
        """Return (element, end, is closed) of the element at `at`.

        The end is the offset at which reading the element stopped. An element is closed if its own brace
        ended it.
        """
        text, fragment = self._text, self._kept.get(at)
        if fragment is not None and fragment.key == key:
            return fragment, at + len(fragment.source), True
        scanned = scan_element(text, at)
        if scanned is not None:
            data, end = scanned
            return Fragment(text[at:end], key, data), end, True
        reading = read_element(text[at:])
        return _fragment(text, at, key, reading), at + reading.end, reading.is_closed

    def _past(self, at: int, key: str, stray: int) -> Fragment | None:
        """Return the element at `at` as if the brace at `stray` were a space.

        Return None if the element is not closed then.
        """
        text = self._text
        reading = read_element(f"{text[at:stray]} {text[stray + 1 :]}")
        if not reading.is_closed:
            return None
        message = "This brace closes the connector too early: members of it follow."
        start, end = stray - at, stray - at + 1
        problem = JsonProblem(message, start, end, "Remove the brace", (Edit(start, end, ""),))
        reading = reading._replace(problems=(*reading.problems, problem), is_apart=False)
        return _fragment(text, at, key, reading)


def _fragment(text: str, at: int, key: str, reading: Reading) -> Fragment:
    root = reading.root
    assert root is not None, "an element begins with a brace"
    return Fragment(text[at : at + root.end], key, root.data, reading)


def scan_element(text: str, start: int) -> tuple[dict[str, Any], int] | None:
    """Return the object at `start`, and the offset after its closing brace.

    Return None if it is not sound JSON, has a key twice or nests too deeply.
    """
    if _scan is None:
        return None
    try:
        data, end = _scan(text, start)
    except (ValueError, StopIteration, RecursionError, SystemError):
        # On Python 3.11, while `json` is not yet imported, the last one is raised in place of a ValueError.
        return None
    # No element is deeper than its number of brackets. Brackets in strings count too, which errs on the safe side.
    if text.count("{", start, end) + text.count("[", start, end) > MAX_DEPTH:
        return None
    return data, end


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise ValueError("a key is there twice")
    return data


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


_SETTINGS: Final = SimpleNamespace(
    strict=True, object_hook=None, object_pairs_hook=_object,
    parse_float=float, parse_int=int, parse_constant=_refuse,
)  # fmt: skip

# The scanner behind `json.loads`, without that package, because its import takes longer than many a file. Only CPython
# has this scanner.
try:
    _scan: Any = import_module("_json").make_scanner(_SETTINGS)
except ImportError:
    _scan = None
