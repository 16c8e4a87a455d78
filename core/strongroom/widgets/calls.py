"""Hold a call of a connector in the code of a widget."""

from enum import Enum
from typing import NamedTuple

from strongroom.widgets.values import Span, Value


class CallKind(Enum):
    """List the functions that are called, by the last names of the path to each.

    The last two do not exist, but authors call them.
    """

    CONNECTOR = ("connectors", "execute")
    COMPOSITE = ("connectors", "composite", "execute")
    SDK = ("execute",)
    SDK_COMPOSITE = ("composite", "execute")

    @property
    def path(self) -> tuple[str, ...]:
        """Return the names that end the path."""
        path: tuple[str, ...] = self.value
        return path

    @property
    def exists(self) -> bool:
        """Return True if the SDK has the function."""
        return self.path[0] == "connectors"

    @property
    def is_composite(self) -> bool:
        """Return True if composites are meant."""
        return "composite" in self.path


class Call(NamedTuple):
    """Hold one call: its kind, its place and its options.

    `name` is the place of `execute`, or of the name that it was given, and `composite` that of `composite` before it.
    `is_member` is True if the name is written after a dot.
    """

    kind: CallKind
    start: int
    end: int
    name: Span
    composite: Span | None
    options: Value
    is_member: bool = True

    @property
    def permalinks(self) -> tuple[Value, ...]:
        """Return the texts that the permalink may be; none if they are not certain."""
        member = self.options.get("permalink")
        return member.value.texts if member is not None else ()
