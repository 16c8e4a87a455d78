"""Send one request and keep a bounded answer, or explain why none came."""

import asyncio
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote_plus, urlsplit

from strongroom.platform.header_names import is_header_name
from strongroom.resolver.network.connections import Network
from strongroom.resolver.network.decoding import SUPPORTED, Decoding, read_bounded
from strongroom.resolver.network.errors import explain, is_timeout
from strongroom.resolver.network.guard import refusal
from strongroom.resolver.network.phases import Phases
from strongroom.resolver.network.quiet import quiet
from strongroom.resolver.terms.failures import Failure, RunFailed, template_failed, unreachable
from strongroom.resolver.terms.inputs import Policy
from strongroom.text.surrogates import encodable
from strongroom.version import __version__

if TYPE_CHECKING:
    import httpx2

MAX_BODY: Final = 5 * 1024 * 1024
"""The bytes of an answer that are kept, after decompression."""

BEYOND: Final = 16 * 1024
"""The bytes beyond `MAX_BODY` that are read of a longer answer.

These bytes are never shown. Because of them, no value is cut where the answer is: they are more than any value
takes, however it is encoded.
"""

Pairs = Sequence[tuple[str, str]]


class Answer(NamedTuple):
    """Hold what the external API answered.

    It may repeat values: mask echoes before anything is shown.
    """

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    is_cut: bool
    milliseconds: float
    phases: dict[str, float]
    """The milliseconds of the parts that happened: connect, tls, send, wait, receive."""
    compression: str = ""
    """The problem with the compression, or "".

    It is "unsupported" (the body is as it came) or "incomplete" (its end is missing).
    """

    def header(self, name: str) -> str:
        """Return the first header of this name, or ""."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class Outgoing(NamedTuple):
    """Hold a request with its values, only while it is sent.

    The repr shows none of the values.
    """

    method: str
    url: str
    headers: Pairs
    query: Pairs
    body: bytes
    title: str = ""
    """The title by which a sentence names a destination whose host holds a value, or ""."""
    hidden: frozenset[str] = frozenset()
    """The names of headers that hold a value themselves."""

    def __repr__(self) -> str:
        return f"Outgoing({self.method})"


async def send(outgoing: Outgoing, network: Network) -> Answer:
    """Return the answer. Raises `RunFailed` with the platform's envelope if none came."""
    failure: Failure | None = None
    phases = Phases()
    try:
        with quiet():
            return await _send(outgoing, network, phases)
    except RunFailed as error:
        failure = error.failure
    except Exception as error:
        # Whatever a network does. Explained by the kinds of the errors, never by their texts.
        reason = explain(
            error, outgoing.title or _host(outgoing.url), network.policy, phases, bool(outgoing.title)
        )
        failure = unreachable(reason, is_timeout=is_timeout(error))
    # Raised outside the handler, so that the library's error is not attached: it holds the request, and
    # with the request the values.
    raise RunFailed(failure)


async def _send(outgoing: Outgoing, network: Network, phases: Phases) -> Answer:
    _check_url(outgoing, network.policy)
    # Reading the authorities' certificates takes a while, and is none of the API's time.
    client = await network.client()
    started = time.perf_counter()
    async with asyncio.timeout(network.policy.timeout):
        answer = await _once(outgoing, client, phases)
    taken = (time.perf_counter() - started) * 1000
    return answer._replace(milliseconds=taken, phases=phases.milliseconds())


async def _once(outgoing: Outgoing, client: "httpx2.AsyncClient", phases: Phases) -> Answer:
    headers = _wire_headers(outgoing)
    request = client.build_request(
        outgoing.method,
        with_query(outgoing.url, outgoing.query),
        headers=headers,
        content=outgoing.body or None,
        extensions={"trace": phases.record},
    )
    response = await client.send(request, stream=True)
    try:
        # A transport of a test may give an answer that has been read and decompressed already.
        is_read = response.is_stream_consumed
        decoding = Decoding("" if is_read else response.headers.get("content-encoding", ""))
        raw = response.aiter_bytes() if is_read else response.aiter_raw()
        body, is_longer = await read_bounded(raw, decoding, MAX_BODY + BEYOND)
    finally:
        await response.aclose()
    return Answer(
        response.status_code,
        response.reason_phrase,
        tuple((key, value) for key, value in response.headers.multi_items()),
        body,
        len(body) > MAX_BODY,
        0.0,
        {},
        decoding.problem or ("" if is_longer or decoding.is_complete else "incomplete"),
    )


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _check_url(outgoing: Outgoing, policy: Policy) -> None:
    try:
        parts = urlsplit(outgoing.url)
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
        credentials = parts.username is not None or parts.password is not None
    except ValueError:
        scheme, host, port, credentials = "", "", None, False
    if not scheme or not host:
        raise RunFailed(
            template_failed("the URL is not valid: it has no protocol and host that can be read.")
        )
    if any(character < " " or character == "\x7f" for character in outgoing.url):
        raise RunFailed(template_failed("the URL holds a line break or another control character."))
    if credentials:
        raise RunFailed(template_failed("the URL holds a user name or password before its host."))
    why = refusal(scheme, host, port or {"https": 443, "http": 80}.get(scheme), policy, outgoing.title)
    if why:
        raise RunFailed(unreachable(why))


def _wire_headers(outgoing: Outgoing) -> list[tuple[bytes, bytes]]:
    given: dict[str, tuple[str, str]] = {
        "user-agent": ("User-Agent", f"strongroom/{__version__}"),
        # The HTTP library would ask for whatever the installed packages can undo, and `decoding` undoes these.
        "accept-encoding": ("Accept-Encoding", ", ".join(SUPPORTED)),
    }
    for key, value in outgoing.headers:
        given[key.lower()] = (key, value)
    wire: list[tuple[bytes, bytes]] = []
    for key, value in given.values():
        if not is_header_name(key):
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
        wire.append((key.encode("ascii"), encodable(value.strip(" \t")).encode()))
    return wire


def with_query(url: str, query: Pairs) -> str:
    """Return the URL with the parameters after its own, which stay as written."""
    url = encodable(url)
    if not query:
        return url
    url, mark, fragment = url.partition("#")
    joined = "&".join(f"{quote_plus(encodable(key))}={quote_plus(encodable(value))}" for key, value in query)
    joint = "" if url.endswith(("?", "&")) else "&" if "?" in url else "?"
    return f"{url}{joint}{joined}{mark}{fragment}"
