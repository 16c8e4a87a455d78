"""Hold a rendered request, with stand-ins where secrets go.

`shown` views and the debug object are what people may see. Only the wire body holds values, and it is made at the
moment of sending.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from strongroom.resolver.templates.origin import Origin
from strongroom.resolver.templates.rendering import Rendered, exchanged
from strongroom.resolver.terms.credential_headers import holds_credential
from strongroom.resolver.terms.failures import Failure
from strongroom.resolver.terms.stand_ins import StandIns
from strongroom.text.surrogates import encodable


class RenderedRow(NamedTuple):
    """Hold a header or a query parameter."""

    key: str
    value: Rendered
    from_caller: bool

    def is_kept(self) -> bool:
        """Return True if the value does not hold a written-out credential."""
        if not self.value.is_credential:
            return not holds_credential(self.key)
        from strongroom.resolver.templates.literals import holds_literal

        return not holds_literal(self.value.template)


class Authentication(NamedTuple):
    """Hold the `authentication` object, its config rendered in the shape it has."""

    type: str
    config: Mapping[str, Any]


class RenderedRequest:
    """Hold what a connector would send, field by field.

    `failure` is set where a field did not render or the call is refused before it is made; the fields that
    did render are there all the same, so that a debug view can be given for a failed test too (PLATFORM §7).
    """

    def __init__(self, connector: Mapping[str, Any], stand_ins: StandIns) -> None:
        empty = Rendered("url", "", "", is_credential=False)
        self.name = str(connector.get("name") or "")
        self.method = str(connector.get("method") or "GET").upper()
        self.url: Rendered = empty
        self.headers: tuple[RenderedRow, ...] = ()
        self.query: tuple[RenderedRow, ...] = ()
        self.authentication: Authentication | None = None
        self.body: Rendered | None = None
        self.payload: bytes = b""
        self.response_body = as_text(connector.get("response_body")) or None
        self.response_content_type = as_text(connector.get("response_content_type")) or None
        self.origins: tuple[Origin, ...] = ()
        self.notes: tuple[str, ...] = ()
        self.failure: Failure | None = None
        self.in_composite = False
        self.stand_ins = stand_ins

    def __repr__(self) -> str:
        return f"RenderedRequest({self.method} {self.shown_url!r})"

    @property
    def shown_url(self) -> str:
        """Return the URL for people."""
        return self.url.shown(self.stand_ins)

    @property
    def unresolved(self) -> tuple[str, ...]:
        """Return the expressions that stayed as they were written, each once."""
        return tuple(dict.fromkeys(origin.literal for origin in self.origins if not origin.resolved))

    def debug(self) -> dict[str, Any]:
        """Return the X-Debug-Request object, with template text for secrets (PLATFORM §7)."""
        stand_ins = self.stand_ins
        auth = self.authentication
        return {
            "url": self.shown_url,
            "method": self.method,
            "headers": {row.key: row.value.shown(stand_ins) for row in self.headers},
            "query_parameters": {row.key: row.value.shown(stand_ins) for row in self.query},
            "authentication": None
            if auth is None
            else {"type": auth.type, "config": exchanged(auth.config, lambda field: field.shown(stand_ins))},
            "request_body": self.shown_body(),
            "response_body": self.response_body,
            "response_content_type": self.response_content_type,
        }

    def kept_headers(self) -> frozenset[str]:
        """Return the names of the headers without a written-out credential.

        They are those of the caller and of the connector.
        """
        kept = {row.key: row.is_kept() for row in self.headers}
        return frozenset(name for name, is_kept in kept.items() if is_kept)

    def shown_body(self) -> str | None:
        """Return the rendered or incoming body for people, or None if none is sent."""
        if self.body is not None:
            return self.body.shown(self.stand_ins)
        return self.payload.decode("utf-8", "replace") if self.payload else None

    def wire_body(self) -> bytes:
        """Return the body as it is sent."""
        if self.body is None:
            return self.payload
        return encodable(self.stand_ins.open(self.body.text)).encode()


def as_text(value: object) -> str:
    """Return a member of a connector that should be a text; "" for any other value."""
    return value if isinstance(value, str) else ""
