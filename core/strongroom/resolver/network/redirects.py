"""Say where a redirect leads. A run does not follow redirects.

The platform's documentation does not say that it follows them, and the platform caches 301 and 308 as answers.
"""

from urllib.parse import urljoin, urlsplit

from strongroom.resolver.network.guard import refusal
from strongroom.resolver.terms.inputs import Policy


def target(url: str, location: str) -> str:
    """Return the absolute URL that a Location names; "" if it names none.

    The fragment is left out.
    """
    try:
        joined = urljoin(url, location.strip())
        return joined.partition("#")[0] if urlsplit(joined).hostname else ""
    except ValueError:
        return ""


def describe(url: str, location: str, policy: Policy) -> str:
    """Return a clause on where a redirect leads; "" if the URL itself says enough."""
    goal = target(url, location)
    if not goal:
        return "it names no address that can be read"
    if goal == url:
        return "it leads to the same URL again, a loop"
    scheme, host, port = _origin(goal)
    why = refusal(scheme, host, port, policy)
    if why:
        return f"it leads where no connector may call: {why.rstrip('.')}"
    before = _origin(url)
    if before[1] != host:
        return f"it leads to another host, {host}, which would not get the credentials"
    if scheme != before[0]:
        return f"it leads to {scheme}"
    return ""


def _origin(url: str) -> tuple[str, str, int | None]:
    """Return the scheme, host and port of a URL; all empty if it cannot be read."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
        return parts.scheme, (parts.hostname or "").rstrip("."), port
    except ValueError:
        return "", "", None
