"""Compare a run with the expectations of a test.

Everything is compared with the report, which holds literals and masks in place of values. So no sentence from
here can hold a secret's value.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from strongroom.resolver.reports.report import Report
from strongroom.testcases.expressions import find, holds, same
from strongroom.testcases.patterns import PatternTooSlow, occurs
from strongroom.text.phrases import counted

_SHOWN: Final = 200
"""Characters of a value that are shown."""

_MISSING: Final = object()


class Mismatch(NamedTuple):
    """Describe an unmet expectation: the subject, the expected and the actual value."""

    what: str
    expected: str
    actual: str

    def __str__(self) -> str:
        return f"{self.what}: expected {self.expected}; got {self.actual}"


def check(report: Report, expect: Mapping[str, Any]) -> tuple[Mismatch, ...]:
    """Return every expectation that the run did not meet, the most telling first."""
    mismatches: list[Mismatch] = []
    try:
        mismatches += _mismatches(report, expect)
    except PatternTooSlow as error:
        mismatches.append(Mismatch("a pattern", "an answer in time", str(error)))
    return tuple(mismatches)


def _mismatches(report: Report, expect: Mapping[str, Any]) -> Iterator[Mismatch]:
    yield from _status(report, expect.get("status"))
    if expect.get("all_secrets_resolve") is True and report.unresolved:
        yield Mismatch("secrets and variables", "all to resolve", f"{', '.join(report.unresolved)} did not")
    if expect.get("all_secrets_resolve") is False and not report.unresolved:
        yield Mismatch("secrets and variables", "one that does not resolve", "all resolve")
    total = report.server_timing.get("total", 0.0)
    if (limit := expect.get("max_ms")) is not None and total > limit:
        yield Mismatch("time", f"at most {limit:g} ms", f"{total:.0f} ms")
    headers = {key.lower(): value for key, value in report.headers.items()}
    for name, wanted in (expect.get("headers") or {}).items():
        checks = {"equals": wanted} if isinstance(wanted, str) else wanted
        given = headers.get(name.lower(), _MISSING)
        yield from _all(f"header {name}", checks, given, "no such header")
    if checks := expect.get("body_text"):
        yield from _all("body", checks, report.text, "")
    yield from _body(report, expect)


def _status(report: Report, wanted: Any) -> Iterator[Mismatch]:
    if wanted is None:
        if not report.passed:
            yield Mismatch("status", "any 2xx", _status_line(report))
        return
    allowed = wanted if isinstance(wanted, list) else [wanted]
    if not any(report.status == one or f"{(report.status or 0) // 100}xx" == one for one in allowed):
        yield Mismatch("status", " or ".join(map(str, allowed)), _status_line(report))


def _status_line(report: Report) -> str:
    return f"{report.status if report.status is not None else 'no answer'} {report.reason}".strip()


def _body(report: Report, expect: Mapping[str, Any]) -> Iterator[Mismatch]:
    checks, that = expect.get("body") or [], expect.get("that") or []
    comparisons = [that] if isinstance(that, str) else that
    if not checks and not comparisons:
        return
    try:
        body = json.loads(report.text)
    except (ValueError, RecursionError):
        is_empty = not report.text.strip()
        yield Mismatch(
            "body", "JSON", "an empty body" if is_empty else f"text that is not JSON: {_shown(report.text)}"
        )
        return
    for row in checks:
        yield from _at_path(row, body)
    for text in comparisons:
        if not holds(text, body):
            yield Mismatch("body", f"{text} to be true", _parts(text, body))


_QUERY: Final = re.compile(r"@(?:\.[A-Za-z_]\w*|\[(?:\d+|'[^']*'|\"[^\"]*\")\])+")


def _parts(text: str, body: Any) -> str:
    """Return the values that a comparison looked at, to explain a failure."""
    seen = dict.fromkeys(_QUERY.findall(text))
    found = []
    for query in seen:
        values = find("$" + query[1:], body).values
        found.append(f"{query} is {_shown(values[0]) if values else 'not there'}")
    return "; ".join(found) or "false"


def _at_path(row: Mapping[str, Any], body: Any) -> Iterator[Mismatch]:
    path = row["path"]
    values, is_single = find(path, body)
    if "count" in row and len(values) != row["count"]:
        yield Mismatch(path, counted(row["count"], "value"), counted(len(values), "value"))
    checks = {name: value for name, value in row.items() if name not in ("path", "count")}
    if is_single or "exists" in checks:
        given = values[0] if values else _MISSING
        yield from _all(path, checks, given, "nothing there")
        return
    for name in ("equals", "not_equals", "contains", "length"):
        # A path that may give several values is held against the list of them.
        if name in checks:
            yield from _one(path, name, checks.pop(name), list(values))
    if checks and not values:
        yield Mismatch(path, "at least one value", "nothing there")
    for value in values:
        yield from _all(path, checks, value, "nothing there")


def _all(what: str, checks: Mapping[str, Any], given: Any, missing: str) -> Iterator[Mismatch]:
    wanted = checks.get("exists")
    if wanted is not None and wanted != (given is not _MISSING):
        expected = "to be there" if wanted else "not to be there"
        yield Mismatch(what, expected, missing if wanted else _shown(given))
        return
    for name, value in checks.items():
        if name == "exists":
            continue
        if given is _MISSING:
            if name != "not_equals":
                yield Mismatch(what, _wanted(name, value), missing)
                return
        else:
            yield from _one(what, name, value, given)


def _one(what: str, name: str, wanted: Any, given: Any) -> Iterator[Mismatch]:
    if not _HOLDS[name](given, wanted):
        yield Mismatch(what, _wanted(name, wanted), _SEEN.get(name, _shown)(given))


_WORDS: Final[Mapping[str, str]] = {
    "equals": "{}",
    "not_equals": "anything but {}",
    "contains": "something with {} in it",
    "matches": "a text that matches {}",
    "type": "a value of type {}",
    "length": "a length of {}",
    "at_least": "at least {}",
    "at_most": "at most {}",
}


def _wanted(name: str, value: Any) -> str:
    words = _WORDS[name]
    return words.format(value if name in ("type", "length", "at_least", "at_most") else _shown(value))


_TYPES: Final[Sequence[tuple[str, Any]]] = (
    ("boolean", bool),
    ("string", str),
    ("number", (int, float)),
    ("array", list),
    ("object", dict),
    ("null", object),
)


def _type(value: Any) -> str:
    return next(name for name, types in _TYPES if isinstance(value, types))


def _contains(given: Any, wanted: Any) -> bool:
    if isinstance(given, str):
        return isinstance(wanted, str) and wanted in given
    if isinstance(given, list):
        return any(same(item, wanted) for item in given)
    return isinstance(given, dict) and isinstance(wanted, str) and wanted in given


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_HOLDS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "equals": lambda given, wanted: same(given, _plain(wanted)),
    "not_equals": lambda given, wanted: not same(given, _plain(wanted)),
    "contains": lambda given, wanted: _contains(given, _plain(wanted)),
    "matches": lambda given, wanted: isinstance(given, str) and occurs(wanted, given),
    "type": lambda given, wanted: _type(given) == wanted,
    "length": lambda given, wanted: isinstance(given, str | list | dict) and len(given) == wanted,
    "at_least": lambda given, wanted: _is_number(given) and given >= wanted,
    "at_most": lambda given, wanted: _is_number(given) and given <= wanted,
}


def _length(value: Any) -> str:
    return f"a length of {len(value)}" if isinstance(value, str | list | dict) else _shown(value)


_SEEN: Final[Mapping[str, Callable[[Any], str]]] = {
    "type": lambda given: f"{_type(given)}: {_shown(given)}",
    "length": _length,
}


def _plain(value: Any) -> Any:
    """Return data with TOML's dates and times as the texts that JSON has for them."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _shown(value: Any) -> str:
    text = json.dumps(_plain(value), ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
