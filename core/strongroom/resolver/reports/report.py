"""What a test run found out: the answer as a widget would get it, and how it came about. Holds no secret's
value.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from strongroom.resolver.request.blueprint import Blueprint
from strongroom.resolver.terms.exchange import Exchange
from strongroom.resolver.terms.failures import Destination

_NO_TOKEN: Final = re.compile(r"[^\w!#$%&'*+.^`|~-]", re.ASCII)
"""What the name of a metric cannot have (RFC 9110 §5.6.2): steps of unpublished files may have any name."""

_CHARSET: Final = re.compile(r"[a-z0-9._:-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Report:
    """One run of one connector.

    `status`, `headers` and `body` are what the caller of the connector gets: the external API's answer after
    the response template, or the failure's envelope. Echoes of secrets in them are masked; `echoes` counts
    them by name. Times are in milliseconds.
    """

    connector: str
    passed: bool
    status: int | None
    reason: str
    headers: Mapping[str, str]
    body: bytes
    request_id: str
    server_timing: Mapping[str, float]
    connector_timing: Mapping[str, Any]
    debug: Mapping[str, Any]
    """The X-Debug-Request object (PLATFORM §7)."""
    kept_headers: tuple[frozenset[str], ...] = ()
    """For each step, the headers of its debug object that hold no credential written out: captures keep only these."""
    unresolved: tuple[str, ...] = ()
    """The template expressions that stayed as they were written."""
    failure: Mapping[str, Any] | None = None
    """The platform's error envelope, where the run failed before or without an answer."""
    explanation: tuple[str, ...] = ()
    """Plain-language lines: where each value came from, what did not resolve, what that will do."""
    echoes: Mapping[str, int] = field(default_factory=dict)
    unread: str = ""
    """What is shown and kept of a body that masking could not look into, instead of it; "" for a text."""
    is_cut: bool = False
    """Whether the answer was longer than what is kept."""
    phases: Mapping[str, float] = field(default_factory=dict)
    """The parts of the external time: connect, tls, send, wait, receive."""
    cache: str = ""
    """What the cache did: "hit" (the API was not called), "revalidated" (the API said that the kept answer
    still holds), "stored" (the answer is kept), "bypassed" (asked in spite of a kept answer), or "".
    """
    exchanges: tuple[Exchange, ...] = ()
    """Every call that was made, with literals where secrets went and echoes masked, before the response
    template.
    """
    withheld: tuple[Destination, ...] = ()
    """Where secrets would have gone, and did not, because nobody agreed to it: nothing was sent."""
    verdict: tuple[str, ...] = ()
    """Of the explanation the lines that say what the run came to: a screen tells them first."""
    blueprints: tuple[Blueprint, ...] = ()
    """The requests without values, each step's in order: what `curl` is written from."""

    @property
    def curl(self) -> str:
        """Return the run as curl commands, one a step, with secrets as environment variables."""
        from strongroom.resolver.request import curl

        return curl.of_blueprints(self.blueprints)

    @property
    def content_type(self) -> str:
        """Return the answer's Content-Type, or ""."""
        return next((value for key, value in self.headers.items() if key.lower() == "content-type"), "")

    @property
    def text(self) -> str:
        """Return the body as text for people, in the charset that the answer names, else UTF-8; odd bytes are
        replaced.
        """
        return self.unread or decoded(self.body, self.content_type)

    @property
    def server_timing_header(self) -> str:
        """Return the Server-Timing header."""
        return ", ".join(
            f"{_NO_TOKEN.sub('_', name)};dur={value:.1f}" for name, value in self.server_timing.items()
        )

    def to_json(self) -> dict[str, Any]:
        """Return the report as data for `json.dumps`. A body that is not text is given as null, with its length."""
        text = self.text
        return {
            "connector": self.connector,
            "passed": self.passed,
            "status": self.status,
            "reason": self.reason,
            "request_id": self.request_id,
            "headers": dict(self.headers),
            "body": None if self.unread or "\0" in text else text,
            "body_length": len(self.body),
            "body_is_cut": self.is_cut,
            "server_timing": dict(self.server_timing),
            "connector_timing": dict(self.connector_timing),
            "debug": dict(self.debug),
            "unresolved": list(self.unresolved),
            "failure": None if self.failure is None else dict(self.failure),
            "explanation": list(self.explanation),
            "echoes": dict(self.echoes),
            "phases": dict(self.phases),
            "cache": self.cache,
            "withheld": [{"host": one.host, "secrets": list(one.secrets)} for one in self.withheld],
        }


def charset_of(content_type: str) -> str:
    """Return the charset that a Content-Type names, or UTF-8."""
    for part in content_type.split(";")[1:]:
        key, _equals, value = part.partition("=")
        name = value.strip().strip('"').lower()
        # Looking up a name with other characters raises more than a LookupError.
        if key.strip().lower() == "charset" and _CHARSET.fullmatch(name):
            return name
    return "utf-8"


def decoded(body: bytes, content_type: str) -> str:
    """Return a body as text. An unknown charset counts as UTF-8; bytes that do not belong are replaced."""
    try:
        return body.decode(charset_of(content_type), "replace")
    except (LookupError, ValueError):  # no charset of that name, or a codec that is not for text
        return body.decode("utf-8", "replace")
