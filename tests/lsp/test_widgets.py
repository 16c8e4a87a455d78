"""The code of widgets in an editor: mistakes, completion, hover, fixes, and the way to the connector and back."""

import pytest

REGISTRY = """{"connectors": [
  {"name": "News", "permalink": "news-feed", "url": "https://a.example/{{ pathParams.page }}",
   "path_parameters": [{"key": "page"}]},
  {"name": "Orders", "url": "https://a.example", "method": "POST"}
]}
"""
CODE = """export async function init(sdk) {
  await sdk.connectors.execute({ permalink: 'news-feed', method: 'GET', pathParams: { page: 2 } });
  await sdk.connectors.execute({ permalink: 'orders', method: 'GET', body: {} });
}
"""


@pytest.fixture
def uri(folder):
    return (folder / "widgets" / "a" / "app.ts").as_uri()


@pytest.fixture
def ready(talk, folder):
    (folder / "connectors_registry.json").write_text(REGISTRY, "utf-8")
    (folder / "widgets" / "a").mkdir(parents=True)
    talk.initialize(folder)
    talk.notify("initialized", {})
    return talk


def position(text, at):
    return {"line": text.count("\n", 0, at), "character": at - text.rfind("\n", 0, at) - 1}


@pytest.fixture
def ask(ready, uri):
    def ask(method, marked, **params):
        at = marked.index("‸")
        text = marked.replace("‸", "")
        ready.open(uri, text, language="typescript")
        ready.request("workspace/symbol", {"query": ""})
        params = {"textDocument": {"uri": uri}, "position": position(text, at), **params}
        params.setdefault("context", {"triggerKind": 1, "includeDeclaration": True})
        return ready.request(f"textDocument/{method}", params)

    return ask


def test_mistakes_are_shown_and_go_when_they_are_mended(ready, uri):
    ready.open(uri, CODE, language="typescript")
    assert ready.rules(uri) == ["wrong-call-method", "ignored-call-option"]
    mended = CODE.replace("'orders', method: 'GET', body", "'orders', method: 'POST', payload")
    ready.change(uri, {"text": mended})
    ready.settle()
    assert ready.rules(uri) == []


def test_a_change_of_the_registry_on_the_disk_is_noticed(ready, uri, folder):
    ready.open(uri, CODE, language="typescript")
    assert ready.rules(uri) == ["wrong-call-method", "ignored-call-option"]
    text = REGISTRY.replace(', "method": "POST"', "")
    (folder / "connectors_registry.json").write_text(text, "utf-8")
    ready.wait(1)
    assert ready.rules(uri) == ["ignored-call-option"]


def test_completion_knows_the_connectors_and_their_parameters(ask):
    found = ask("completion", "sdk.connectors.execute({ permalink: '‸' })")["result"]["items"]
    assert [one["label"] for one in found] == ["news-feed", "orders"]
    assert found[1]["detail"] == "POST Orders"
    assert found[0]["textEdit"]["newText"] == "news-feed"
    found = ask("completion", "sdk.connectors.execute({ permalink: 'news-feed', pathParams: { ‸ } })")[
        "result"
    ]
    assert [one["label"] for one in found["items"]] == ["page"]
    assert (
        ask("completion", "const x = '‸'; sdk.connectors.execute({ permalink: 'orders' })")["result"] is None
    )


def test_hover_shows_the_connector(ask):
    found = ask("hover", "sdk.connectors.execute({ permalink: 'ord‸ers', method: 'POST' })")["result"]
    assert "connector `Orders`" in found["contents"]["value"]
    assert "POST https://a.example" in found["contents"]["value"]


def test_definition_and_references_lead_both_ways(ready, ask, uri, folder):
    registry = (folder / "connectors_registry.json").as_uri()
    (place,) = ask("definition", CODE.replace("'news", "'n‸ews"))["result"]
    assert (place["uri"], place["range"]["start"]["line"]) == (registry, 1)
    (place,) = ask("definition", CODE.replace("'orders", "'o‸rders"))["result"]
    assert (place["uri"], place["range"]["start"]["line"]) == (registry, 3)
    found = ask("references", CODE.replace("'news", "'n‸ews"))["result"]
    assert {one["uri"] for one in found} == {registry, uri}
    ready.open(registry, REGISTRY)
    at = position(REGISTRY, REGISTRY.index("news-feed"))
    params = {"textDocument": {"uri": registry}, "position": at, "context": {"includeDeclaration": False}}
    (place,) = ready.request("textDocument/references", params)["result"]
    assert (place["uri"], place["range"]["start"]["line"]) == (uri, 1)


def test_highlights_are_the_calls_of_the_same_connector(ask):
    found = ask("documentHighlight", CODE + CODE.replace("'news", "'n‸ews"))["result"]
    assert [one["range"]["start"]["line"] for one in found] == [1, 5]


def edits(result):
    """Name of a file -> (line, new text) of its edits."""
    return {
        one["textDocument"]["uri"].rpartition("/")[2]: [
            (edit["range"]["start"]["line"], edit["newText"]) for edit in one["edits"]
        ]
        for one in result["documentChanges"]
    }


def test_a_permalink_is_renamed_in_registry_tests_code_and_imported_constants(ready, folder, uri):
    (folder / "connectors.tests.toml").write_text(
        '[[test]]\nname = "N"\nconnector = "connector:news-feed"\n', "utf-8"
    )
    other = folder / "widgets" / "b"
    other.mkdir()
    (other / "names.ts").write_text("export const NEWS = 'news-feed';", "utf-8")
    (other / "main.ts").write_text(
        "import { NEWS } from './names';\nsdk.connectors.execute({ permalink: NEWS, method: 'GET' });",
        "utf-8",
    )
    ready.open(uri, CODE, language="typescript")
    at = position(CODE, CODE.index("news-feed"))
    params = {"textDocument": {"uri": uri}, "position": at}
    assert ready.request("textDocument/prepareRename", params)["result"]["placeholder"] == "news-feed"
    found = ready.request("textDocument/rename", {**params, "newName": "headlines"})["result"]
    assert edits(found) == {
        "connectors_registry.json": [(1, "headlines")],
        "connectors.tests.toml": [(2, "headlines")],
        "app.ts": [(1, "headlines")],
        "names.ts": [(0, "headlines")],
    }


@pytest.mark.parametrize(
    ("part", "new", "sentence"),
    [
        ("news-feed", "News Feed", "is not a permalink"),
        ("orders", "purchases", "made from the name"),
    ],
)
def test_a_permalink_that_cannot_be_renamed_says_why(ask, part, new, sentence):
    error = ask("rename", CODE.replace(f"'{part}", f"'‸{part}"), newName=new)["error"]
    assert sentence in error["message"]


def test_fixes_are_offered_one_by_one_all_at_once_and_as_a_comment(ready, uri):
    ready.open(uri, CODE, language="typescript")
    line = {"line": 2, "character": 0}
    params = {"textDocument": {"uri": uri}, "range": {"start": line, "end": {"line": 2, "character": 80}}}
    found = ready.request("textDocument/codeAction", {**params, "context": {"diagnostics": []}})["result"]
    assert [one["title"] for one in found] == [
        "Change to POST",
        "Ignore wrong-call-method here",
        "Change to payload",
        "Ignore ignored-call-option here",
        "Fix all Strongroom findings that are safe to fix",
    ]


@pytest.mark.parametrize("name", ["app.ts", "widgets/a/dist/app.js"])
def test_code_outside_of_a_project_or_made_by_a_build_is_left_alone(talk, folder, name):
    if "/" in name:
        (folder / "connectors_registry.json").write_text(REGISTRY, "utf-8")
        (folder / "widgets" / "a" / "src").mkdir(parents=True)
    talk.initialize(folder)
    talk.notify("initialized", {})
    uri = (folder / name).as_uri()
    talk.open(uri, CODE, language="javascript")
    params = {"textDocument": {"uri": uri}, "position": position(CODE, CODE.index("news-feed"))}
    assert talk.published(uri) == []
    assert talk.request("textDocument/hover", params)["result"] is None
    assert talk.request("textDocument/completion", params)["result"] is None
