"""Hold the platform's ways to authenticate, one file each (PLATFORM §5)."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from strongroom.resolver.authentication import (
    api_key,
    jwt_bearer_token,
    none,
    oauth_client_credentials,
    oauth_jwt_bearer,
)
from strongroom.resolver.authentication.context import Applied, Context
from strongroom.resolver.authentication.tokens import TokenCache, TokenRequests

Method = Callable[[Mapping[str, Any], Context], Awaitable[Applied]]

METHODS: Final[Mapping[str, Method]] = {
    "none": none.apply,
    "api_key": api_key.apply,
    "oauth_client_credentials": oauth_client_credentials.apply,
    "jwt": jwt_bearer_token.apply,
    "oauth_jwt_bearer": oauth_jwt_bearer.apply,
}
"""The function that applies each type.

A deprecated alias is resolved before.
"""

__all__ = ["METHODS", "Applied", "Context", "Method", "TokenCache", "TokenRequests"]
