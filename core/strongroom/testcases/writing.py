"""Add a test to a file of test cases. Every other byte stays as it is."""

import json
import os
from collections.abc import Mapping
from typing import Any, Final

from strongroom.errors import StrongroomError
from strongroom.files.writing import create
from strongroom.testcases.keys import keys_of
from strongroom.testcases.structure import read
from strongroom.testcases.typed_inputs import as_plain_text
from strongroom.workspace import Source, UnreadableFile, read_source, write_source


class CaseNotWritten(StrongroomError):  # noqa: N818 - a plain name for the failure
    """Report a test that cannot be added to its file."""


def append_case(path: str, case: Mapping[str, Any]) -> int:
    """Add a `[[test]]` at the end of `path`, and return its line, from 1.

    A missing file is made. `case` has the keys of a `[[test]]` table (`strongroom.testcases.keys`) as plain data. A
    name that is taken gets a number. Raises `CaseNotWritten` for a case or a file with mistakes, `UnreadableFile` for
    one that cannot be read or written.
    """
    source = read_source(path) if os.path.exists(path) else None
    text = source.text if source is not None else ""
    content = read(text) if text.strip() else None
    if content is not None and content.problems and not _is_empty(content.problems):
        problem = content.problems[0]
        line = text.count("\n", 0, problem.start) + 1
        raise CaseNotWritten(
            f"{path} has a mistake, so no test was added. Line {line}: {problem.message}", "Mend it first."
        )
    taken = {test.name for test in content.tests} if content is not None else set()
    named = {**case, "name": _free(str(case.get("name") or "Test"), taken)}
    added = _as_toml(named)
    problems = read(added).problems
    if problems:
        raise CaseNotWritten(f"The test cannot be written. {problems[0].message}", problems[0].way_out)
    newline = "\r\n" if "\r\n" in text else "\n"
    gap = "" if not text else newline if text.endswith("\n") else newline * 2
    whole = text + gap + added.replace("\n", newline)
    problems = read(whole).problems
    if problems:
        raise CaseNotWritten(
            f"A test cannot be added to {path} as it is: {problems[0].message}", "Add it by hand."
        )
    _write(path, source, whole)
    return (text + gap).count("\n") + 1


def _is_empty(problems: Any) -> bool:
    return len(problems) == 1 and problems[0].message.startswith("This file has no test")


def _write(path: str, source: Source | None, text: str) -> None:
    if source is not None:
        write_source(source, text)
        return
    try:
        create(path, text.encode())
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be written: {error.strerror}.") from error


def _free(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"


_ORDER: Final = tuple(keys_of("test"))


def _as_toml(case: Mapping[str, Any]) -> str:
    """Return the `[[test]]` table: keys in the documented order, no empty values."""
    import tomlkit

    table = tomlkit.table()
    for key in sorted(case, key=lambda key: _ORDER.index(key) if key in _ORDER else len(_ORDER)):
        value = case[key]
        # An empty user has a meaning: a visitor without a sign-in.
        if value is None or (value in ({}, [], "") and key != "user"):
            continue
        table.add(key, _expectations(value) if key == "expect" and isinstance(value, dict) else _item(value))
    tests = tomlkit.aot()
    tests.append(table)
    document = tomlkit.document()
    document.add("test", tests)
    return tomlkit.dumps(document).lstrip("\n")


def _expectations(expect: Mapping[str, Any]) -> Any:
    import tomlkit

    table = tomlkit.table()
    for key, value in expect.items():
        table.add(key, _rows(value) if key == "body" and isinstance(value, list) else _item(value))
    return table


def _rows(rows: list[Any]) -> Any:
    """Return the checks on the body, one on each line."""
    import tomlkit

    array = tomlkit.array()
    for row in rows:
        array.append(_item(row))
    return array.multiline(True)


def _item(value: Any) -> Any:
    import tomlkit

    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        for key, item in value.items():
            # TOML has no null. The caller keeps a payload with a null as its JSON text.
            if item is not None:
                table.append(key, _item(item))
        return table
    if isinstance(value, list | tuple):
        array = tomlkit.array()
        for item in value:
            array.append(_item(item))
        return array
    if value is None:
        raise CaseNotWritten("TOML has no null.", "Write the JSON as a text instead.")
    if isinstance(value, str) and "\n" in value and "\r" not in value and '"""' not in value:
        return tomlkit.string(value, multiline=True)
    return tomlkit.item(value)


def payload_value(body: str | bytes) -> Any:
    """Return an incoming body as a test has it: a table or list, or else text.

    It is text if TOML cannot hold the data. Raises `CaseNotWritten` for bytes that are not UTF-8 text.
    """
    try:
        text = body if isinstance(body, str) else body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CaseNotWritten(
            "The payload is not UTF-8 text.", 'Keep it in a file, and write payload = "@FILE" in the test.'
        ) from error
    try:
        data = json.loads(text)
    except ValueError:
        return as_plain_text(text)
    return data if isinstance(data, dict | list) and not _has_null(data) else as_plain_text(text)


def _has_null(data: Any) -> bool:
    if isinstance(data, dict):
        return any(map(_has_null, data.values()))
    if isinstance(data, list):
        return any(map(_has_null, data))
    return data is None
