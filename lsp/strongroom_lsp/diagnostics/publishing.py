"""Check documents when they change, and publish their diagnostics.

An edit marks its document as waiting. Documents are checked when no message is queued, so a burst of edits is checked
once, after the last one, and without any delay. A check runs to its end inside the loop, so its diagnostics belong to
the newest text and are sent with that text's version. They are encoded here, because lsprotocol's converter would
build and encode every diagnostic of the document at each key.
"""

import json
from collections.abc import Callable, Sequence

from lsprotocol import types

from strongroom_lsp.diagnostics.kept_texts import diagnostics_text
from strongroom_lsp.documents.connector_files import reads_as_connector_file
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.protocol.encoded import Encoded
from strongroom_lsp.services import Services

Found = Encoded | Sequence[types.Diagnostic]


def connector_diagnostics(services: Services, opened: OpenDocument) -> Encoded | None:
    """Return the diagnostics of a connector file, or None for any other file."""
    if not reads_as_connector_file(opened):
        return None
    if not services.contexts.options.diagnostics:
        return Encoded("[]")
    return diagnostics_text(opened, services.context_of(opened), services.client)


class Publisher:
    """Check documents when they change, and publish what `diagnostics_of` gives.

    A document for which it gives None gets no diagnostics at all, unless it had some before.
    """

    def __init__(self, services: Services, diagnostics_of: Callable[[OpenDocument], Found | None]) -> None:
        self._services = services
        self._diagnostics_of = diagnostics_of
        self._waiting: dict[str, None] = {}  # a set that keeps its order
        self._shown: set[str] = set()

    def changed(self, opened: OpenDocument) -> None:
        """Check a document soon."""
        if not self._waiting:
            self._services.when_idle(self._check_next)
        self._waiting[opened.uri] = None

    def closed(self, uri: str) -> None:
        """Remove a document's diagnostics from the screen."""
        self._waiting.pop(uri, None)
        if uri in self._shown:
            self._shown.discard(uri)
            params = types.PublishDiagnosticsParams(uri, [])
            self._services.notify(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)

    def _check_next(self) -> None:
        """Check one waiting document.

        The next one is checked after the messages that came meanwhile.
        """
        if not self._waiting:
            return
        uri = next(iter(self._waiting))
        del self._waiting[uri]
        if self._waiting:
            self._services.when_idle(self._check_next)
        if (opened := self._services.documents.get(uri)) is not None:
            self._check(opened)

    def _check(self, opened: OpenDocument) -> None:
        diagnostics = self._diagnostics_of(opened)
        if diagnostics is None and opened.uri not in self._shown:
            return
        self._shown.add(opened.uri)
        if not isinstance(diagnostics, Encoded):
            params = types.PublishDiagnosticsParams(opened.uri, diagnostics or [], opened.version)
            self._services.notify(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)
            return
        uri, version = json.dumps(opened.uri), opened.version
        text = f'{{"uri":{uri},"version":{version},"diagnostics":{diagnostics.text}}}'
        self._services.notify_encoded(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, Encoded(text))
