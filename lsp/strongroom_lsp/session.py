"""One client's session: its life, its open documents, its diagnostics; requests go on to pygls.

What stands between a key and its squiggle, and between the start and the first diagnostics, is handled here on
plain JSON. pygls with lsprotocol takes ten times longer to import than everything else together, so it is
imported by a thread in an idle moment, or by the first request that needs it; it serves the requests
(`requests.py`) and never hears of a document.
"""

import os
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any, Final, Protocol

from .capabilities import Client, initialize_result, look_up
from .loop import Loop
from .messages import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    NOT_INITIALIZED,
    PARSE_ERROR,
    REQUEST_CANCELLED,
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
from .transport import Message, Writer

POLL: Final = 0.15
"""Seconds between two looks at the vault, the names files and the settings: a change shows within twice that."""

IDLE: Final = 1.0
"""Seconds without a message until pygls is imported: the import would slow down whoever is typing."""

SERVED_BY_PYGLS: Final = frozenset(
    {"textDocument/completion", "textDocument/hover", "textDocument/codeAction"}
)


class Requests(Protocol):
    """What serves the requests: `requests.py`, once it is imported."""

    def handle(self, message: Message) -> None: ...


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
        self._requests: Requests | None = None
        self._told: dict[str, tuple[str, ...]] = {}
        self._last_message = loop.now()
        self._is_polling = False
        self._is_initialized = False
        self._is_shut_down = False
        self._handlers: dict[str, Callable[[Any], object]] = {
            "initialize": self._initialize,
            "initialized": self._initialized,
            "shutdown": self._shutdown,
            "exit": self._exit,
            "textDocument/didOpen": self._did_open,
            "textDocument/didChange": self._did_change,
            "textDocument/didClose": self._did_close,
            "workspace/didChangeConfiguration": self._did_change_configuration,
            "workspace/didChangeWatchedFiles": lambda _: self.look_around(),
        }

    # -- messages ----------------------------------------------------------------------------------------------

    def receive(self, message: object) -> None:
        """Handle one decoded message. Nothing that a client sends raises here; only a lost client does."""
        self._last_message = self.loop.now()
        if not isinstance(message, dict):
            self._fail(None, INVALID_REQUEST, "A message must be a JSON object; batches are not part of LSP.")
            return
        method, request = message.get("method"), message.get("id")
        if not isinstance(method, str):
            if "method" in message or not ("result" in message or "error" in message):
                self._fail(request, INVALID_REQUEST, "A message needs a method, a result or an error.")
            return
        if refusal := self._refusal(method, request):
            if request is not None:
                self._fail(request, *refusal)
            return
        try:
            self._dispatch(method, request, message)
        except InvalidParams as error:
            self._explain(request, INVALID_PARAMS, f"{method}: {error}.")
        except OSError:
            raise
        except Exception:
            log(f"{method} failed:\n{traceback.format_exc()}")
            self._explain(request, INTERNAL_ERROR, f"{method} failed; the server's log says how.")

    def answer_unreadable(self) -> None:
        """Answer a message that is no JSON; whose it was cannot be known."""
        self._fail(None, PARSE_ERROR, "The message is not JSON.")

    def cancel(self, params: object) -> None:
        """Refuse a request whose turn has not come yet. The reader's thread calls this."""
        request = look_up(params, "id")
        if request is not None:
            # An id that comes too late would stay for ever; no client has this many requests under way.
            if len(self._cancelled) > 1000:
                self._cancelled.clear()
            self._cancelled.add(_key(request))

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
        elif method in SERVED_BY_PYGLS:
            self._served().handle(message)
        else:
            self._fail(request, METHOD_NOT_FOUND, f"{method} is not supported.")

    def _explain(self, request: object, code: int, sentence: str) -> None:
        """An error goes to the one who asked, or to the log where nobody waits."""
        if request is None:
            log(sentence)
        else:
            self._fail(request, code, sentence)

    def _fail(self, request: object, code: int, sentence: str) -> None:
        error = {"code": code, "message": sentence}
        self.writer.send({"jsonrpc": "2.0", "id": request, "error": error})

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
        options = Options.of(look_up(params, "initializationOptions"))
        self.surroundings = AllSurroundings(options, _home(params))
        self._publisher = self._make_publisher()
        self._publisher.is_on = options.diagnostics
        watch_parent(self.loop, look_up(params, "processId"))
        return initialize_result(self.client.encoding)

    def _initialized(self, _: object) -> None:
        self.loop.call_later(IDLE, self._warm_up)

    def _warm_up(self) -> None:
        """Import pygls once nothing was said for `IDLE` seconds."""
        if self._requests is not None or self._is_shut_down:
            return
        rest = self._last_message + IDLE - self.loop.now()
        if rest > 0:
            self.loop.call_later(rest, self._warm_up)
        else:
            threading.Thread(target=_import_pygls, name="warm-up", daemon=True).start()

    def _shutdown(self, _: object) -> None:
        self._is_shut_down = True
        self.surroundings.forget()

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
        self._publisher.changed(opened)
        self._keep_looking()

    def _did_change(self, params: object) -> None:
        uri = text_at(params, "textDocument", "uri")
        changes = changes_in(params)
        if (opened := self.documents.get(uri)) is None:
            raise InvalidParams(f"{uri} is not open")
        version = look_up(params, "textDocument", "version")
        opened.change(version if isinstance(version, int) else opened.version, changes)
        self._publisher.changed(opened)

    def _did_close(self, params: object) -> None:
        uri = text_at(params, "textDocument", "uri")
        self.documents.close(uri)
        self._publisher.closed(uri)

    def _did_change_configuration(self, params: object) -> None:
        settings = look_up(params, "settings")
        # Some clients send only the section, some the whole tree; one that sends null has nothing to say.
        section = look_up(settings, "strongroom") or settings
        if not isinstance(section, dict) or not section.keys() & set(Options._fields):
            return
        options = Options.of(section)
        if self.surroundings.configure(options):
            self._publisher.is_on = options.diagnostics
            self._publisher.all_changed()

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
            self._publisher.all_changed()

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

    def _served(self) -> Requests:
        if self._requests is None:
            from .requests import PyglsRequests

            self._requests = PyglsRequests(self)
        return self._requests


def log(sentence: str) -> None:
    """A line on standard error, where editors keep a server's log."""
    print(f"strongroom lsp: {sentence}", file=sys.stderr, flush=True)  # noqa: T201


def _import_pygls() -> None:
    """Import what serves the requests, giving way to the loop's thread as often as the interpreter lets us."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(0.0002)
    try:
        from . import requests  # noqa: F401
    finally:
        sys.setswitchinterval(usual)


def _key(request: object) -> object:
    """An id as something that can be kept in a set, whatever a client took for an id."""
    return request if isinstance(request, (int, str)) else repr(request)


def _home(params: object) -> str:
    """The folder that stands in for the folder of an unsaved buffer."""
    folders = look_up(params, "workspaceFolders")
    first = folders[0] if isinstance(folders, list) and folders else None
    for uri in (look_up(first, "uri"), look_up(params, "rootUri")):
        if isinstance(uri, str) and (path := path_of(uri)):
            return path
    root = look_up(params, "rootPath")
    return root if isinstance(root, str) and root else os.getcwd()
