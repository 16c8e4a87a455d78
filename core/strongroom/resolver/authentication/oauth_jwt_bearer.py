"""Authenticate by OAuth 2.0 with a signed assertion (RFC 7523; PLATFORM §5).

A form post asks for a token, which is cached.
"""

import time
from collections.abc import Mapping
from typing import Any, Final

from strongroom.resolver.authentication.context import (
    Applied,
    Context,
    object_of,
    required,
    signed,
    text_of,
)
from strongroom.resolver.authentication.tokens import DEFAULT_LIFETIME, MARGIN_SECONDS, AccessToken, ask
from strongroom.resolver.terms.failures import RunFailed, misconfigured

GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ASSERTION_SECONDS: Final = 180
"""The seconds that an assertion is good for (PLATFORM §5)."""

_NAME = "the access token"


async def apply(config: Mapping[str, Any], context: Context) -> Applied:
    """Return the Authorization header with a kept token, or with a new one."""
    stand_ins = context.stand_ins
    client_id, key, url, subject, audience = required(
        config, stand_ins, "client_id", "private_key", "token_url", "subject", "audience"
    )
    lifetime = _lifetime(text_of(config, "token_ttl"))
    extra = object_of(config, "additional_claims", stand_ins)
    parts = ("jwt_bearer", client_id, key, url, subject, audience, repr(sorted(extra.items())))
    kept = context.tokens.get(*parts)
    if kept is not None:
        note = "authentication: an access token that was fetched before was sent."
        return context.bearer(kept, _NAME, note, cached_as=parts)
    is_secret = stand_ins.occur_in(text_of(config, "token_url"))

    async def fetch() -> AccessToken:
        now = int(time.time())
        own = {"iss": client_id, "sub": subject, "aud": audience, "iat": now, "exp": now + ASSERTION_SECONDS}
        assertion = await signed({**extra, **own}, key, config, context)
        form = {"grant_type": GRANT, "assertion": assertion}
        issued = await ask(url, form, context.network, is_secret=is_secret)
        context.tokens.put(issued.token, lifetime - MARGIN_SECONDS, *parts)
        return issued

    issued = await context.token_requests.once(fetch, *parts)
    return context.bearer(issued.token, _NAME, "authentication: a new access token was fetched and sent.")


def _lifetime(given: str) -> float:
    if not given.strip():
        return float(DEFAULT_LIFETIME)
    try:
        return float(given)
    except ValueError:
        pass
    raise RunFailed(misconfigured("authentication.config.token_ttl is not a number of seconds."))
