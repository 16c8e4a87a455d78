"""Convert findings to the protocol's diagnostics.

They are plain JSON objects, not lsprotocol's classes, because this runs between each key press and its diagnostics,
and building the classes costs more than the check.
"""

from typing import Any, Final, Protocol

from strongroom.validator import Finding, Severity
from strongroom_lsp.diagnostics.rule_pages import page_uri
from strongroom_lsp.protocol.capabilities import Client

SOURCE: Final = "strongroom"

_SEVERITY: Final = {Severity.ERROR: 1, Severity.WARNING: 2, Severity.INFO: 3}

_UNNECESSARY, _DEPRECATED = 1, 2
_TAGS: Final = {
    "unused-path-parameter": _UNNECESSARY,
    "ignored-body": _UNNECESSARY,
    "deprecated-auth-type": _DEPRECATED,
}


class Ranges(Protocol):
    """Convert two offsets to the protocol's `Range`."""

    def json_range(self, start: int, end: int, /) -> Any: ...


class Located(Protocol):
    """Describe what is needed of an open document: its uri and its ranges."""

    @property
    def uri(self) -> str: ...
    @property
    def positions(self) -> Ranges: ...


def diagnostic(finding: Finding, opened: Located, client: Client) -> dict[str, Any]:
    """Return one finding as a `Diagnostic`."""
    converted: dict[str, Any] = {
        "range": opened.positions.json_range(finding.start, finding.end),
        "severity": _SEVERITY[finding.severity],
        "code": finding.rule,
        "source": SOURCE,
        "message": finding.message,
    }
    if client.code_description and (page := page_uri(finding.rule)):
        converted["codeDescription"] = {"href": page}
    if client.diagnostic_tags and finding.rule in _TAGS:
        converted["tags"] = [_TAGS[finding.rule]]
    if client.related_information and finding.related:
        converted["relatedInformation"] = [
            {
                "location": {"uri": opened.uri, "range": opened.positions.json_range(other.start, other.end)},
                "message": other.message,
            }
            for other in finding.related
        ]
    return converted
