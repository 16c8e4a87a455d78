"""Tell a connector file from other JSON, by its name or its content.

Clients attach the server by language, so other JSON files are opened as well. The server reports nothing about them.
"""

from strongroom.workspace import is_connector_path
from strongroom_lsp.documents.open_documents import OpenDocument


def is_named_as_connector_file(opened: OpenDocument) -> bool:
    """Return True if the file of a document has the name of a connector file."""
    return opened.path is not None and is_connector_path(opened.path)


def reads_as_connector_file(opened: OpenDocument) -> bool:
    """Return True for a connector file, by its name or by parsing its text."""
    return is_named_as_connector_file(opened) or opened.document.is_connector_file
