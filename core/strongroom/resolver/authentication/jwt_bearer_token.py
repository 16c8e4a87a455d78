"""Sign a JWT of the connector's own for each request (PLATFORM §5, type `jwt`)."""

from collections.abc import Mapping
from typing import Any, Final

from strongroom.resolver.authentication.context import Applied, Context, object_of, required, signed
from strongroom.resolver.terms.failures import RunFailed, signing_failed
from strongroom.values.secret_value import SecretValue

_TIMES: Final = ("exp", "iat", "nbf")
"""The claims that are cast to integers, since templates give text."""


async def apply(config: Mapping[str, Any], context: Context) -> Applied:
    """Return the token in the Authorization header."""
    (key,) = required(config, context.stand_ins, "private_key")
    claims = object_of(config, "claims", context.stand_ins)
    for name in _TIMES:
        if name in claims:
            claims[name] = _whole_seconds(name, claims[name])
    token = await signed(claims, key, config, context)
    return context.bearer(
        SecretValue(token), "the signed token", "authentication: a JWT was signed and sent."
    )


def _whole_seconds(name: str, value: Any) -> int:
    try:
        return int(float(value))
    except (TypeError, ValueError, OverflowError):
        pass
    raise RunFailed(signing_failed(f"the claim {name} is not a number of seconds."))
