"""Report findings to programs: as JSON, and as GitHub's workflow commands.

Places are 1-based code points.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from strongroom.text.terminal import visible
from strongroom_cli.check.checked_file import CheckedFile

if TYPE_CHECKING:
    from strongroom.validator import Finding


def as_json(files: Sequence[CheckedFile]) -> Iterator[str]:
    """Yield a JSON list with one object a line.

    `end_column` is the column after the text.
    """
    objects = [json.dumps(_plain(file, finding)) for file, finding in each(files)]
    if not objects:
        yield "[]"
        return
    yield "["
    for number, line in enumerate(objects, 1):
        yield line + ("," if number < len(objects) else "")
    yield "]"


_GITHUB: Final = {"error": "error", "warning": "warning", "info": "notice"}


def as_github(files: Sequence[CheckedFile]) -> Iterator[str]:
    """Yield one workflow command a finding. GitHub shows it beside the changed line."""
    for file in files:
        if file.problem is not None:
            yield f"::error file={_property(file.path)},title=unreadable file::{_escape(str(file.problem))}"
    for file, finding in each(files):
        line, column, end_line, end_column = place(file, finding)
        # GitHub takes no columns for a finding of several lines, and its last column is inside the text.
        columns = f",col={column},endColumn={max(column, end_column - 1)}" if line == end_line else ""
        where = f"file={_property(file.path)},line={line},endLine={end_line}{columns}"
        title = f"title={_property(finding.rule)}"
        yield f"::{_GITHUB[finding.severity.value]} {where},{title}::{_escape(finding.message)}"


FORMATS: Final[dict[str, Callable[[Sequence[CheckedFile]], Iterator[str]]]] = {
    "json": as_json,
    "github": as_github,
}


def each(files: Sequence[CheckedFile]) -> Iterator[tuple[CheckedFile, "Finding"]]:
    """Yield every finding with its file."""
    for file in files:
        for finding in file.findings:
            yield file, finding


def place(file: CheckedFile, finding: "Finding") -> tuple[int, int, int, int]:
    """Return (line, column, end line, end column) of a finding, each from 1.

    Columns are in code points, and the end is exclusive.
    """
    line, column = file.lines.position(finding.start)
    end_line, end_column = file.lines.position(finding.end)
    return line + 1, column + 1, end_line + 1, end_column + 1


def _plain(file: CheckedFile, finding: "Finding") -> dict[str, Any]:
    line, column, end_line, end_column = place(file, finding)
    return {
        "file": file.path,
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "pointer": finding.pointer,
        "connector": finding.connector,
        "field": finding.field,
        "fixable": finding.fix is not None,
    }


def _escape(text: str) -> str:
    """Return text that cannot begin another workflow command or steer a terminal."""
    return visible(text).replace("%", "%25")


def _property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
