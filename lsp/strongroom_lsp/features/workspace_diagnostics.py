"""Report the diagnostics of the whole workspace to a client that asks.

Files that are not open are included. The request stays open until there is something new (LSP 3.17,
`workspace/diagnostic`), because clients ask again as soon as they are answered, and a thousand times "unchanged"
every other second would be work for nothing.
"""

import asyncio
import time
from collections.abc import Iterator
from typing import Any, Final

from lsprotocol import types

from strongroom.workspace import UnreadableFile, read_text
from strongroom_lsp.context.file_context import file_stamp
from strongroom_lsp.diagnostics.conversion import diagnostic
from strongroom_lsp.documents.case_files import is_case_file
from strongroom_lsp.documents.code_files import is_code_file
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.features.case_diagnostics import case_diagnostics
from strongroom_lsp.features.widgets.diagnostics import code_diagnostics
from strongroom_lsp.protocol.encoded import Encoded
from strongroom_lsp.services import Services

Report = dict[str, Any]
"""A `WorkspaceFullDocumentDiagnosticReport` as JSON, because its diagnostics are (`diagnostics/conversion.py`)."""

STEP: Final = 0.01
"""Seconds of checking between two looks at the queue of messages."""

PART: Final = 20
"""Files in one partial result."""

PAUSE: Final = 2.0
"""Seconds until a request that found nothing new looks again."""


async def workspace_diagnostic(services: Services, params: types.WorkspaceDiagnosticParams) -> Encoded:
    """Answer `workspace/diagnostic` with the files whose findings have changed."""
    known = {entry.uri: entry.value for entry in params.previous_result_ids if entry.value != "gone"}
    results = _PartialResults(services, params.partial_result_token)
    token = params.work_done_token
    await services.index.ready()
    while True:
        end = time.monotonic() + STEP
        for report in _reports(services, known, token):
            if report is not None:
                results.add(report)
            if time.monotonic() >= end:
                await asyncio.sleep(0)
                end = time.monotonic() + STEP
        # The first answer is sent in any case. The client learns from it that the workspace was checked.
        if results.are_any or not known:
            return results.rest()
        token = None
        await asyncio.sleep(PAUSE)


def _reports(
    services: Services, known: dict[str, str], token: types.ProgressToken | None
) -> Iterator[Report | None]:
    """Yield the new report of each file, or None, with a pause after each."""
    index = services.index
    paths, uri_of = index.fresh().paths, index.uris()
    progress = services.show_progress("Checking connector files", token) if token is not None else None
    seen = set()
    for number, path in enumerate(paths):
        uri = uri_of(path)
        seen.add(uri)
        yield _report(services, uri, path, known.get(uri))
        if progress is not None:
            progress.report(f"{number} of {len(paths)} files", number, len(paths))
    if progress is not None:
        progress.end()
    for uri in known.keys() - seen:
        # A missing file must lose its diagnostics.
        yield _full(uri, "gone", [])


def _report(services: Services, uri: str, path: str, previous: str | None) -> Report | None:
    context = services.contexts.of(path)
    is_on = services.contexts.options.diagnostics
    opened = services.documents.get(uri)
    text = opened.document.text if opened is not None else ""
    state = f"{hash(text):x}.{len(text)}" if opened is not None else file_stamp(path)
    is_indexed = services.index.is_built if is_case_file(path) else ""
    result = f"{state}.{context.number}.{is_on}.{is_indexed}"
    if previous == result:
        return None
    if opened is None:
        try:
            opened = OpenDocument(uri, 0, read_text(path), services.client.encoding)
        except UnreadableFile:
            return _full(uri, result, [])
    if not is_on:
        return _full(uri, result, [])
    if is_case_file(path):
        return _full(uri, result, case_diagnostics(services, opened))
    if is_code_file(path):
        return _full(uri, result, code_diagnostics(services, opened) or [])
    findings = context.findings(opened.document, path)
    return _full(uri, result, [diagnostic(finding, opened, services.client) for finding in findings])


def _full(uri: str, result: str, items: list[Any]) -> Report:
    return {"kind": "full", "uri": uri, "version": None, "resultId": result, "items": items}


class _PartialResults:
    """Send reports in parts to a client with a token, or keep them for the answer."""

    def __init__(self, services: Services, token: types.ProgressToken | None) -> None:
        self._services = services
        self._token = token
        self._kept: list[Report] = []
        self.are_any = False

    def add(self, report: Report) -> None:
        self.are_any = True
        self._kept.append(report)
        if self._token is not None and len(self._kept) >= PART:
            self._send()

    def rest(self) -> Encoded:
        """Return the reports that are left for the answer itself."""
        if self._token is not None and self._kept:
            self._send()
        return self._services.encoded({"items": self._kept})

    def _send(self) -> None:
        kept, self._kept = self._kept, []
        params = {"token": self._token, "value": {"items": kept}}
        self._services.notify_encoded(types.PROGRESS, self._services.encoded(params))
