"""Hold the input and the result of each authentication type."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from strongroom.resolver.authentication.tokens import TokenCache, TokenRequests
from strongroom.resolver.network.connections import Network
from strongroom.resolver.signing import SigningFailed
from strongroom.resolver.templates.bounded import beside
from strongroom.resolver.templates.rendering import Rendered, exchanged
from strongroom.resolver.terms.failures import RunFailed, misconfigured, signing_failed
from strongroom.resolver.terms.stand_ins import StandIns
from strongroom.values.secret_value import SecretValue


class Applied(NamedTuple):
    """Hold what authentication adds to a request.

    Values are texts with stand-ins; notes are lines for people. `cached_as` are the parts under which a kept
    `token` was found, because an API that refuses it is asked again with a new one. It is empty for a new
    token, and without a token.
    """

    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    cached_as: tuple[str, ...] = ()
    token: SecretValue | None = None

    def __repr__(self) -> str:
        return f"Applied({len(self.headers)} headers, {len(self.query)} parameters)"


class Context(NamedTuple):
    """Hold the run that authenticates."""

    stand_ins: StandIns
    network: Network
    tokens: TokenCache
    token_requests: TokenRequests

    def bearer(self, token: SecretValue, name: str, note: str, cached_as: tuple[str, ...] = ()) -> Applied:
        """Return an Authorization header with a stand-in for the token."""
        stand_in = self.stand_ins.for_value(token, f"<{name}>", [name])
        pair = ("Authorization", f"Bearer {stand_in}")
        return Applied(headers=(pair,), notes=(note,), cached_as=cached_as, token=token)


def text_of(config: Mapping[str, Any], field: str, default: str = "") -> str:
    """Return a rendered field of the config, or `default` if it is absent or empty.

    The text has stand-ins.
    """
    value = config.get(field)
    text = value.text if isinstance(value, Rendered) else "" if value is None else str(value)
    return text or default


def required(config: Mapping[str, Any], stand_ins: StandIns, *fields: str) -> tuple[str, ...]:
    """Return the values of required fields. `RunFailed` names the first missing one."""
    values = tuple(stand_ins.open(text_of(config, field)) for field in fields)
    for field, value in zip(fields, values, strict=True):
        if not value.strip():
            raise RunFailed(misconfigured(f"authentication.config.{field} is empty."))
    return values


def object_of(config: Mapping[str, Any], field: str, stand_ins: StandIns) -> dict[str, Any]:
    """Return an object of the config, {} if it is absent.

    The config may have the object as JSON text.
    """
    import json

    value = exchanged(config.get(field), lambda inner: stand_ins.open(inner.text))
    if isinstance(value, str):
        try:
            value = json.loads(value) if value.strip() else {}
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise RunFailed(signing_failed(f"authentication.config.{field} is not a JSON object."))
    return dict(value) if isinstance(value, Mapping) else {}


async def signed(claims: Mapping[str, Any], key: str, config: Mapping[str, Any], context: Context) -> str:
    """Return a JWT over the claims, by the config's algorithm and headers.

    Raises `RunFailed` (422) where no token can be signed.
    """
    stand_ins = context.stand_ins
    algorithm = stand_ins.open(text_of(config, "algorithm", "RS256"))
    headers = object_of(config, "jwt_headers", stand_ins)
    # Loading a key and signing take tens of milliseconds: not on the loop that a screen may share.
    is_resolved = not stand_ins.unresolved_in(text_of(config, "private_key"))
    token = await beside(
        lambda: context.tokens.signer.sign(claims, key, algorithm, headers, is_resolved=is_resolved)
    )
    if isinstance(token, SigningFailed):
        raise RunFailed(signing_failed(f"authentication.config: {token.reason}"))
    return token
