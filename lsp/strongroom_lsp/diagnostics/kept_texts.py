"""Write a document's diagnostics as JSON, from a kept text for each connector.

A connector that an edit did not touch has the same diagnostics, at most on other lines. So the diagnostics of each
connector are written once, with gaps for the numbers that depend on the connector's position. After an edit the
numbers are filled in where they have changed, and the texts are joined.
"""

import json
from typing import NamedTuple

from strongroom.document import LineIndex
from strongroom.document.connector import Fragment
from strongroom.validator import Finding
from strongroom.validator.engine import findings_around, findings_in, memory_of
from strongroom_lsp.context.file_context import FileContext
from strongroom_lsp.diagnostics.conversion import diagnostic
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.protocol.capabilities import Client
from strongroom_lsp.protocol.encoded import Encoded, json_around
from strongroom_lsp.protocol.positions import Position, Positions

_LINE, _COLUMN = range(2)
"""The axes: indexes of a `Position`."""


def diagnostics_text(opened: OpenDocument, context: FileContext, client: Client) -> Encoded:
    """Return the JSON array of a fresh check's diagnostics.

    Their order is approximately that of the text.
    """
    document = opened.document
    if not context.is_about_itself(opened.path):
        findings = context.findings(document, opened.path)
        return Encoded(f"[{_dumped([diagnostic(finding, opened, client) for finding in findings])}]")
    memory = memory_of(document, context.communities, context.levels_for(opened.path))
    around = [(finding.start, finding) for finding in reversed(findings_around(document, memory))]
    around.sort(key=lambda found: found[0], reverse=True)
    place = opened.positions.position
    parts = []
    for fragment, base, _ in document.placed:
        while around and around[-1][0] < base + len(fragment.source):
            parts.append(_dumped([diagnostic(around.pop()[1], opened, client)]))
        found = findings_in(fragment, memory)
        if found:
            parts.append(_text_of(fragment, found, opened, client).at(place(base)))
    parts += [_dumped([diagnostic(finding, opened, client)]) for _, finding in reversed(around)]
    return Encoded(f"[{','.join(parts)}]")


def _text_of(
    fragment: Fragment, findings: tuple[Finding, ...], opened: OpenDocument, client: Client
) -> "_ConnectorText":
    """Return the kept text of a connector's diagnostics, or write it."""
    kept = fragment.shown
    if isinstance(kept, _ConnectorText) and kept.findings is findings and kept.client is client:
        return kept
    fragment.shown = made = _ConnectorText(fragment, findings, opened, client)
    return made


class _ConnectorText:
    """Hold the diagnostics of one connector, with gaps for lines and columns.

    The numbers in the gaps depend on the connector's position.
    """

    __slots__ = ("_filled", "_format", "_gaps", "_text", "client", "findings")

    def __init__(
        self, fragment: Fragment, findings: tuple[Finding, ...], opened: OpenDocument, client: Client
    ) -> None:
        self.findings = findings
        self.client = client
        relative = _Relative(opened.uri, _Gaps(fragment.source, client.encoding))
        sent = [diagnostic(finding, relative, client) for finding in findings]
        texts, gaps = json_around(sent, _Gap)
        self._gaps = [(gap.axis, gap.number) for gap in gaps]
        self._format = "%d".join(text.replace("%", "%%") for text in texts)[1:-1]
        self._filled: Position | None = None
        self._text = ""

    def at(self, position: Position) -> str:
        """Return the text for a connector that begins at `position`."""
        if self._filled != position:
            self._text = self._format % tuple([position[axis] + number for axis, number in self._gaps])
            self._filled = position
        return self._text


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

    def range(self, start: int, end: int) -> dict[str, dict[str, object]]:
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
