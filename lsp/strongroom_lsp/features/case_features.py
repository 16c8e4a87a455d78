"""Complete, explain, outline and run test cases, and find their connectors."""

from typing import Final

from lsprotocol import types

from strongroom.testcases.connectors import Reference, permalink_of
from strongroom.testcases.facts import symbols_meant
from strongroom.testcases.keys import JSON_TYPES, SHAPES, Key, keys_of
from strongroom.testcases.outline import CaseOutline, OutlinedCase, Place
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.features.case_diagnostics import known_connectors
from strongroom_lsp.features.code_lenses import TEST
from strongroom_lsp.features.navigation import locations_when_indexed, range_of, when_indexed
from strongroom_lsp.features.request_targets import PositionParams, any_document_of, markup
from strongroom_lsp.services import Later, Services

_FIXED: Final = {"flag": ("true", "false"), "skip": ("true",)}


def completion(
    services: Services, params: types.CompletionParams
) -> types.CompletionList | Later[types.CompletionList] | None:
    """Answer `textDocument/completion`."""
    opened, offset = _asked(services, params)
    place = CaseOutline.of(opened.document.text).place(offset) if opened is not None else None
    if opened is None or place is None:
        return None
    if place.key == "connector":  # the connector may be in any file of the workspace
        return when_indexed(services, lambda: _completions(services, opened, place))
    return _completions(services, opened, place)


def _completions(services: Services, opened: OpenDocument, place: Place) -> types.CompletionList:
    span = opened.range(*place.span)
    if place.key is None:
        keys = keys_of(place.table).values()
        items = [_key_item(key, span) for key in keys if key.name not in place.present]
    else:
        items = [
            types.CompletionItem(
                label=value,
                kind=types.CompletionItemKind.Value,
                filter_text=text,
                text_edit=types.TextEdit(span, text),
            )
            for value, text in _values(services, opened, place)
        ]
    return types.CompletionList(is_incomplete=False, items=items)


def hover(services: Services, params: types.HoverParams) -> types.Hover | None:
    """Answer `textDocument/hover` with what a key means and holds."""
    opened, offset = _asked(services, params)
    if opened is None:
        return None
    outline = CaseOutline.of(opened.document.text)
    for entry in outline.entries:
        if entry.is_header or not entry.key[0] <= offset <= entry.key[1]:
            continue
        place = outline.place(entry.value[0])
        key = keys_of(place.table).get(place.key or "") if place is not None else None
        if key is not None:
            is_markdown = services.client.markdown_hover
            name = f"`{key.name}`" if is_markdown else key.name
            return types.Hover(markup(f"{name}: {_key_text(key)}", is_markdown), opened.range(*entry.key))
    return None


def definition(services: Services, params: types.DefinitionParams) -> Later[list[types.Location]] | None:
    """Answer `textDocument/definition` with the connector that a test calls."""
    name = _connector_at(services, params)
    if name is None:
        return None
    return when_indexed(services, lambda: _connectors(services, name))


def references(services: Services, params: types.ReferenceParams) -> Later[list[types.Location]] | None:
    """Answer `textDocument/references` with a connector and the tests that call it."""
    name = _connector_at(services, params)
    if name is None:
        return None
    return locations_when_indexed(services, params, symbols_meant(name))


def document_symbol(
    services: Services, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation] | None:
    """Answer `textDocument/documentSymbol` with the tests."""
    opened = any_document_of(services, params)
    if opened is None:
        return None
    tests, kind = CaseOutline.of(opened.document.text).tests, types.SymbolKind.Method
    if not services.client.hierarchical_symbols:
        return [
            types.SymbolInformation(
                name=_name(test),
                kind=kind,
                location=types.Location(opened.uri, opened.range(test.start, test.end)),
            )
            for test in tests
        ]
    return [
        types.DocumentSymbol(
            name=_name(test),
            kind=kind,
            range=opened.range(test.start, test.end),
            selection_range=opened.range(*(test.name.value if test.name else (test.start, test.end))),
            detail=(test.connector.text if test.connector else None) or None,
        )
        for test in tests
    ]


def code_lens(services: Services, params: types.CodeLensParams) -> list[types.CodeLens] | None:
    """Answer `textDocument/codeLens` with a command that runs each test."""
    opened = any_document_of(services, params)
    options = services.contexts.options
    if opened is None or not options.code_lens or not options.is_trusted:
        return None
    return [
        types.CodeLens(
            opened.range(test.start, test.start),
            types.Command("Run test", TEST, arguments=[{"uri": opened.uri, "connector": test.name.text}]),
        )
        for test in CaseOutline.of(opened.document.text).tests
        if test.name is not None and test.name.text
    ]


def _asked(services: Services, params: PositionParams) -> tuple[OpenDocument | None, int]:
    opened = any_document_of(services, params)
    return opened, opened.offset_at_position(params.position) if opened is not None else 0


def _key_item(key: Key, span: types.Range) -> types.CompletionItem:
    return types.CompletionItem(
        label=key.name,
        kind=types.CompletionItemKind.Property,
        detail=SHAPES[key.shape].words,
        documentation=key.meaning,
        sort_text=f"{0 if key.required else 1}{key.name}",
        text_edit=types.TextEdit(span, key.name),
    )


def _values(services: Services, opened: OpenDocument, place: Place) -> list[tuple[str, str]]:
    """Return the known values of a key: their labels and TOML texts."""
    key = keys_of(place.table).get(place.key or "")
    texts: list[str] = []
    if place.key == "connector":
        texts = list(known_connectors(services))
    elif place.key == "community":
        names = services.contexts.of(opened.path).names
        texts = sorted({names.community, *(other.community for other in names.others)} - {""})
    elif key is not None and key.shape == "json type":
        texts = list(JSON_TYPES)
    if texts:
        return [(text, f'"{text}"') for text in texts]
    return [(word, word) for word in _FIXED.get(key.shape, ())] if key is not None else []


def _key_text(key: Key) -> str:
    needed = " Required." if key.required else ""
    return f"{key.meaning}{needed} It holds {SHAPES[key.shape].words}."


def _name(test: OutlinedCase) -> str:
    return (test.name.text if test.name is not None else "") or f"test {test.number + 1}"


def _connector_at(services: Services, params: PositionParams) -> str | None:
    opened, offset = _asked(services, params)
    if opened is None:
        return None
    for test in CaseOutline.of(opened.document.text).tests:
        entry = test.connector
        if entry is not None and entry.text and entry.value[0] <= offset <= entry.value[1]:
            return entry.text
    return None


def _connectors(services: Services, name: str) -> list[types.Location]:
    """Return where the connector of this permalink is, or else of this name."""
    workspace = services.index
    found = [(path, facts) for path, facts in workspace.fresh().connectors() if facts.kind != "step"]
    reference = Reference.of(name)
    found = [one for one in found if reference.is_composite in (None, one[1].kind == "composite")]
    name = reference.name
    same = [one for one in found if (one[1].permalink or permalink_of(None, one[1].name)) == name]
    uri = workspace.uris()
    return [
        types.Location(uri(path), range_of(facts.span))
        for path, facts in same or [one for one in found if one[1].name == name]
    ]
