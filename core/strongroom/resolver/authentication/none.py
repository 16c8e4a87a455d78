"""Send a request without authentication."""

from collections.abc import Mapping
from typing import Any

from strongroom.resolver.authentication.context import Applied, Context


async def apply(config: Mapping[str, Any], context: Context) -> Applied:  # noqa: ARG001
    """Add nothing to the request."""
    return Applied()
