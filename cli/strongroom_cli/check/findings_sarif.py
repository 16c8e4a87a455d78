"""Report findings as a SARIF 2.1.0 log, for code scanning."""

import json
import os
from collections.abc import Sequence
from typing import Any, Final

from strongroom.validator import RULES, Finding
from strongroom.version import __version__
from strongroom.workspace.uris import reference_of, uri_of
from strongroom_cli.check.checked_file import CheckedFile
from strongroom_cli.check.findings_machine import each, place

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def as_sarif(files: Sequence[CheckedFile]) -> str:
    """Return a log with one run: rules, findings, and files that cannot be read."""
    broken = {name: index for index, name in enumerate(sorted({f.rule for _, f in each(files)}))}
    problems = [file for file in files if file.problem is not None]
    invocation: dict[str, Any] = {"executionSuccessful": not problems}
    if problems:
        invocation["toolExecutionNotifications"] = [
            {
                "level": "error",
                "message": {"text": str(file.problem)},
                "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(file.path)}}}],
            }
            for file in problems
        ]
    run = {
        "tool": {"driver": {"name": "strongroom", "version": __version__, "rules": [*map(_rule, broken)]}},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "results": [_result(file, finding, broken[finding.rule]) for file, finding in each(files)],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


_LEVELS: Final = {"error": "error", "warning": "warning", "info": "note"}


def _rule(name: str) -> dict[str, Any]:
    rule = RULES[name]
    return {
        "id": name,
        "shortDescription": {"text": rule.summary},
        "help": {"text": rule.page, "markdown": rule.page},
        "defaultConfiguration": {"level": _LEVELS[rule.severity.value]},
    }


def _result(file: CheckedFile, finding: Finding, index: int) -> dict[str, Any]:
    line, column, end_line, end_column = place(file, finding)
    region = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity.value],
        "message": {"text": finding.message},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": _uri(file.path)}, "region": region},
                "logicalLocations": [{"fullyQualifiedName": finding.pointer or "/"}],
            }
        ],
    }


def _uri(path: str) -> str:
    """Return a relative path as a reference, and an absolute one as a URI."""
    return uri_of(path) if os.path.isabs(path) else reference_of(path)
