"""Complete, explain and find connectors in the code of widgets.

Outside of a project with connectors nothing is read and nothing is answered.
"""

from typing import NamedTuple

from lsprotocol import types

from strongroom.text.slugs import certain_slug
from strongroom.widgets.code import WidgetCode
from strongroom.widgets.known import KnownConnectors
from strongroom.widgets.slots import SlotKind, slot_at
from strongroom.widgets.suggestions import explanation, suggestions
from strongroom.workspace.call_references import occurrences_in_code, permalink_at
from strongroom.workspace.references import Symbol, SymbolKind
from strongroom_lsp.documents.code_files import code_of
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.features.navigation import locations_when_indexed, range_of, when_indexed
from strongroom_lsp.features.request_targets import DocumentParams, PositionParams, any_document_of, markup
from strongroom_lsp.services import Later, Services


class OpenCode(NamedTuple):
    """Hold the code that a request is about, and the connectors that it may call."""

    opened: OpenDocument
    code: WidgetCode
    known: KnownConnectors


def open_code_of(services: Services, params: DocumentParams) -> OpenCode | None:
    """Return the code of a request, or None outside of a project."""
    opened = any_document_of(services, params)
    if opened is None or opened.path is None:
        return None
    known = services.contexts.connectors_of(opened.path)
    return OpenCode(opened, code_of(opened), known) if known is not None else None


def completion(services: Services, params: types.CompletionParams) -> types.CompletionList | None:
    """Answer `textDocument/completion` with permalinks, methods, options, parameters."""
    found = open_code_of(services, params)
    if found is None:
        return None
    slot = slot_at(found.code, found.opened.offset_at_position(params.position))
    if slot is None:
        return None
    span = found.opened.range(slot.start, slot.end)
    is_value = slot.kind in (SlotKind.PERMALINK, SlotKind.METHOD)
    kind = types.CompletionItemKind.Value if is_value else types.CompletionItemKind.Property
    items = [
        types.CompletionItem(
            label=one.label,
            kind=kind,
            detail=one.detail or None,
            documentation=markup(one.about, is_markdown=False),
            sort_text=f"{number:04}",
            filter_text=one.text.rstrip(": "),
            text_edit=types.TextEdit(span, one.text),
        )
        for number, one in enumerate(suggestions(slot, found.known))
    ]
    return types.CompletionList(is_incomplete=False, items=items)


def hover(services: Services, params: types.HoverParams) -> types.Hover | None:
    """Answer `textDocument/hover` with a called connector, option or path parameter."""
    found = open_code_of(services, params)
    if found is None:
        return None
    about = explanation(found.code, found.opened.offset_at_position(params.position), found.known)
    if about is None:
        return None
    is_markdown = services.client.markdown_hover
    text = about.text if is_markdown else about.text.replace("`", "")
    return types.Hover(markup(text, is_markdown), found.opened.range(about.start, about.end))


def definition(services: Services, params: types.DefinitionParams) -> Later[list[types.Location]] | None:
    """Answer `textDocument/definition` with the connector that is called."""
    symbol = symbol_of(services, params)
    return when_indexed(services, lambda: _connectors(services, symbol)) if symbol is not None else None


def references(services: Services, params: types.ReferenceParams) -> Later[list[types.Location]] | None:
    """Answer `textDocument/references` with a connector, its calls and its tests."""
    symbol = symbol_of(services, params)
    if symbol is None:
        return None
    return locations_when_indexed(services, params, [symbol])


def document_highlight(
    services: Services, params: types.DocumentHighlightParams
) -> list[types.DocumentHighlight] | None:
    """Answer `textDocument/documentHighlight` with a connector's calls in this file."""
    found, symbol = open_code_of(services, params), symbol_of(services, params)
    if found is None or symbol is None:
        return None
    return [
        types.DocumentHighlight(found.opened.range(one.start, one.end), types.DocumentHighlightKind.Read)
        for one in occurrences_in_code(found.code)
        if one.symbol == symbol
    ]


def symbol_of(services: Services, params: PositionParams) -> Symbol | None:
    """Return the connector whose permalink a request is about, or None."""
    found = open_code_of(services, params)
    if found is None:
        return None
    place = permalink_at(found.code, found.opened.offset_at_position(params.position))
    return place.symbol if place is not None else None


def _connectors(services: Services, symbol: Symbol) -> list[types.Location]:
    """Return the places of a permalink's connectors, also of one made from a name."""
    kind = "composite" if symbol.kind is SymbolKind.COMPOSITE else "connector"
    workspace = services.index
    uri = workspace.uris()
    return [
        types.Location(uri(path), range_of(facts.span))
        for path, facts in workspace.fresh().connectors()
        if facts.kind == kind and (facts.permalink or certain_slug(facts.name)) == symbol.name
    ]
