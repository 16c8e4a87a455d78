"""Search for connectors, steps and names in the whole workspace."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from lsprotocol import types

from strongroom.workspace.index import matches
from strongroom.workspace.references import Symbol, SymbolKind
from strongroom_lsp.features.document_symbols import kind_of_connector
from strongroom_lsp.features.navigation import range_of, when_indexed
from strongroom_lsp.features.partial_results import in_parts
from strongroom_lsp.services import Later, Services

MOST: Final = 1000
"""Symbols in one answer. A longer query gives others."""


def workspace_symbol(
    services: Services, params: types.WorkspaceSymbolParams
) -> Later[list[types.WorkspaceSymbol]]:
    """Answer `workspace/symbol`."""
    token = params.partial_result_token
    return when_indexed(
        services, lambda: in_parts(services, token, islice(_found(services, params.query), MOST))
    )


def _found(services: Services, query: str) -> Iterator[types.WorkspaceSymbol]:
    """Yield the connectors and steps that match, and then the names."""
    workspace = services.index
    index, uri = workspace.fresh(), workspace.uris()
    for path, facts in index.connectors():
        if matches(query, facts.name) or matches(query, facts.permalink):
            yield types.WorkspaceSymbol(
                location=types.Location(uri(path), range_of(facts.span)),
                name=facts.name or facts.permalink,
                kind=kind_of_connector(facts.kind == "composite"),
                container_name=facts.container or facts.permalink or None,
            )
    for name in index.names():
        if matches(query, name):
            path, place = next(iter(index.places(Symbol(SymbolKind.NAME, name))))
            used = index.count(SymbolKind.NAME, name)
            yield types.WorkspaceSymbol(
                location=types.Location(uri(path), range_of(place.span)),
                name=name,
                kind=types.SymbolKind.Constant,
                container_name=f"used {'once' if used == 1 else f'{used} times'}",
            )
