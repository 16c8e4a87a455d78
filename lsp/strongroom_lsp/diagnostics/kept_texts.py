"""Write a document's diagnostics as JSON, from a kept text for each connector.

A connector that an edit did not touch has the same diagnostics, at most on other lines. So the diagnostics of each
connector are written once, with gaps for the numbers that depend on the connector's position. After an edit the
numbers are filled in where they have changed, and the texts are joined.
"""

import json
from typing import NamedTuple

from strongroom.document import LineIndex
from strongroom.document.connector import Fragment
from strongroom.validator.marks import Marked
from strongroom.validator.placing import findings_of
from strongroom_lsp.context.file_context import FileContext
from strongroom_lsp.diagnostics.conversion import diagnostic
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.documents.placed_text import KeptText, PlacedText
from strongroom_lsp.protocol.capabilities import Client
from strongroom_lsp.protocol.encoded import Encoded, json_around
from strongroom_lsp.protocol.positions import Positions

_LINE, _COLUMN = range(2)
"""The axes: indexes of a `Position`."""


def diagnostics_text(opened: OpenDocument, context: FileContext, client: Client) -> Encoded:
    """Return the JSON array of a fresh check's diagnostics.

    Their order is approximately that of the text.
    """
    document = opened.document
    if context.leaves_out_findings(opened.path):
        findings = context.findings(document, opened.path)
        return Encoded(f"[{_dumped([diagnostic(finding, opened, client) for finding in findings])}]")
    validator = context.validator_for(opened.path)
    outer = list(validator.findings_around(document))
    if (publication := context.publication_of(opened.path)) is not None:
        outer += validator.findings_between(document, publication)
    around = sorted(outer, key=lambda finding: finding.start, reverse=True)
    position = opened.positions.position
    parts = []
    for fragment, base, _ in document.placed:
        while around and around[-1].start < base + len(fragment.source):
            parts.append(_dumped([diagnostic(around.pop(), opened, client)]))
        marks = validator.marks(fragment)
        if marks:
            parts.append(_text_of(fragment, marks, opened, client).at(position(base)))
    parts += [_dumped([diagnostic(finding, opened, client)]) for finding in reversed(around)]
    return Encoded(f"[{','.join(parts)}]")


def _text_of(
    fragment: Fragment, marks: tuple[Marked, ...], opened: OpenDocument, client: Client
) -> PlacedText:
    """Return the kept text of a connector's diagnostics, or write it."""
    kept = opened.diagnostics.get(fragment)
    if kept is None or kept.marks is not marks or kept.client is not client:
        text = _written(fragment, marks, opened, client)
        kept = opened.diagnostics[fragment] = KeptText(marks, client, text)
    return kept.text


def _written(
    fragment: Fragment, marks: tuple[Marked, ...], opened: OpenDocument, client: Client
) -> PlacedText:
    """Write a connector's diagnostics, with gaps for lines and columns."""
    relative = _Relative(opened.uri, _Gaps(fragment.source, client.encoding))
    found = sorted(
        findings_of(fragment, marks), key=lambda finding: (finding.start, finding.end, finding.rule)
    )
    texts, gaps = json_around([diagnostic(finding, relative, client) for finding in found], _Gap)
    written = "%d".join(text.replace("%", "%%") for text in texts)[1:-1]
    return PlacedText(written, [(gap.axis, gap.number) for gap in gaps])


class _Gap:
    """Hold a line or column, counted from where the connector begins."""

    __slots__ = ("axis", "number")

    def __init__(self, axis: int, number: int) -> None:
        self.axis = axis
        self.number = number


class _Relative(NamedTuple):
    """Replace the document while a connector's diagnostics are written."""

    uri: str
    positions: "_Gaps"


class _Gaps:
    """Convert offsets in a connector to ranges with gaps."""

    __slots__ = ("_positions",)

    def __init__(self, source: str, encoding: str) -> None:
        self._positions = Positions(source, LineIndex(source), encoding)

    def json_range(self, start: int, end: int) -> dict[str, dict[str, object]]:
        """Return the protocol's `Range` of two offsets."""
        return {"start": self._position(start), "end": self._position(end)}

    def _position(self, offset: int) -> dict[str, object]:
        line, column = self._positions.position(offset)
        # The column depends on what is before the connector only on the connector's first line.
        character = _Gap(_COLUMN, column) if line == 0 else column
        return {"line": _Gap(_LINE, line), "character": character}


def _dumped(diagnostics: list[dict[str, object]]) -> str:
    """Return the elements of a JSON array, without its brackets."""
    return json.dumps(diagnostics, separators=(",", ":"))[1:-1]
