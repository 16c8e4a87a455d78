"""Run `strongroom lsp`: one client, on standard streams, TCP or WebSocket."""

import asyncio
import gc
import os
import threading
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from pygls.io_ import run_async

from strongroom_lsp.protocol.errors import silence_libraries
from strongroom_lsp.protocol.reading import read_bodies
from strongroom_lsp.protocol.writing import StreamWriter
from strongroom_lsp.registration import create_server

INTERRUPTED: Final = 130
"""The exit status after Ctrl-C."""


class Connection(NamedTuple):
    """Hold the way to one client: bodies that come, and a writer for those that go."""

    bodies: Iterable[bytes]
    writer: Any
    """A writer as pygls' `set_writer` takes it."""
    has_headers: bool = True
    is_local: bool = False
    """The client started this process, so the server ends with the client's process."""


def serve_standard_streams() -> int:
    """Serve the client that started this process, and return the exit status."""
    # Only the protocol has the real standard output, because a stray print would get between messages.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # A stream of its own, because the interpreter closes sys.stdin at its end. The reader's thread, which still waits
    # for input, would have locked it, and that aborts the process.
    source = os.fdopen(os.dup(0), "rb")
    return serve(Connection(read_bodies(source), StreamWriter(out), is_local=True))


def serve(connection: Connection) -> int:
    """Serve one client until it sends `exit` or is gone, and return the exit status.

    The status is 0 after a shutdown, else 1.
    """
    silence_libraries()
    try:
        return asyncio.run(_serve(connection))
    except KeyboardInterrupt:
        return INTERRUPTED


async def _serve(connection: Connection) -> int:
    server = create_server(asyncio.get_running_loop())
    server.is_local = connection.is_local
    server.protocol.set_writer(connection.writer, connection.has_headers)
    threading.Thread(target=server.inbox.read, args=(connection.bodies,), name="reader", daemon=True).start()
    # Everything loaded by now stays. The collector need not walk it again for every message.
    gc.freeze()
    try:
        await run_async(
            server.stopped, server.inbox, server.protocol, error_handler=server.report_server_error
        )
    finally:
        server.end()
    return server.status
