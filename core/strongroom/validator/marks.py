"""What rules report: marks on values. A mark knows the path of a value and a stretch of its decoded text.

`strongroom.validator.placing` turns marks into findings: their proposals become fixes, the changes of these edits.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple, Protocol

from strongroom.document.json_values import Path
from strongroom.validator.findings import Edit, Severity
from strongroom.validator.source import ConnectorSource

Span = tuple[int, int]
"""Start and end in a decoded text."""

ValuePart = Literal["value", "key", "opening", "absent"]
"""The part of a value that is marked: the value itself (the text between a string's quotes), its key, its opening
bracket; or the empty place before the object that lacks the member.
"""


class Change(Protocol):
    """One change of a proposal, in terms of values."""

    def edits(self, source: ConnectorSource, path: Path) -> tuple[Edit, ...]:
        """Return the edits of the source, none where it cannot be changed so. `path` is that of the mark."""


class Proposal(NamedTuple):
    """Changes that mend what is marked, under a title. `is_safe` where nobody needs to look before it is applied.

    A proposal of which one change is impossible is not offered.
    """

    title: str
    changes: tuple[Change, ...]
    is_safe: bool


class Neighbour(NamedTuple):
    """Another place that has to do with a mark; without a path, in the same value."""

    message: str
    path: Path | None = None
    span: Span | None = None


class Mark(NamedTuple):
    """One mistake: its message, the value that has it, and how to mend it.

    The path leads from the connector to the value; a rule about templates leaves it empty, for its template.
    `span` is a stretch of the value's decoded text; without one, `part` of the value is marked. `data` is for quick
    actions: {"name": "api_key"}.
    """

    message: str
    path: Path = ()
    span: Span | None = None
    part: ValuePart = "value"
    proposals: tuple[Proposal, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    data: Mapping[str, str] = {}


class Marked(NamedTuple):
    """A mark, the rule that made it, and the rule's severity."""

    rule: str
    severity: Severity
    mark: Mark
