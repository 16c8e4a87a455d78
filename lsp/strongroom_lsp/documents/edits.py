"""Write edits of documents in the form that the client takes."""

from collections.abc import Iterable, Mapping
from typing import Any

from strongroom.validator import Edit
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.protocol.capabilities import Client

TextEdit = dict[str, Any]


def text_edit(opened: OpenDocument, edit: Edit) -> TextEdit:
    """Return one edit of an open document."""
    return {"range": opened.positions.range(edit.start, edit.end), "newText": edit.new}


def document_edit(opened: OpenDocument, edits: Iterable[TextEdit], client: Client) -> dict[str, Any]:
    """Return a `WorkspaceEdit` of one open document."""
    return workspace_edit({opened.uri: (opened.version, list(edits))}, client)


def workspace_edit(edits: Mapping[str, tuple[int | None, list[TextEdit]]], client: Client) -> dict[str, Any]:
    """Return a `WorkspaceEdit` of several documents.

    `edits` has for each uri its edits and the version that they were made for, which is None for a file on the disk.
    """
    if not client.document_changes:
        return {"changes": {uri: changes for uri, (_, changes) in edits.items()}}
    return {
        "documentChanges": [
            {"textDocument": {"uri": uri, "version": version}, "edits": changes}
            for uri, (version, changes) in edits.items()
        ]
    }
