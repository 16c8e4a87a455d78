"""One client's session: its life, its open documents, its diagnostics; requests go on to the features.

What stands between a key and its squiggle, and between the start and the first diagnostics, is handled here. All
else is a feature: a module of its own, imported by the first request for it (`features.py`).
"""

import itertools
import os
import sys
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from strongroom.errors import StrongroomError

from .capabilities import Client, initialize_result, look_up
from .case_files import is_case_file
from .features import FEATURES, feature
from .later import Later
from .loop import Loop
from .messages import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    NOT_INITIALIZED,
    PARSE_ERROR,
    REQUEST_CANCELLED,
    REQUEST_FAILED,
    InvalidParams,
    changes_in,
    number_at,
    text_at,
)
from .open_documents import OpenDocument, OpenDocuments
from .parent import watch_parent
from .paths import path_of
from .publishing import Publisher
from .surroundings import AllSurroundings, Options, Surroundings
from .transport import ClientGone, Message, Writer

if TYPE_CHECKING:
    from .background import Background
    from .case_diagnostics import CaseFiles
    from .pull_diagnostics import Pulls

POLL: Final = 0.15
"""Seconds between two looks at the vault, the names files and the settings: a change shows within twice that."""

SETTLED: Final = 0.3
"""Seconds from the handshake until what goes on in the background begins."""

OnAnswer = Callable[[Any, bool], object]
"""Told the client's answer to a request of ours, and whether it is a result; if not, it is the error."""


class Session:
    """Takes messages one at a time, in the loop's thread, and answers through `writer`."""

    def __init__(self, loop: Loop, writer: Writer) -> None:
        self.loop = loop
        self.writer = writer
        # One check that fails must not take the server away from all other files.
        loop.on_error = lambda: log(f"a check failed:\n{traceback.format_exc()}")
        self.client = Client()
        self.documents = OpenDocuments(self.client.encoding)
        self.surroundings = AllSurroundings(Options(), os.getcwd())
        self._cancelled: set[object] = set()
        self._publisher = self._make_publisher()
        self.folders: tuple[str, ...] = ()
        self._background: Background | None = None
        self._told: dict[str, tuple[str, ...]] = {}
        self._later: dict[object, Later] = {}
        self._asked: dict[str, OnAnswer] = {}
        self.last_message = loop.now()
        self._is_polling = False
        self._is_initialized = False
        self._is_shut_down = False
        self._tokens: dict[str, Callable[[], object] | None] = {}
        self._pulls: Pulls | None = None
        self._cases: CaseFiles | None = None
        self._ids = itertools.count(1)
        self._handlers: dict[str, Callable[[Any], object]] = {
            "initialize": self._initialize,
            "initialized": self._initialized,
            "shutdown": self._shutdown,
            "exit": self._exit,
            "textDocument/didOpen": self._did_open,
            "textDocument/didChange": self._did_change,
            "textDocument/didClose": self._did_close,
            "workspace/didChangeConfiguration": self._did_change_configuration,
            "window/workDoneProgress/cancel": self._cancel_progress,
            "workspace/didChangeWatchedFiles": self._did_change_watched_files,
            "workspace/didChangeWorkspaceFolders": self._did_change_workspace_folders,
        }

    # -- messages ----------------------------------------------------------------------------------------------

    def receive(self, message: object) -> None:
        """Handle one decoded message. Nothing that a client sends raises here; only a lost client does."""
        self.last_message = self.loop.now()
        if not isinstance(message, dict):
            self._fail(None, INVALID_REQUEST, "A message must be a JSON object; batches are not part of LSP.")
            return
        method, request = message.get("method"), message.get("id")
        if not isinstance(method, str):
            if "method" in message or not ("result" in message or "error" in message):
                self._fail(request, INVALID_REQUEST, "A message needs a method, a result or an error.")
            else:
                self._answered(message)
            return
        if refusal := self._refusal(method, request):
            if request is not None:
                self._fail(request, *refusal)
            return
        try:
            self._dispatch(method, request, message)
        except InvalidParams as error:
            self._explain(request, INVALID_PARAMS, f"{method}: {error}.")
        except StrongroomError as error:
            self._explain(request, REQUEST_FAILED, str(error))
        except ClientGone:
            raise
        except Exception:
            log(f"{method} failed:\n{traceback.format_exc()}")
            self._explain(request, INTERNAL_ERROR, f"{method} failed; the server's log says how.")

    def answer_unreadable(self) -> None:
        """Answer a message that is no JSON; whose it was cannot be known."""
        self._fail(None, PARSE_ERROR, "The message is not JSON.")

    def cancel(self, params: object) -> None:
        """Refuse a request whose turn has not come yet, or stop one at work. The reader's thread calls this."""
        request = look_up(params, "id")
        if request is not None:
            # An id that comes too late would stay for ever; no client has this many requests under way.
            if len(self._cancelled) > 1000:
                self._cancelled.clear()
            self._cancelled.add(_key(request))
            self.loop.call_soon(self._stop_later, _key(request))

    def _stop_later(self, key: object) -> None:
        if (later := self._later.get(key)) is not None:
            self._cancelled.discard(key)
            later.stop(REQUEST_CANCELLED, "The request was cancelled.")

    def _refusal(self, method: str, request: object) -> tuple[int, str] | None:
        """Why this message is not to be handled at all, if so."""
        if method == "exit":
            return None
        if self._is_shut_down:
            return INVALID_REQUEST, "The server was shut down."
        if not self._is_initialized and method != "initialize":
            return NOT_INITIALIZED, "The first request must be initialize."
        if request is not None and _key(request) in self._cancelled:
            self._cancelled.discard(_key(request))
            return REQUEST_CANCELLED, "The request was cancelled."
        return None

    def _dispatch(self, method: str, request: object, message: Message) -> None:
        if handler := self._handlers.get(method):
            result = handler(message.get("params"))
            if request is not None:
                self.writer.send({"jsonrpc": "2.0", "id": request, "result": result})
        elif request is None:
            pass  # a notification that is not for us: the protocol says to pass over it
        elif method in FEATURES:
            self._serve(method, request, message.get("params"))
        else:
            self._fail(request, METHOD_NOT_FOUND, f"{method} is not supported.")

    def _serve(self, method: str, request: object, params: Any) -> None:
        uri = look_up(params, "textDocument", "uri")
        result = feature(method, is_case_file=is_case_file(uri))(self, params)
        if not isinstance(result, Later):
            self.writer.send({"jsonrpc": "2.0", "id": request, "result": result})
            return
        key = _key(request)
        self._later[key] = result

        def answer(outcome: dict[str, Any]) -> None:
            self._later.pop(key, None)
            self.writer.send({"jsonrpc": "2.0", "id": request, **outcome})

        result.then(answer)

    def _answered(self, message: Message) -> None:
        on_answer = self._asked.pop(str(message.get("id")), None)
        if on_answer is not None:
            is_result = "error" not in message
            on_answer(message.get("result") if is_result else message["error"], is_result)

    def _explain(self, request: object, code: int, sentence: str) -> None:
        """An error goes to the one who asked, or to the log where nobody waits."""
        if request is None:
            log(sentence)
        else:
            self._fail(request, code, sentence)

    def _fail(self, request: object, code: int, sentence: str) -> None:
        error = {"code": code, "message": sentence}
        self.writer.send({"jsonrpc": "2.0", "id": request, "error": error})

    def ask(self, method: str, params: Any, on_answer: OnAnswer = lambda _answer, _is_result: None) -> None:
        """Send a request to the client; `on_answer` is told what it says, in the loop's thread."""
        request = f"strongroom-{next(self._ids)}"
        self._asked[request] = on_answer
        self.writer.send({"jsonrpc": "2.0", "id": request, "method": method, "params": params})

    def new_token(self, on_cancel: Callable[[], object] | None) -> str:
        """A token for a progress bar that we begin; `on_cancel` is called when the person stops the work."""
        token = f"strongroom-{next(self._ids)}"
        self._tokens[token] = on_cancel
        return token

    def drop_token(self, token: object) -> None:
        """The bar of this token is closed."""
        self._tokens.pop(str(token), None)

    def _cancel_progress(self, params: object) -> None:
        if (on_cancel := self._tokens.pop(str(look_up(params, "token")), None)) is not None:
            on_cancel()

    def notify(self, method: str, params: dict[str, Any]) -> None:
        """Send a notification."""
        self.writer.send({"jsonrpc": "2.0", "method": method, "params": params})

    # -- life --------------------------------------------------------------------------------------------------

    def _initialize(self, params: object) -> dict[str, Any]:
        if self._is_initialized:
            raise InvalidParams("the server is initialized already")
        self._is_initialized = True
        self.client = Client.of(look_up(params, "capabilities"))
        self.documents = OpenDocuments(self.client.encoding)
        self.folders = workspace_folders(params)
        options = Options.of(look_up(params, "initializationOptions"))
        self.surroundings = AllSurroundings(options, self.folders[0] if self.folders else os.getcwd())
        self._publisher = self._make_publisher()
        self._publisher.is_on = options.diagnostics
        self.client = self.client._replace(commands=self.client.commands | set(options.commands))
        watch_parent(self.loop, look_up(params, "processId"))
        return initialize_result(self.client)

    def _initialized(self, _: object) -> None:
        # A timer: it runs once nothing is queued, so behind the first documents and their diagnostics.
        self.loop.call_later(SETTLED, self._begin_background)

    def _begin_background(self) -> None:
        self.background.start()

    def _shutdown(self, _: object) -> None:
        self._is_shut_down = True
        for later in list(self._later.values()):
            later.stop(REQUEST_CANCELLED, "The server is shutting down.")
        self.surroundings.forget()

    @property
    def is_shut_down(self) -> bool:
        """Whether nothing is to be begun any more."""
        return self._is_shut_down

    def _exit(self, _: object) -> None:
        self.loop.stop(0 if self._is_shut_down else 1)

    # -- documents ---------------------------------------------------------------------------------------------

    def _did_open(self, params: object) -> None:
        opened = self.documents.open(
            text_at(params, "textDocument", "uri"),
            text_at(params, "textDocument", "languageId"),
            number_at(params, "textDocument", "version"),
            text_at(params, "textDocument", "text"),
        )
        self._changed(opened)
        self._keep_looking()

    def _did_change(self, params: object) -> None:
        uri = text_at(params, "textDocument", "uri")
        changes = changes_in(params)
        if (opened := self.documents.get(uri)) is None:
            raise InvalidParams(f"{uri} is not open")
        version = look_up(params, "textDocument", "version")
        opened.change(version if isinstance(version, int) else opened.version, changes)
        self._changed(opened)

    def _changed(self, opened: OpenDocument) -> None:
        if is_case_file(opened.path):
            self.cases.changed(opened)
        elif not self.client.pulls:
            self._publisher.changed(opened)
        self._touched(opened.uri)

    def _touched(self, uri: str) -> None:
        if self._background is not None:
            self._background.index.touched(uri)

    def _did_close(self, params: object) -> None:
        uri = text_at(params, "textDocument", "uri")
        self.documents.close(uri)
        self._publisher.closed(uri)
        if is_case_file(uri):
            self.cases.closed(uri)
        self._touched(uri)

    def _did_change_configuration(self, params: object) -> None:
        settings = look_up(params, "settings")
        # Some clients send only the section, some the whole tree; one that sends null wants to be asked.
        section = look_up(settings, "strongroom") or settings
        if isinstance(section, dict) and Options.are_in(section):
            self.configure(section)
        elif self.client.configuration:
            self.background.ask_configuration()

    def configure(self, section: object) -> None:
        """Take the options of the client's section `strongroom`; one that names none of ours changes nothing."""
        if not Options.are_in(section):
            return
        options = self.surroundings.options.changed_by(section)
        if self.surroundings.configure(options):
            self._publisher.is_on = options.diagnostics
            self.all_changed()

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

    # -- surroundings ------------------------------------------------------------------------------------------

    def surroundings_of(self, opened: OpenDocument) -> Surroundings:
        """The settings and names that hold for a document; what is wrong with them is told, once."""
        surroundings = self.surroundings.of(opened.path)
        folder = os.path.dirname(opened.path or "")
        told = {problem for problems in self._told.values() for problem in problems}
        self._told[folder] = surroundings.problems
        for problem in surroundings.problems:
            if problem not in told:
                log(problem)
                self.notify("window/showMessage", {"type": 2, "message": f"Strongroom: {problem}"})
        return surroundings

    def look_around(self) -> None:
        """Check the open documents again if the vault, a names file or the settings have changed."""
        if self.surroundings.refresh():
            self.all_changed()

    def all_changed(self) -> None:
        """Names or settings are not what they were: all that is on the screen is out of date."""
        if not self.client.pulls:
            self._publisher.all_changed()
        self.cases_changed()
        if self._background is not None or self.client.pulls:
            self.background.refresh()

    def cases_changed(self) -> None:
        """Check the open files of test cases again."""
        for opened in self.documents.all():
            if is_case_file(opened.path):
                self.cases.changed(opened)

    def _keep_looking(self) -> None:
        """Look around every `POLL` seconds for as long as a document is open."""
        if not self._is_polling:
            self._is_polling = True
            self.loop.call_later(POLL, self._poll)

    def _poll(self) -> None:
        self._is_polling = False
        if self.documents.all() and not self._is_shut_down:
            try:
                self.look_around()
            finally:
                self._keep_looking()

    # -- parts -------------------------------------------------------------------------------------------------

    def _make_publisher(self) -> Publisher:
        return Publisher(self.loop, self.documents, self.surroundings_of, self.client, self.notify)

    @property
    def pulls(self) -> "Pulls":
        """The diagnostics of a client that asks for them."""
        if self._pulls is None:
            from .pull_diagnostics import Pulls

            self._pulls = Pulls(self)
        return self._pulls

    @property
    def cases(self) -> "CaseFiles":
        """The diagnostics of files of test cases."""
        if self._cases is None:
            from .case_diagnostics import CaseFiles

            self._cases = CaseFiles(self)
        return self._cases

    @property
    def background(self) -> "Background":
        """What goes on beside the client's messages: the index of the workspace, configuration, watching."""
        if self._background is None:
            from .background import Background

            self._background = Background(self)
        return self._background


def log(sentence: str) -> None:
    """A line on standard error, where editors keep a server's log."""
    print(f"strongroom lsp: {sentence}", file=sys.stderr, flush=True)  # noqa: T201


def _key(request: object) -> object:
    """An id as something that can be kept in a set, whatever a client took for an id."""
    return request if isinstance(request, (int, str)) else repr(request)


def workspace_folders(params: object) -> tuple[str, ...]:
    """The folders of the workspace, in the client's order; from the older fields where there are no newer ones."""
    if folders := folder_paths(look_up(params, "workspaceFolders")):
        return folders
    uri, path = look_up(params, "rootUri"), look_up(params, "rootPath")
    if isinstance(uri, str) and (found := path_of(uri)):
        return (found,)
    return (path,) if isinstance(path, str) and path else ()


def folder_paths(folders: object) -> tuple[str, ...]:
    """The paths of a list of `WorkspaceFolder`s."""
    uris = [look_up(folder, "uri") for folder in folders] if isinstance(folders, list) else []
    return tuple(path for uri in uris if isinstance(uri, str) and (path := path_of(uri)))
