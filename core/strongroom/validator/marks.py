"""Hold the marks on values that rules report.

A mark knows the path of a value and a stretch of its decoded text. `strongroom.validator.placing` turns marks into
findings: their proposals become fixes, and the changes of proposals become edits.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple

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


MakeEdits = Callable[[Fragment, Path], Sequence[Edit]]
"""Make edits of the source for a mark at a path of a connector; none if that is impossible."""

Change = Edit | MakeEdits
"""Change the decoded text of the marked string, or whatever is made from the path of the mark."""


class Proposal(NamedTuple):
    """Hold changes that mend the mistake of a mark, under a title.

    `is_safe` is True if the changes can be made without a look at them. A proposal with one impossible change is not
    offered.
    """

    title: str
    changes: tuple[Change, ...]
    is_safe: bool


class Mark(NamedTuple):
    """Hold one mistake: its message, its value, and how to mend it.

    The path leads from the connector to the value; a rule about templates leaves it empty, for its template. `span` is
    a stretch of the value's decoded text; without one, `part` of the value is marked. `related` are other places that
    have to do with it, by their messages; one without a path is in the same value. `data` is for quick actions:
    {"name": "api_key"}.
    """

    message: str
    path: Path = ()
    span: Span | None = None
    part: ValuePart = "value"
    proposals: tuple[Proposal, ...] = ()
    related: tuple["Mark", ...] = ()
    data: Mapping[str, str] = {}


class PlacedMark(NamedTuple):
    """Mark a mistake around connectors, between them or in code, by source offsets.

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
        """Return the finding of the rule that made the mark.

        `connector` and `pointer` say which connector the finding is about.
        """
        where = pointer if self.pointer is None else self.pointer
        place = self.start, self.end, where, connector, self.field
        return Finding(rule, severity, self.message, *place, self.fixes, self.related, self.data)


class Marked(NamedTuple):
    """Hold a mark, the rule that made it, and the rule's severity."""

    rule: str
    severity: Severity
    mark: Mark
