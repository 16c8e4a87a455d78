"""Sends one request and keeps a bounded answer; explains in plain words why there is none."""

import asyncio
import ssl
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import quote_plus, urlsplit

from strongroom.resolver.failures import Failure, RunFailed, template_failed, unreachable
from strongroom.resolver.guard import ALLOW, refusal
from strongroom.resolver.inputs import Policy
from strongroom.resolver.quiet import quiet
from strongroom.version import __version__

MAX_BODY: Final = 5 * 1024 * 1024
"""How many bytes of an answer are kept, after decompression."""

Pairs = Sequence[tuple[str, str]]


class Answer(NamedTuple):
    """What the external API answered. Holds whatever it sent: mask echoes before anything is shown."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    is_cut: bool
    milliseconds: float
    phases: dict[str, float]
    """Milliseconds of "connect", "tls", "send", "wait", "receive", as far as they happened."""

    def header(self, name: str) -> str:
        """The first header of this name, or ""."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class Outgoing(NamedTuple):
    """A request with its values. Exists only while it is sent; its repr shows none of them."""

    method: str
    url: str
    headers: Pairs
    query: Pairs
    body: bytes
    title: str = ""
    """How a sentence names the destination; "" for its host, which holds no value then."""
    hidden: frozenset[str] = frozenset()
    """The names of headers that hold a value themselves."""

    def __repr__(self) -> str:
        return f"Outgoing({self.method})"


async def send(outgoing: Outgoing, policy: Policy, transport: Any = None) -> Answer:
    """The answer; `RunFailed` with the platform's envelope where there is none.

    `transport` is an httpx2 transport that stands in for the network (tests, recorded answers).
    """
    failure: Failure | None = None
    phases = _Phases()
    try:
        with quiet():
            return await _send(outgoing, policy, transport, phases)
    except RunFailed as error:
        failure = error.failure
    except Exception as error:
        # Whatever a network does. Explained by the kinds of the errors, never by their texts.
        is_timeout = any(isinstance(inner, TimeoutError) for inner in _chain(error))
        reason = _explain(error, outgoing, policy, phases)
        failure = unreachable(reason, is_timeout=is_timeout)
    # Raised out here: the library's error holds the request, and with it the values, and must not be
    # attached.
    raise RunFailed(failure)


async def _send(outgoing: Outgoing, policy: Policy, transport: Any, phases: "_Phases") -> Answer:
    _check_url(outgoing, policy)
    headers = _wire_headers(outgoing)
    import httpx2

    if transport is None:
        from strongroom.resolver.transport import CheckedTransport, trust

        transport = CheckedTransport(policy, await asyncio.to_thread(_trusted, trust, policy))
    started = time.perf_counter()
    async with (
        asyncio.timeout(policy.timeout),
        httpx2.AsyncClient(
            transport=transport, trust_env=False, timeout=None, follow_redirects=False
        ) as client,
    ):
        request = client.build_request(
            outgoing.method,
            _with_query(outgoing.url, outgoing.query),
            headers=headers,
            content=outgoing.body or None,
            extensions={"trace": phases.record},
        )
        response = await client.send(request, stream=True)
        try:
            body, is_cut = await _read(response)
        finally:
            await response.aclose()
    return Answer(
        response.status_code,
        response.reason_phrase,
        tuple((key, value) for key, value in response.headers.multi_items()),
        body,
        is_cut,
        (time.perf_counter() - started) * 1000,
        phases.milliseconds(),
    )


async def _read(response: Any) -> tuple[bytes, bool]:
    kept = bytearray()
    async for part in response.aiter_bytes():
        kept += part
        if len(kept) > MAX_BODY:
            return bytes(kept[:MAX_BODY]), True
    return bytes(kept), False


def _trusted(trust: Any, policy: Policy) -> ssl.SSLContext:
    try:
        context: ssl.SSLContext = trust(policy.ca_file)
        return context
    except FileNotFoundError:
        problem = "does not exist"
    except OSError:
        problem = "cannot be used"
    reason = f"the file of certificate authorities {policy.ca_file} (ca-file in strongroom.toml) {problem}."
    raise RunFailed(unreachable(reason))


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _check_url(outgoing: Outgoing, policy: Policy) -> None:
    try:
        parts = urlsplit(outgoing.url)
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
        credentials = parts.username is not None or parts.password is not None
    except ValueError:
        scheme, host, port, credentials = "", "", None, False
    if not scheme or not host:
        raise RunFailed(
            template_failed("the URL is not valid: it has no protocol and host that can be read.")
        )
    if credentials:
        raise RunFailed(template_failed("the URL holds a user name or password before its host."))
    why = refusal(scheme, host, port or {"https": 443, "http": 80}.get(scheme), policy, outgoing.title)
    if why:
        raise RunFailed(unreachable(why))


def _wire_headers(outgoing: Outgoing) -> list[tuple[bytes, bytes]]:
    given: dict[str, tuple[str, str]] = {"user-agent": ("User-Agent", f"strongroom/{__version__}")}
    for key, value in outgoing.headers:
        given[key.lower()] = (key, value)
    wire: list[tuple[bytes, bytes]] = []
    for key, value in given.values():
        if not key.isascii() or not key.replace("-", "").replace("_", "").replace(".", "").isalnum():
            raise RunFailed(
                template_failed("the name of a header holds a character that HTTP does not allow.")
            )
        if any(character in value for character in "\r\n\0"):
            named = "a header" if key in outgoing.hidden else f"the header {key}"
            reason = f"the value of {named} holds a line break, which HTTP does not allow"
            hint = (
                ", at its end: store the value without it"
                if not set("\r\n\0") & set(value.rstrip("\r\n"))
                else ""
            )
            raise RunFailed(unreachable(f"{reason}{hint}."))
        wire.append((key.encode("ascii"), value.strip(" \t").encode("utf-8", "replace")))
    return wire


def _with_query(url: str, query: Pairs) -> str:
    """The URL with the parameters after its own; its own part stays as it is written."""
    if not query:
        return url
    url, mark, fragment = url.partition("#")
    joined = "&".join(f"{quote_plus(key)}={quote_plus(value, errors='replace')}" for key, value in query)
    joint = "" if url.endswith(("?", "&")) else "&" if "?" in url else "?"
    return f"{url}{joint}{joined}{mark}{fragment}"


class _Phases:
    """Follows httpx2's trace to know how far a request came, and what each part took."""

    _NAMES: Final = {
        "connect_tcp": "connect",
        "start_tls": "tls",
        "send_request_headers": "send",
        "send_request_body": "send",
        "receive_response_headers": "wait",
        "receive_response_body": "receive",
    }

    def __init__(self) -> None:
        self._started: dict[str, float] = {}
        self._taken: dict[str, float] = {}
        self.reached = "connect"

    async def record(self, event: str, _info: Any) -> None:
        step, _dot, state = event.partition(".")[2].rpartition(".")
        name = self._NAMES.get(step)
        if name is None:
            return
        if state == "started":
            self._started[step] = time.perf_counter()
            self.reached = name
        elif step in self._started:
            self._taken[name] = self._taken.get(name, 0.0) + time.perf_counter() - self._started.pop(step)

    def milliseconds(self) -> dict[str, float]:
        return {name: round(seconds * 1000, 3) for name, seconds in self._taken.items()}


_WHEN_SLOW: Final = {
    "connect": "no connection to {host} within {seconds:g} seconds",
    "tls": "{host} did not finish the TLS handshake within {seconds:g} seconds",
    "send": "{host} did not take the request within {seconds:g} seconds",
    "wait": "{host} did not answer within {seconds:g} seconds",
    "receive": "{host} did not finish its answer within {seconds:g} seconds",
}

_BY_KIND: Final = {
    "RemoteProtocolError": "{host} closed the connection or answered with something that is not HTTP.",
    "LocalProtocolError": "the request breaks HTTP: look for odd characters in its headers.",
    "InvalidURL": "the URL is not valid.",
    "UnsupportedProtocol": "only https URLs can be called.",
    "DecodingError": "{host} says that its answer is compressed, and the answer cannot be decompressed.",
    "Unresolvable": "the host {host} is not known to the name service (DNS).",
    "ReadError": "{host} broke the connection off before its answer was complete.",
    "WriteError": "{host} broke the connection off while the request was sent.",
    "ConnectError": "no connection to {host}.",
    "TimeoutException": "{host} did not answer in time.",
    "NetworkError": "the connection to {host} failed.",
}


def _explain(error: Exception, outgoing: Outgoing, policy: Policy, phases: _Phases) -> str:
    """Why there is no answer: from the kinds of the errors, since their texts may hold what was sent."""
    host = outgoing.title or _host(outgoing.url)
    chain = list(_chain(error))
    for inner in chain:
        if isinstance(inner, TimeoutError):
            return _WHEN_SLOW[phases.reached].format(host=host, seconds=policy.timeout) + "."
        if isinstance(inner, ssl.SSLCertVerificationError):
            return _explain_certificate(inner, host, is_named=not outgoing.title)
        if type(inner).__name__ == "Refused":
            return f"{host} resolves to {inner}, which is not a public address. {ALLOW.format(host=host)}"
    for inner in chain:
        if isinstance(inner, ssl.SSLError):
            return f"the TLS handshake with {host} failed ({inner.reason or 'no reason given'})."
        if isinstance(inner, ConnectionRefusedError):
            return f"{host} refuses connections: nothing listens at that port."
    for inner in chain:
        for kind in type(inner).__mro__:
            if kind.__name__ in _BY_KIND:
                return _BY_KIND[kind.__name__].format(host=host)
    return f"the request to {host} failed ({type(error).__name__})."


def _explain_certificate(error: ssl.SSLCertVerificationError, host: str, *, is_named: bool) -> str:
    # OpenSSL's own words name the host.
    reason = error.verify_message.rstrip(".") if is_named else f"OpenSSL's code {error.verify_code}"
    hint = ""
    if error.verify_code in (18, 19, 20, 21):  # X509_V_ERR: self-signed, or the issuer is not known
        hint = " For a private authority, name its file as ca-file in the [test] table of strongroom.toml."
    return f"the certificate of {host} is not trusted: {reason}.{hint}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and all that led to it, groups included."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        current = waiting.pop(0)
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting += [current.__cause__, current.__context__]
        if isinstance(current, BaseExceptionGroup):
            waiting += current.exceptions
