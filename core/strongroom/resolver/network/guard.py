"""Decide where a run may connect.

Only https and public hosts are allowed, unless the policy allows a host by name.
"""

import ipaddress
from typing import Final

from strongroom.resolver.terms.inputs import Policy

_LOCAL_NAMES: Final = ("localhost", "local", "internal", "localdomain", "home.arpa", "lan")
"""The names, and endings of names, that never mean a public host.

See RFC 6761, RFC 6762, RFC 8375, and common use.
"""

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_UNKNOWN_TO_PYTHON: Final = (ipaddress.ip_network("fec0::/10"), ipaddress.ip_network("3fff::/20"))
"""The networks that `is_global` takes for public, although they are not.

They are old site-local addresses (RFC 3879) and those for documentation (RFC 9637).
"""


def is_public(address: str) -> bool:
    """Return True if an IP address is public.

    An address that embeds another counts as that other.
    """
    try:
        parsed = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo or (None, None))[1]
        if parsed in _NAT64:
            inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if any(parsed in network for network in _UNKNOWN_TO_PYTHON):
            return False
    return parsed.is_global and not (parsed.is_multicast or parsed.is_reserved or parsed.is_unspecified)


ALLOW: Final = 'To test against it, add "{host}" to allow-hosts in the [test] table of strongroom.toml.'


def refusal(scheme: str, host: str, port: int | None, policy: Policy, title: str = "") -> str:
    """Return the reason not to call a URL, by its text alone; "" if there is none.

    `title` names the host in the sentence if the host itself is not to be shown.
    """
    title = title or host
    if not host:
        return "the URL has no host."
    if policy.allows(host, port):
        return "" if scheme in ("https", "http") else "only https URLs can be called."
    if scheme != "https":
        return "only https URLs can be called."
    bare = host.strip("[]").rstrip(".").lower()
    if any(bare == name or bare.endswith("." + name) for name in _LOCAL_NAMES):
        return f"{title} is a local host. {ALLOW.format(host=title)}"
    if _looks_like_address(bare) and not is_public(_canonical(bare)):
        return f"{title} is a private address. {ALLOW.format(host=title)}"
    return ""


def _looks_like_address(host: str) -> bool:
    return ":" in host or host.rpartition(".")[2].isdigit() or host.rpartition(".")[2].startswith("0x")


def _canonical(host: str) -> str:
    """Return the usual spelling of an IPv4 address, as the system would read it.

    Other spellings are `127.1`, `0x7f000001` and `2130706433`.
    """
    import socket

    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return host
