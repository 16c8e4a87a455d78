"""Find the hosts that a request sends secrets to, and ask before the first time.

A repository's files do not decide where a person's secrets go before that person has agreed to it. The
question is asked when a request is complete and nothing of it has been sent: only then is its host known.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from strongroom.platform.authentication import AUTH_TYPES
from strongroom.resolver.request.rendered_request import RenderedRequest
from strongroom.resolver.templates.rendering import Rendered, rendered_in
from strongroom.resolver.terms.failures import Destination
from strongroom.resolver.terms.stand_ins import StandIns

_PORTS: Final = {"https": 443, "http": 80}

_MADE: Final = {
    kind.name: f"{'an' if kind.makes.startswith('a') else 'a'} {kind.makes}"
    for kind in AUTH_TYPES.values()
    if kind.makes
}
"""The words by which a question names the token that a type sends in place of secrets."""


Consent = Callable[[str, Sequence[Destination]], Awaitable[bool]]
"""A function that returns True if a community's secrets may go to the destinations.

It raises nothing.
"""


def destinations_of(request: RenderedRequest) -> list[Destination]:
    """Return the hosts that the request and its token request would send secrets to."""
    found: dict[str, dict[str, None]] = {}
    stand_ins = request.stand_ins
    for url, texts, made in _sent(request):
        names = sorted({name for text in texts for name in stand_ins.injected(text)})
        if names or made:
            found.setdefault(_host(url, stand_ins), {}).update(dict.fromkeys((*names, *made)))
    return [Destination(host, tuple(names)) for host, names in found.items()]


def _sent(request: RenderedRequest) -> Iterator[tuple[str, list[str], tuple[str, ...]]]:
    """Yield each called URL, the texts that go there, and what is made of secrets."""
    own = [request.url.text, request.body.text if request.body else ""]
    own += [row.value.text for row in (*request.headers, *request.query)]
    authentication = request.authentication
    made: tuple[str, ...] = ()
    if authentication is not None:
        texts = [field.text for field in rendered_in(authentication.config)]
        made = (_MADE[authentication.type],) if authentication.type in _MADE else ()
        token_url = authentication.config.get("token_url")
        if isinstance(token_url, Rendered):
            yield token_url.text, texts, ()
        elif not made:
            own += texts
    yield request.url.text, own, made


def _host(url: str, stand_ins: StandIns) -> str:
    try:
        written = urlsplit(url.strip()).netloc
        parts = urlsplit(stand_ins.open(url).strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return stand_ins.shown(url)
    if stand_ins.occur_in(written):
        return stand_ins.shown(written)
    bracketed = f"[{host}]" if ":" in host else wire_host(host)
    return bracketed if port in (None, _PORTS.get(parts.scheme.lower())) else f"{bracketed}:{port}"


def wire_host(host: str) -> str:
    """Return a host, with or without a port, as the wire and the agreements name it.

    Letters of other alphabets are shown as `xn--`: so a host that only looks like a known one is shown as another one.
    """
    host = host.lower()
    if host.count(":") == 1 or "]" in host:
        host = host.removesuffix(":443")
    if host.isascii():
        return host
    import httpx2

    try:
        return httpx2.URL(f"https://{host}").netloc.decode()
    except httpx2.InvalidURL:
        return host
