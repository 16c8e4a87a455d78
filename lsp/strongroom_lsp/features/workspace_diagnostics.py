"""Report the diagnostics of the whole workspace to a client that asks.

Files that are not open are included. The request stays open until there is something new (LSP 3.17,
`workspace/diagnostic`), because clients ask again as soon as they are answered, and a thousand times "unchanged"
every other second would be work for nothing.
"""

import time
from collections.abc import Iterator
from typing import Any, Final

from strongroom.workspace import UnreadableFile, read_text
from strongroom_lsp.context.file_context import file_stamp
from strongroom_lsp.diagnostics.conversion import diagnostic
from strongroom_lsp.documents.case_files import is_case_file
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.features.case_diagnostics import case_diagnostics
from strongroom_lsp.protocol.capabilities import look_up
from strongroom_lsp.protocol.later import Later
from strongroom_lsp.services import Services

Report = dict[str, Any]

STEP: Final = 0.01
"""Seconds of checking between two looks at the queue of messages."""

PART: Final = 20
"""Files in one partial result."""

PAUSE: Final = 2.0
"""Seconds until a request that found nothing new looks again."""


def answer(services: Services, params: Any) -> Later:
    """Answer `workspace/diagnostic` with the files whose findings have changed."""
    request = _OpenRequest(services, params)
    services.index.when_ready(request.begin)
    return request.later


class _OpenRequest:
    """Answer one request."""

    def __init__(self, services: Services, params: Any) -> None:
        self.later = Later()
        self._services = services
        self._known = _previous(params)
        self._results = _PartialResults(services, look_up(params, "partialResultToken"))
        self._token = look_up(params, "workDoneToken")
        self._work: Iterator[Report | None] = iter(())

    def begin(self) -> None:
        """Look at every file, from the first one."""
        if self.later.is_done or self._services.is_shut_down:
            return
        self._work = self._reports()
        self._next()

    def _next(self) -> None:
        if not self._services.is_shut_down:
            self.later.attempt(self._step)

    def _step(self) -> None:
        end = time.monotonic() + STEP
        for report in self._work:
            if report is not None:
                self._results.add(report)
            if time.monotonic() >= end:
                self._services.loop.call_later(0.0, self._next)
                return
        # The first answer is sent in any case. The client learns from it that the workspace was checked.
        if self._results.are_any or not self._known:
            self.later.give({"items": self._results.rest()})
        else:
            self._services.loop.call_later(PAUSE, self.begin)

    def _reports(self) -> Iterator[Report | None]:
        """Yield the new report of each file, or None, with a pause after each."""
        index = self._services.index
        paths, uri_of = index.fresh().paths, index.uris()
        progress = None
        if self._token is not None:
            progress, self._token = self._services.progress("Checking connector files", self._token), None
        seen = set()
        for number, path in enumerate(paths):
            uri = uri_of(path)
            seen.add(uri)
            yield self._report(uri, path, self._known.get(uri))
            if progress is not None:
                progress.report(f"{number} of {len(paths)} files", number, len(paths))
        if progress is not None:
            progress.end()
        for uri in self._known.keys() - seen:
            # A missing file must lose its diagnostics.
            yield _full(uri, "gone", [])

    def _report(self, uri: str, path: str, previous: object) -> Report | None:
        services = self._services
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
        findings = context.findings(opened.document, path)
        items = [diagnostic(finding, opened, services.client) for finding in findings]
        return _full(uri, result, items)


def _full(uri: str, result: str, items: list[Any]) -> Report:
    return {"kind": "full", "uri": uri, "version": None, "resultId": result, "items": items}


def _previous(params: Any) -> dict[str, Any]:
    known = look_up(params, "previousResultIds")
    return {
        str(look_up(entry, "uri")): look_up(entry, "value")
        for entry in (known if isinstance(known, list) else ())
        if look_up(entry, "value") != "gone"
    }


class _PartialResults:
    """Send reports in parts, or keep them for the answer.

    They are sent if the client gave a token for partial results.
    """

    def __init__(self, services: Services, token: object) -> None:
        self._services = services
        self._token = token
        self._kept: list[Report] = []
        self.are_any = False

    def add(self, report: Report) -> None:
        self.are_any = True
        self._kept.append(report)
        if self._token is not None and len(self._kept) >= PART:
            self._send()

    def rest(self) -> list[Report]:
        """Return the reports that are left for the answer itself."""
        if self._token is not None and self._kept:
            self._send()
        return self._kept

    def _send(self) -> None:
        kept, self._kept = self._kept, []
        self._services.notify("$/progress", {"token": self._token, "value": {"items": kept}})
