"""Define a rule: a name, a severity, a page, and functions that find mistakes.

The functions look at the parts of a connector or at a whole file.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from strongroom.document import Document, TemplateText
from strongroom.document.template_nodes import ParsedTemplate
from strongroom.document.template_parser import parse_template
from strongroom.names import Kind, Knowledge, Names
from strongroom.validator.findings import Severity
from strongroom.validator.marks import Mark, PlacedMark
from strongroom.validator.parts import Authentication, CheckedConnector, Part, Request, Row
from strongroom.validator.publication import PublicationCheck
from strongroom.validator.url_parts import UrlParts

if TYPE_CHECKING:
    from strongroom.validator.calls.checked_call import CheckedCall


class Context:
    """Hold the knowledge that rules have beside the values.

    It is the names of the community, and the templates that were parsed before.
    """

    __slots__ = ("_near", "names", "parsed")

    def __init__(
        self,
        names: Names,
        parsed: Callable[[str], ParsedTemplate] = parse_template,
    ) -> None:
        self.names = names
        self.parsed = parsed
        self._near: dict[tuple[str, Kind | None], tuple[str, ...]] = {}

    @property
    def is_strict(self) -> bool:
        """Return True if the list of names is complete.

        Then a missing name is a mistake.
        """
        return self.names.knowledge is Knowledge.COMPLETE

    def near(self, name: str, kind: Kind | None = None) -> tuple[str, ...]:
        """Return the known names that `name` may have been meant to be, nearest first.

        With `kind`, only names of that kind.
        """
        key = (name, kind)
        found = self._near.get(key)
        if found is None:
            from strongroom.text.suggest import nearest

            entries = self.names.by_name.values()
            found = nearest(name, [entry.name for entry in entries if kind is None or entry.kind is kind])
            self._near[key] = found
        return found


T = TypeVar("T")
Check = Callable[[T, Context], Iterator[Mark]]
"""Yield the marks of a part of one kind."""
UrlCheck = Callable[[Request, UrlParts, Context], Iterator[Mark]]
DocumentCheck = Callable[[Document], Iterator[PlacedMark]]
CallCheck = Callable[["CheckedCall"], Iterator[PlacedMark]]


class Rule(NamedTuple):
    """Describe one rule.

    `docstring` is that of its module: a first sentence, then fixed headings.

    A rule has a function for one or more kinds of parts. Each function is called for each such part as the connector is
    walked:

    - `connector`: a standard or composite connector as a whole;
    - `part`: each object whose fields the platform knows (connector, step, row, authentication);
    - `fields`: by the name of a field, each connector and step that has it;
    - `url`: each connector and step whose URL is more than a plain https address and has no broken template;
    - `row`: each header and parameter;
    - `authentication`: each authentication that is an object;
    - `template`: each template field. The function must look at nothing but the `TemplateText`, because the marks of
      equal templates are kept;
    - `document`: a whole file, for mistakes around the connectors and between them;
    - `publication`: the connectors of a file that belongs to a project, beside those of the project's other files;
    - `call`: each call of a connector in the code of a widget.

    All but the last three look at one connector and nothing outside of it, because the marks of a connector are kept
    while it stays the same. They are given the `Context` as well. `unused-ignore` has no function here, because the
    walk asks it when all others have looked.
    """

    name: str
    severity: Severity
    docstring: str | None
    connector: Check[CheckedConnector] | None = None
    part: Check[Part] | None = None
    fields: Mapping[str, Check[Request]] = {}
    url: UrlCheck | None = None
    row: Check[Row] | None = None
    authentication: Check[Authentication] | None = None
    template: Check[TemplateText] | None = None
    document: DocumentCheck | None = None
    publication: PublicationCheck | None = None
    call: CallCheck | None = None
    has_fix: bool = False

    @property
    def page(self) -> str:
        """Return the text of the rule's page."""
        return (self.docstring or "").strip() + "\n"

    @property
    def summary(self) -> str:
        """Return the first line of the page."""
        return self.page.split("\n", 1)[0]
