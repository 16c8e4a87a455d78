"""Find the document that a request in plain JSON is about."""

from typing import Any

from strongroom_lsp.documents.connector_files import reads_as_connector_file
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.protocol.messages import text_at
from strongroom_lsp.services import Services


def document_of(services: Services, params: Any) -> OpenDocument | None:
    """Return the open connector file of a request, or None for any other file."""
    opened = services.documents.get(text_at(params, "textDocument", "uri"))
    return opened if opened is not None and reads_as_connector_file(opened) else None
