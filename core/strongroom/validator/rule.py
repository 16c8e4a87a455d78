"""What a rule is: a name, a severity, a page, and one function that looks at one kind of thing."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from strongroom.document import Connector, Document, Template
from strongroom.names import Kind, Knowledge, Names
from strongroom.validator.findings import Fix, Related, Severity, moved_fixes, moved_related


class Mark(NamedTuple):
    """What a rule's function yields: a place and a message. The engine adds whose it is.

    `pointer` and `field` are only needed where a rule looks at more than one template.
    """

    start: int
    end: int
    message: str
    fixes: tuple[Fix, ...] = ()
    related: tuple[Related, ...] = ()
    data: Mapping[str, str] = {}
    pointer: str | None = None
    field: str = ""

    def moved(self, by: int) -> "Mark":
        """The same mark `by` code points further on."""
        fixes, related = moved_fixes(self.fixes, by), moved_related(self.related, by)
        return Mark(
            self.start + by, self.end + by, self.message, fixes, related, self.data, self.pointer, self.field
        )


class Context:
    """What rules know beside the text: the names of the community, and what was already computed for this
    run.
    """

    __slots__ = ("_near", "names")

    def __init__(self, names: Names) -> None:
        self.names = names
        self._near: dict[tuple[str, Kind | None], tuple[str, ...]] = {}

    @property
    def is_strict(self) -> bool:
        """Whether the list of names is complete, so that a missing name is a mistake."""
        return self.names.knowledge is Knowledge.COMPLETE

    def near(self, name: str, kind: Kind | None = None) -> tuple[str, ...]:
        """The known names (of a kind) that `name` may have been meant to be, nearest first."""
        key = (name, kind)
        found = self._near.get(key)
        if found is None:
            from strongroom.text.suggest import nearest

            entries = self.names.by_name.values()
            found = nearest(name, [entry.name for entry in entries if kind is None or entry.kind is kind])
            self._near[key] = found
        return found


TemplateCheck = Callable[[Template, Context], Iterator[Mark]]
ConnectorCheck = Callable[[Connector, Context], Iterator[Mark]]
DocumentCheck = Callable[[Document, Context], Iterator[Mark]]


class Rule:
    """One rule. Its page is the docstring of its module: a first sentence, then fixed headings.

    A template check must look at nothing but the template's text, its place and whether it is in a composite: the
    marks of equal templates are kept.

    At least one of the checks is set: a rule about connectors may also look at what stands around them, in a
    document check. A template or connector check sees offsets relative to the
    connector's start and must look at nothing outside of it, so that its findings can be kept while the
    connector stays the same. A check of the outside looks at what stands around the connectors and at nothing in
    them, so that an edit inside of one need not run it again.

    A check of a connector or template must not tell plain words apart that may be the holes of a shape (see
    `strongroom.document.shapes`): short names, permalinks, paths of URLs, and names in calls of which the same is
    known. What it finds in one connector is reported for all others of its shape.
    A check of a connector must find in a field of a standard connector what it finds there beside any other fields,
    except beside the one that belongs to it: see `strongroom.validator.field_look`, which tells what is looked at once.
    """

    __slots__ = (
        "connector",
        "document",
        "has_fix",
        "name",
        "outside",
        "page",
        "severity",
        "summary",
        "template",
    )

    def __init__(
        self,
        name: str,
        severity: Severity,
        page: str | None,
        *,
        template: TemplateCheck | None = None,
        connector: ConnectorCheck | None = None,
        document: DocumentCheck | None = None,
        outside: DocumentCheck | None = None,
        has_fix: bool = False,
    ) -> None:
        self.name = name
        self.severity = severity
        self.page = (page or "").strip() + "\n"
        self.summary = self.page.split("\n", 1)[0]
        self.template = template
        self.connector = connector
        self.document = document
        self.outside = outside
        self.has_fix = has_fix


HEADINGS: Final = ("What it does", "Why it is bad", "Example", "Use instead", "Fix safety")
"""The headings of every rule's page, in their order."""
