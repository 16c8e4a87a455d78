"""Wait for one client on the network: TCP, or WebSocket for editors in a browser.

pygls' own `start_tcp` and `start_ws` go on listening, and a second client would get the answers to the first one.
"""

import ipaddress
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final, NamedTuple

from strongroom.errors import StrongroomError
from strongroom_lsp.protocol.errors import log
from strongroom_lsp.protocol.reading import LONGEST, read_bodies
from strongroom_lsp.protocol.writing import StreamWriter
from strongroom_lsp.serving import Connection, serve

if TYPE_CHECKING:
    from websockets.sync.server import ServerConnection

_OWN_PAGES: Final = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?")
"""The pages that may connect. Any page in a browser can try to, also that of a stranger."""


class Address(NamedTuple):
    """Name where to listen."""

    host: str
    port: int

    @classmethod
    def of(cls, text: str) -> "Address":
        """Read `HOST:PORT`. Raises `StrongroomError`."""
        host, _, port = text.rpartition(":")
        host = host.removeprefix("[").removesuffix("]")
        if not host or not port.isdecimal() or int(port) > 65535:
            raise StrongroomError("That is not an address.", "Write a host and a port, as in 127.0.0.1:2087.")
        return cls(host, int(port))


def serve_tcp(address: Address) -> int:
    """Serve the first client that connects, and return the exit status.

    Raises `StrongroomError`.
    """
    try:
        with socket.create_server(
            address, family=socket.AF_INET6 if ":" in address.host else socket.AF_INET
        ) as listener:
            _announce("TCP", address.host, listener.getsockname()[1])
            connection, _ = listener.accept()
    except OSError as error:
        raise _cannot_listen(error) from error
    except KeyboardInterrupt:
        return 130
    status = 1
    # A client that broke off leaves a connection that can be neither written to nor shut down.
    with (
        suppress(OSError),
        connection,
        connection.makefile("rb") as source,
        connection.makefile("wb") as sink,
    ):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        status = serve(Connection(read_bodies(source), StreamWriter(sink)))
        connection.shutdown(socket.SHUT_RDWR)  # the reader's thread may still wait
    return status


def serve_websocket(address: Address) -> int:
    """Serve the first WebSocket client, and return the exit status.

    Raises `StrongroomError`.
    """
    from websockets.sync.server import serve as listen

    clients: SimpleQueue[ServerConnection] = SimpleQueue()
    is_over = threading.Event()

    def came(client: "ServerConnection") -> None:
        clients.put(client)
        is_over.wait()

    try:
        server = listen(came, *address, origins=[None, _OWN_PAGES], max_size=LONGEST)
    except OSError as error:
        raise _cannot_listen(error) from error
    with server:
        threading.Thread(target=server.serve_forever, name="listener", daemon=True).start()
        _announce("WebSocket", address.host, server.socket.getsockname()[1])
        try:
            client = clients.get()
            server.socket.close()
            return serve(Connection(_messages(client), _WebSocketWriter(client), has_headers=False))
        except KeyboardInterrupt:
            return 130
        finally:
            is_over.set()


class _WebSocketWriter:
    """Write what pygls sends as text messages."""

    def __init__(self, client: "ServerConnection") -> None:
        self._client = client

    def write(self, data: bytes) -> None:
        """Send one message. Raises `OSError` if the client is gone."""
        from websockets.exceptions import ConnectionClosed

        try:
            self._client.send(data.decode())
        except ConnectionClosed as error:
            raise ConnectionError from error

    def close(self) -> None:
        """Close the connection."""
        self._client.close()


def _messages(client: "ServerConnection") -> Iterator[bytes]:
    for message in client:
        yield message.encode() if isinstance(message, str) else message


def _announce(way: str, host: str, port: int) -> None:
    """Write the address to the log, and what it means if other machines can reach it."""
    log(f"waiting for one client on {host}:{port} ({way})")
    try:
        is_private = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_private = host == "localhost"
    if not is_private:
        log("anyone who reaches this address can read the names in the vault and test connectors")


def _cannot_listen(error: OSError) -> StrongroomError:
    reason = (error.strerror or str(error)).partition(" (")[0]
    return StrongroomError(f"Nothing can listen on that address: {reason}.", "Choose another address.")
