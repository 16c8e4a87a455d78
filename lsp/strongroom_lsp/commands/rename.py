"""Rename a step or path parameter in its connector, or a name everywhere.

A secret or variable is renamed in all files and the vault by one transaction (`Renaming`): the whole edit is built,
then the vault is renamed by a child process, because this process has no key, then the client is given the edit.
Until its document shows the new name, the child can rename back. If the vault cannot be renamed, no file is touched,
and the person may choose to rename in the files only.
"""

import asyncio

from lsprotocol import types

from strongroom.errors import StrongroomError
from strongroom.workspace.references import Occurrence, Thing, symbol_at
from strongroom.workspace.renaming import check_is_free, check_new_name, edits_in
from strongroom.workspace.uris import scheme_of
from strongroom_lsp.commands.rename_transaction import Renaming
from strongroom_lsp.documents.edits import document_edit
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.features.request_targets import place_of
from strongroom_lsp.index.workspace_index import SCHEMES
from strongroom_lsp.services import CommandServices


class NothingToRename(StrongroomError):  # noqa: N818
    """Raised when nothing at the cursor can be renamed."""


def prepare_rename(
    services: CommandServices, params: types.PrepareRenameParams
) -> types.PrepareRenamePlaceholder | None:
    """Answer `textDocument/prepareRename`."""
    place = place_of(services, params)
    if place is None or scheme_of(place[0].uri) not in SCHEMES:
        return None
    opened, offset = place
    found = symbol_at(opened.document, offset)
    if found is None or found.symbol.thing in (Thing.CONNECTOR, Thing.COMPOSITE):
        return None
    return types.PrepareRenamePlaceholder(opened.range(found.start, found.end), found.symbol.name)


def rename(
    services: CommandServices, params: types.RenameParams
) -> types.WorkspaceEdit | asyncio.Future[types.WorkspaceEdit] | None:
    """Answer `textDocument/rename`."""
    place, new = place_of(services, params), params.new_name
    found = symbol_at(place[0].document, place[1]) if place is not None else None
    if place is None or found is None:
        raise NothingToRename("Nothing here can be renamed.")
    if scheme_of(place[0].uri) not in SCHEMES:
        raise NothingToRename("This document shows another state of the file.", "Rename in the file itself.")
    check_new_name(found.symbol, new)
    if found.symbol.name == new:
        return None
    if found.symbol.thing is not Thing.NAME:
        return _in_document(services, place[0], found, new)
    return Renaming(services, place[0], found.symbol, new).answer


def _in_document(
    services: CommandServices, opened: OpenDocument, found: Occurrence, new: str
) -> types.WorkspaceEdit:
    check_is_free(opened.document, found.symbol, new)
    return document_edit(opened, edits_in(opened.document, found.symbol, new), services.client)
