"""Hold the caller, the parameters and the policy of a test run."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from strongroom.text.surrogates import encodable

SAMPLE_USER: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "id": 1,
        "username": "test.user",
        "first_name": "Test",
        "last_name": "User",
        "email": "test.user@example.com",
        "profile_fields": {},
    }
)
"""The caller when nobody is named.

The platform's Test Connection runs as a signed-in person, never anonymously.
"""

ANONYMOUS: Final[Mapping[str, Any]] = MappingProxyType({})
"""The visitor who is not signed in: every `user.*` is None (PLATFORM §2)."""


class Inputs(NamedTuple):
    """Hold one call of a connector, as a widget in a community would make it.

    `query` and `headers` replace only what the connector marks `overridable` (PLATFORM §6). `payload` is the
    incoming body; text is sent as UTF-8. `method` is the caller's; None takes the connector's own.
    `user["profile_fields"]` maps a field's number to its value.
    """

    user: Mapping[str, Any] = SAMPLE_USER
    tenant_id: str = "sample-tenant"
    query: Mapping[str, str] = {}
    path_parameters: Mapping[str, str] = {}
    payload: str | bytes = ""
    headers: Mapping[str, str] = {}
    method: str | None = None

    def payload_bytes(self) -> bytes:
        """Return the incoming body as bytes.

        What UTF-8 does not have is replaced.
        """
        return encodable(self.payload).encode() if isinstance(self.payload, str) else self.payload

    def payload_text(self) -> str:
        """Return the incoming body as text.

        Bytes that are not UTF-8 become replacement characters.
        """
        return self.payload if isinstance(self.payload, str) else self.payload.decode("utf-8", "replace")


class Policy(NamedTuple):
    """Hold where a test run may connect, and how long it may take.

    `allowed_hosts` names the hosts ("localhost", "127.0.0.1", "localhost:8443") that may be reached although
    they are local or private, by http too. `ca_file` is a PEM file that is trusted in addition to the
    system's authorities. `timeout` is in seconds, per step and per token request (PLATFORM §6).
    """

    allowed_hosts: tuple[str, ...] = ()
    ca_file: str | None = None
    timeout: float = 15.0

    def allows(self, host: str, port: int | None) -> bool:
        """Return True if this host, or this host at this port, is allowed by name."""
        host = host.strip("[]").rstrip(".").lower()
        named = {allowed.strip().lower() for allowed in self.allowed_hosts}
        bracketed = f"[{host}]" if ":" in host else host
        return bool({host, bracketed, f"{bracketed}:{port}"} & named)
