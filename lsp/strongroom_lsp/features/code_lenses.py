"""Show lenses over each connector: test it, and the uses of its names."""

from collections.abc import Iterable
from typing import Any, Final

from lsprotocol import types

from strongroom.document import Connector
from strongroom.document.template_facts import reads_name
from strongroom.platform.fields import PAYLOAD_METHODS
from strongroom.testcases.connectors import reference_to
from strongroom.workspace.references import Symbol, SymbolKind, occurrences_in
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.features.completing.template_words import path_parameters
from strongroom_lsp.features.navigation import locations_of
from strongroom_lsp.features.request_targets import document_of
from strongroom_lsp.services import Services

TEST: Final = "strongroom.testConnection"
SHOW_REFERENCES: Final = "strongroom.showReferences"

_NAMES: Final = 3
"""Names of one connector that get a lens of their own."""

_LENSES: Final = 200
"""Connectors of a file up to which uses are counted. In a larger file the counts take too long."""


def code_lens(services: Services, params: types.CodeLensParams) -> list[types.CodeLens] | None:
    """Answer `textDocument/codeLens`."""
    opened = document_of(services, params)
    if opened is None or not services.contexts.options.code_lens:
        return None
    connectors = opened.document.connectors
    by_kind = _names_by_kind(connectors)
    lenses = []
    for connector in connectors:
        place = opened.range(connector.start, connector.start + 1)
        name = connector.permalink or connector.name
        if name in by_kind[not connector.is_composite]:
            name = reference_to(name, is_composite=connector.is_composite)
        if name and opened.path is not None and services.contexts.options.is_trusted:
            argument: dict[str, Any] = {"uri": opened.uri, "connector": name}
            if parameters := path_parameters(connector):
                argument["parameters"] = parameters
            if inputs := _inputs(connector):
                argument["inputs"] = inputs
            lenses.append(types.CodeLens(place, types.Command("Test connection", TEST, arguments=[argument])))
        if len(connectors) <= _LENSES:
            lenses += [_used(services, opened, place, name) for name in _names(connector)]
    return lenses


def _inputs(connector: Connector) -> list[str]:
    """Return which of `payload` and `user` the connector takes from its caller."""
    data = connector.data
    # A blank body forwards the incoming one.
    is_forwarded = data.get("method") in PAYLOAD_METHODS and not data.get("request_body")
    if is_forwarded or any(reads_name(data, name) for name in ("body_text", "body_raw", "request")):
        return ["payload", "user"] if reads_name(data, "user") else ["payload"]
    return ["user"] if reads_name(data, "user") else []


def _names_by_kind(connectors: Iterable[Connector]) -> dict[bool, set[str]]:
    """Return the names to ask for connectors (False) and composites (True) by."""
    found: dict[bool, set[str]] = {False: set(), True: set()}
    for connector in connectors:
        found[connector.is_composite].add(connector.permalink or connector.name)
    return found


def _names(connector: Connector) -> list[str]:
    found = (place.symbol for place in occurrences_in(connector))
    return list(dict.fromkeys(symbol.name for symbol in found if symbol.kind is SymbolKind.NAME))[:_NAMES]


def _used(services: Services, opened: OpenDocument, place: types.Range, name: str) -> types.CodeLens:
    """Return a lens with how often a name is used, as far as files are indexed."""
    index = services.index.roughly()
    count = index.count(SymbolKind.NAME, name)
    title = f"{name}: used {'once' if count == 1 else f'{count} times'}"
    if SHOW_REFERENCES not in services.client.commands:
        return types.CodeLens(place, types.Command(title, ""))
    locations = list(locations_of(services, [Symbol(SymbolKind.NAME, name)]))
    return types.CodeLens(
        place, types.Command(title, SHOW_REFERENCES, arguments=[opened.uri, place.start, locations])
    )
