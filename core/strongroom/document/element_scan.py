"""Read sound elements of a connectors array by the standard library's scanner.

The JSON scanner is written in C. It gives the data and the end of the element, in a fraction of the time of our own
reader, but no places. Our own reader accepts everything that is accepted here, too, without a remark. Everything else
is left to our own reader.
"""

from importlib import import_module
from typing import Any

from strongroom.document.json_reader import MAX_DEPTH


def scan_element(text: str, start: int) -> tuple[dict[str, Any], int] | None:
    """Return the object that begins at `start`, and the offset after its closing brace.

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


class _Context:
    """Give the scanner its settings, by the names that it uses."""

    strict = True
    object_hook = None
    object_pairs_hook = staticmethod(_object)
    parse_float = float
    parse_int = int
    parse_constant = staticmethod(_refuse)


# The scanner behind `json.loads`, without that package, because its import takes longer than many a file. Only CPython
# has this scanner.
try:
    _scan: Any = import_module("_json").make_scanner(_Context())
except ImportError:
    _scan = None
