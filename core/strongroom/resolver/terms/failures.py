"""Describe how a run fails, with the platform's status and envelope (PLATFORM §6)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

TEMPLATE: Final = "Configuration (template rendering)"
RESPONSE_TEMPLATE: Final = "Configuration (response template rendering)"
SIGNING: Final = "Authentication (JWT signing)"
DOWNSTREAM: Final = "Downstream (network/external service)"
DOWNSTREAM_HTTP: Final = "Downstream (HTTP error)"
UNEXPECTED: Final = "Unexpected error"
SIGNED_OUT: Final = "Authentication (signed-in user required)"

INVALID_PATH: Final = "INVALID_PATH_PARAMETERS"
MISSING_PATH: Final = "MISSING_PATH_PARAMETERS"
MISCONFIGURED: Final = "CONNECTOR_MISCONFIGURED"


class Destination(NamedTuple):
    """Hold a host and the names of the secrets that would go there.

    The host has its port where it is not the usual one.
    """

    host: str
    secrets: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.host} ({', '.join(self.secrets)})"


class Failure(NamedTuple):
    """Hold the reason why a run stopped.

    `errors` is the envelope's own object; `reason` a sentence for people. Neither holds a value.
    """

    status: int
    errors: Mapping[str, Any]
    reason: str
    is_timeout: bool = False
    withheld: tuple[Destination, ...] = ()
    """The hosts that secrets would have gone to, if nobody agreed to it.

    Nothing was sent.
    """

    def envelope(self, request_id: str) -> dict[str, Any]:
        """Return the body that the platform answers with."""
        return {"success": False, "errors": dict(self.errors), "request_id": request_id}


class RunFailed(Exception):  # noqa: N818 - it reads as what happened, and it never leaves the resolver
    """Carry a `Failure` from where it happened to the report.

    Its text holds no value.
    """

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


def scoped(status: int, scope: str, reason: str) -> Failure:
    """Return a failure that the platform names by its scope alone."""
    return Failure(status, {"scope": scope}, reason)


def template_failed(reason: str) -> Failure:
    """Return the failure for a template of the request that does not render."""
    return scoped(422, TEMPLATE, reason)


def response_template_failed(reason: str) -> Failure:
    """Return the failure for a response template that does not render."""
    return scoped(422, RESPONSE_TEMPLATE, reason)


def signing_failed(reason: str) -> Failure:
    """Return the failure for a JWT that cannot be signed."""
    return scoped(422, SIGNING, reason)


def unreachable(reason: str, *, is_timeout: bool = False) -> Failure:
    """Return the failure for an API that did not answer, or not in time."""
    return scoped(502, DOWNSTREAM, reason)._replace(is_timeout=is_timeout)


def withheld(destinations: Sequence[Destination]) -> Failure:
    """Return the failure for secrets that nobody agreed to send to these hosts."""
    where = "; ".join(map(str, destinations))
    reason = f"nothing was sent, because you have not agreed to send secrets to {where}."
    return unreachable(reason)._replace(withheld=tuple(destinations))


def path_parameters(code: str, names: Sequence[str], reason: str) -> Failure:
    """Return the failure for path parameters that are missing or invalid."""
    return Failure(400, {"code": code, "params": list(names)}, reason)


def misconfigured(reason: str) -> Failure:
    """Return the failure for a connector that contradicts itself."""
    return Failure(400, {"code": MISCONFIGURED, "detail": reason}, reason)
