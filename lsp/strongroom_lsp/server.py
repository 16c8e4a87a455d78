"""Run `strongroom lsp`: the language server on standard input and output."""

import gc
import json
import os
import threading
from typing import BinaryIO

from strongroom_lsp.protocol.loop import Loop
from strongroom_lsp.protocol.transport import ClientGone, Writer, read_bodies
from strongroom_lsp.session import Session


def main() -> int:
    """Serve one client until it sends `exit`, and return the exit status.

    The status is 0 after a shutdown, else 1.
    """
    # Only the protocol has the real standard output, because a stray print would get between messages.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    loop = Loop()
    session = Session(loop, Writer(out))
    # A stream of its own, because the interpreter closes sys.stdin at its end. The reader's thread, which still waits
    # for input, would have locked it, and that aborts the process.
    source = os.fdopen(os.dup(0), "rb")
    threading.Thread(target=_read, args=(source, loop, session), name="reader", daemon=True).start()
    # Everything loaded by now stays. The collector need not walk it again for every message.
    gc.freeze()
    try:
        return loop.run()
    except ClientGone:
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        session.end()


def _read(stream: BinaryIO, loop: Loop, session: Session) -> None:
    """Read messages and queue them until the stream ends, in a thread."""
    for body in read_bodies(stream):
        try:
            message = json.loads(body)
        except (ValueError, RecursionError):
            loop.call_soon(session.answer_unreadable)
            continue
        # A cancellation goes ahead of the queue, to find its request before the request's turn.
        if isinstance(message, dict) and message.get("method") == "$/cancelRequest":
            session.cancel(message.get("params"))
        else:
            loop.call_soon(session.receive, message)
    loop.call_soon(loop.stop, 1)
