"""Read a JSON body as it was written, with numbers as text and repeated keys.

A body that stops being JSON has the place where it does.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, NoReturn

_LONGEST_WHOLE: Final = 300
"""Digits of a whole number that Python's own type keeps."""


class Number(float):
    """Keep the text of a number that Python writes otherwise, as `1e400` or `-0`."""

    text: str

    def __new__(cls, text: str) -> "Number":
        """Keep the text beside the value."""
        made = super().__new__(cls, text)
        made.text = text
        return made


class Overridden(str):
    """Mark a key that comes again later in its object. The later value counts."""

    __slots__ = ("number",)
    number: int

    def __new__(cls, key: str, number: int) -> "Overridden":
        """Take `number`, which tells the places of one key apart."""
        made = super().__new__(cls, key)
        made.number = number
        return made

    def __eq__(self, other: object) -> bool:
        """Equal the same place of the same key only."""
        return isinstance(other, Overridden) and str(self) == str(other) and self.number == other.number

    def __ne__(self, other: object) -> bool:
        """Return the opposite of `==`. A text's own comparison would not."""
        return not self == other

    def __hash__(self) -> int:
        """Agree with `==`."""
        return hash((str(self), self.number))


class Break(NamedTuple):
    """Hold the place where a body stops being JSON.

    Line and column count from 1, in code points.
    """

    line: int
    column: int
    message: str


def parse(text: str) -> Any:
    """Return the body as data, or None if it is not a JSON object or list."""
    try:
        data = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict | list) else None


def _float(text: str) -> float:
    value = float(text)
    return value if repr(value) == text else Number(text)


def _whole(text: str) -> float:
    return int(text) if len(text) < _LONGEST_WHOLE and text != "-0" else Number(text)


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    last = {key: number for number, (key, _) in enumerate(pairs)}
    return {
        key if last[key] == number else Overridden(key, number): value
        for number, (key, value) in enumerate(pairs)
    }


_DECODER: Final = json.JSONDecoder(
    parse_float=_float, parse_int=_whole, parse_constant=_no_constant, object_pairs_hook=_object
)


def duplicates(data: Mapping[str, Any]) -> frozenset[str]:
    """Return the keys that come more than once in an object."""
    return frozenset(str(key) for key in data if isinstance(key, Overridden))


_JSON_TYPE: Final = re.compile(r"[/+]json\b", re.IGNORECASE)


def find_break(text: str, content_type: str) -> Break | None:
    """Return the place where a body stops being JSON, or None.

    Return None for JSON and for other kinds of text.
    """
    from strongroom.document import LineIndex
    from strongroom.document.json_reader import read_json

    if not text.strip() or not (_JSON_TYPE.search(content_type) or text.lstrip()[0] in "{["):
        return None
    try:
        _DECODER.decode(text)
        return None
    except RecursionError:
        return Break(1, 1, "It is nested too deeply to be read.")
    except json.JSONDecodeError as error:
        place, message = error.pos, f"{error.msg}."
    except ValueError as error:
        place, message = 0, f"{error}."
    problems = read_json(text).problems
    if problems:
        first = min(problems, key=lambda problem: problem.start)
        message = first.message
        # For a bracket that is not closed, the break is where the text ends, not where the bracket was opened.
        is_there = first.start <= place <= first.end + 1
        place = first.start if is_there else max(place, first.start)
    line, column = LineIndex(text).position(place)
    return Break(line + 1, column + 1, message)


def written(value: Any) -> str:
    """Return a value as indented JSON.

    The value may have any depth. The indent is two, and numbers are as they came.
    """
    pieces: list[str] = []
    waiting: list[tuple[str, Any, int]] = [("value", value, 0)]
    while waiting:
        sort, item, depth = waiting.pop()
        if sort == "text":
            pieces.append(item)
        elif isinstance(item, dict | list) and item:
            waiting += reversed(_inside(item, depth))
        else:
            pieces.append(item.text if isinstance(item, Number) else json.dumps(item, ensure_ascii=False))
    return "".join(pieces)


def _inside(value: Any, depth: int) -> list[tuple[str, Any, int]]:
    left, right = "[]" if isinstance(value, list) else "{}"
    indent = "\n" + "  " * (depth + 1)
    found: list[tuple[str, Any, int]] = [("text", left, 0)]
    rows = [("", item) for item in value] if isinstance(value, list) else list(value.items())
    for number, (key, item) in enumerate(rows):
        name = "" if isinstance(value, list) else f"{json.dumps(str(key), ensure_ascii=False)}: "
        found += [("text", ("," if number else "") + indent + name, 0), ("value", item, depth + 1)]
    return [*found, ("text", "\n" + "  " * depth + right, 0)]
