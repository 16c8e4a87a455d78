"""Findings for programs: JSON, GitHub's workflow commands, SARIF 2.1.0. Places are 1-based code points."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from strongroom_cli.findings_text import CheckedFile

if TYPE_CHECKING:
    from strongroom.validator import Finding


def as_json(files: Sequence[CheckedFile]) -> Iterator[str]:
    """A list with one object a line; the keys are DESIGN's, and `end_column` is the one after the text."""
    objects = [json.dumps(_plain(file, finding)) for file, finding in _each(files)]
    if not objects:
        yield "[]"
        return
    yield "["
    for number, line in enumerate(objects, 1):
        yield line + ("," if number < len(objects) else "")
    yield "]"


def as_github(files: Sequence[CheckedFile]) -> Iterator[str]:
    """One workflow command a finding, which GitHub shows beside the changed line."""
    for file, finding in _each(files):
        line, column, end_line, end_column = _place(file, finding)
        # GitHub refuses columns for a finding of several lines, and counts the last column in.
        columns = f",col={column},endColumn={max(column, end_column - 1)}" if line == end_line else ""
        where = f"file={_property(file.path)},line={line},endLine={end_line}{columns}"
        title = f"title={_property(finding.rule)}"
        yield f"::{_GITHUB[finding.severity.value]} {where},{title}::{_escape(finding.message)}"


def as_sarif(files: Sequence[CheckedFile]) -> Iterator[str]:
    """One SARIF log with the rules that were broken, for code scanning."""
    from urllib.parse import quote

    from strongroom.validator import RULES
    from strongroom.version import __version__

    broken = sorted({finding.rule for _, finding in _each(files)})
    rules = [
        {
            "id": name,
            "shortDescription": {"text": RULES[name].summary},
            "help": {"text": RULES[name].page, "markdown": RULES[name].page},
            "defaultConfiguration": {"level": _SARIF[RULES[name].severity.value]},
        }
        for name in broken
    ]
    results: list[dict[str, Any]] = []
    for file, finding in _each(files):
        line, column, end_line, end_column = _place(file, finding)
        region = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
        results.append(
            {
                "ruleId": finding.rule,
                "ruleIndex": broken.index(finding.rule),
                "level": _SARIF[finding.severity.value],
                "message": {"text": finding.message},
                "locations": [
                    {
                        "physicalLocation": {
                            "artifactLocation": {"uri": quote(file.path.replace("\\", "/"))},
                            "region": region,
                        },
                        "logicalLocations": [{"fullyQualifiedName": finding.pointer or "/"}],
                    }
                ],
            }
        )
    driver = {"name": "strongroom", "version": __version__, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    yield json.dumps(log, indent=2)


FORMATS: Final[dict[str, Callable[[Sequence[CheckedFile]], Iterator[str]]]] = {
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
}


def _each(files: Sequence[CheckedFile]) -> Iterator[tuple[CheckedFile, "Finding"]]:
    for file in files:
        for finding in file.findings:
            yield file, finding


def _place(file: CheckedFile, finding: "Finding") -> tuple[int, int, int, int]:
    line, column = file.lines.position(finding.start)
    end_line, end_column = file.lines.position(finding.end)
    return line + 1, column + 1, end_line + 1, end_column + 1


def _plain(file: CheckedFile, finding: "Finding") -> dict[str, Any]:
    line, column, end_line, end_column = _place(file, finding)
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
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")


_GITHUB: Final = {"error": "error", "warning": "warning", "info": "notice"}
_SARIF: Final = {"error": "error", "warning": "warning", "info": "note"}
_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
