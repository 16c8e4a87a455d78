"""Find the document and the offset that a request is about."""

from typing import Protocol

from lsprotocol import types

from strongroom_lsp.documents.connector_files import is_named_as_connector_file, reads_as_connector_file
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.services import Services


class DocumentParams(Protocol):
    """Describe the params of a request about a document."""

    text_document: types.TextDocumentIdentifier


class PositionParams(DocumentParams, Protocol):
    """Describe the params of a request about a position in a document."""

    position: types.Position


def any_document_of(services: Services, params: DocumentParams) -> OpenDocument | None:
    """Return the open document of a request, whatever kind of file it is, or None."""
    return services.documents.get(params.text_document.uri)


def document_of(services: Services, params: DocumentParams) -> OpenDocument | None:
    """Return the open connector file of a request, or None for any other file."""
    opened = any_document_of(services, params)
    return opened if opened is not None and reads_as_connector_file(opened) else None


def place_of(services: Services, params: PositionParams) -> tuple[OpenDocument, int] | None:
    """Return the document and offset of a request's position; None for other files."""
    opened = document_of(services, params)
    return (opened, opened.offset_at_position(params.position)) if opened is not None else None


def offers_keys(services: Services, opened: OpenDocument) -> bool:
    """Return True if JSON keys are completed and explained in a document.

    They are not if the editor does it itself, by the schema that it has for the file's name.
    """
    return services.contexts.options.json_keys or not is_named_as_connector_file(opened)


def markup(text: str, is_markdown: bool) -> types.MarkupContent:
    """Return a text for the screen, already Markdown if the client shows Markdown."""
    kind = types.MarkupKind.Markdown if is_markdown else types.MarkupKind.PlainText
    return types.MarkupContent(kind, text)
