"""A document's diagnostics as the text that is sent, made from parts that are kept connector by connector.

A connector that an edit did not touch has the same diagnostics, at most on other lines. So each connector's are
written once, with gaps for the numbers that depend on where it stands; after an edit the numbers are put in where
they have changed, and everything else is joined as it is.
"""

import json
import os
import re
from typing import Final, NamedTuple

from strongroom.document import LineIndex
from strongroom.document.connector import Fragment
from strongroom.validator import Finding
from strongroom.validator.engine import findings_around, findings_in, memory_of
from strongroom_lsp.context.file_context import FileContext
from strongroom_lsp.diagnostics.conversion import diagnostic
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.protocol.capabilities import Client
from strongroom_lsp.protocol.positions import Position, Positions
from strongroom_lsp.protocol.transport import Encoded

_MARK: Final = os.urandom(8).hex()
"""Tells a gap from whatever a message may say."""
_GAP: Final = re.compile(f'"{_MARK}([lc])([0-9]*)"')
_LINE, _COLUMN = range(2)
_NUMBERS: Final = {"l": _LINE, "c": _COLUMN}


def diagnostics_text(opened: OpenDocument, context: FileContext, client: Client) -> Encoded:
    """The JSON array of a fresh check's diagnostics; as good as in the order of the text."""
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
    kept = fragment.shown
    if isinstance(kept, _ConnectorText) and kept.findings is findings and kept.client is client:
        return kept
    fragment.shown = made = _ConnectorText(fragment, findings, opened, client)
    return made


class _ConnectorText:
    """The diagnostics of one connector, with gaps. `at` fills them."""

    __slots__ = ("_filled", "_format", "_gaps", "_text", "client", "findings")

    def __init__(
        self, fragment: Fragment, findings: tuple[Finding, ...], opened: OpenDocument, client: Client
    ) -> None:
        self.findings = findings
        self.client = client
        relative = _Relative(opened.uri, _Gaps(fragment.source, client.encoding))
        text = _dumped([diagnostic(finding, relative, client) for finding in findings])
        self._gaps = [(_NUMBERS[kind], int(number)) for kind, number in _GAP.findall(text)]
        self._format = _GAP.sub("%d", text.replace("%", "%%"))
        self._filled: Position | None = None
        self._text = ""

    def at(self, place: Position) -> str:
        """The text for a connector that begins at `place`."""
        if self._filled != place:
            self._text = self._format % tuple([place[kind] + number for kind, number in self._gaps])
            self._filled = place
        return self._text


class _Relative(NamedTuple):
    """Stands for the open document while a connector's diagnostics are written."""

    uri: str
    positions: "_Gaps"


class _Gaps:
    """Ranges of offsets in a connector, with gaps for what depends on where the connector stands."""

    __slots__ = ("_positions",)

    def __init__(self, source: str, encoding: str) -> None:
        self._positions = Positions(source, LineIndex(source), encoding)

    def range(self, start: int, end: int) -> dict[str, dict[str, object]]:
        """The protocol's `Range`."""
        return {"start": self._place(start), "end": self._place(end)}

    def _place(self, offset: int) -> dict[str, object]:
        line, column = self._positions.position(offset)
        # Only on its first line does a connector's column depend on what is before it.
        return {"line": f"{_MARK}l{line}", "character": f"{_MARK}c{column}" if line == 0 else column}


def _dumped(diagnostics: list[dict[str, object]]) -> str:
    """The elements of a JSON array, without its brackets."""
    return json.dumps(diagnostics, separators=(",", ":"))[1:-1]
