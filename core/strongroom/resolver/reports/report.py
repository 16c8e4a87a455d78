"""Hold the report of a test run: the answer as a widget gets it, and its origin.

A report does not hold a secret's value.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from strongroom.resolver.request.blueprint import Blueprint
from strongroom.resolver.terms.exchange import Exchange
from strongroom.resolver.terms.failures import Destination

_NO_TOKEN: Final = re.compile(r"[^\w!#$%&'*+.^`|~-]", re.ASCII)
"""The characters that the name of a metric cannot have (RFC 9110 §5.6.2).

Steps of unpublished files may have any name.
"""

_CHARSET: Final = re.compile(r"[a-z0-9._:-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Report:
    """Hold one run of one connector.

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
    """The headers of each step's debug object without a written-out credential.

    Captures keep only these headers.
    """
    unresolved: tuple[str, ...] = ()
    """The template expressions that stayed as they were written."""
    failure: Mapping[str, Any] | None = None
    """The platform's error envelope of a run that failed before an answer, or without one."""
    explanation: tuple[str, ...] = ()
    """The lines of the explanation, in plain language.

    They say where each value came from, what did not resolve, and what that will do.
    """
    notices: tuple[str, ...] = ()
    """The lines of the explanation that say what the run noticed, and few expect.

    They are shown of a passed run too.
    """
    echoes: Mapping[str, int] = field(default_factory=dict)
    unread: str = ""
    """The text that is shown and kept in place of a body that masking cannot read, or ""."""
    is_cut: bool = False
    """True if the answer was longer than what is kept."""
    phases: Mapping[str, float] = field(default_factory=dict)
    """The parts of the external time: connect, tls, send, wait, receive."""
    cache: str = ""
    """The part that the cache had, or "".

    "hit": the API was not called. "revalidated": the API said that the kept answer still holds. "stored": the
    answer is kept. "bypassed": the API was asked in spite of a kept answer.
    """
    exchanges: tuple[Exchange, ...] = ()
    """The calls that were made, before the response template.

    Literals are in place of secrets, and echoes are masked.
    """
    withheld: tuple[Destination, ...] = ()
    """The hosts that secrets would have gone to, if nobody agreed to it. Nothing was sent."""
    verdict: tuple[str, ...] = ()
    """The lines of the explanation on the outcome of the run. A screen shows them first."""
    blueprints: tuple[Blueprint, ...] = ()
    """The requests without values, each step's in order, from which `curl` is written."""

    @property
    def curl(self) -> str:
        """Return the run as curl commands, one a step.

        The commands have secrets as environment variables.
        """
        from strongroom.resolver.request import curl

        return curl.of_blueprints(self.blueprints)

    @property
    def content_type(self) -> str:
        """Return the answer's Content-Type, or ""."""
        return next((value for key, value in self.headers.items() if key.lower() == "content-type"), "")

    @property
    def text(self) -> str:
        """Return the body as text for people, in the answer's charset or else UTF-8.

        Odd bytes are replaced.
        """
        return self.unread or decoded(self.body, self.content_type)

    @property
    def server_timing_header(self) -> str:
        """Return the Server-Timing header."""
        return ", ".join(
            f"{_NO_TOKEN.sub('_', name)};dur={value:.1f}" for name, value in self.server_timing.items()
        )

    def to_json(self) -> dict[str, Any]:
        """Return the report as data for `json.dumps`.

        A body that is not text is null, with its length.
        """
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
            "notices": list(self.notices),
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
    """Return a body as text.

    An unknown charset counts as UTF-8; bytes that do not belong are replaced.
    """
    try:
        return body.decode(charset_of(content_type), "replace")
    except (LookupError, ValueError):  # no charset of that name, or a codec that is not for text
        return body.decode("utf-8", "replace")
