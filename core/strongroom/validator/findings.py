"""Hold findings and their fixes.

Rules report them. Offsets are source offsets.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from strongroom.text.edits import Edit


class Severity(StrEnum):
    """Say how bad a finding is."""

    ERROR = "error"  # the platform refuses it or the call fails
    WARNING = "warning"  # a documented mistake or a leak
    INFO = "info"  # style


class Fix(NamedTuple):
    """Hold edits that mend a finding, under a title.

    `is_safe` is True if a fix can be applied without a look at it.
    """

    title: str
    edits: tuple[Edit, ...]
    is_safe: bool


class Related(NamedTuple):
    """Name another place that has to do with a finding."""

    message: str
    start: int
    end: int


class Finding(NamedTuple):
    """Hold one mistake: its rule, message and place, and the fixes.

    `pointer` is the JSON Pointer of the value, `field` its label inside the connector ("headers[0].value"), and
    `connector` the connector's name, or None outside of any. `data` is for quick actions: {"name": "api_key"}.
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
