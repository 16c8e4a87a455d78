"""Outline a connector file: connectors, steps, rows, authentication."""

from typing import Final

from lsprotocol import types

from strongroom.document import Connector
from strongroom.document.json_values import StringValue, Value
from strongroom.text.phrases import counted
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.features.request_targets import document_of
from strongroom_lsp.services import Services

PARTS: Final = 300
"""Connectors of a file up to which rows are listed as well. The list is made again after each edit."""

_ROWS: Final = {
    "headers": types.SymbolKind.Field,
    "query_parameters": types.SymbolKind.Field,
    "path_parameters": types.SymbolKind.Variable,
}


def document_symbol(
    services: Services, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation] | None:
    """Answer `textDocument/documentSymbol`."""
    opened = document_of(services, params)
    if opened is None:
        return None
    if services.client.hierarchical_symbols:
        with_parts = len(opened.document.connectors) <= PARTS
        return [_symbol(opened, connector, with_parts) for connector in opened.document.connectors]
    return [flat for connector in opened.document.connectors for flat in _flat(opened, connector)]


def kind_of_connector(is_composite: bool) -> types.SymbolKind:
    """Return the symbol of a composite, or of a connector or step."""
    return types.SymbolKind.Module if is_composite else types.SymbolKind.Function


def _symbol(opened: OpenDocument, connector: Connector, with_parts: bool) -> types.DocumentSymbol:
    base = connector.base
    name = connector.value.get("name")
    selected = (
        (base + name.start, base + name.end) if name is not None else (connector.start, connector.start + 1)
    )
    children = [_symbol(opened, step, with_parts) for step in connector.steps]
    if with_parts and not connector.is_composite:
        children = _parts(opened, connector)
    return types.DocumentSymbol(
        name=_name(connector),
        kind=kind_of_connector(connector.is_composite),
        range=opened.range(connector.start, connector.end),
        selection_range=opened.range(*selected),
        detail=_detail(connector) or None,
        children=children,
    )


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


def _parts(opened: OpenDocument, connector: Connector) -> list[types.DocumentSymbol]:
    """Return the rows and the authentication of a connector, in the order of the text."""
    found: list[tuple[str, types.SymbolKind, Value, Value]] = []
    for list_name, kind in _ROWS.items():
        rows = connector.value.get(list_name)
        for row in rows.items if rows is not None else ():
            key = row.get("key")
            if isinstance(key, StringValue):
                found.append((key.data or list_name, kind, row, key))
    authentication = connector.value.get("authentication")
    auth_type = authentication.get("type") if authentication is not None else None
    if authentication is not None and isinstance(auth_type, StringValue):
        name = f"authentication: {auth_type.data}"
        found.append((name, types.SymbolKind.Key, authentication, auth_type))
    base = connector.base
    return [
        types.DocumentSymbol(
            name=name,
            kind=kind,
            range=opened.range(base + whole.start, base + whole.end),
            selection_range=opened.range(base + selected.start, base + selected.end),
        )
        for name, kind, whole, selected in sorted(found, key=lambda part: part[2].start)
    ]


def _flat(
    opened: OpenDocument, connector: Connector, container: str | None = None
) -> list[types.SymbolInformation]:
    """Return a connector and its steps, for clients without hierarchical symbols."""
    name = _name(connector)
    own = types.SymbolInformation(
        name=name,
        kind=kind_of_connector(connector.is_composite),
        location=types.Location(opened.uri, opened.range(connector.start, connector.end)),
        container_name=container,
    )
    return [own, *(flat for step in connector.steps for flat in _flat(opened, step, name))]
