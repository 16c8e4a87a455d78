"""Take the client's notifications.

The session begins and ends, documents are edited, settings and folders change.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from lsprotocol import types

from strongroom.workspace.uris import path_of
from strongroom_lsp.context.file_context import FileContexts
from strongroom_lsp.context.options import Options
from strongroom_lsp.documents.open_documents import OpenDocument, OpenDocuments
from strongroom_lsp.parent import watch_parent
from strongroom_lsp.protocol.capabilities import Client
from strongroom_lsp.protocol.converter import NO_VERSION
from strongroom_lsp.protocol.errors import InvalidParams
from strongroom_lsp.protocol.messages import ContentChange, look_up
from strongroom_lsp.server import SETTLED, StrongroomServer

# -- life ------------------------------------------------------------------------------------------------------


def initialize(ls: StrongroomServer, params: types.InitializeParams) -> None:
    """Take what the client can do and wants.

    pygls makes the answer from the registered features.
    """
    ls.client = Client.of(params.capabilities)
    ls.documents = OpenDocuments(ls.client.encoding)
    ls.folders = _workspace_folders(params)
    options = ls.first_options = Options.of(params.initialization_options)
    ls.contexts = FileContexts(options, ls.folders[0] if ls.folders else os.getcwd())
    ls.client = ls.client._replace(commands=ls.client.commands | set(options.commands))
    if ls.is_local:
        watch_parent(ls.loop, params.process_id, lambda: ls.stop(1))


def initialized(ls: StrongroomServer, _params: types.InitializedParams) -> None:
    """Begin the background work, behind the first documents and their diagnostics."""
    ls.loop.call_later(SETTLED, ls.begin_background)


def shutdown(ls: StrongroomServer, _params: None) -> None:
    """Settle the renames. pygls cancels the requests that are at work."""
    ls.is_shut_down = True
    for renaming in list(ls.renamings):
        renaming.leave()
    ls.contexts.forget()


# -- documents -------------------------------------------------------------------------------------------------


def did_open(ls: StrongroomServer, params: types.DidOpenTextDocumentParams) -> None:
    """Take a document.

    The document's language does not matter: a connector file is known by its name or its content.
    """
    document = params.text_document
    version = 0 if document.version == NO_VERSION else document.version
    _changed(ls, ls.documents.open(document.uri, version, document.text))
    if len(ls.documents.all()) == 1:
        ls.keep_looking()


def did_change(ls: StrongroomServer, params: types.DidChangeTextDocumentParams) -> None:
    """Edit a document."""
    uri, version = params.text_document.uri, params.text_document.version
    if (opened := ls.documents.get(uri)) is None:
        raise InvalidParams(f"textDocument/didChange: {uri} is not open.")
    changes = [_change(change) for change in params.content_changes]
    opened.change(opened.version if version == NO_VERSION else version, changes)
    _changed(ls, opened)
    for renaming in list(ls.renamings):
        renaming.look_at(opened)


def did_close(ls: StrongroomServer, params: types.DidCloseTextDocumentParams) -> None:
    """Forget a document and its diagnostics."""
    uri = params.text_document.uri
    ls.documents.close(uri)
    ls.publisher.closed(uri)
    _touched(ls, [uri])


def _change(change: types.TextDocumentContentChangeEvent) -> ContentChange:
    if isinstance(change, types.TextDocumentContentChangeWholeDocument):
        return ContentChange(change.text)
    start, end = change.range.start, change.range.end
    return ContentChange(change.text, (start.line, start.character), (end.line, end.character))


def _changed(ls: StrongroomServer, opened: OpenDocument) -> None:
    ls.check(opened)
    _touched(ls, [opened.uri])


def _touched(ls: StrongroomServer, uris: Iterable[str]) -> None:
    if ls.has_background:
        for uri in uris:
            ls.index.touched(uri)


# -- settings and folders --------------------------------------------------------------------------------------


def did_change_configuration(ls: StrongroomServer, params: types.DidChangeConfigurationParams) -> None:
    """Take the client's options. Some clients send the section, some the whole tree."""
    section = look_up(params.settings, "strongroom") or params.settings
    if Options.are_in(section):
        ls.configure(section)
    elif ls.client.configuration:  # a client that sends null wants to be asked
        ls.background.ask_configuration()


def trusted(ls: StrongroomServer, params: Any) -> None:
    """Take the person's answer whether the folders are trusted.

    Anything but a yes is a no.
    """
    is_trusted = look_up(params, "trusted") is True
    ls.first_options = ls.first_options._replace(is_trusted=is_trusted)
    if ls.contexts.configure(ls.contexts.options._replace(is_trusted=is_trusted)):
        ls.all_changed()
        if ls.has_background:
            ls.background.end_interrupted_renames()


def did_change_watched_files(ls: StrongroomServer, params: types.DidChangeWatchedFilesParams) -> None:
    """Look at the files that have changed."""
    ls.look_around()
    _touched(ls, [change.uri for change in params.changes])


def did_change_workspace_folders(ls: StrongroomServer, params: types.DidChangeWorkspaceFoldersParams) -> None:
    """Index the folders that there are now."""
    gone, new = set(_paths(params.event.removed)), _paths(params.event.added)
    kept = [folder for folder in ls.folders if folder not in gone]
    ls.folders = (*kept, *(folder for folder in new if folder not in kept))
    if ls.has_background:
        ls.index.restart()


def _workspace_folders(params: types.InitializeParams) -> tuple[str, ...]:
    """Return the workspace's folders in the client's order.

    The older fields count if there are no newer ones.
    """
    if folders := _paths(params.workspace_folders or ()):
        return folders
    if params.root_uri and (found := path_of(params.root_uri)):
        return (found,)
    return (params.root_path,) if params.root_path else ()


def _paths(folders: Sequence[types.WorkspaceFolder]) -> tuple[str, ...]:
    return tuple(path for folder in folders if (path := path_of(folder.uri)))


HANDLERS: Final[Mapping[str, Callable[[StrongroomServer, Any], object]]] = {
    types.INITIALIZE: initialize,
    types.INITIALIZED: initialized,
    types.SHUTDOWN: shutdown,
    types.TEXT_DOCUMENT_DID_OPEN: did_open,
    types.TEXT_DOCUMENT_DID_CHANGE: did_change,
    types.TEXT_DOCUMENT_DID_CLOSE: did_close,
    types.WORKSPACE_DID_CHANGE_CONFIGURATION: did_change_configuration,
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: did_change_watched_files,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: did_change_workspace_folders,
    "strongroom/trusted": trusted,
}
"""Method -> the function that handles its notification or request."""
