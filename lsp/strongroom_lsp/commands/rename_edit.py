"""Build the edit of a rename: connector files and names files.

Connector files come from the index. A names file is used in place of the vault, so its names change with the vault's.
"""

from collections.abc import Iterable

from lsprotocol import types

from strongroom.document import LineIndex
from strongroom.workspace import UnreadableFile, read_text
from strongroom.workspace.identity import FileId, file_id
from strongroom.workspace.names_places import edits_in_names
from strongroom.workspace.references import Symbol
from strongroom.workspace.rename_scope import names_files_of
from strongroom.workspace.renaming import edits_in
from strongroom.workspace.uris import uri_of
from strongroom_lsp.context.file_context import FileContext
from strongroom_lsp.documents.edits import text_edit, workspace_edit
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.features.navigation import range_of
from strongroom_lsp.protocol.positions import Positions
from strongroom_lsp.services import Services

Edits = dict[str, tuple[int | None, list[types.TextEdit]]]
"""Uri -> the version that the edits were made for, and the edits."""


def edit_of_files(
    services: Services,
    symbol: Symbol,
    new: str,
    requested: OpenDocument | None = None,
    *,
    with_names: bool = True,
) -> types.WorkspaceEdit:
    """Return the edit that renames a symbol in every file of the workspace.

    The files are looked at now. The document of the request is among them wherever it is.
    """
    edits = edits_of_files(services, symbol, new)
    if requested is not None and requested.uri not in edits:
        found = [text_edit(requested, edit) for edit in edits_in(requested.document, symbol, new)]
        edits[requested.uri] = (requested.version, found)
    if with_names:
        contexts = contexts_of(services, files_with(services, symbol, requested))
        edits.update(_of_names_files(services, contexts, symbol.name, new))
    return workspace_edit(edits, services.client)


def edits_of_files(services: Services, symbol: Symbol, new: str) -> Edits:
    """Return the edits of the files in the index, which are looked at now."""
    workspace = services.index
    index = workspace.fresh(now=True)
    uri_of_key, edits = workspace.uris(), Edits()
    for path, place in index.places(symbol):
        uri = uri_of_key(path)
        if uri not in edits:
            opened = services.documents.get(uri)
            edits[uri] = (opened.version if opened is not None else None, [])
        edits[uri][1].append(types.TextEdit(range_of(place.span), new))
    return edits


def files_with(
    services: Services, symbol: Symbol, requested: OpenDocument | None = None
) -> tuple[str | None, ...]:
    """Return the files that hold a symbol, as they were a moment ago.

    An unsaved document is None.
    """
    files: list[str | None] = list(services.index.fresh().files_with(symbol.kind, symbol.name))
    if requested is not None and requested.path not in files:
        files.append(requested.path)
    return tuple(files)


def contexts_of(services: Services, files: Iterable[str | None]) -> tuple[FileContext, ...]:
    """Return the contexts of these files, each once."""
    return tuple(dict.fromkeys(services.contexts.shared(file) for file in files))


def _of_names_files(services: Services, contexts: Iterable[FileContext], old: str, new: str) -> Edits:
    communities: dict[str, set[str]] = {}
    for one in contexts:
        meant = {names.community for names in one.communities if names.get(old) is not None}
        for path in names_files_of(one.settings) if meant else ():
            communities.setdefault(path, set()).update(meant)
    opened: dict[FileId, OpenDocument] = {
        file_id(one.path): one for one in services.documents.all() if one.path is not None
    }
    edits: Edits = {}
    for path, listed in communities.items():
        shown = opened.get(file_id(path))
        try:
            text = shown.document.text if shown is not None else read_text(path)
        except UnreadableFile:
            continue
        positions = Positions(text, LineIndex(text), services.client.encoding)
        if found := edits_in_names(text, sorted(listed), old, new):
            edits[shown.uri if shown is not None else uri_of(path)] = (
                shown.version if shown is not None else None,
                [types.TextEdit(positions.range(one.start, one.end), one.new) for one in found],
            )
    return edits
