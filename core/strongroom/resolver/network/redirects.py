"""What a redirect means: where it leads, and what of a request may go there (RFC 9110 §15.4).

The platform's documentation does not say whether it follows redirects, and it caches 301 and 308 as answers of
their own; so a run does not follow them unless its policy says so.
"""

from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from strongroom.resolver.network.guard import refusal
from strongroom.resolver.terms.inputs import Policy

STATUSES: Final = frozenset({301, 302, 303, 307, 308})

MOST: Final = 10
"""How many redirects are followed in a row."""

_CREDENTIALS: Final = frozenset({"authorization", "cookie", "proxy-authorization"})
_OF_THE_BODY: Final = frozenset({"content-type", "content-length", "content-encoding", "transfer-encoding"})


class Redirected(NamedTuple):
    """A redirect that was followed. `left_out` are the headers that did not go to another host."""

    status: int
    url: str
    left_out: tuple[str, ...]


def target(url: str, location: str) -> str:
    """The absolute URL that a Location names, without its fragment; "" where it names none."""
    try:
        joined = urljoin(url, location.strip())
        return joined.partition("#")[0] if urlsplit(joined).hostname else ""
    except ValueError:
        return ""


def origin(url: str) -> tuple[str, str, int | None]:
    """What two URLs have to share for credentials to go from one to the other."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
        return parts.scheme.lower(), (parts.hostname or "").rstrip("."), port
    except ValueError:
        return "", "", None


def method_after(status: int, method: str) -> str:
    """The method of the next request: a 303 asks for GET, and so do 301 and 302 after a POST, as clients do it."""
    if method == "HEAD" or status in (307, 308):
        return method
    return "GET" if status == 303 or method == "POST" else method


def stays_behind(name: str, *, is_private: bool, is_elsewhere: bool, has_body: bool) -> bool:
    """Whether a header does not go along: credentials and secrets not to another origin, others not without a body."""
    key = name.lower()
    if is_elsewhere and (key in _CREDENTIALS or is_private):
        return True
    return key in _OF_THE_BODY and not has_body


def describe(url: str, location: str, policy: Policy) -> str:
    """Where a redirect that is not followed leads, in a clause: "" where there is nothing to say."""
    goal = target(url, location)
    if not goal:
        return "it names no address that can be read"
    if goal == url:
        return "it leads to the same URL again, a loop"
    scheme, host, port = origin(goal)
    why = refusal(scheme, host, port, policy)
    if why:
        return f"it leads where no connector may call: {why.rstrip('.')}"
    if origin(url)[1] != host:
        return f"it leads to another host, {host}, which would not get the credentials"
    if scheme != origin(url)[0]:
        return f"it leads to {scheme}"
    return ""
