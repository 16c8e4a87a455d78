"""The talk with one client: whose turn it is, what is answered, refused, cancelled and asked; not what it is about."""

import itertools
import sys
import traceback
from collections.abc import Callable
from typing import Any

from strongroom.errors import StrongroomError
from strongroom_lsp.protocol.capabilities import look_up
from strongroom_lsp.protocol.later import Later
from strongroom_lsp.protocol.loop import Loop
from strongroom_lsp.protocol.messages import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    NOT_INITIALIZED,
    PARSE_ERROR,
    REQUEST_CANCELLED,
    REQUEST_FAILED,
    InvalidParams,
)
from strongroom_lsp.protocol.transport import ClientGone, Message, Writer

Handler = Callable[[Any], object]

ERROR, WARNING, INFO = 1, 2, 3
"""`MessageType`s."""

OnAnswer = Callable[[Any, bool], object]
"""Told the client's answer to a request of ours, and whether it is a result; if not, it is the error."""


class Conversation:
    """Takes messages one at a time, in the loop's thread, and answers through `writer`.

    Who inherits says with `handler_of` what is done about a method, and sets `is_initialized` and `is_shut_down`.
    """

    def __init__(self, loop: Loop, writer: Writer) -> None:
        self.loop = loop
        self.writer = writer
        # One check that fails must not take the server away from all other files.
        loop.on_error = lambda: log(f"a check failed:\n{traceback.format_exc()}")
        self.last_message = loop.now()
        self.is_initialized = False
        self.is_shut_down = False
        self._cancelled: set[object] = set()
        self._later: dict[object, Later] = {}
        self._asked: dict[str, OnAnswer] = {}
        self._tokens: dict[str, Callable[[], object] | None] = {}
        self._ids = itertools.count(1)

    def handler_of(self, method: str, params: Any) -> Handler | None:
        """What handles a method, given its parameters; None where nothing does."""
        raise NotImplementedError

    # -- what comes --------------------------------------------------------------------------------------------

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
            self._cancelled.add(_key(request))
            self.loop.call_soon(self._stop_later, _key(request))

    def _stop_later(self, key: object) -> None:
        # The request's turn has come by now, or it was answered long ago: its id may be used again.
        self._cancelled.discard(key)
        if (later := self._later.get(key)) is not None:
            later.stop(REQUEST_CANCELLED, "The request was cancelled.")

    def _refusal(self, method: str, request: object) -> tuple[int, str] | None:
        """Why this message is not to be handled at all, if so."""
        if method == "exit":
            return None
        if self.is_shut_down:
            return INVALID_REQUEST, "The server was shut down."
        if not self.is_initialized and method != "initialize":
            return NOT_INITIALIZED, "The first request must be initialize."
        if request is not None and _key(request) in self._cancelled:
            self._cancelled.discard(_key(request))
            return REQUEST_CANCELLED, "The request was cancelled."
        return None

    def _dispatch(self, method: str, request: object, message: Message) -> None:
        params = message.get("params")
        handler = self.handler_of(method, params)
        if handler is None:
            # A notification that is not for us: the protocol says to pass over it.
            if request is not None:
                self._fail(request, METHOD_NOT_FOUND, f"{method} is not supported.")
            return
        result = handler(params)
        if request is None:
            return
        if not isinstance(result, Later):
            self.writer.send({"jsonrpc": "2.0", "id": request, "result": result})
            return
        key = _key(request)
        self._later[key] = result

        def answer(outcome: dict[str, Any]) -> None:
            if not result.is_open:
                self._later.pop(key, None)
            self.writer.send({"jsonrpc": "2.0", "id": request, **outcome})

        result.on_close = lambda: self._later.pop(key, None)
        result.then(answer)

    def _answered(self, message: Message) -> None:
        on_answer = self._asked.pop(str(message.get("id")), None)
        if on_answer is None:
            return
        is_result = "error" not in message
        try:
            on_answer(message.get("result") if is_result else message["error"], is_result)
        except StrongroomError as error:
            self.say(ERROR, str(error))
        except ClientGone:
            raise
        except Exception:
            log(f"an answer of the client's could not be used:\n{traceback.format_exc()}")

    def _explain(self, request: object, code: int, sentence: str) -> None:
        """An error goes to the one who asked, or to the log where nobody waits."""
        if request is None:
            log(sentence)
        else:
            self._fail(request, code, sentence)

    def _fail(self, request: object, code: int, sentence: str) -> None:
        error = {"code": code, "message": sentence}
        self.writer.send({"jsonrpc": "2.0", "id": request, "error": error})

    # -- what goes ---------------------------------------------------------------------------------------------

    def stop_all(self, sentence: str) -> None:
        """End every request that is at work."""
        for later in list(self._later.values()):
            later.stop(REQUEST_CANCELLED, sentence)

    def say(self, kind: int, sentence: str) -> None:
        """Show the person a message; `kind` is a `MessageType`."""
        self.notify("window/showMessage", {"type": kind, "message": f"Strongroom: {sentence}"})

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

    def cancel_progress(self, params: object) -> None:
        if (on_cancel := self._tokens.pop(str(look_up(params, "token")), None)) is not None:
            on_cancel()

    def notify(self, method: str, params: dict[str, Any]) -> None:
        """Send a notification."""
        self.writer.send({"jsonrpc": "2.0", "method": method, "params": params})


def log(sentence: str) -> None:
    """A line on standard error, where editors keep a server's log."""
    print(f"strongroom lsp: {sentence}", file=sys.stderr, flush=True)  # noqa: T201


def _key(request: object) -> object:
    """An id as something that can be kept in a set, whatever a client took for an id."""
    return request if isinstance(request, (int, str)) else repr(request)
