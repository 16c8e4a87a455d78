"""List the local and private hosts that a connector's `url` may not name.

See PLATFORM §4.
"""

from typing import Final, NamedTuple

LOCAL_NAMES: Final = ("localhost",)
"""Names of the machine itself (PLATFORM §4)."""


class Network(NamedTuple):
    """Hold a range that no public host is in: first address, prefix bits, meaning."""

    first: str
    bits: int
    words: str
    source: str


PRIVATE_NETWORKS: Final = (
    Network("0.0.0.0", 8, "this machine", "RFC 1122 §3.2.1.3"),  # noqa: S104
    Network("10.0.0.0", 8, "a private network", "RFC 1918"),
    Network("127.0.0.0", 8, "this machine", "RFC 1122 §3.2.1.3"),
    Network("169.254.0.0", 16, "a private network", "RFC 3927"),
    Network("172.16.0.0", 12, "a private network", "RFC 1918"),
    Network("192.168.0.0", 16, "a private network", "RFC 1918"),
    Network("::", 127, "this machine", "RFC 4291 §2.5"),
    Network("fc00::", 7, "a private network", "RFC 4193"),
    Network("fe80::", 10, "a private network", "RFC 4291 §2.5.6"),
)
