"""Find a URL's host that is the machine itself or in a private network.

An address may have any spelling.
"""

from typing import Final

from strongroom.platform.hosts import LOCAL_NAMES, PRIVATE_NETWORKS
from strongroom.text.expressions import expression

_NUMBER: Final = expression(r"0[xX][0-9a-fA-F]*|[0-9]+")


def why_private(host: str) -> str:
    """Return the reason why a host is private, as a clause; "" for a public one.

    An example is "an address of a private network".
    """
    bare = host.rstrip(".").lower()
    # Names below `localhost` are this machine as well (RFC 6761 §6.3).
    if bare.rpartition(".")[2] in LOCAL_NAMES:
        return "this machine"
    if bare.startswith("[") and bare.endswith("]"):
        return _of_version_6(bare[1:-1])
    address = ipv4_number(bare)
    return _of_version_4(address) if address is not None else ""


def ipv4_number(host: str) -> int | None:
    """Return an IPv4 address as a number, in any spelling that systems read.

    Such spellings are `127.1`, `0x7f000001` and `017700000001`: those of inet_aton (POSIX). Return None if the text is
    not an address.
    """
    parts = host.split(".")
    if len(parts) > 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    try:
        numbers = [_number(part) for part in parts]
    except ValueError:
        return None
    *leading, last = numbers
    if any(number > 255 for number in leading) or last >= 256 ** (4 - len(leading)):
        return None
    address = last
    for index, number in enumerate(leading):
        address += number << (8 * (3 - index))
    return address


def _number(text: str) -> int:
    if text[:2] in ("0x", "0X"):
        return int(text[2:] or "0", 16)
    if len(text) > 1 and text[0] == "0":
        return int(text, 8)
    return int(text) if len(text) < 12 else 256**4


def _of_version_4(address: int) -> str:
    for network in PRIVATE_NETWORKS:
        if ":" in network.first:
            continue
        first = ipv4_number(network.first) or 0
        if address >> (32 - network.bits) == first >> (32 - network.bits):
            return _clause(network.words)
    return ""


def _of_version_6(text: str) -> str:
    # Imported when such an address is met, because it is rare and the module is large.
    import ipaddress

    try:
        address = ipaddress.IPv6Address(text.split("%", 1)[0])
    except ValueError:
        return ""
    if address.ipv4_mapped is not None:
        return _of_version_4(int(address.ipv4_mapped))
    for network in PRIVATE_NETWORKS:
        if ":" in network.first and address in ipaddress.IPv6Network(f"{network.first}/{network.bits}"):
            return _clause(network.words)
    return ""


def _clause(words: str) -> str:
    return words if words == "this machine" else f"an address of {words}"
