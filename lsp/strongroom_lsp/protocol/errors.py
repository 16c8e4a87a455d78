"""Report errors: one sentence to the client, and the rest to the log.

pygls answers an unexpected error with a Python traceback, writes the parameters of a failed message to its log, which
may be a whole document, and opens a window in the editor for each notification that fails, which may be each key.
"""

import logging
import sys
import traceback
from typing import Final

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from strongroom.errors import StrongroomError

FAILED: Final = "The request failed; the server's log says how."


class InvalidParams(JsonRpcException):
    """Report that the parameters of a message are not those of its method."""

    CODE = types.ErrorCodes.InvalidParams.value


class RequestFailed(JsonRpcException):
    """Report that a request cannot be answered, in a sentence for the person."""

    CODE = types.LSPErrorCodes.RequestFailed.value


def response_error(error: BaseException) -> types.ResponseError:
    """Return the error that the client gets for an exception.

    An unexpected exception is logged.
    """
    if isinstance(error, JsonRpcException):
        return types.ResponseError(code=error.code, message=error.message)
    if isinstance(error, StrongroomError):
        return types.ResponseError(code=RequestFailed.CODE, message=str(error))
    log_exception("a request failed", error)
    return types.ResponseError(code=types.ErrorCodes.InternalError.value, message=FAILED)


def log_exception(what: str, error: BaseException) -> None:
    """Write an exception to the log.

    Only the sentence is written of an exception that has one for people, else the traceback too.
    """
    if isinstance(error, (StrongroomError, JsonRpcException)):
        log(str(error))
    else:
        log(f"{what}:\n{''.join(traceback.format_exception(error)).rstrip()}")


def log(sentence: str) -> None:
    """Write a line to standard error, which editors keep as the server's log."""
    print(f"strongroom lsp: {sentence}", file=sys.stderr, flush=True)  # noqa: T201


def silence_libraries() -> None:
    """Keep what pygls and asyncio log out of standard error.

    This module logs what matters.
    """
    for name in ("pygls", "asyncio", "concurrent.futures"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL + 1)
