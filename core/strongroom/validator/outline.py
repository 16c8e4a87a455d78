"""What several rules look up in a connector, read once: its objects, its rows, its authentication, its URL."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from strongroom.document import Connector
from strongroom.document.json_values import Path, StringValue, Value, label_of, pointer_of
from strongroom.platform.fields import (
    AUTHENTICATION_FIELDS,
    COMPOSITE_FIELDS,
    CONNECTOR_FIELDS,
    PATH_ROW_FIELDS,
    ROW_FIELDS,
    FieldFact,
)
from strongroom.validator.findings import Fix, Related
from strongroom.validator.rule import Mark
from strongroom.validator.url_parts import UrlParts

Members = Mapping[str, tuple[StringValue, Value]]
"""Key -> key text and value; the last one where a key is there twice, as JSON readers do."""

ROW_LISTS = {"headers": ROW_FIELDS, "query_parameters": ROW_FIELDS, "path_parameters": PATH_ROW_FIELDS}
"""The fields of a connector that hold rows, and the fields of their rows."""


class Part:
    """One object of a connector whose fields the platform knows: the connector, a row, authentication.

    `path` leads to it from the connector's own object.
    """

    __slots__ = ("connector", "facts", "members", "noun", "path", "value")

    def __init__(
        self, connector: Connector, path: Path, value: Value, facts: Mapping[str, FieldFact], noun: str
    ) -> None:
        self.connector = connector
        self.path = path
        self.value = value
        self.facts = facts
        self.noun = noun
        self.members: Members = {member[0].data: member for member in value.members}

    @property
    def pointer(self) -> str:
        """Its JSON Pointer."""
        return self.connector.pointer + pointer_of(self.path)

    @property
    def label(self) -> str:
        """What is put before the name of one of its fields."""
        return f"{self.connector.prefix}{label_of(self.path)}{'.' if self.path else ''}"

    def text(self, name: str) -> StringValue | None:
        """The member `name` where it is a sound string."""
        found = self.members.get(name)
        if found is not None and isinstance(found[1], StringValue) and not found[1].is_damaged:
            return found[1]
        return None


class Row(NamedTuple):
    """One row of headers or parameters, the list that holds it, and where it stands there."""

    list_name: str
    position: int
    part: Part


class Outline:
    """One standard connector, one step, or the outside of a composite."""

    __slots__ = (
        "auth_type",
        "authentication",
        "config",
        "connector",
        "is_damaged",
        "members",
        "part",
        "parts",
        "rows",
        "source",
        "url",
    )

    def __init__(self, connector: Connector) -> None:
        self.connector = connector
        self.source = connector.fragment.source
        self.is_damaged = connector.fragment.is_damaged
        facts = COMPOSITE_FIELDS if connector.is_composite else CONNECTOR_FIELDS
        noun = (
            "step" if connector.is_step else "composite connector" if connector.is_composite else "connector"
        )
        self.part = Part(connector, (), connector.value, facts, noun)
        self.members = members = self.part.members
        self.parts = [self.part]
        self.rows: list[Row] = []
        self.authentication: Part | None = None
        self.auth_type: StringValue | None = None
        self.config: Part | None = None
        self.url: UrlParts | None = None
        if connector.is_composite:
            return
        for name, row_facts in ROW_LISTS.items():
            found = members.get(name)
            if found is not None:
                self._add_rows(name, row_facts, found[1])
        url = self.part.text("url")
        if url is not None:
            self.url = UrlParts(url)
        found = members.get("authentication")
        if found is not None and found[1].kind == "object":
            self._add_authentication(found[1])

    def _add_rows(self, name: str, facts: Mapping[str, FieldFact], rows: Value) -> None:
        for index, row in enumerate(rows.items):
            if row.kind == "object":
                part = Part(self.connector, (name, index), row, facts, "row")
                self.rows.append(Row(name, index, part))
                self.parts.append(part)

    def _add_authentication(self, value: Value) -> None:
        path = ("authentication",)
        self.authentication = Part(self.connector, path, value, AUTHENTICATION_FIELDS, "authentication")
        self.parts.append(self.authentication)
        self.auth_type = self.authentication.text("type")
        found = self.authentication.members.get("config")
        if found is not None and found[1].kind == "object":
            self.config = Part(self.connector, (*path, "config"), found[1], {}, "config")

    def rows_of(self, name: str) -> Iterator[Row]:
        """The rows of one list, in their order."""
        return (row for row in self.rows if row.list_name == name)

    def mark(
        self,
        place: Value | tuple[int, int],
        message: str,
        part: Part,
        name: str = "",
        fixes: tuple[Fix, ...] = (),
        *,
        related: tuple[Related, ...] = (),
        data: Mapping[str, str] = {},
    ) -> Mark:
        """A mark at a value (the text between a string's quotes) or at a place, in the field `name` of `part`."""
        start, end = place if isinstance(place, tuple) else inside(place)
        pointer = f"{part.pointer}/{name}" if name else part.pointer
        label = part.label + name if name else part.label.rstrip(".")
        return Mark(start, end, message, fixes, related, data, pointer, label)


def outlines(connector: Connector) -> tuple[Outline, ...]:
    """The outline of a standard connector; of a composite, its own and then those of its steps."""
    found = connector.outline
    if not isinstance(found, tuple):
        found = connector.outline = (Outline(connector), *(Outline(step) for step in connector.steps))
    return found


def inside(value: Value) -> tuple[int, int]:
    """Where a value stands; of a string that is not empty, only what is between its quotes."""
    if isinstance(value, StringValue) and value.inner_start < value.inner_end:
        return value.inner_start, value.inner_end
    return value.start, value.end


def opening(value: Value) -> tuple[int, int]:
    """The opening bracket of an object or array: where something is missing."""
    return value.start, value.start + 1
