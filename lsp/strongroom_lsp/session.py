"""Serve one client: its session, its documents, and their diagnostics.

This module has only what runs between a key press and its diagnostics, and between the start and the first ones.
Everything else is a feature or a command: a module of its own, imported by the first request for it (`routes`).
"""

import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from strongroom.workspace.uris import path_of
from strongroom_lsp.context.file_context import FileContext, FileContexts
from strongroom_lsp.context.options import Options
from strongroom_lsp.diagnostics.publishing import Publisher, connector_diagnostics
from strongroom_lsp.documents.case_files import is_case_file
from strongroom_lsp.documents.open_documents import OpenDocument, OpenDocuments
from strongroom_lsp.parent import watch_parent
from strongroom_lsp.protocol.capabilities import Client, initialize_result, look_up
from strongroom_lsp.protocol.conversation import WARNING, Conversation, Handler, log
from strongroom_lsp.protocol.loop import Loop, Timer
from strongroom_lsp.protocol.messages import InvalidParams, changes_in, text_at
from strongroom_lsp.protocol.progress import Progress
from strongroom_lsp.protocol.transport import Writer
from strongroom_lsp.routes import FEATURES, feature
from strongroom_lsp.services import PendingRename

if TYPE_CHECKING:
    from strongroom_lsp.background import Background
    from strongroom_lsp.index.workspace_index import IndexedWorkspace

POLL: Final = 0.15
"""Seconds between two looks at the vault, the names files and the settings. A change shows within twice that."""

IDLE_POLL: Final = 2.0
"""The same while no document is open. The status and the workspace's diagnostics may be on the screen then."""

SETTLED: Final = 0.3
"""Seconds from the handshake until the background work begins."""


class Session(Conversation):
    """Hold the state of one client: capabilities, documents, folders, contexts."""

    def __init__(self, loop: Loop, writer: Writer) -> None:
        super().__init__(loop, writer)
        self.client = Client()
        self.documents = OpenDocuments(self.client.encoding)
        self._first_options = Options()
        self.contexts = FileContexts(self._first_options, os.getcwd())
        self._publisher = Publisher(self, self._diagnostics_of)
        self.folders: tuple[str, ...] = ()
        self._background: Background | None = None
        self._problems: dict[str, tuple[str, ...]] = {}
        self._polling: Timer | None = None
        self.renamings: list[PendingRename] = []
        """The renames whose vault and files do not agree yet."""
        self._handlers: dict[str, Handler] = {
            "initialize": self._initialize,
            "initialized": self._initialized,
            "shutdown": self._shutdown,
            "exit": self._exit,
            "textDocument/didOpen": self._did_open,
            "textDocument/didChange": self._did_change,
            "textDocument/didClose": self._did_close,
            "workspace/didChangeConfiguration": self._did_change_configuration,
            "window/workDoneProgress/cancel": self.cancel_progress,
            "workspace/didChangeWatchedFiles": self._did_change_watched_files,
            "workspace/didChangeWorkspaceFolders": self._did_change_workspace_folders,
            "strongroom/trusted": self._trusted,
        }

    def handler_of(self, method: str, params: Any) -> Handler | None:
        """Return what handles a method for this kind of file."""
        if method not in FEATURES:
            return self._handlers.get(method)
        is_case = is_case_file(look_up(params, "textDocument", "uri"))
        return partial(feature(method, is_case_file=is_case), self)

    # -- life --------------------------------------------------------------------------------------------------

    def _initialize(self, params: object) -> dict[str, Any]:
        if self.is_initialized:
            raise InvalidParams("the server is initialized already")
        self.is_initialized = True
        self.client = Client.of(look_up(params, "capabilities"))
        self.documents = OpenDocuments(self.client.encoding)
        self.folders = workspace_folders(params)
        options = self._first_options = Options.of(look_up(params, "initializationOptions"))
        self.contexts = FileContexts(options, self.folders[0] if self.folders else os.getcwd())
        self.client = self.client._replace(commands=self.client.commands | set(options.commands))
        watch_parent(self.loop, look_up(params, "processId"))
        return initialize_result(self.client)

    def _initialized(self, _: object) -> None:
        # A timer runs when nothing is queued, so behind the first documents and their diagnostics.
        self.loop.call_later(SETTLED, self._begin_background)

    def _begin_background(self) -> None:
        self.background.start()
        self._keep_looking()

    def _shutdown(self, _: object) -> None:
        self.is_shut_down = True
        for renaming in list(self.renamings):
            renaming.leave()
        self.stop_all("The server is shutting down.")
        self.contexts.forget()

    def _exit(self, _: object) -> None:
        self.loop.stop(0 if self.is_shut_down else 1)

    def end(self) -> None:
        """Wait for the renames before this process ends, because the client is gone."""
        for renaming in self.renamings:
            renaming.wait()

    # -- documents ---------------------------------------------------------------------------------------------

    def _did_open(self, params: object) -> None:
        # The client's language does not matter: a connector file is known by its name or its content.
        uri, text = text_at(params, "textDocument", "uri"), text_at(params, "textDocument", "text")
        version = look_up(params, "textDocument", "version")
        opened = self.documents.open(uri, version if isinstance(version, int) else 0, text)
        self._changed(opened)
        if len(self.documents.all()) == 1:
            self._keep_looking()

    def _did_change(self, params: object) -> None:
        uri = text_at(params, "textDocument", "uri")
        changes = changes_in(params)
        if (opened := self.documents.get(uri)) is None:
            raise InvalidParams(f"{uri} is not open")
        version = look_up(params, "textDocument", "version")
        opened.change(version if isinstance(version, int) else opened.version, changes)
        self._changed(opened)
        for renaming in list(self.renamings):
            renaming.look_at(opened)

    def _changed(self, opened: OpenDocument) -> None:
        self._check(opened)
        self._touched(opened.uri)

    def _check(self, opened: OpenDocument) -> None:
        if not self.client.pulls:
            self._publisher.changed(opened)

    def _diagnostics_of(self, opened: OpenDocument) -> object:
        if not is_case_file(opened.path):
            return connector_diagnostics(self, opened)
        from strongroom_lsp.features.case_diagnostics import case_diagnostics

        return case_diagnostics(self, opened)

    def _touched(self, uri: str) -> None:
        if self._background is not None:
            self._background.index.touched(uri)

    def _did_close(self, params: object) -> None:
        uri = text_at(params, "textDocument", "uri")
        self.documents.close(uri)
        self._publisher.closed(uri)
        self._touched(uri)

    def _did_change_configuration(self, params: object) -> None:
        settings = look_up(params, "settings")
        # Some clients send the section, some the whole tree. A client that sends null wants to be asked.
        section = look_up(settings, "strongroom") or settings
        if isinstance(section, dict) and Options.are_in(section):
            self.configure(section)
        elif self.client.configuration:
            self.background.ask_configuration()

    def configure(self, section: object) -> None:
        """Take the options of the client's section `strongroom`.

        A section without any of the options changes nothing. An option that the section does not name is as the
        client set it at the start.
        """
        if not Options.are_in(section):
            return
        options = self._first_options.changed_by(section)
        if self.contexts.configure(options):
            self.all_changed()

    def _trusted(self, params: object) -> None:
        """Take the person's answer whether the folders are trusted.

        Anything but a yes is a no.
        """
        is_trusted = look_up(params, "trusted") is True
        self._first_options = self._first_options._replace(is_trusted=is_trusted)
        if self.contexts.configure(self.contexts.options._replace(is_trusted=is_trusted)):
            self.all_changed()
            if self._background is not None:
                self._background.end_interrupted_renames()

    def _did_change_watched_files(self, params: object) -> None:
        self.look_around()
        changes = look_up(params, "changes")
        for change in changes if isinstance(changes, list) else ():
            if isinstance(uri := look_up(change, "uri"), str):
                self._touched(uri)

    def _did_change_workspace_folders(self, params: object) -> None:
        gone = set(folder_paths(look_up(params, "event", "removed")))
        new = folder_paths(look_up(params, "event", "added"))
        kept = [folder for folder in self.folders if folder not in gone]
        self.folders = (*kept, *(folder for folder in new if folder not in kept))
        if self._background is not None:
            self._background.index.restart()

    # -- contexts ------------------------------------------------------------------------------------------

    def context_of(self, opened: OpenDocument) -> FileContext:
        """Return a document's settings and names, and show the person their problems.

        Each problem is shown once.
        """
        context = self.contexts.of(opened.path)
        folder = os.path.dirname(opened.path or "")
        known = {problem for problems in self._problems.values() for problem in problems}
        self._problems[folder] = context.problems
        for problem in context.problems:
            if problem not in known:
                log(problem)
                self.say(WARNING, problem)
        return context

    def look_around(self) -> None:
        """Check the open documents again if names or settings have changed."""
        if self.contexts.refresh(opened.path for opened in self.documents.all()):
            self.all_changed()

    def take_names_over(self) -> None:
        """Read changed names now, and check the open documents a moment later.

        The client is about to send the edits of a rename.
        """
        if self.contexts.refresh(opened.path for opened in self.documents.all()):
            self.loop.call_later(SETTLED, self.all_changed)

    def all_changed(self) -> None:
        """Check everything on the screen again, because names or settings have changed."""
        for opened in self.documents.all():
            self._check(opened)
        if self._background is not None or self.client.pulls:
            self.background.refresh()

    def cases_changed(self) -> None:
        """Check the open files of test cases again."""
        for opened in self.documents.all():
            if is_case_file(opened.path):
                self._check(opened)

    def _keep_looking(self) -> None:
        """Look around at intervals, at longer ones while no document is open."""
        if self._polling is not None:
            self._polling.cancel()
        self._polling = self.loop.call_later(POLL if self.documents.all() else IDLE_POLL, self._poll)

    def _poll(self) -> None:
        if self.is_shut_down:
            return
        try:
            # While a name is changed in the vault, the files still have the old one.
            if not any(renaming.is_at_vault for renaming in self.renamings):
                self.look_around()
        finally:
            self._keep_looking()

    # -- parts -------------------------------------------------------------------------------------------------

    @property
    def index(self) -> "IndexedWorkspace":
        """Return the index of the workspace."""
        return self.background.index

    def progress(
        self, title: str, token: object = None, on_cancel: Callable[[], object] | None = None
    ) -> Progress:
        """Show long work in the editor, with the token of the request if it has one."""
        return Progress(self, title, token, on_cancel, is_shown=self.client.progress)

    @property
    def background(self) -> "Background":
        """Return the work beside the client's messages: index, configuration, watching."""
        if self._background is None:
            from strongroom_lsp.background import Background

            self._background = Background(self, self.configure, self.cases_changed)
        return self._background


def workspace_folders(params: object) -> tuple[str, ...]:
    """Return the workspace's folders in the client's order.

    The older fields count if there are no newer ones.
    """
    if folders := folder_paths(look_up(params, "workspaceFolders")):
        return folders
    uri, path = look_up(params, "rootUri"), look_up(params, "rootPath")
    if isinstance(uri, str) and (found := path_of(uri)):
        return (found,)
    return (path,) if isinstance(path, str) and path else ()


def folder_paths(folders: object) -> tuple[str, ...]:
    """Return the paths of a list of `WorkspaceFolder`s."""
    uris = [look_up(folder, "uri") for folder in folders] if isinstance(folders, list) else []
    return tuple(path for uri in uris if isinstance(uri, str) and (path := path_of(uri)))
