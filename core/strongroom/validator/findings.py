"""What the rules report: findings, their fixes and the edits that these are made of. Offsets are source
offsets.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """Say how bad a finding is."""

    ERROR = "error"  # the platform refuses it or the call fails
    WARNING = "warning"  # a documented mistake or a leak
    INFO = "info"  # style


class Edit(NamedTuple):
    """Replace text[start:end] by `new`, which is written as the source wants it (JSON-escaped)."""

    start: int
    end: int
    new: str


class Fix(NamedTuple):
    """Edits that mend a finding, under a title. `is_safe` where nobody needs to look before it is applied."""

    title: str
    edits: tuple[Edit, ...]
    is_safe: bool


class Related(NamedTuple):
    """Another place that has to do with a finding."""

    message: str
    start: int
    end: int


class Finding(NamedTuple):
    """One mistake: which rule, what is wrong, where, and how to mend it.

    `pointer` is the JSON Pointer of the value, `field` its label inside the connector
    ("headers[0].value"), and `connector` the connector's name, or None outside of any. `data` is for
    quick actions: {"name": "api_key"}.
    """

    rule: str
    severity: Severity
    message: str
    start: int
    end: int
    pointer: str = ""
    connector: str | None = None
    field: str = ""
    fixes: tuple[Fix, ...] = ()
    related: tuple[Related, ...] = ()
    data: Mapping[str, str] = {}

    @property
    def fix(self) -> Fix | None:
        """Return the first safe fix, or None."""
        return next((fix for fix in self.fixes if fix.is_safe), None)
