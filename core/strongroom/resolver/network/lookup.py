"""Ask the name service in a thread of its own.

The event loop's own look-up shares its few threads with everything that takes a while, and the time that a
request waits there counts as the API's. A program that is interrupted would also wait for a name service that
does not answer.
"""

import asyncio
import contextlib
import socket
import threading


async def lookup(host: str, port: int) -> list[str]:
    """Return the addresses of a host, each once, in the order of the name service.

    The list is empty if the service knows none.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def tell(addresses: list[str]) -> None:
        if not answer.done():  # the caller may have stopped waiting
            answer.set_result(addresses)

    def ask() -> None:
        addresses = _addresses(host, port)
        with contextlib.suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(tell, addresses)

    threading.Thread(target=ask, name="strongroom-lookup", daemon=True).start()
    return await answer


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
