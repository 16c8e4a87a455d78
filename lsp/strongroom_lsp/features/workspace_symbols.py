"""Search for connectors, steps and names in the whole workspace."""

from typing import Any, Final

from strongroom.workspace.index import matches
from strongroom.workspace.references import Symbol, Thing
from strongroom_lsp.features.document_symbols import FUNCTION, MODULE
from strongroom_lsp.features.navigation import range_of, span_range, when_indexed
from strongroom_lsp.protocol.messages import text_at
from strongroom_lsp.services import Services

MOST: Final = 1000
"""Symbols in one answer. A longer query gives others."""

CONSTANT: Final = 14
"""The `SymbolKind` of a secret's or variable's name."""


def answer(services: Services, params: Any) -> object:
    """Answer `workspace/symbol`."""
    query = text_at(params, "query")
    return when_indexed(services, lambda: _search(services, query))


def _search(services: Services, query: str) -> list[dict[str, Any]]:
    workspace = services.index
    index = workspace.fresh()
    found: list[dict[str, Any]] = []
    for path, facts in index.connectors():
        if not matches(query, facts.name) and not matches(query, facts.permalink):
            continue
        symbol: dict[str, Any] = {
            "name": facts.name or facts.permalink,
            "kind": MODULE if facts.kind == "composite" else FUNCTION,
            "location": {"uri": path, "range": span_range(facts.span)},
        }
        if container := facts.container or facts.permalink:
            symbol["containerName"] = container
        found.append(symbol)
        if len(found) >= MOST:
            break
    for name in index.names():
        if len(found) < MOST and matches(query, name):
            path, place = next(iter(index.places(Symbol(Thing.NAME, name))))
            location = {"uri": path, "range": range_of(place)}
            used = index.count(Thing.NAME, name)
            times = "once" if used == 1 else f"{used} times"
            found.append(
                {"name": name, "kind": CONSTANT, "location": location, "containerName": f"used {times}"}
            )
    uri = workspace.uris()
    for symbol in found:
        symbol["location"]["uri"] = uri(symbol["location"]["uri"])
    return found
