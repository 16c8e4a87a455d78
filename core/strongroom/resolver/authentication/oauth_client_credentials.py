"""Authenticate by OAuth 2.0 client credentials (RFC 6749 §4.4; PLATFORM §5).

A form post asks for a token, which is cached.
"""

from collections.abc import Mapping
from typing import Any

from strongroom.resolver.authentication.context import Applied, Context, required, text_of
from strongroom.resolver.authentication.tokens import MARGIN_SECONDS, AccessToken, ask

_NAME = "the access token"


async def apply(config: Mapping[str, Any], context: Context) -> Applied:
    """Return the Authorization header with a kept token, or with a new one."""
    client_id, client_secret, url = required(
        config, context.stand_ins, "client_id", "client_secret", "token_url"
    )
    scope = context.stand_ins.open(text_of(config, "scope"))
    parts = ("client_credentials", client_id, client_secret, url, scope)
    kept = context.tokens.get(*parts)
    if kept is not None:
        note = "authentication: an access token that was fetched before was sent."
        return context.bearer(kept, _NAME, note, cached_as=parts)
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
    if scope.strip():
        form["scope"] = scope
    is_secret = context.stand_ins.occur_in(text_of(config, "token_url"))

    async def fetch() -> AccessToken:
        issued = await ask(url, form, context.network, is_secret=is_secret)
        context.tokens.put(issued.token, issued.seconds - MARGIN_SECONDS, *parts)
        return issued

    issued = await context.token_requests.once(fetch, *parts)
    return context.bearer(issued.token, _NAME, "authentication: a new access token was fetched and sent.")
