"""Write edits of documents in the form that the client takes."""

from collections.abc import Iterable, Mapping

from lsprotocol import types

from strongroom.validator import Edit
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.protocol.capabilities import Client


def text_edit(opened: OpenDocument, edit: Edit) -> types.TextEdit:
    """Return one edit of an open document."""
    return types.TextEdit(opened.range(edit.start, edit.end), edit.new)


def document_edit(opened: OpenDocument, edits: Iterable[Edit], client: Client) -> types.WorkspaceEdit:
    """Return the edits of one open document."""
    changes = [text_edit(opened, edit) for edit in edits]
    return workspace_edit({opened.uri: (opened.version, changes)}, client)


def workspace_edit(
    edits: Mapping[str, tuple[int | None, list[types.TextEdit]]], client: Client
) -> types.WorkspaceEdit:
    """Return the edits of several documents.

    `edits` has for each uri its edits and the version that they were made for, which is None for a file on the disk.
    """
    if not client.document_changes:
        return types.WorkspaceEdit(changes={uri: changes for uri, (_, changes) in edits.items()})
    return types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(uri, version), changes)
            for uri, (version, changes) in edits.items()
        ]
    )
