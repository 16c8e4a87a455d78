"""Find definitions, references and highlights.

They are those of names, path parameters, steps and connectors.
"""

from collections.abc import Callable
from typing import Any

from strongroom.workspace.index import Place, Span
from strongroom.workspace.references import Occurrence, Symbol, Thing, same_symbol, symbol_at
from strongroom_lsp.diagnostics.json_targets import place_of
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.protocol.capabilities import look_up
from strongroom_lsp.protocol.later import Later
from strongroom_lsp.services import Services

_READ, _WRITE = 2, 3
"""The `DocumentHighlightKind`s."""


def definition(services: Services, params: Any) -> object:
    """Answer `textDocument/definition` with a path parameter's row, or a step.

    A secret or variable has no definition in a file. Its first use in this one would not be new to the person.
    """
    opened, found = _asked(services, params)
    if opened is None or found is None or found.symbol.thing is Thing.NAME:
        return None
    places = [place for place in same_symbol(opened.document, found.symbol) if place.is_definition]
    if not places:
        return None
    if not services.client.definition_links:
        return [_location(opened, place) for place in places]
    return [_link(opened, found, place) for place in places]


def references(services: Services, params: Any) -> object:
    """Answer `textDocument/references`.

    A name or connector is found in all files, anything else in its connector.
    """
    opened, found = _asked(services, params)
    if opened is None or found is None:
        return None
    with_declaration = look_up(params, "context", "includeDeclaration") is not False
    if found.symbol.scope:
        return [
            _location(opened, place)
            for place in same_symbol(opened.document, found.symbol)
            if with_declaration or not place.is_definition
        ]
    return when_indexed(services, lambda: locations_of(services, found.symbol, with_declaration))


def highlights(services: Services, params: Any) -> object:
    """Answer `textDocument/documentHighlight`."""
    opened, found = _asked(services, params)
    if opened is None or found is None:
        return None
    return [
        {
            "range": opened.positions.range(place.start, place.end),
            "kind": _WRITE if place.is_definition else _READ,
        }
        for place in same_symbol(opened.document, found.symbol)
    ]


def when_indexed(services: Services, answer: Callable[[], object]) -> Later:
    """Return the answer as a `Later` that is given when the workspace is indexed."""
    later = Later()
    services.index.when_ready(lambda: later.attempt(lambda: later.give(answer())))
    return later


def locations_of(services: Services, symbol: Symbol, with_declaration: bool = True) -> list[dict[str, Any]]:
    """Return where a symbol is in the workspace, as `Location`s."""
    workspace = services.index
    places, uri = workspace.fresh().places(symbol), workspace.uris()
    return [
        {"uri": uri(path), "range": range_of(place)}
        for path, place in places
        if with_declaration or not place.occurrence.is_definition
    ]


def range_of(place: Place) -> dict[str, dict[str, int]]:
    """Return the `Range` of a place in the index."""
    return span_range(place.span)


def span_range(span: Span) -> dict[str, dict[str, int]]:
    """Return the `Range` of a span."""
    return {
        "start": {"line": span.line, "character": span.character},
        "end": {"line": span.end_line, "character": span.end_character},
    }


def _asked(services: Services, params: Any) -> tuple[OpenDocument | None, Occurrence | None]:
    place = place_of(services, params)
    if place is None:
        return None, None
    opened, offset = place
    return opened, symbol_at(opened.document, offset)


def _location(opened: OpenDocument, place: Occurrence) -> dict[str, Any]:
    return {"uri": opened.uri, "range": opened.positions.range(place.start, place.end)}


def _link(opened: OpenDocument, origin: Occurrence, target: Occurrence) -> dict[str, Any]:
    place = opened.positions.range(target.start, target.end)
    return {
        "originSelectionRange": opened.positions.range(origin.start, origin.end),
        "targetUri": opened.uri,
        "targetRange": place,
        "targetSelectionRange": place,
    }
