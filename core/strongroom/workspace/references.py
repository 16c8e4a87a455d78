"""Find definitions and uses of names in a connector file, to navigate and rename.

Five things have names in more than one place: a secret or variable (in every file of the workspace), a path
parameter (in its connector), a step (in its composite), and a connector and a composite (by its permalink, in
test cases).
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from strongroom.document import Connector, Document, Template, TemplateText
from strongroom.document.connector import declared_path_parameters
from strongroom.document.json_values import Path, StringValue, label_of
from strongroom.document.template_facts import calls_that_may_miss
from strongroom.document.template_members import members_of_free_names
from strongroom.names import Kind
from strongroom.platform.places import FieldPlace


class SymbolKind(StrEnum):
    """List the kinds of symbols.

    Secrets and variables share one namespace (PLATFORM §1), permalinks of connectors and of composites do not (§4).
    """

    NAME = "name"
    PATH_PARAMETER = "path parameter"
    STEP = "step"
    CONNECTOR = "connector"
    COMPOSITE = "composite"


class Symbol(NamedTuple):
    """Identify one thing that has a name.

    `scope` is the JSON Pointer of the connector that it belongs to, "" for the others.
    """

    kind: SymbolKind
    name: str
    scope: str = ""


class Occurrence(NamedTuple):
    """Hold one place of a symbol.

    `start` and `end` are code points of the source, without quotes.

    `kind` is the kind that a call asks for (`get_secret`: a secret), None for other symbols. `connector` is the
    connector's name, `field` the label of the field ("headers[0].value"). `dot` is the offset of the dot in
    `steps.name` and `pathParams.name`, or -1. `may_miss` says that a default follows the name, so that a
    community need not have it.
    """

    symbol: Symbol
    start: int
    end: int
    is_definition: bool = False
    kind: Kind | None = None
    connector: str = ""
    field: str = ""
    dot: int = -1
    may_miss: bool = False


_KINDS = {kind.function: kind for kind in Kind}


def occurrences_in(connector: Connector) -> Iterator[Occurrence]:
    """Yield every occurrence in one connector or composite."""
    scope = connector.pointer
    if connector.permalink:
        kind = SymbolKind.COMPOSITE if connector.is_composite else SymbolKind.CONNECTOR
        yield _definition(connector, Symbol(kind, connector.permalink), ("permalink",))
    for index, name in declared_path_parameters(connector.data):
        symbol = Symbol(SymbolKind.PATH_PARAMETER, name, scope)
        yield _definition(connector, symbol, ("path_parameters", index, "key"))
    if not connector.is_composite:
        for template in connector.templates:
            yield from _in_template(connector, template)
    for step in connector.steps:
        if step.name:
            yield _definition(connector, Symbol(SymbolKind.STEP, step.name, scope), (*step.path, "name"))
        for template in step.own_templates:
            yield from _in_template(connector, template)


def _definition(connector: Connector, symbol: Symbol, path: Path) -> Occurrence:
    base, string = connector.base, connector.value.at(path)
    assert isinstance(string, StringValue), "names are texts"
    start, end = base + string.inner_start, base + string.inner_end
    return Occurrence(symbol, start, end, True, None, connector.name, label_of(path))


_WORDS = ("get_", "pathParams", "steps")


def _in_template(connector: Connector, template: Template) -> Iterator[Occurrence]:
    """Yield the names that one template uses."""
    text = template.text
    if template.is_damaged or not any(word in text for word in _WORDS):
        return
    place = template.to_source
    for found in _uses_in(text):
        yield Occurrence(
            found.symbol if found.kind is not None else found.symbol._replace(scope=connector.pointer),
            place(found.start),
            place(found.end),
            False,
            found.kind,
            connector.name,
            template.field.label,
            place(found.dot) if found.dot >= 0 else -1,
            found.may_miss,
        )


class _Found(NamedTuple):
    """Hold a use in a template's decoded text, apart from any one template."""

    symbol: Symbol
    start: int
    end: int
    kind: Kind | None = None
    dot: int = -1
    may_miss: bool = False


_ROOTS = {"pathParams": SymbolKind.PATH_PARAMETER, "steps": SymbolKind.STEP}


@lru_cache(maxsize=4096)
def _uses_in(text: str) -> tuple[_Found, ...]:
    """Return the uses in a template's text.

    Because files repeat the same few templates, the uses are kept.
    """
    template = TemplateText(text, FieldPlace.URL, in_composite=False)
    may_miss = calls_that_may_miss(template.parsed)
    found = [
        _Found(
            Symbol(SymbolKind.NAME, call.name),
            *call.argument,
            _KINDS[call.function],
            may_miss=call.node in may_miss,
        )
        for call in template.calls
        if call.name is not None and call.function in _KINDS
    ]
    for member in members_of_free_names(template.parsed, *_ROOTS):
        symbol = Symbol(_ROOTS[member.owner.value], member.name)
        dot = member.owner.outer_end if member.node.kind == "getattr" else -1
        found.append(_Found(symbol, member.start, member.end, None, dot))
    return tuple(found)


def symbol_at(document: Document, offset: int) -> Occurrence | None:
    """Return the occurrence at the source offset, or None.

    The offsets of both ends count.
    """
    connector = document.connector_at(offset)
    if connector is None:
        return None
    return next((found for found in occurrences_in(connector) if found.start <= offset <= found.end), None)


def same_symbol(document: Document, symbol: Symbol) -> Iterator[Occurrence]:
    """Yield the occurrences of one symbol in a document, in the order of the text."""
    for connector in document.connectors:
        if symbol.scope in ("", connector.pointer) and _may_hold(connector, symbol):
            yield from (found for found in occurrences_in(connector) if found.symbol == symbol)


def _may_hold(connector: Connector, symbol: Symbol) -> bool:
    """Return False if the text certainly does not have the symbol.

    A source with an escape may hide any symbol.
    """
    source = connector.fragment.source
    return symbol.name in source or "\\" in source
