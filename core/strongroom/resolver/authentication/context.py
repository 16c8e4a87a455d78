"""What every way of authenticating is given, and what it gives back."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from strongroom.resolver.inputs import Policy
from strongroom.resolver.ledger import Ledger
from strongroom.resolver.rendering import Rendered


class Applied(NamedTuple):
    """What authentication adds to a request. Values are texts with stand-ins; notes are lines for people."""

    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


class Context(NamedTuple):
    """The run that authenticates. `transport` stands in for the network in tests."""

    ledger: Ledger
    policy: Policy
    transport: Any = None


def text_of(config: Mapping[str, Any], field: str) -> str:
    """A rendered field of the config as a text with stand-ins; "" where it is absent."""
    value = config.get(field)
    if isinstance(value, Rendered):
        return value.text
    return "" if value is None else str(value)
