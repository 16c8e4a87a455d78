"""Extend pygls' protocol where it is too strict, too late or too talkative.

Framing, dispatch, life cycle and capabilities are pygls'. Each method here is one of its extension points, and says
what would happen without it.
"""

import asyncio
import inspect
import json
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Final, Protocol

from cattrs import Converter, transform_error
from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInvalidRequest,
    JsonRpcMethodNotFound,
    JsonRpcRequestCancelled,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import LanguageServerProtocol, lsp_method

from strongroom_lsp.protocol.encoded import Encoded
from strongroom_lsp.protocol.errors import InvalidParams, log_exception, response_error

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

MsgId = str | int

OWN_DOCUMENTS: Final = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
)
"""The notifications that are kept from pygls' own `Workspace`.

Its documents split the whole text at each edit, and at U+2028 too, where no line of the protocol ends, so every later
edit would be in the wrong place. Our documents are in `documents/open_documents.py`.
"""

CANCELLED: Final = "The request was cancelled."


class Owner(Protocol):
    """Describe what the protocol asks of its server."""

    def message_came(self) -> None:
        """Note the time of a message."""

    def stop(self, status: int) -> None:
        """End the process with this exit status."""

    def complete(self, capabilities: types.ServerCapabilities) -> None:
        """Change the capabilities that follow from the registered features."""


class StrongroomProtocol(LanguageServerProtocol):
    """Speak with one client."""

    def __init__(self, server: "LanguageServer", converter: Converter) -> None:
        super().__init__(server, converter)
        self._owner: Owner = server  # type: ignore[assignment]
        self._cancelled: set[object] = set()
        self._on_late_cancel: dict[MsgId, Callable[[], object]] = {}

    def _register_builtin_features(self) -> None:
        super()._register_builtin_features()  # type: ignore[no-untyped-call]
        for method in OWN_DOCUMENTS:
            del self.fm.builtin_features[method]

    # -- what comes --------------------------------------------------------------------------------------------

    def structure_message(self, data: dict[str, Any]) -> Any:
        """Leave JSON as it is.

        pygls calls this for every object in a message, and takes each with a member `jsonrpc` for a message.
        """
        return data

    def handle_message(self, message: Any) -> None:
        """Handle one message, and answer one that cannot be handled.

        pygls leaves such a request without an answer.
        """
        self._owner.message_came()
        try:
            super().handle_message(self._structured(message))
        except JsonRpcException as error:
            self._refuse(message, error)
        except Exception as error:
            log_exception("a message could not be handled", error)

    def _structured(self, message: Any) -> Any:
        """Return a message as lsprotocol's type.

        Raises `JsonRpcException` if the message is not to be handled.
        """
        if not isinstance(message, Mapping):
            raise JsonRpcInvalidRequest("A message must be a JSON object; batches are not part of LSP.")
        data = {**message, "jsonrpc": self.VERSION}
        if data.get("id") is None:
            data.pop("id", None)
        elif not isinstance(data["id"], MsgId):
            raise JsonRpcInvalidRequest("An id must be a number or a text.")
        method = data.get("method")
        if isinstance(method, str):
            self._check_is_welcome(method, data.get("id"))
        elif "method" in data or not ("result" in data or "error" in data):
            raise JsonRpcInvalidRequest("A message needs a method, a result or an error.")
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            problems = transform_error(error.__cause__) if error.__cause__ is not None else [str(error)]
            raise InvalidParams(f"{method}: {'; '.join(problems)}.") from error

    def _check_is_welcome(self, method: str, msg_id: object) -> None:
        """Raise `JsonRpcException` for a message at the wrong time or a cancelled one.

        A request is cancelled while it is in the queue. pygls handles requests before `initialize`, and gives
        no answer after `shutdown`.
        """
        if method == types.EXIT:
            return
        if self._shutdown:
            raise JsonRpcInvalidRequest("The server was shut down.")
        if self._workspace is None and method != types.INITIALIZE:
            raise JsonRpcServerNotInitialized("The first request must be initialize.")
        if self._workspace is not None and method == types.INITIALIZE:
            raise InvalidParams("initialize: the server is initialized already.")
        if isinstance(msg_id, MsgId) and msg_id in self._cancelled:
            self._cancelled.discard(msg_id)
            raise JsonRpcRequestCancelled(CANCELLED)
        kinds = types.METHOD_TO_TYPES.get(method)
        if msg_id is not None and kinds is not None and kinds[1] is None:  # without a type of response
            raise JsonRpcInvalidRequest(f"{method} is a notification, which has no id.")
        if msg_id is not None and method not in self.fm.features and method not in self.fm.builtin_features:
            raise JsonRpcMethodNotFound(f"{method} is not supported.")

    def _refuse(self, message: Any, error: JsonRpcException) -> None:
        msg_id = message.get("id") if isinstance(message, Mapping) else None
        is_message = isinstance(message, Mapping) and isinstance(message.get("method"), str)
        if is_message and msg_id is None:
            if not isinstance(error, (JsonRpcInvalidRequest, JsonRpcServerNotInitialized)):
                log_exception("a notification failed", error)
        elif is_message or isinstance(error, JsonRpcInvalidRequest):
            self._send_response(
                msg_id if isinstance(msg_id, MsgId) else None, error=error.to_response_error()
            )
        elif isinstance(msg_id, MsgId):
            # The client's answer to a request of ours is malformed. Whoever asked must not wait for ever.
            self._handle_response(msg_id, None, error.to_response_error())

    def answer_unreadable(self) -> None:
        """Answer a message that is not JSON, and so has no readable id.

        pygls gives no answer.
        """
        error = types.ResponseError(types.ErrorCodes.ParseError.value, "The message is not JSON.")
        self._send_response(None, error=error)

    # -- doing it ----------------------------------------------------------------------------------------------

    def _execute_handler(
        self,
        msg_id: MsgId,
        handler: Callable[..., Any],
        callback: Callable[[Any], None],
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
    ) -> None:
        """Call a handler now, and make a task only of the part that has to wait.

        pygls starts an `async` handler after the messages that are queued. Its positions would be those of an older
        text than the one it looks at.
        """
        if inspect.isgeneratorfunction(handler):
            super()._execute_handler(msg_id, handler, callback, args, kwargs)
            return
        done: Future[Any] = Future()
        try:
            result = handler(*(args or ()), **(kwargs or {}))
        except Exception as error:
            done.set_exception(error)
        else:
            if inspect.isawaitable(result):
                task = asyncio.ensure_future(result)
                self._request_futures[msg_id] = task  # type: ignore[assignment]  # pygls' own do not fit either
                task.add_done_callback(callback)
                return
            done.set_result(result)
        callback(done)

    def _send_handler_result(self, future: Any, *, msg_id: MsgId) -> None:
        """Answer a request. pygls would send a traceback for an error, and log it."""
        self._request_futures.pop(msg_id, None)
        if future.cancelled():
            error: types.ResponseError | None = JsonRpcRequestCancelled(CANCELLED).to_response_error()
        else:
            raised = future.exception()
            error = response_error(raised) if raised is not None else None
        if error is not None:
            self._send_response(msg_id, error=error)
            return
        try:
            self._send_response(msg_id, result=future.result())
        except Exception as unwritable:
            self._send_response(msg_id, error=response_error(unwritable))

    def _check_handler_result(self, future: Any) -> None:
        """Log how a notification failed. pygls would open a window in the editor."""
        if not future.cancelled() and (raised := future.exception()) is not None:
            log_exception("a notification failed", raised)

    # -- cancellation ------------------------------------------------------------------------------------------

    def expect_cancellation(self, msg_id: object) -> None:
        """Refuse a request when its turn comes. The reader's thread calls this."""
        if isinstance(msg_id, MsgId):
            self._cancelled.add(msg_id)

    def when_cancelled_late(self, call: Callable[[], object]) -> Callable[[], None]:
        """Call `call` if the client cancels the request at work after its answer.

        The two messages may have crossed. Return a function that ends this.
        """
        msg_id = self.msg_id
        assert msg_id is not None
        self._on_late_cancel[msg_id] = call
        return lambda: _forget(self._on_late_cancel, msg_id, call)

    def _handle_cancel_notification(self, msg_id: MsgId) -> None:
        """Cancel a request at work. The id of one that was answered may be used again."""
        self._cancelled.discard(msg_id)
        work = self._request_futures.get(msg_id)
        if work is not None and not work.done():
            super()._handle_cancel_notification(msg_id)
        elif (call := self._on_late_cancel.pop(msg_id, None)) is not None:
            call()

    # -- what goes ---------------------------------------------------------------------------------------------

    def _send_response(
        self, msg_id: MsgId | None, result: Any = None, error: types.ResponseError | None = None
    ) -> None:
        """Send a response.

        pygls leaves out a null id, and cannot send a result that is encoded already.
        """
        if error is not None:
            plain = {"code": error.code, "message": error.message}
            self._send_data({"jsonrpc": self.VERSION, "id": msg_id, "error": plain})
        elif isinstance(result, Encoded):
            text = f'{{"jsonrpc":"2.0","id":{json.dumps(msg_id)},"result":{result.text}}}'
            self._send_data(Encoded(text))
        else:
            assert msg_id is not None
            super()._send_response(msg_id, result)

    def encoded(self, value: Any) -> Encoded:
        """Return a value of the protocol as JSON text.

        The text is ASCII, so a lone surrogate cannot break it.
        """
        return Encoded(json.dumps(value, default=self._serialize_message, separators=(",", ":")))

    def notify_encoded(self, method: str, params: Encoded) -> None:
        """Send a notification whose parameters are encoded already."""
        self._send_data(Encoded(f'{{"jsonrpc":"2.0","method":"{method}","params":{params.text}}}'))

    def _send_data(self, data: Any) -> None:
        """Write a message.

        A message that is encoded already goes as it is, and a client that is gone ends the server.

        pygls would encode the diagnostics of a whole document at each key, and go on for ever without a client. It
        encodes and frames in one method, so the header is written here too.
        """
        if self.writer is None:
            return
        body = (data if isinstance(data, Encoded) else self.encoded(data)).text.encode("ascii")
        head = b"Content-Length: %d\r\n\r\n" % len(body) if self._include_headers else b""
        try:
            self.writer.write(head + body)
        except (OSError, ValueError):  # ValueError: the stream was closed
            self._owner.stop(1)

    # -- life --------------------------------------------------------------------------------------------------

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Generator[Any, Any, types.InitializeResult]:
        """Answer `initialize`, with the capabilities that pygls cannot know."""
        result = yield from super().lsp_initialize(params)
        self._owner.complete(result.capabilities)
        return result

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_args: Any) -> None:  # type: ignore[override]
        """End the server.

        pygls ends the process with status 0, whether or not `shutdown` came before.
        """
        self._owner.stop(0 if self._shutdown else 1)

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    def lsp_workspace__execute_command(self, params: types.ExecuteCommandParams) -> Any:
        """Run a command with its first argument and the token for its progress.

        pygls does not tell a command the token, and leaves the work running when the request is cancelled.
        """
        command = self.fm.commands.get(params.command)
        if command is None:
            raise InvalidParams("workspace/executeCommand: the server has no such command.")
        argument = params.arguments[0] if params.arguments else None
        return command(argument, params.work_done_token)


def _forget(calls: dict[MsgId, Callable[[], object]], msg_id: MsgId, call: Callable[[], object]) -> None:
    """Remove a call, unless another request has the same id by now."""
    if calls.get(msg_id) is call:
        del calls[msg_id]
