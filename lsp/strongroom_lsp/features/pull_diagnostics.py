"""Diagnostics of one document for a client that asks for them.

A report waits until no message is queued, as a pushed one does: of a burst of edits, each with its
question, only the last state is checked, and all the questions get that answer.
"""

from functools import partial
from typing import TYPE_CHECKING, Any

from strongroom_lsp.diagnostics.kept_texts import diagnostics_text
from strongroom_lsp.diagnostics.publishing import is_ours
from strongroom_lsp.features.request_targets import document_of
from strongroom_lsp.protocol.capabilities import look_up
from strongroom_lsp.protocol.later import Later
from strongroom_lsp.protocol.messages import text_at

if TYPE_CHECKING:
    from strongroom_lsp.session import Session

Report = dict[str, Any]


def answer(session: "Session", params: Any) -> object:
    """`textDocument/diagnostic`."""
    text_at(params, "textDocument", "uri")  # refused now, not when the report is made
    return session.pulls.ask(params)


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
            later.attempt(partial(self._give, later, params))

    def _give(self, later: Later, params: Any) -> None:
        later.give(self.report(params))

    def report(self, params: Any) -> Report:
        """The report of a document as it is now; of one that is not open (any more), that it has no diagnostics."""
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
