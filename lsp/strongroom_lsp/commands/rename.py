"""Rename a step, a path parameter, a permalink, a secret or a variable.

A step or path parameter is renamed in its connector, a permalink in the workspace, and a name everywhere.

A secret or variable is renamed in all files and the vault by one transaction (`Renaming`): the whole edit is built,
then the vault is renamed by a child process, because this process has no key, then the client is given the edit.
Until its document shows the new name, the child can rename back. If the vault cannot be renamed, no file is touched,
and the person may choose to rename in the files only.
"""

import asyncio

from lsprotocol import types

from strongroom.errors import StrongroomError
from strongroom.workspace.call_references import permalink_at
from strongroom.workspace.references import Occurrence, SymbolKind, symbol_at
from strongroom.workspace.renaming import check_is_free, check_new_name, edits_in
from strongroom.workspace.uris import scheme_of
from strongroom_lsp.commands.permalink_rename import rename_permalink
from strongroom_lsp.commands.rename_transaction import Renaming
from strongroom_lsp.documents.code_files import is_code_file
from strongroom_lsp.documents.connector_files import reads_as_connector_file
from strongroom_lsp.documents.edits import document_edit
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.features.navigation import when_indexed
from strongroom_lsp.features.request_targets import PositionParams, any_document_of
from strongroom_lsp.features.widgets.answers import open_code_of
from strongroom_lsp.index.workspace_index import SCHEMES
from strongroom_lsp.services import CommandServices, Later


class NothingToRename(StrongroomError):  # noqa: N818
    """Report that the thing at the cursor cannot be renamed."""


def prepare_rename(
    services: CommandServices, params: types.PrepareRenameParams
) -> types.PrepareRenamePlaceholder | None:
    """Answer `textDocument/prepareRename`."""
    place = _occurrence_of(services, params)
    if place is None or scheme_of(place[0].uri) not in SCHEMES:
        return None
    opened, found = place
    return types.PrepareRenamePlaceholder(opened.range(found.start, found.end), found.symbol.name)


def rename(
    services: CommandServices, params: types.RenameParams
) -> types.WorkspaceEdit | asyncio.Future[types.WorkspaceEdit] | Later[types.WorkspaceEdit] | None:
    """Answer `textDocument/rename`."""
    place, new = _occurrence_of(services, params), params.new_name
    if place is None:
        raise NothingToRename("Nothing here can be renamed.")
    opened, found = place
    if scheme_of(opened.uri) not in SCHEMES:
        raise NothingToRename("This document shows another state of the file.", "Rename in the file itself.")
    check_new_name(found.symbol, new)
    if found.symbol.name == new:
        return None
    if found.symbol.kind in (SymbolKind.CONNECTOR, SymbolKind.COMPOSITE):
        return when_indexed(services, lambda: rename_permalink(services, found.symbol, new))
    if found.symbol.kind is not SymbolKind.NAME:
        return _in_document(services, opened, found, new)
    return Renaming(services, opened, found.symbol, new).answer


def _occurrence_of(
    services: CommandServices, params: PositionParams
) -> tuple[OpenDocument, Occurrence] | None:
    """Return what is to be renamed, in a connector file or in the code of a widget."""
    opened = any_document_of(services, params)
    if opened is None:
        return None
    offset = opened.offset_at_position(params.position)
    if is_code_file(opened.path):
        code = open_code_of(services, params)
        found = permalink_at(code.code, offset) if code is not None else None
    else:
        found = symbol_at(opened.document, offset) if reads_as_connector_file(opened) else None
    return (opened, found) if found is not None else None


def _in_document(
    services: CommandServices, opened: OpenDocument, found: Occurrence, new: str
) -> types.WorkspaceEdit:
    check_is_free(opened.document, found.symbol, new)
    return document_edit(opened, edits_in(opened.document, found.symbol, new), services.client)
