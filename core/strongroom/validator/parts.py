"""Show a connector as rules see it, by path and decoded.

Its parts are objects, rows, authentication, URL and templates.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from strongroom.document.connector import Fragment, rows_of, template_fields
from strongroom.document.json_values import Path
from strongroom.document.template_nodes import ParsedTemplate
from strongroom.platform.authentication import AUTH_TYPES, AuthType
from strongroom.platform.fields import (
    AUTHENTICATION_FIELDS,
    COMPOSITE_FIELDS,
    CONNECTOR_FIELDS,
    ROW_LISTS,
    FieldFact,
)
from strongroom.platform.places import FieldPlace
from strongroom.validator.marks import Mark, Proposal, Span, ValuePart
from strongroom.validator.plain import plain, sound_text
from strongroom.validator.url_parts import UrlParts

Parse = Callable[[str], ParsedTemplate]


class Part:
    """Hold one object of a connector.

    It is the connector itself, a step, a row, the authentication or its config. `path` leads to it from the connector's
    own object. `facts` are the fields that the platform knows in it.
    """

    __slots__ = ("data", "facts", "is_damaged", "noun", "path", "words")

    def __init__(
        self, whole: "CheckedConnector", path: Path, data: Any, facts: Mapping[str, FieldFact], noun: str
    ) -> None:
        self.path = path
        self.data: dict[str, Any] = data
        self.facts = facts
        self.noun = noun
        self.is_damaged = whole.is_damaged
        self.words = whole.words

    def text(self, name: str) -> str | None:
        """Return the member `name` if it is a sound string."""
        return sound_text(self.data.get(name))

    def mark(
        self,
        message: str,
        *names: str | int,
        span: Span | None = None,
        part: ValuePart = "value",
        proposals: tuple[Proposal, ...] = (),
        related: tuple[Mark, ...] = (),
        data: Mapping[str, str] = {},
    ) -> Mark:
        """Return a mark at the member that `names` lead to, or at the object itself."""
        return Mark(message, (*self.path, *names), span, part, proposals, related, data)


class Row(Part):
    """Hold one row of headers or parameters, its list, and its index there."""

    __slots__ = ("index", "list_name")

    def __init__(self, owner: "Request", list_name: str, index: int, data: Any) -> None:
        path = (*owner.path, list_name, index)
        super().__init__(owner.whole, path, data, ROW_LISTS[list_name], "row")
        self.list_name = list_name
        self.index = index


class Authentication(Part):
    """Hold the authentication of a connector or step.

    That is `type` as written, the facts of that type, and the config.
    """

    __slots__ = ("config", "known", "type")

    def __init__(self, owner: "Request", data: Any) -> None:
        path = (*owner.path, "authentication")
        super().__init__(owner.whole, path, data, AUTHENTICATION_FIELDS, "authentication")
        self.type = self.text("type")
        self.known: AuthType | None = AUTH_TYPES.get(self.type) if self.type is not None else None
        config = data.get("config")
        is_object = type(config) is dict
        self.config = Part(owner.whole, (*path, "config"), config, {}, "config") if is_object else None


class TemplateField(NamedTuple):
    """Hold one template field: its path in the connector, its text and its place."""

    path: Path
    text: str
    place: FieldPlace


class Request(Part):
    """Hold a standard connector, a step, or the outside of a composite.

    The outside of a composite sends no request itself.
    """

    __slots__ = ("authentication", "is_composite", "is_step", "rows", "url", "whole")

    def __init__(self, whole: "CheckedConnector", path: Path, data: Any, *, is_composite: bool) -> None:
        self.is_step = bool(path)
        self.is_composite = is_composite
        noun = "step" if path else "composite connector" if is_composite else "connector"
        super().__init__(whole, path, data, COMPOSITE_FIELDS if is_composite else CONNECTOR_FIELDS, noun)
        self.whole = whole
        self.rows: list[Row] = []
        self.authentication: Authentication | None = None
        self.url: UrlParts | None = None
        if is_composite:
            return
        for name in ROW_LISTS:
            self.rows += [Row(self, name, index, row) for index, row in rows_of(data, name)]
        url = self.text("url")
        if url is not None:
            self.url = UrlParts(url, whole.parse)
        authentication = data.get("authentication")
        if type(authentication) is dict:
            self.authentication = Authentication(self, authentication)

    def rows_of(self, name: str) -> Iterator[Row]:
        """Return the rows of one list, in their order."""
        return (row for row in self.rows if row.list_name == name)

    @property
    def parts(self) -> Iterator[Part]:
        """Return an iterator over the objects whose fields the platform knows.

        The request itself comes first.
        """
        yield self
        yield from self.rows
        if self.authentication is not None:
            yield self.authentication

    @property
    def templates(self) -> Iterator[TemplateField]:
        """Return an iterator over its template fields (PLATFORM §2).

        Fields in damaged strings are among them.
        """
        if not self.is_composite:
            for place, path, text in template_fields(self.data):
                yield TemplateField((*self.path, *path), text, place)


class CheckedConnector:
    """Hold one connector of a file: its own object and a composite's steps.

    Both are its `requests`. `is_damaged` says that a part may be missing in it only because its JSON is broken.
    """

    __slots__ = ("is_composite", "is_damaged", "parse", "request", "requests", "steps", "words")

    def __init__(self, fragment: Fragment, parse: Parse) -> None:
        data, self.words = plain(fragment)
        self.parse = parse
        self.is_damaged = fragment.is_damaged
        self.is_composite = fragment.is_composite
        self.request = Request(self, (), data, is_composite=self.is_composite)
        steps = data.get("steps") if self.is_composite else None
        self.steps = [
            Request(self, ("steps", index), step, is_composite=False)
            for index, step in enumerate(steps if type(steps) is list else ())
            if type(step) is dict
        ]
        self.requests = [self.request, *self.steps]
