"""Findings as the protocol's diagnostics.

Plain JSON objects, not lsprotocol's classes: this is on the way from each key to its squiggle, and from the
start of the server to its first diagnostics, and building and unbuilding the classes costs more than the check.
"""

from typing import Any, Final, Protocol

from strongroom.validator import Finding, Fix, Severity

from .capabilities import Client
from .rule_pages import page_uri

SOURCE: Final = "strongroom"

_SEVERITY: Final = {Severity.ERROR: 1, Severity.WARNING: 2, Severity.INFO: 3}

_UNNECESSARY, _DEPRECATED = 1, 2
_TAGS: Final = {
    "unused-path-parameter": _UNNECESSARY,
    "ignored-body": _UNNECESSARY,
    "deprecated-auth-type": _DEPRECATED,
}


class Ranges(Protocol):
    """Makes the protocol's `Range` of two offsets."""

    def range(self, start: int, end: int, /) -> Any: ...


class Placed(Protocol):
    """What is needed of an open document: its uri, its ranges, and what says which state of it they hold for."""

    @property
    def uri(self) -> str: ...
    @property
    def generation(self) -> object: ...
    @property
    def positions(self) -> Ranges: ...


def diagnostic(finding: Finding, opened: Placed, client: Client) -> dict[str, Any]:
    """One finding as a `Diagnostic`, with its fixes in `data` so that a code action needs no second look."""
    told: dict[str, Any] = {
        "range": opened.positions.range(finding.start, finding.end),
        "severity": _SEVERITY[finding.severity],
        "code": finding.rule,
        "source": SOURCE,
        "message": finding.message,
    }
    if client.code_description and (page := page_uri(finding.rule)):
        told["codeDescription"] = {"href": page}
    if client.diagnostic_tags and finding.rule in _TAGS:
        told["tags"] = [_TAGS[finding.rule]]
    if client.related_information and finding.related:
        told["relatedInformation"] = [
            {
                "location": {"uri": opened.uri, "range": opened.positions.range(other.start, other.end)},
                "message": other.message,
            }
            for other in finding.related
        ]
    if client.diagnostic_data and finding.fixes:
        told["data"] = {
            "generation": opened.generation,
            "fixes": [fix_data(fix, opened) for fix in finding.fixes],
        }
    return told


def fix_data(fix: Fix, opened: Placed) -> dict[str, Any]:
    """A fix as the JSON that travels to the client and back: its edits are the protocol's `TextEdit`s."""
    return {
        "title": fix.title,
        "safe": fix.is_safe,
        "edits": [
            {"range": opened.positions.range(edit.start, edit.end), "newText": edit.new} for edit in fix.edits
        ],
    }
