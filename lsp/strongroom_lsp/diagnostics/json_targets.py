"""Find the document and the offset that a request is about."""

from typing import Any

from strongroom_lsp.documents.connector_files import is_named_as_connector_file, reads_as_connector_file
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.protocol.messages import position_at, text_at
from strongroom_lsp.services import Services


def any_document_of(services: Services, params: Any) -> OpenDocument | None:
    """Return the open document of a request, whatever kind of file it is, or None."""
    return services.documents.get(text_at(params, "textDocument", "uri"))


def document_of(services: Services, params: Any) -> OpenDocument | None:
    """Return the open connector file of a request, or None for any other file."""
    opened = any_document_of(services, params)
    return opened if opened is not None and reads_as_connector_file(opened) else None


def place_of(services: Services, params: Any) -> tuple[OpenDocument, int] | None:
    """Return the document and the offset of a request's `position`.

    The result is None for a file that is not a connector file.
    """
    place = position_at(params, "position")
    opened = document_of(services, params)
    return (opened, opened.positions.offset(*place)) if opened is not None else None


def offset_of(opened: OpenDocument, params: Any, *path: str) -> int:
    """Return the offset of the `Position` at `path`."""
    return opened.positions.offset(*position_at(params, *path))


def offers_keys(services: Services, opened: OpenDocument) -> bool:
    """Tell whether JSON keys are completed and explained in a document.

    They are not if the editor does it itself, by the schema that it has for the file's name.
    """
    return services.contexts.options.json_keys or not is_named_as_connector_file(opened)


def markup(text: str, is_markdown: bool) -> dict[str, str]:
    """Return a `MarkupContent`."""
    return {"kind": "markdown" if is_markdown else "plaintext", "value": text}
