"""Compare two runs, as data that a screen, a text and a program can each show.

The runs are captures (see `load_capture`), in which literals and masks are in place of values.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import islice
from typing import Any, Final, NamedTuple

MOST_CHANGES: Final = 500
"""The differences that are listed; two unlike bodies have any number."""

_LONGEST_LIST: Final = 2000
"""The items of a list from which on items are compared by their index.

Finding moved items in a longer list takes too long.
"""

_EVER_CHANGING: Final = frozenset(
    {"date", "age", "expires", "x-request-id", "request-id", "cf-ray", "x-amzn-trace-id", "traceparent"}
)
"""The headers that differ between any two answers and say nothing."""


class Change(NamedTuple):
    """Hold one difference.

    `before` is None for an added part, `after` for a missing one.
    """

    area: str
    """The area: "outcome", "header", "body" or "request"."""
    path: str
    """The place of the difference: "status", a header, a JSONPath in the body, or a field."""
    kind: str
    """The kind: "added", "removed" or "changed"."""
    before: Any
    after: Any


class Timing(NamedTuple):
    """Hold the milliseconds of one part in two runs, None for a run without this part."""

    part: str
    before: float | None
    after: float | None


class Comparison(NamedTuple):
    """Hold all differences between two runs. Times always differ, and are kept apart."""

    changes: tuple[Change, ...]
    timings: tuple[Timing, ...]
    is_cut: bool = False
    """True if there are more changes than are listed."""

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as data for `json.dumps`."""
        return {
            "changes": [change._asdict() for change in self.changes],
            "timings": [timing._asdict() for timing in self.timings],
            "is_cut": self.is_cut,
        }


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> Comparison:
    """Return the differences of the later run: added, missing and changed parts."""
    found = list(islice(_changes(before, after), MOST_CHANGES + 1))
    timings = tuple(_timings(before.get("server_timing") or {}, after.get("server_timing") or {}))
    return Comparison(tuple(found[:MOST_CHANGES]), timings, len(found) > MOST_CHANGES)


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for field in ("status", "passed"):
        yield from _one("outcome", field, before.get(field), after.get(field))
    unresolved = (list(run.get("unresolved") or []) for run in (before, after))
    yield from _differences("outcome", "unresolved", *unresolved)
    headers = (_headers(run.get("headers") or {}) for run in (before, after))
    yield from _tables("header", "", *headers)
    yield from _bodies(before, after)
    debug = (run.get("debug") or {} for run in (before, after))
    yield from _tables("request", "", *debug)


def _headers(headers: Mapping[str, Any]) -> dict[str, Any]:
    return {key.lower(): value for key, value in headers.items() if key.lower() not in _EVER_CHANGING}


def _bodies(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    texts = (before.get("body"), after.get("body"))
    if texts[0] == texts[1]:
        if texts[0] is None:
            yield from _one("body", "length", before.get("body_length"), after.get("body_length"))
        return
    bodies = [_parsed(text) for text in texts]
    if all(body is not None for body in bodies):
        yield from _differences("body", "$", bodies[0], bodies[1])
    elif isinstance(texts[0], str) and isinstance(texts[1], str):
        yield from _lines(texts[0], texts[1])
    else:
        yield from _one("body", "", *texts)


def _parsed(text: Any) -> Any:
    """Return the data of a body, or None if it is not a JSON object or list.

    Other texts are compared line by line.
    """
    try:
        data = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict | list) else None


def _one(area: str, path: str, before: Any, after: Any) -> Iterator[Change]:
    if before == after and type(before) is type(after):
        return
    kind = "added" if before is None else "removed" if after is None else "changed"
    yield Change(area, path, kind, before, after)


def _differences(area: str, path: str, before: Any, after: Any) -> Iterator[Change]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _tables(area, path, before, after)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _lists(area, path, before, after)
    elif before != after or type(before) is not type(after):
        yield Change(area, path, "changed", before, after)


def _tables(area: str, path: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for key in dict.fromkeys([*before, *after]):
        place = _member(path, key)
        if key not in after:
            yield Change(area, place, "removed", before[key], None)
        elif key not in before:
            yield Change(area, place, "added", None, after[key])
        else:
            yield from _differences(area, place, before[key], after[key])


def _member(path: str, key: str) -> str:
    if not path:
        return key
    return f"{path}.{key}" if key.isidentifier() else f"{path}[{json.dumps(key, ensure_ascii=False)}]"


def _lists(area: str, path: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Change]:
    """Match equal items of two lists, so that an insertion does not change the rest.

    A place is the index in the later list. A missing item has its index in the earlier one.
    """
    for tag, from_, to, start, end in _blocks(before, after):
        if tag == "equal":
            continue
        shared = min(to - from_, end - start)
        for offset in range(shared):
            place = f"{path}[{start + offset}]"
            yield from _differences(area, place, before[from_ + offset], after[start + offset])
        for index in range(from_ + shared, to):
            yield Change(area, f"{path}[{index}]", "removed", before[index], None)
        for index in range(start + shared, end):
            yield Change(area, f"{path}[{index}]", "added", None, after[index])


def _blocks(before: Sequence[Any], after: Sequence[Any]) -> Sequence[tuple[str, int, int, int, int]]:
    if max(len(before), len(after)) > _LONGEST_LIST:
        return [("replace", 0, len(before), 0, len(after))]
    keys = [[json.dumps(item, sort_keys=True) for item in items] for items in (before, after)]
    return SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_opcodes()


def _lines(before: str, after: str) -> Iterator[Change]:
    for change in _lists("body", "line ", before.splitlines(), after.splitlines()):
        number = int(change.path.removeprefix("line [").removesuffix("]")) + 1
        yield change._replace(path=f"line {number}")


def _timings(before: Mapping[str, float], after: Mapping[str, float]) -> Iterator[Timing]:
    for part in dict.fromkeys([*before, *after]):
        yield Timing(part, before.get(part), after.get(part))
