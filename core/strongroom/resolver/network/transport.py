"""Connect an httpx2 transport only to addresses that were checked.

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

from strongroom.resolver.network.guard import is_public
from strongroom.resolver.network.lookup import lookup
from strongroom.resolver.terms.inputs import Policy

_MOST_IDLE: Final = 32
_IDLE_SECONDS: Final = 4.0
"""The idle connections that are kept at most, and the seconds of each.

The seconds are less than the five after which many servers close theirs without a word.
"""

_LOST: Final = (httpcore2.ReadError, httpcore2.WriteError, httpcore2.RemoteProtocolError)
"""The errors that a request meets on a connection that the server has closed."""


_UNANSWERED: Final = "without sending a response"
"""The library's words for a connection that ended before any byte of an answer."""

_REPEATABLE: Final = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
"""The methods that may be sent twice (RFC 9110 §9.2.2)."""


class ForbiddenAddress(Exception):  # noqa: N818
    """Report that the policy forbids a connection. The text is the address."""


class Unresolvable(Exception):  # noqa: N818
    """Report that the name service does not know a host."""


class _CheckedNetwork(httpcore2.AsyncNetworkBackend):
    """Connect by name only after checking every address of the name."""

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
                    raise ForbiddenAddress(address)
        return addresses

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        del path, timeout, socket_options
        raise ForbiddenAddress("a Unix socket")

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


class _Attempt:
    """Record if a request's connection was a kept one."""

    def __init__(self, trace: Any) -> None:
        self._trace = trace
        self._has_connected = False

    async def record(self, event: str, info: Any) -> None:
        self._has_connected |= event == "connection.connect_tcp.started"
        if self._trace is not None:
            await self._trace(event, info)

    def met_a_closed_connection(self, method: str, error: Exception) -> bool:
        """Return True if the request never reached the API.

        Until an answer begins, an error is raised here. A request that may change something is not sent on a
        guess.
        """
        is_closed = not isinstance(error, httpcore2.RemoteProtocolError) or _UNANSWERED in str(error)
        return not self._has_connected and (is_closed or method in _REPEATABLE)


def _as_core(request: httpx2.Request, attempt: _Attempt | None) -> httpcore2.Request:
    extensions = dict(request.extensions)
    if attempt is not None:
        extensions["trace"] = attempt.record
    return httpcore2.Request(
        method=request.method,
        url=httpcore2.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        ),
        headers=request.headers.raw,
        content=request.stream,
        extensions=extensions,
    )


class CheckedTransport(httpx2.AsyncBaseTransport):
    """Send requests over connections to checked addresses."""

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
        attempt = _Attempt(request.extensions.get("trace"))
        try:
            answer = await self._pool.handle_async_request(_as_core(request, attempt))
        except _LOST as error:
            # A server may close a kept connection at any moment. Where no byte of an answer came, the request
            # is sent once more on a new one (RFC 9112 §9.3.1), as browsers and curl do.
            if not attempt.met_a_closed_connection(request.method, error):
                raise
            await self._close_idle(request)
            answer = await self._pool.handle_async_request(_as_core(request, attempt))
        return httpx2.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Stream(cast("AsyncIterable[bytes]", answer.stream)),
            extensions=answer.extensions,
        )

    async def _close_idle(self, request: httpx2.Request) -> None:
        """Close the kept connections to the request's server, which has closed them too."""
        origin = _as_core(request, None).url.origin
        for connection in self._pool.connections:
            if connection.is_idle() and connection.can_handle_request(origin):
                await connection.aclose()

    async def aclose(self) -> None:
        await self._pool.aclose()


@lru_cache(maxsize=8)
def _context(ca_text: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca_text:
        context.load_verify_locations(cadata=ca_text)
    return context


def trust(ca_file: str | None) -> ssl.SSLContext:
    """Return a context with the certificate authorities of the system and `ca_file`.

    Raises OSError or ssl.SSLError if the file cannot be used.
    """
    text = ""
    if ca_file:
        with open(ca_file, encoding="ascii", errors="replace") as file:
            text = file.read()
    return _context(text)
