"""Name the source of a part of a rendered field."""

from typing import NamedTuple


class Origin(NamedTuple):
    """Hold where a part of a field came from: the line of an explanation."""

    field: str
    name: str
    kind: str
    """The kind: "secret", "variable" or "jwt"."""
    resolved: bool
    literal: str
    note: str = ""
    is_default: bool = False
    """True if the name is missing, and the template's `default` took its place."""
