"""The ways to authenticate that the platform knows (PLATFORM §5), one file each."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from strongroom.resolver.authentication import api_key, none
from strongroom.resolver.authentication.context import Applied, Context

Method = Callable[[Mapping[str, Any], Context], Awaitable[Applied]]

METHODS: Final[Mapping[str, Method]] = {
    "none": none.apply,
    "api_key": api_key.apply,
}
"""From the type to what applies it. A deprecated alias is resolved before."""

__all__ = ["METHODS", "Applied", "Context", "Method"]
