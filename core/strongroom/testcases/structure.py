"""Check the structure of a file of test cases, and place all its mistakes.

Pure: no file is read, and no module is imported that renders or sends. Every mistake is one sentence. Unknown
keys are mistakes, because a misspelt expectation that is silently ignored is worse than none.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from strongroom.testcases.keys import JSON_TYPES, KEYS, SHAPES, Key, keys_of
from strongroom.testcases.outline import CaseOutline
from strongroom.testcases.patterns import BadPattern, check_pattern
from strongroom.testcases.toml_outline import Path
from strongroom.text.suggest import ask_if_meant, nearest


class Problem(NamedTuple):
    """Describe a mistake: its place (in code points), the wrong text, the right one."""

    start: int
    end: int
    message: str
    way_out: str = ""


class RawTest(NamedTuple):
    """Hold a test as written over the file's defaults, with no mistake of structure."""

    number: int
    start: int
    name: str
    connector: str
    data: Mapping[str, Any]


class Content(NamedTuple):
    """Hold the tests and problems of one file.

    `tests` has only those without a mistake.
    """

    tests: tuple[RawTest, ...]
    problems: tuple[Problem, ...]
    outline: CaseOutline


def read(text: str) -> Content:
    """Read the tests in a text, and every mistake in it; never raises."""
    import tomllib

    outline = CaseOutline.of(text)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Content((), (_syntax(text, str(error)),), outline)
    except RecursionError:
        return Content((), (Problem(0, 0, "This is nested too deeply.", ""),), outline)
    return _Reading(data, outline).read()


_POSITION: Final = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")


def _syntax(text: str, message: str) -> Problem:
    match = _POSITION.search(message)
    start = len(text)
    if match and match[1]:
        lines = text.split("\n")
        start = sum(len(line) + 1 for line in lines[: int(match[1]) - 1]) + int(match[2]) - 1
    message = message[: match.start()] if match else message
    return Problem(start, start, f"This is not valid TOML: {message[:1].lower()}{message[1:]}.", "")


class _Reading:
    def __init__(self, data: Mapping[str, Any], outline: CaseOutline) -> None:
        self._data = data
        self._outline = outline
        self._problems: list[Problem] = []

    def read(self) -> Content:
        self._table((), "", self._data)
        given = self._data.get("test")
        defaults = self._data.get("defaults")
        tests = []
        names: dict[str, int] = {}
        bad = {problem.start for problem in self._problems}
        spans = {test.number: test for test in self._outline.tests}
        if not isinstance(given, list) and not self._problems:
            self._problems.append(Problem(0, 0, "This file has no test.", "Write a [[test]] table."))
        for index, table in enumerate(given if isinstance(given, list) else []):
            if not isinstance(table, dict):
                continue
            name, connector = table.get("name"), table.get("connector")
            if isinstance(name, str) and name in names:
                self._say(
                    ("test", index, "name"),
                    f'Another test of this file is called "{name}" too.',
                    "Give one of them another name.",
                    value=True,
                )
                continue
            if not isinstance(name, str) or not isinstance(connector, str):
                continue
            names[name] = index
            span = spans.get(index)
            start, end = (span.start, span.end) if span else (0, len(self._outline.text))
            if any(start <= place < end for place in bad):
                continue
            merged = _merged(defaults if isinstance(defaults, dict) else {}, table)
            tests.append(RawTest(index, start, name, connector, merged))
        problems = tuple(sorted(self._problems))
        return Content(tuple(tests), problems, self._outline)

    # -- tables -----------------------------------------------------------------------

    def _table(self, path: Path, table: str, data: Mapping[str, Any]) -> None:
        keys = keys_of(table)
        for name, value in data.items():
            key = keys.get(name)
            if key is None:
                self._say((*path, name), f'No key{_where(table)} is named "{name}".', _meant(name, table))
            else:
                self._value((*path, name), key, value)
        for key in keys.values():
            if key.required and key.name not in data:
                self._say(path, f'"{key.name}" is missing{_where(table)}.', key.meaning)

    def _value(self, path: Path, key: Key, value: Any) -> None:
        shape = SHAPES[key.shape]
        why = _CHECKS[key.shape](value)
        if why is not None:
            message = why or f'"{key.name}" must be {shape.words}, not {_kind(value)}.'
            self._say(path, message, "", value=True)
        elif key.shape in ("tests", "body checks"):
            for index, item in enumerate(value):
                self._table((*path, index), shape.table, item)
                if key.shape == "body checks":
                    self._needs_check((*path, index), shape.table, item)
        elif key.shape == "header checks":
            self._headers(path, value)
        elif shape.table:
            self._table(path, shape.table, value)

    def _headers(self, path: Path, headers: Mapping[str, Any]) -> None:
        for name, check in headers.items():
            if isinstance(check, dict):
                self._table((*path, name), "header", check)
                self._needs_check((*path, name), "header", check)
            elif not isinstance(check, str):
                self._say(
                    (*path, name), f'"{name}" must be a text or a table of checks, not {_kind(check)}.', ""
                )

    def _needs_check(self, path: Path, table: str, data: Mapping[str, Any]) -> None:
        if not set(data) & set(keys_of(table)) - {"path"}:
            checks = ", ".join(name for name in keys_of(table) if name != "path")
            self._say(path, "Nothing is checked here.", f"Give one of: {checks}.")

    def _say(self, path: Path, message: str, way_out: str, *, value: bool = False) -> None:
        entry = self._outline.nearest(path)
        span = (0, 0) if entry is None else entry.value if value or entry.is_header else entry.key
        self._problems.append(Problem(*span, message, way_out))


_TITLES: Final = {
    "": "",
    "defaults": " in [defaults]",
    "test": " in [[test]]",
    "expect": " among expectations",
}


def _where(table: str) -> str:
    return _TITLES.get(table, " in this check")


def _meant(name: str, table: str) -> str:
    known = list(keys_of(table))
    if near := nearest(name, known):
        return ask_if_meant(near, '"')
    elsewhere = next((key for key in KEYS if key.name == name and key.table in _TITLES), None)
    if elsewhere is not None:
        return f"It belongs{_where(elsewhere.table) or ' at the top of the file'}."
    return f"There are: {', '.join(known)}."


def _merged(defaults: Mapping[str, Any], test: Mapping[str, Any]) -> dict[str, Any]:
    """Return the test over the defaults.

    Tables of pairs and expectations are merged key by key.
    """
    merged = {**defaults, **test}
    for name in ("query", "path_parameters", "headers", "expect"):
        both = defaults.get(name), test.get(name)
        if isinstance(both[0], dict) and isinstance(both[1], dict):
            merged[name] = {**both[0], **both[1]}
    tags = [*defaults.get("tags", []), *test.get("tags", [])]
    return {**merged, "tags": list(dict.fromkeys(tags))}


# -- the check of a value: None if it is right, "" if the shape's own words describe the mistake -------------


def _is(*types: type) -> Callable[[Any], str | None]:
    # By the very type: in Python true is a number, in TOML it is not.
    return lambda value: None if type(value) in types else ""


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) and value else ""


def _texts(value: Any) -> str | None:
    return None if isinstance(value, list) and all(isinstance(item, str) and item for item in value) else ""


def _tables(value: Any) -> str | None:
    return None if isinstance(value, list) and all(isinstance(item, dict) for item in value) else ""


def _pairs(value: Any) -> str | None:
    if not isinstance(value, dict):
        return ""
    wrong = next((name for name, item in value.items() if not isinstance(item, str | int | float)), None)
    return None if wrong is None else f'"{wrong}" must be a text, not {_kind(value[wrong])}.'


def _status(value: Any) -> str | None:
    given = value if isinstance(value, list) else [value]
    return None if given and all(_one_status(item) for item in given) else ""


def _one_status(value: Any) -> bool:
    if isinstance(value, str):
        return re.fullmatch("[1-5]xx", value) is not None
    return type(value) is int and 100 <= value <= 599


def _pattern(value: Any) -> str | None:
    if not isinstance(value, str):
        return ""
    try:
        check_pattern(value)
    except BadPattern as error:
        return f"This is not a regular expression: {error}."
    return None


def _expressions(value: Any) -> str | None:
    return _text(value) if not isinstance(value, list) else (_texts(value) if value else "")


_CHECKS: Final[Mapping[str, Callable[[Any], str | None]]] = {
    "text": _text,
    "any text": _is(str),
    "texts": _texts,
    "expressions": _expressions,
    "flag": _is(bool),
    "skip": lambda value: None if isinstance(value, bool) else _text(value),
    "pairs": _pairs,
    "user": lambda value: None if isinstance(value, dict) else _text(value),
    "payload": _is(str, dict, list),
    "status": _status,
    "milliseconds": lambda value: None if type(value) in (int, float) and value > 0 else "",
    "number": _is(int, float),
    "length": lambda value: None if type(value) is int and value >= 0 else "",
    "value": lambda _value: None,
    "pattern": _pattern,
    "json type": lambda value: None if value in JSON_TYPES else "",
    "tests": _tables,
    "defaults": _is(dict),
    "expect": _is(dict),
    "header checks": _is(dict),
    "text checks": _is(dict),
    "body checks": _tables,
}

_KINDS: Final[Mapping[type, str]] = {
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "a table",
}


def _kind(value: Any) -> str:
    if value == "" and isinstance(value, str):
        return "an empty one"
    return _KINDS.get(type(value), "a date or time")
