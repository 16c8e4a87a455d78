"""An httpx2 transport that connects only to addresses that were checked.

The host is resolved once, every address is checked, and the connection goes to a checked address itself: a
name that answers differently a moment later (DNS rebinding) changes nothing. TLS still verifies the host's
name, and the Host header is untouched. Proxies of the environment are not used: a proxy would resolve the
name itself.

Imported only when something is sent, together with httpx2.
"""

import asyncio
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from functools import lru_cache
from typing import Any, Final, cast

import httpcore2
import httpx2

from strongroom.resolver.guard import is_public
from strongroom.resolver.inputs import Policy
from strongroom.resolver.lookup import lookup

_MOST_IDLE: Final = 32
_IDLE_SECONDS: Final = 5.0
"""How many connections are kept for the next request, and for how long: servers close theirs without a word."""


class Refused(Exception):  # noqa: N818
    """The policy forbids a connection to the address that is the text."""


class Unresolvable(Exception):  # noqa: N818
    """The name service knows no such host."""


class _CheckedNetwork(httpcore2.AsyncNetworkBackend):
    """Connects by name only after checking every address of it."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._inner = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        addresses = await self._addresses(host, port)
        failure: Exception | None = None
        for address in addresses:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure or Unresolvable()

    async def _addresses(self, host: str, port: int) -> list[str]:
        addresses = await lookup(host, port)
        if not addresses:
            raise Unresolvable
        if not self._policy.allows(host, port):
            for address in addresses:
                if not is_public(address):
                    raise Refused(address)
        return addresses

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        del path, timeout, socket_options
        raise Refused("a Unix socket")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Stream(httpx2.AsyncByteStream):
    def __init__(self, inner: AsyncIterable[bytes]) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._inner:
            yield part

    async def aclose(self) -> None:
        close = getattr(self._inner, "aclose", None)
        if close is not None:
            await close()


class CheckedTransport(httpx2.AsyncBaseTransport):
    """Sends requests over connections to checked addresses."""

    def __init__(self, policy: Policy, context: ssl.SSLContext) -> None:
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=context,
            # The pool's own limit would make runs wait for each other, within their 15 seconds.
            max_connections=None,
            max_keepalive_connections=_MOST_IDLE,
            keepalive_expiry=_IDLE_SECONDS,
            network_backend=_CheckedNetwork(policy),
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self._pool.handle_async_request(
            httpcore2.Request(
                method=request.method,
                url=httpcore2.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx2.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Stream(cast("AsyncIterable[bytes]", answer.stream)),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


@lru_cache(maxsize=8)
def _context(ca_text: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca_text:
        context.load_verify_locations(cadata=ca_text)
    return context


def trust(ca_file: str | None) -> ssl.SSLContext:
    """The authorities of the system, and those of `ca_file` besides. OSError or ssl.SSLError where it is no
    use.
    """
    text = ""
    if ca_file:
        with open(ca_file, encoding="ascii", errors="replace") as file:
            text = file.read()
    return _context(text)
