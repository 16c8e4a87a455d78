"""Files of test cases in an editor: mistakes, completion, hover, and the way to the connector and back."""

import pytest
from lsprotocol import converters, types

from strongroom.testcases import keys
from strongroom_lsp.documents import case_files

CONVERTER = converters.get_converter()
CONNECTORS = """[
  {"name": "City weather", "permalink": "city-weather", "url": "https://a.example"},
  {"name": "Orders", "url": "https://a.example"}
]
"""
CASES = """[[test]]
name = "Lisbon"
connector = "city-weather"

[[test]]
name = "Orders é🙂"
connector = "orders"
expect = { status = 200 }
"""


@pytest.fixture
def uri(folder):
    return (folder / "connectors.tests.toml").as_uri()


@pytest.fixture
def ready(talk, folder):
    (folder / "connectors.json").write_text(CONNECTORS, "utf-8")
    talk.initialize(folder)
    talk.notify("initialized", {})
    return talk


@pytest.fixture
def ask(ready, uri):
    def ask(method, marked):
        at = marked.index("‸")
        text = marked.replace("‸", "")
        ready.open(uri, text, language="toml")
        ready.request("workspace/symbol", {"query": ""})
        line = text.count("\n", 0, at)
        character = len(text[text.rfind("\n", 0, at) + 1 : at].encode("utf-16-le")) // 2
        params = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
        params["context"] = {"triggerKind": 1, "includeDeclaration": True}
        return ready.request(f"textDocument/{method}", params)["result"]

    return ask


def test_the_name_of_such_files_is_the_core_s():
    assert case_files.SUFFIX == keys.SUFFIX


def test_mistakes_are_shown_and_go_when_they_are_mended(ready, uri):
    ready.open(uri, CASES.replace("status", "sttaus"), language="toml")
    (found,) = ready.published(uri)[-1]["diagnostics"]
    assert "sttaus" in found["message"]
    ready.change(uri, {"text": CASES})
    ready.settle()
    assert ready.published(uri)[-1]["diagnostics"] == []
    ready.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    ready.settle()
    assert ready.published(uri)[-1] == {"uri": uri, "diagnostics": []}


def test_a_connector_that_does_not_exist_is_told_once_all_files_are_known(ready, uri, folder):
    ready.open(uri, CASES.replace("city-weather", "city-wether"), language="toml")
    assert ready.published(uri)[-1]["diagnostics"] == []
    ready.request("workspace/symbol", {"query": ""})
    ready.settle()
    (found,) = ready.published(uri)[-1]["diagnostics"]
    assert (
        found["message"]
        == 'This workspace has no connector named `city-wether`. Did you mean "city-weather"?'
    )
    assert found["range"]["start"] == {"line": 2, "character": 12}


def test_a_permalink_of_two_kinds_needs_its_kind(ready, uri, folder):
    composite = (
        '{"name": "All", "permalink": "city-weather", "steps": [{"name": "s", "url": "https://a.example"}]}'
    )
    (folder / "composites").mkdir()
    (folder / "composites" / "connectors.json").write_text(f'{{"composite_connectors": [{composite}]}}')
    for text, told in (
        ("city-weather", ['"city-weather" means more than one connector.']),
        ("composite:city-weather", []),
        ("connector:city-weather", []),
    ):
        ready.open(uri, CASES.replace("city-weather", text), language="toml")
        ready.request("workspace/symbol", {"query": ""})
        ready.settle()
        found = ready.published(uri)[-1]["diagnostics"]
        assert [one["message"].partition(" Write")[0] for one in found] == told
        position = {"line": 2, "character": 16}
        at = {"textDocument": {"uri": uri}, "position": position}
        assert len(ready.request("textDocument/definition", at)["result"]) == (2 if told else 1)
        ready.notify("textDocument/didClose", {"textDocument": {"uri": uri}})


def test_a_client_that_asks_gets_the_same(talk, folder, full, uri):
    full["textDocument"]["diagnostic"] = {}
    full["workspace"]["diagnostics"] = {"refreshSupport": True}
    talk.initialize(folder, capabilities=full)
    talk.open(uri, "[[test]]\n", language="toml")
    report = talk.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})["result"]
    assert len(CONVERTER.structure(report, types.RelatedFullDocumentDiagnosticReport).items) == 2
    assert talk.published() == []


@pytest.mark.parametrize(
    ("marked", "some", "missing"),
    [
        (CASES.replace('connector = "orders"', "‸"), "connector", "name"),
        (CASES.replace("status = 200", "status = 200, ‸"), "max_ms", "status"),
        (CASES.replace('"orders"', '"‸"'), "city-weather", "City weather"),
        (CASES.replace("status = 200", "all_secrets_resolve = t‸"), "true", "status"),
    ],
)
def test_keys_and_values_are_offered_where_they_fit(ask, marked, some, missing):
    answer = CONVERTER.structure(ask("completion", marked), types.CompletionList)
    labels = [item.label for item in answer.items]
    assert some in labels
    assert missing not in labels


def test_connectors_are_offered_at_once_by_waiting_for_the_index(ready, uri):
    ready.open(uri, '[[test]]\nconnector = ""', language="toml")
    params = {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 13}}
    answer = ready.request("textDocument/completion", params)["result"]
    assert {item["label"] for item in answer["items"]} == {"city-weather", "orders"}


def test_a_key_is_explained(ask):
    assert (
        "permalink or the name"
        in ask("hover", CASES.replace("connector", "conn‸ector", 1))["contents"]["value"]
    )


@pytest.mark.parametrize(("marked", "line"), [("city-wea‸ther", 1), ("ord‸ers", 2)])
def test_a_test_leads_to_its_connector(ask, folder, marked, line):
    (found,) = ask("definition", CASES.replace(marked.replace("‸", ""), marked, 1))
    assert found["uri"] == (folder / "connectors.json").as_uri()
    assert found["range"]["start"]["line"] == line


def test_a_connector_and_a_test_lead_to_all_tests_of_the_connector(ask, ready, folder, uri):
    found = ask("references", CASES.replace("city-weather", "city-‸weather"))
    assert {place["uri"] for place in found} == {uri, (folder / "connectors.json").as_uri()}
    registry = (folder / "connectors.json").as_uri()
    ready.open(registry, CONNECTORS)
    position = {"line": 1, "character": CONNECTORS.split("\n")[1].index("city-weather") + 2}
    params = {
        "textDocument": {"uri": registry},
        "position": position,
        "context": {"includeDeclaration": False},
    }
    (use,) = ready.request("textDocument/references", params)["result"]
    assert use["uri"] == uri


def test_the_outline_and_the_lenses_have_each_test(ready, uri):
    ready.open(uri, CASES, language="toml")
    params = {"textDocument": {"uri": uri}}
    symbols = ready.request("textDocument/documentSymbol", params)["result"]
    assert [symbol["name"] for symbol in CONVERTER.unstructure(symbols)] == ["Lisbon", "Orders é🙂"]
    lenses = CONVERTER.structure(
        ready.request("textDocument/codeLens", params)["result"], list[types.CodeLens]
    )
    assert [lens.command.title for lens in lenses] == ["Run test", "Run test"]
    assert lenses[1].command.arguments[0] == {"uri": uri, "connector": "Orders é🙂"}


@pytest.mark.parametrize("text", ["", "[", "[[test]]", 'a = """', "connector = ", "\U0001f642"])
def test_a_text_in_any_state_gets_an_answer(ready, uri, text):
    ready.open(uri, text, language="toml")
    params = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 3}}
    params["context"] = {"triggerKind": 1, "includeDeclaration": True}
    for method in ("completion", "hover", "definition", "references", "documentSymbol", "codeLens", "rename"):
        answer = ready.request(f"textDocument/{method}", {**params, "newName": "x"})
        assert "error" not in answer or answer["error"]["code"] == -32803
