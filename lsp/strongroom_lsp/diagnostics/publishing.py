"""Check documents when they change, and publish their diagnostics.

An edit marks its document as waiting and starts a timer of no length. The loop runs timers only when no message is
queued, so a burst of edits is checked once, after the last one, and without any delay. A check runs to its end,
inside the loop, so its findings belong to the newest text and are sent with that text's version. The generation is
compared before sending all the same, so that a check which gives way to other calls one day cannot publish outdated
findings.
"""

from collections.abc import Callable
from typing import Any

from strongroom_lsp.context.file_context import FileContext
from strongroom_lsp.diagnostics.kept_texts import diagnostics_text
from strongroom_lsp.documents.connector_files import reads_as_connector_file
from strongroom_lsp.documents.open_documents import OpenDocument, OpenDocuments
from strongroom_lsp.protocol.capabilities import Client
from strongroom_lsp.protocol.encoded import Encoded
from strongroom_lsp.protocol.loop import Loop

Notify = Callable[[str, dict[str, Any]], None]


class Publisher:
    """Checks documents when they change and publishes what is found."""

    def __init__(
        self,
        loop: Loop,
        documents: OpenDocuments,
        context_of: Callable[[OpenDocument], FileContext],
        client: Client,
        notify: Notify,
    ) -> None:
        self._loop = loop
        self._documents = documents
        self._context_of = context_of
        self._client = client
        self._notify = notify
        self._waiting: dict[str, None] = {}  # a set that keeps its order
        self._is_scheduled = False
        self._shown: set[str] = set()
        self.is_on = True

    def changed(self, opened: OpenDocument) -> None:
        """Check this document soon."""
        self._waiting[opened.uri] = None
        if not self._is_scheduled:
            self._is_scheduled = True
            self._loop.call_later(0.0, self._check_next)

    def all_changed(self) -> None:
        """Check every open document soon: names or settings are not what they were."""
        for opened in self._documents.all():
            self.changed(opened)

    def closed(self, uri: str) -> None:
        """Take a document's diagnostics off the screen."""
        self._waiting.pop(uri, None)
        if uri in self._shown:
            self._shown.discard(uri)
            self._notify("textDocument/publishDiagnostics", {"uri": uri, "diagnostics": []})

    def _check_next(self) -> None:
        """Check one waiting document.

        Another timer checks the next one, so that messages come in between.
        """
        self._is_scheduled = False
        if not self._waiting:
            return
        uri = next(iter(self._waiting))
        del self._waiting[uri]
        if self._waiting:
            self._is_scheduled = True
            self._loop.call_later(0.0, self._check_next)
        if (opened := self._documents.get(uri)) is not None:
            self._check(opened)

    def _check(self, opened: OpenDocument) -> None:
        if not reads_as_connector_file(opened) and opened.uri not in self._shown:
            return  # other JSON gets no diagnostics at all
        generation = opened.generation
        diagnostics = Encoded("[]")
        if self.is_on and reads_as_connector_file(opened):
            diagnostics = diagnostics_text(opened, self._context_of(opened), self._client)
        if opened.generation != generation or self._documents.get(opened.uri) is not opened:
            return
        self._shown.add(opened.uri)
        params = {"uri": opened.uri, "version": opened.version, "diagnostics": diagnostics}
        self._notify("textDocument/publishDiagnostics", params)
