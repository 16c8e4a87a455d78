"""Hold the marks on values that rules report.

A mark knows the path of a value and a stretch of its decoded text. `strongroom.validator.placing` turns marks into
findings: their proposals become fixes, and the changes of proposals become edits.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple, Protocol

from strongroom.document.connector import Fragment
from strongroom.document.json_values import Path
from strongroom.text.edits import Edit
from strongroom.validator.findings import Finding, Fix, Related, Severity

Span = tuple[int, int]
"""Start and end in a decoded text."""

ValuePart = Literal["value", "key", "opening", "absent"]
"""Name the part of a value that is marked.

It is the value itself (the text between a string's quotes), its key, its opening bracket, or the empty place before the
object in which the member is missing.
"""


class Change(Protocol):
    """Make one change of a proposal, in terms of values."""

    def edits(self, fragment: Fragment, path: Path) -> tuple[Edit, ...]:
        """Return the edits of the source; none if the change is impossible.

        `path` is that of the mark.
        """


class Proposal(NamedTuple):
    """Hold changes that mend the mistake of a mark, under a title.

    `is_safe` is True if the changes can be made without a look at them. A proposal with one impossible change is not
    offered.
    """

    title: str
    changes: tuple[Change, ...]
    is_safe: bool


class Neighbour(NamedTuple):
    """Name another place that has to do with a mark.

    Without a path it is in the same value.
    """

    message: str
    path: Path | None = None
    span: Span | None = None


class Mark(NamedTuple):
    """Hold one mistake: its message, its value, and how to mend it.

    The path leads from the connector to the value; a rule about templates leaves it empty, for its template. `span` is
    a stretch of the value's decoded text; without one, `part` of the value is marked. `data` is for quick actions:
    {"name": "api_key"}.
    """

    message: str
    path: Path = ()
    span: Span | None = None
    part: ValuePart = "value"
    proposals: tuple[Proposal, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    data: Mapping[str, str] = {}


class PlacedMark(NamedTuple):
    """Mark a mistake around connectors or between them, or in code, with source offsets.

    `pointer` and `field` are those of the value. Without a pointer it is that of the connector at `start`.
    """

    start: int
    end: int
    message: str
    fixes: tuple[Fix, ...] = ()
    related: tuple[Related, ...] = ()
    data: Mapping[str, str] = {}
    pointer: str | None = None
    field: str = ""

    def finding(self, rule: str, severity: Severity, connector: str | None, pointer: str = "") -> Finding:
        """Return the finding of a rule that made the mark, about the connector of that name and pointer."""
        where = pointer if self.pointer is None else self.pointer
        place = self.start, self.end, where, connector, self.field
        return Finding(rule, severity, self.message, *place, self.fixes, self.related, self.data)


class Marked(NamedTuple):
    """Hold a mark, the rule that made it, and the rule's severity."""

    rule: str
    severity: Severity
    mark: Mark
