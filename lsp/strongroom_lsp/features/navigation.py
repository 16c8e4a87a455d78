"""Find the definitions, references and highlights of named things.

They are names, path parameters, steps and connectors.
"""

from collections.abc import Callable, Iterable, Iterator

from lsprotocol import types

from strongroom.workspace.index import Span
from strongroom.workspace.references import Occurrence, Symbol, SymbolKind, same_symbol, symbol_at
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.features.partial_results import in_parts
from strongroom_lsp.features.request_targets import PositionParams, place_of
from strongroom_lsp.services import Later, Result, Services


def definition(
    services: Services, params: types.DefinitionParams
) -> list[types.Location] | list[types.LocationLink] | None:
    """Answer `textDocument/definition` with a path parameter's row, or a step.

    A secret or variable has no definition in a file. Its first use in this one would not be new to the person.
    """
    opened, found = _asked(services, params)
    if opened is None or found is None or found.symbol.kind is SymbolKind.NAME:
        return None
    places = [place for place in same_symbol(opened.document, found.symbol) if place.is_definition]
    if not places:
        return None
    if not services.client.definition_links:
        return [_location(opened, place) for place in places]
    return [_link(opened, found, place) for place in places]


def references(
    services: Services, params: types.ReferenceParams
) -> list[types.Location] | Later[list[types.Location]] | None:
    """Answer `textDocument/references`.

    A name or connector is found in all files, anything else in its connector.
    """
    opened, found = _asked(services, params)
    if opened is None or found is None:
        return None
    with_declaration = params.context.include_declaration
    if found.symbol.scope:
        return [
            _location(opened, place)
            for place in same_symbol(opened.document, found.symbol)
            if with_declaration or not place.is_definition
        ]
    return locations_when_indexed(services, params, [found.symbol])


def locations_when_indexed(
    services: Services, params: types.ReferenceParams, symbols: Iterable[Symbol]
) -> Later[list[types.Location]]:
    """Answer `textDocument/references` with symbols of the whole workspace."""
    token, with_declaration = params.partial_result_token, params.context.include_declaration
    return when_indexed(
        services, lambda: in_parts(services, token, locations_of(services, symbols, with_declaration))
    )


def document_highlight(
    services: Services, params: types.DocumentHighlightParams
) -> list[types.DocumentHighlight] | None:
    """Answer `textDocument/documentHighlight`."""
    opened, found = _asked(services, params)
    if opened is None or found is None:
        return None
    written, read = types.DocumentHighlightKind.Write, types.DocumentHighlightKind.Read
    return [
        types.DocumentHighlight(
            opened.range(place.start, place.end), written if place.is_definition else read
        )
        for place in same_symbol(opened.document, found.symbol)
    ]


async def when_indexed(services: Services, answer: Callable[[], Result]) -> Result:
    """Return the answer when the workspace is indexed."""
    await services.index.ready()
    return answer()


def locations_of(
    services: Services, symbols: Iterable[Symbol], with_declaration: bool = True
) -> Iterator[types.Location]:
    """Return where symbols are in the workspace, each place once."""
    workspace = services.index
    index, uri = workspace.fresh(), workspace.uris()
    places = dict.fromkeys(
        (path, place.span)
        for symbol in symbols
        for path, place in index.places(symbol)
        if with_declaration or not place.occurrence.is_definition
    )
    return (types.Location(uri(path), range_of(span)) for path, span in places)


def range_of(span: Span) -> types.Range:
    """Return the range of a place in the index."""
    return types.Range(
        types.Position(span.line, span.character), types.Position(span.end_line, span.end_character)
    )


def _asked(services: Services, params: PositionParams) -> tuple[OpenDocument | None, Occurrence | None]:
    place = place_of(services, params)
    if place is None:
        return None, None
    opened, offset = place
    return opened, symbol_at(opened.document, offset)


def _location(opened: OpenDocument, place: Occurrence) -> types.Location:
    return types.Location(opened.uri, opened.range(place.start, place.end))


def _link(opened: OpenDocument, origin: Occurrence, target: Occurrence) -> types.LocationLink:
    place = opened.range(target.start, target.end)
    return types.LocationLink(
        target_uri=opened.uri,
        target_range=place,
        target_selection_range=place,
        origin_selection_range=opened.range(origin.start, origin.end),
    )
