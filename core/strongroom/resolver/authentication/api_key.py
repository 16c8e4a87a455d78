"""Authenticate with an API key in a header or in the query (PLATFORM §5)."""

from collections.abc import Mapping
from typing import Any

from strongroom.resolver.authentication.context import Applied, Context, text_of
from strongroom.resolver.terms.failures import RunFailed, misconfigured


async def apply(config: Mapping[str, Any], context: Context) -> Applied:  # noqa: ARG001
    """Return the key as the header or parameter that `in` names, by default a header."""
    key, value, place = (text_of(config, field) for field in ("key", "value", "in"))
    if not key.strip():
        raise RunFailed(
            misconfigured("authentication.config.key is empty: an api_key needs the name to send.")
        )
    if place not in ("", "header", "query"):
        raise RunFailed(misconfigured('authentication.config.in is neither "header" nor "query".'))
    if place == "query":
        return Applied(query=((key, value),))
    return Applied(headers=((key, value),))
