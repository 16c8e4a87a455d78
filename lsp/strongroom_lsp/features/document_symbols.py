"""Outline a connector file: connectors, steps, rows, authentication."""

from typing import Any, Final

from strongroom.document import Connector
from strongroom.document.json_values import StringValue, Value
from strongroom.text.phrases import counted
from strongroom_lsp.diagnostics.json_targets import document_of
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.services import Services

MODULE, FIELD, VARIABLE, FUNCTION, KEY = 2, 8, 13, 12, 20
"""The `SymbolKind`s: a composite, a header or parameter, a path parameter, a connector or step, authentication."""

PARTS: Final = 300
"""Connectors of a file up to which rows are listed as well. The list is made again after each edit."""

_ROWS = {"headers": FIELD, "query_parameters": FIELD, "path_parameters": VARIABLE}


def answer(services: Services, params: Any) -> object:
    """Answer `textDocument/documentSymbol`."""
    opened = document_of(services, params)
    if opened is None:
        return None
    if services.client.hierarchical_symbols:
        with_parts = len(opened.document.connectors) <= PARTS
        return [_symbol(opened, connector, with_parts) for connector in opened.document.connectors]
    return [flat for connector in opened.document.connectors for flat in _flat(opened, connector)]


def _symbol(opened: OpenDocument, connector: Connector, with_parts: bool) -> dict[str, Any]:
    base = connector.base
    name = connector.value.get("name")
    selected = (
        (base + name.start, base + name.end) if name is not None else (connector.start, connector.start + 1)
    )
    children = [_symbol(opened, step, with_parts) for step in connector.steps]
    if with_parts and not connector.is_composite:
        children = _parts(opened, connector)
    symbol: dict[str, Any] = {
        "name": _name(connector),
        "kind": MODULE if connector.is_composite else FUNCTION,
        "range": opened.positions.range(connector.start, connector.end),
        "selectionRange": opened.positions.range(*selected),
        "children": children,
    }
    if detail := _detail(connector):
        symbol["detail"] = detail
    return symbol


def _name(connector: Connector) -> str:
    return connector.name or connector.permalink or ("step" if connector.is_step else "connector")


def _detail(connector: Connector) -> str:
    """Return the method and URL, or the number of a composite's steps."""
    if connector.is_composite:
        steps = len(connector.steps)
        return counted(steps, "step")
    method, url = (connector.value.get(key) for key in ("method", "url"))
    words = [
        value.data for value in (method, url) if isinstance(value, StringValue) and len(value.data) < 200
    ]
    return " ".join(words)


def _parts(opened: OpenDocument, connector: Connector) -> list[dict[str, Any]]:
    found: list[tuple[int, dict[str, Any]]] = []
    for list_name, kind in _ROWS.items():
        rows = connector.value.get(list_name)
        for row in rows.items if rows is not None else ():
            key = row.get("key")
            if isinstance(key, StringValue):
                found.append(
                    (row.start, _part(opened, connector.base, (key.data or list_name, kind), (row, key)))
                )
    authentication = connector.value.get("authentication")
    kind_value = authentication.get("type") if authentication is not None else None
    if authentication is not None and isinstance(kind_value, StringValue):
        name = f"authentication: {kind_value.data}"
        found.append(
            (authentication.start, _part(opened, connector.base, (name, KEY), (authentication, kind_value)))
        )
    return [part for _, part in sorted(found, key=lambda pair: pair[0])]


def _part(
    opened: OpenDocument, base: int, named: tuple[str, int], places: tuple[Value, Value]
) -> dict[str, Any]:
    """Return a symbol of a name and kind, with its whole and its selected place."""
    (name, kind), (whole, selected) = named, places
    return {
        "name": name,
        "kind": kind,
        "range": opened.positions.range(base + whole.start, base + whole.end),
        "selectionRange": opened.positions.range(base + selected.start, base + selected.end),
    }


def _flat(opened: OpenDocument, connector: Connector) -> list[dict[str, Any]]:
    """Return connectors and steps as `SymbolInformation`s.

    They are for clients without hierarchical symbols.
    """
    own = {
        "name": _name(connector),
        "kind": MODULE if connector.is_composite else FUNCTION,
        "location": {
            "uri": opened.uri,
            "range": opened.positions.range(connector.start, connector.end),
        },
    }
    steps = [
        {**flat, "containerName": own["name"]} for step in connector.steps for flat in _flat(opened, step)
    ]
    return [own, *steps]
