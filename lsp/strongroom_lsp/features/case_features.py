"""Complete, explain and find connectors in files of test cases.

The outline and the lenses are here as well.
"""

from typing import Any, Final

from strongroom.testcases.connectors import Reference, permalink_of
from strongroom.testcases.facts import symbols_meant
from strongroom.testcases.keys import JSON_TYPES, SHAPES, Key, keys_of
from strongroom.testcases.outline import CaseOutline, OutlinedCase, Place
from strongroom_lsp.diagnostics.json_targets import any_document_of, markup
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.features.case_diagnostics import known_connectors
from strongroom_lsp.features.code_lenses import TEST
from strongroom_lsp.features.navigation import locations_of, span_range, when_indexed
from strongroom_lsp.protocol.capabilities import look_up
from strongroom_lsp.protocol.messages import position_at
from strongroom_lsp.services import Services

KEY, VALUE, METHOD = 10, 12, 6
"""The `CompletionItemKind`s of a key and a value, and the `SymbolKind` of a test."""

_FIXED: Final = {"flag": ("true", "false"), "skip": ("true",)}


def completion(services: Services, params: Any) -> object:
    """Answer `textDocument/completion`."""
    opened, offset = _asked(services, params)
    place = CaseOutline.of(opened.document.text).place(offset) if opened is not None else None
    if opened is None or place is None:
        return None
    if place.key == "connector":  # the connector may be in any file of the workspace
        return when_indexed(services, lambda: _completions(services, opened, place))
    return _completions(services, opened, place)


def _completions(services: Services, opened: OpenDocument, place: Place) -> dict[str, Any]:
    if place.key is None:
        items = [
            _key_item(opened, place, key)
            for key in keys_of(place.table).values()
            if key.name not in place.present
        ]
    else:
        items = [
            {
                "label": value,
                "kind": VALUE,
                "filterText": text,
                "textEdit": {"range": opened.positions.range(*place.span), "newText": text},
            }
            for value, text in _values(services, opened, place)
        ]
    return {"isIncomplete": False, "items": items}


def hover(services: Services, params: Any) -> object:
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
            text = f"{name}: {_key_text(key)}"
            return {"contents": markup(text, is_markdown), "range": opened.positions.range(*entry.key)}
    return None


def definition(services: Services, params: Any) -> object:
    """Answer `textDocument/definition` with the connector that a test calls."""
    name = _connector_at(services, params)
    if name is None:
        return None
    return when_indexed(services, lambda: _connectors(services, name))


def references(services: Services, params: Any) -> object:
    """Answer `textDocument/references` with a connector and the tests that call it."""
    name = _connector_at(services, params)
    if name is None:
        return None
    with_declaration = look_up(params, "context", "includeDeclaration") is not False
    return when_indexed(services, lambda: _references(services, name, with_declaration))


def _references(services: Services, name: str, with_declaration: bool) -> list[dict[str, Any]]:
    """Return the places of the connectors that a test may mean, each once."""
    found = [
        place for symbol in symbols_meant(name) for place in locations_of(services, symbol, with_declaration)
    ]
    return [place for at, place in enumerate(found) if place not in found[:at]]


def symbols(services: Services, params: Any) -> object:
    """Answer `textDocument/documentSymbol` with the tests."""
    opened = any_document_of(services, params)
    if opened is None:
        return None
    found = []
    for test in CaseOutline.of(opened.document.text).tests:
        place = opened.positions.range(test.start, test.end)
        named = opened.positions.range(*test.name.value) if test.name is not None else None
        symbol: dict[str, Any] = {"name": _name(test), "kind": METHOD}
        if services.client.hierarchical_symbols:
            symbol |= {"range": place, "selectionRange": named or place}
            if test.connector is not None and test.connector.text:
                symbol["detail"] = test.connector.text
        else:
            symbol["location"] = {"uri": opened.uri, "range": place}
        found.append(symbol)
    return found


def lenses(services: Services, params: Any) -> object:
    """Answer `textDocument/codeLens` with a command that runs each test."""
    opened = any_document_of(services, params)
    options = services.contexts.options
    if opened is None or not options.code_lens or not options.is_trusted:
        return None
    return [
        {
            "range": opened.positions.range(test.start, test.start),
            "command": {
                "title": "Run test",
                "command": TEST,
                "arguments": [{"uri": opened.uri, "connector": test.name.text}],
            },
        }
        for test in CaseOutline.of(opened.document.text).tests
        if test.name is not None and test.name.text
    ]


def _asked(services: Services, params: Any) -> tuple[OpenDocument | None, int]:
    place = position_at(params, "position")
    opened = any_document_of(services, params)
    return opened, opened.positions.offset(*place) if opened is not None else 0


def _key_item(opened: OpenDocument, place: Place, key: Key) -> dict[str, Any]:
    return {
        "label": key.name,
        "kind": KEY,
        "detail": SHAPES[key.shape].words,
        "documentation": key.meaning,
        "sortText": f"{0 if key.required else 1}{key.name}",
        "textEdit": {"range": opened.positions.range(*place.span), "newText": key.name},
    }


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


def _connector_at(services: Services, params: Any) -> str | None:
    opened, offset = _asked(services, params)
    if opened is None:
        return None
    for test in CaseOutline.of(opened.document.text).tests:
        entry = test.connector
        if entry is not None and entry.text and entry.value[0] <= offset <= entry.value[1]:
            return entry.text
    return None


def _connectors(services: Services, name: str) -> list[dict[str, Any]]:
    """Return where the connector of this permalink is, or else of this name."""
    workspace = services.index
    found = [(path, facts) for path, facts in workspace.fresh().connectors() if facts.kind != "step"]
    reference = Reference.of(name)
    found = [one for one in found if reference.is_composite in (None, one[1].kind == "composite")]
    name = reference.name
    same = [one for one in found if (one[1].permalink or permalink_of(None, one[1].name)) == name]
    uri = workspace.uris()
    return [
        {"uri": uri(path), "range": span_range(facts.span)}
        for path, facts in same or [one for one in found if one[1].name == name]
    ]
