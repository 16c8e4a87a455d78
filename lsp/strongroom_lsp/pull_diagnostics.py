"""Diagnostics for a client that asks for them: one document, or the whole workspace.

A document's report waits until no message is queued, as a pushed one does: of a burst of edits, each with its
question, only the last state is checked, and all the questions get that answer.
"""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from strongroom.validator import validate
from strongroom.workspace import UnreadableFile, read_text

from .asking import document_of
from .capabilities import look_up
from .diagnostic_texts import diagnostics_text
from .diagnostics import diagnostic
from .later import Later
from .messages import InvalidParams, text_at
from .open_documents import OpenDocument
from .progress import Progress
from .publishing import is_ours
from .surroundings import file_stamp

if TYPE_CHECKING:
    from .session import Session

Report = dict[str, Any]

STEP: Final = 0.01
"""Seconds of checking the workspace between two looks at what the client says."""

PART: Final = 20
"""Files in one part of a workspace report."""


def answer(session: "Session", params: Any) -> object:
    """`textDocument/diagnostic`."""
    uri = text_at(params, "textDocument", "uri")
    if session.documents.get(uri) is None:
        raise InvalidParams(f"{uri} is not open")
    return session.pulls.ask(params)


def answer_workspace(session: "Session", params: Any) -> object:
    """`workspace/diagnostic`."""
    return session.pulls.ask_workspace(params)


class Pulls:
    """The questions that wait for an answer."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._waiting: list[tuple[Later, Any]] = []

    def ask(self, params: Any) -> Later:
        """Answer soon, with the document as it will be then."""
        later = Later()
        if not self._waiting:
            self._session.loop.call_later(0.0, self._answer)
        self._waiting.append((later, params))
        return later

    def _answer(self) -> None:
        waiting, self._waiting = self._waiting, []
        for later, params in waiting:
            if not later.is_done:
                later.give(self._report(params))

    def _report(self, params: Any) -> Report:
        session = self._session
        opened = document_of(session, params)
        if opened is None or not session.surroundings.options.diagnostics:
            return {"kind": "full", "items": []}
        surroundings = session.surroundings_of(opened)
        # An equal text under equal names and settings has equal findings.
        text = opened.document.text
        result = f"{hash(text):x}.{len(text)}.{surroundings.number}"
        if look_up(params, "previousResultId") == result:
            return {"kind": "unchanged", "resultId": result}
        items: object = diagnostics_text(opened, surroundings, session.client) if is_ours(opened) else []
        return {"kind": "full", "resultId": result, "items": items}

    # -- the workspace -----------------------------------------------------------------------------------------

    def ask_workspace(self, params: Any) -> Later:
        """Check the connector files that are not open, in parts where the client takes parts."""
        session = self._session
        known = look_up(params, "previousResultIds")
        previous = {
            str(look_up(entry, "uri")): look_up(entry, "value")
            for entry in (known if isinstance(known, list) else ())
        }
        later = Later()
        if not session.surroundings.options.diagnostics:
            later.give({"items": []})
            return later
        progress = None
        if (token := look_up(params, "workDoneToken")) is not None:
            progress = Progress(session, "Checking connector files", token)
        work = self._reports(previous, progress)
        parts = _Parts(session, look_up(params, "partialResultToken"))

        def step() -> None:
            if later.is_done or session.is_shut_down:
                return
            end = time.monotonic() + STEP
            for report in work:
                if report is not None:
                    parts.add(report)
                if time.monotonic() >= end:
                    session.loop.call_later(0.0, step)
                    return
            if progress is not None:
                progress.end()
            later.give({"items": parts.rest()})

        session.background.index.when_ready(step)
        return later

    def _reports(self, previous: dict[str, Any], progress: Progress | None) -> Iterator[Report | None]:
        index = self._session.background.index
        paths, uri_of = index.fresh().paths, index.uris()
        seen = set()
        for number, path in enumerate(paths):
            uri = uri_of(path)
            seen.add(uri)
            yield self._file_report(uri, path, previous.get(uri))
            if progress is not None:
                progress.report(f"{number} of {len(paths)} files", number, len(paths))
        for uri in previous.keys() - seen:
            # A file that is gone must lose what was said about it.
            yield {"kind": "full", "uri": uri, "version": None, "items": []}

    def _file_report(self, uri: str, path: str, previous: object) -> Report | None:
        session = self._session
        opened = session.documents.get(uri)
        if opened is not None:
            report = self._report({"textDocument": {"uri": uri}, "previousResultId": previous})
            return {**report, "uri": uri, "version": opened.version}
        surroundings = session.surroundings.of(path)
        stamp = file_stamp(path)
        result = f"{stamp}.{surroundings.number}"
        if previous == result:
            return {"kind": "unchanged", "uri": uri, "version": None, "resultId": result}
        try:
            text = read_text(path)
        except UnreadableFile:
            return {"kind": "full", "uri": uri, "version": None, "items": []}
        closed = OpenDocument(uri, "json", 0, text, session.client.encoding)
        findings = validate(closed.document, surroundings.names, surroundings.levels_for(path))
        items = [diagnostic(finding, closed, session.client) for finding in findings]
        for item in items:
            item.pop("data", None)  # its fixes hold for an open document's generation
        return {"kind": "full", "uri": uri, "version": None, "resultId": result, "items": items}


class _Parts:
    """Sends what there is part by part, where the client said how; otherwise keeps it all for the answer."""

    def __init__(self, session: "Session", token: object) -> None:
        self._session = session
        self._token = token
        self._kept: list[Report] = []

    def add(self, report: Report) -> None:
        self._kept.append(report)
        if self._token is not None and len(self._kept) >= PART:
            self._send()

    def rest(self) -> list[Report]:
        if self._token is not None and self._kept:
            self._send()
        return self._kept

    def _send(self) -> None:
        kept, self._kept = self._kept, []
        self._session.notify("$/progress", {"token": self._token, "value": {"items": kept}})
