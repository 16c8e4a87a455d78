"""Speak JSON-RPC with one client. Knows no feature.

This is dispatch, errors, cancellation and outgoing requests.
"""

import itertools
import sys
import traceback
from collections.abc import Callable, Iterable
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
"""The `MessageType`s."""

OnAnswer = Callable[[Any, bool], object]
"""Takes the client's answer to a request of the server, and whether it is a result. If not, it is the error."""


class Conversation:
    """Take messages one at a time, in the loop's thread, and answer through `writer`.

    A subclass gives the handlers of methods with `handler_of`, and sets `is_initialized` and `is_shut_down`.
    """

    def __init__(self, loop: Loop, writer: Writer) -> None:
        self.loop = loop
        self.writer = writer
        # A check that fails in one file must not end the server for all other files.
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
        """Return the handler of a method with these parameters, or None if there is none."""
        raise NotImplementedError

    # -- what comes --------------------------------------------------------------------------------------------

    def receive(self, message: object) -> None:
        """Handle one decoded message. Raises `ClientGone`, whatever the message is."""
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
        """Answer a message that is not JSON, and so has no readable id."""
        self._fail(None, PARSE_ERROR, "The message is not JSON.")

    def cancel(self, params: object) -> None:
        """Refuse a request that is still queued, or stop one at work.

        The reader's thread calls this.
        """
        request = look_up(params, "id")
        if request is not None:
            self._cancelled.add(_key(request))
            self.loop.call_soon(self._stop_later, _key(request))

    def _stop_later(self, key: object) -> None:
        # The request has been taken from the queue by now, or was answered long ago. Its id may be used again.
        self._cancelled.discard(key)
        if (later := self._later.get(key)) is not None:
            later.stop(REQUEST_CANCELLED, "The request was cancelled.")

    def _refusal(self, method: str, request: object) -> tuple[int, str] | None:
        """Return the error of a message that is not to be handled, or None."""
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
            # The protocol says to ignore a notification that the server does not know.
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
            log(f"an answer of the client could not be used:\n{traceback.format_exc()}")

    def _explain(self, request: object, code: int, sentence: str) -> None:
        """Send an error to the client, or write a notification's error to the log."""
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
        """Show the person a message. `kind` is a `MessageType`."""
        self.notify("window/showMessage", {"type": kind, "message": f"Strongroom: {sentence}"})

    def offer(
        self, kind: int, sentence: str, titles: Iterable[str], on_choice: Callable[[str | None], object]
    ) -> None:
        """Show the person a message with a button for each title.

        `on_choice` gets the title of the chosen button, or None if there is no such choice.
        """

        def answered(answer: Any, is_result: bool) -> None:
            title = look_up(answer, "title") if is_result else None
            on_choice(title if isinstance(title, str) else None)

        actions = [{"title": title} for title in titles]
        message = {"type": kind, "message": f"Strongroom: {sentence}", "actions": actions}
        self.ask("window/showMessageRequest", message, answered)

    def ask(self, method: str, params: Any, on_answer: OnAnswer = lambda _answer, _is_result: None) -> None:
        """Send a request to the client.

        `on_answer` is called with the answer, in the loop's thread.
        """
        request = f"strongroom-{next(self._ids)}"
        self._asked[request] = on_answer
        self.writer.send({"jsonrpc": "2.0", "id": request, "method": method, "params": params})

    def new_token(self, on_cancel: Callable[[], object] | None) -> str:
        """Return a token for a new progress bar.

        `on_cancel` is called when the person stops the work.
        """
        token = f"strongroom-{next(self._ids)}"
        self._tokens[token] = on_cancel
        return token

    def drop_token(self, token: object) -> None:
        """Forget the token of a progress bar that is closed."""
        self._tokens.pop(str(token), None)

    def cancel_progress(self, params: object) -> None:
        """Stop the work of a progress bar that the person cancelled."""
        if (on_cancel := self._tokens.pop(str(look_up(params, "token")), None)) is not None:
            on_cancel()

    def notify(self, method: str, params: dict[str, Any]) -> None:
        """Send a notification."""
        self.writer.send({"jsonrpc": "2.0", "method": method, "params": params})


def log(sentence: str) -> None:
    """Write a line to standard error, which editors keep as the server's log."""
    print(f"strongroom lsp: {sentence}", file=sys.stderr, flush=True)  # noqa: T201


def _key(request: object) -> object:
    """Return a request's id as something hashable, whatever type the client uses."""
    return request if isinstance(request, (int, str)) else repr(request)
