"""Turn the findings of one file into plain lists, and back.

A pipe and the cache take lists. Edits of fixes are left out. A report shows a fix's title, and `--fix` checks
the file again.
"""

from typing import Any

from strongroom.validator import Finding, Fix, Related, Severity
from strongroom_cli.check.checked_file import CheckedFile

Plain = list[Any]


def to_plain(file: CheckedFile) -> Plain:
    """Return a file's findings as plain lists, without its text and its path."""
    return [
        file.uses_unknown_names,
        file.is_connector_file,
        [
            [
                finding.rule,
                finding.severity.value,
                finding.message,
                finding.start,
                finding.end,
                finding.pointer,
                finding.connector,
                finding.field,
                [[fix.title, fix.is_safe] for fix in finding.fixes],
                [list(related) for related in finding.related],
                dict(finding.data),
            ]
            for finding in file.findings
        ],
    ]


def has_findings(plain: Plain) -> bool:
    """Return True if the plain lists of a file have findings."""
    return bool(plain[-1])


def from_plain(path: str, text: str, plain: Plain) -> CheckedFile:
    """Return the file at `path` with this text and the findings of `to_plain`."""
    uses_unknown_names, is_connector_file, findings = plain
    return CheckedFile(
        path,
        text,
        [_finding(found) for found in findings],
        uses_unknown_names=uses_unknown_names,
        is_connector_file=is_connector_file,
    )


def _finding(plain: Plain) -> Finding:
    rule, severity, message, start, end, pointer, connector, field, fixes, related, data = plain
    return Finding(
        rule,
        Severity(severity),
        message,
        start,
        end,
        pointer,
        connector,
        field,
        tuple(Fix(title, (), is_safe) for title, is_safe in fixes),
        tuple(Related(*place) for place in related),
        data,
    )
