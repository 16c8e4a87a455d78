"""Symbols, folding and selection: the shape of a connector file."""

import itertools
import json

import pytest
from lsprotocol import converters, types

CONVERTER = converters.get_converter()
REGISTRY = {
    "connectors": [
        {
            "name": "Orders",
            "permalink": "orders",
            "url": "https://a.example/{{ pathParams.id }}",
            "method": "POST",
            "path_parameters": [{"key": "id"}],
            "headers": [{"key": "Accept", "value": "Bearer {{ get_secret('token') }}"}],
            "authentication": {"type": "none"},
        },
        {"name": "Same", "url": "https://a.example"},
    ],
    "composite_connectors": [{"name": "Both", "steps": [{"name": "first", "url": "https://a.example"}]}],
}
TEXT = json.dumps(REGISTRY, indent=2)


@pytest.fixture
def ready(talk, folder, uri, full):
    full["textDocument"]["documentSymbol"] = {"hierarchicalDocumentSymbolSupport": True}
    talk.initialize(folder, capabilities=full)
    talk.notify("initialized", {})
    talk.open(uri, TEXT)
    return talk


@pytest.fixture
def ask(ready, uri):
    return lambda method, **more: ready.request(method, {"textDocument": {"uri": uri}, **more})["result"]


def names(symbols):
    return [(symbol.name, names(symbol.children or [])) for symbol in symbols]


def test_the_outline_shows_connectors_steps_rows_and_authentication(ask):
    symbols = CONVERTER.structure(ask("textDocument/documentSymbol"), list[types.DocumentSymbol])
    assert names(symbols) == [
        ("Orders", [("id", []), ("Accept", []), ("authentication: none", [])]),
        ("Same", []),
        ("Both", [("first", [])]),
    ]
    assert symbols[0].detail == "POST https://a.example/{{ pathParams.id }}"
    for symbol in symbols:
        assert symbol.range.start <= symbol.selection_range.start
        assert symbol.selection_range.end <= symbol.range.end


def test_a_client_without_trees_gets_a_list(talk, folder, uri):
    talk.initialize(folder)
    talk.open(uri, TEXT)
    found = talk.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})["result"]
    symbols = CONVERTER.structure(found, list[types.SymbolInformation])
    assert [(symbol.name, symbol.container_name) for symbol in symbols] == [
        ("Orders", None),
        ("Same", None),
        ("Both", None),
        ("first", "Both"),
    ]


def test_connectors_steps_and_names_of_all_files_are_found(ask, folder):
    (folder / "connectors.json").write_text(
        json.dumps([{"name": "Orders lookup", "url": "https://b.example"}])
    )
    found = ask("workspace/symbol", query="ord")
    symbols = CONVERTER.structure(found, list[types.SymbolInformation])
    assert {symbol.name for symbol in symbols} == {"Orders", "Orders lookup"}
    assert {symbol["name"] for symbol in ask("workspace/symbol", query="")} == {
        "Orders", "Orders lookup", "Same", "Both", "first", "token",
    }  # fmt: skip
    (token,) = ask("workspace/symbol", query="tok")
    assert token["containerName"] == "used once"


def test_objects_and_lists_of_several_lines_fold_up_to_their_closing_bracket(ask):
    lines = TEXT.split("\n")
    folds = ask("textDocument/foldingRange")
    for fold in folds:
        assert lines[fold["startLine"]].rstrip()[-1] in "{["
        assert lines[fold["endLine"] + 1].strip()[0] in "}]"
    openings = [number for number, line in enumerate(lines) if line.rstrip()[-1:] in ("{", "[")]
    assert [fold["startLine"] for fold in folds] == openings


def selections(ask, part, skip):
    at = TEXT.index(part) + skip
    line = TEXT.count("\n", 0, at)
    starts = [0, *(number + 1 for number, letter in enumerate(TEXT) if letter == "\n")]
    (chain,) = ask("textDocument/selectionRange", positions=[{"line": line, "character": at - starts[line]}])

    def offset(place):
        return starts[place["line"]] + place["character"]

    found = []
    while chain:
        found.append(TEXT[offset(chain["range"]["start"]) : offset(chain["range"]["end"])])
        chain = chain.get("parent")
    return found


def test_a_selection_grows_from_the_name_to_the_file(ask):
    grown = selections(ask, "'token'", 2)
    assert grown[:7] == [
        "token",
        "'token'",
        "('token')",
        "get_secret('token')",
        "{{ get_secret('token') }}",
        "Bearer {{ get_secret('token') }}",
        "\"Bearer {{ get_secret('token') }}\"",
    ]
    assert grown[-1] == TEXT
    assert all(small in large and small != large for small, large in itertools.pairwise(grown))
    assert '"Orders"' in grown[-4]


def test_outside_of_templates_a_selection_grows_along_the_json(ask):
    assert selections(ask, '"POST"', 2)[:3] == ["POST", '"POST"', '"method": "POST"']


@pytest.mark.parametrize(
    "method",
    ["documentSymbol", "foldingRange", "semanticTokens/full", "codeLens", "documentLink"],
)
@pytest.mark.parametrize(
    "text", ["", "{", '{"connectors": [{"url": "{{ get_secret(', "[]", "\U0001f642", "[1, {}, null]"]
)
def test_a_text_in_any_state_gets_an_answer(ready, uri, method, text):
    ready.change(uri, {"text": text})
    params = {"textDocument": {"uri": uri}}
    assert "error" not in ready.request(f"textDocument/{method}", params)


def test_other_json_is_left_alone(ready, folder):
    other = (folder / "package.json").as_uri()
    ready.open(other, '{"name": "x"}')
    for method in ("documentSymbol", "foldingRange", "semanticTokens/full", "codeLens", "documentLink"):
        assert ready.request(f"textDocument/{method}", {"textDocument": {"uri": other}})["result"] is None
