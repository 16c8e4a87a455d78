"""Documents in a whole session: their findings come, change with edits and go."""

import pytest

MISSING = "Bearer {{ get_secret('missing') }}"
QUOTES = 'Bearer {{ get_secret("a") }}'


def test_findings_come_with_opening_go_with_mending_and_are_cleared_with_closing(ready, registry, uri):
    ready.open(uri, registry(QUOTES))
    assert ready.rules(uri) == ["secret-quotes"]
    ready.change(uri, {"text": registry("Bearer {{ get_secret('a') }}")}, version=7)
    ready.settle()
    assert ready.rules(uri) == []
    assert ready.published(uri)[-1]["version"] == 7
    ready.change(uri, {"text": registry(QUOTES)}, version=8)
    ready.settle()
    ready.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    ready.settle()
    assert ready.published(uri)[-1] == {"uri": uri, "diagnostics": []}


def test_a_burst_of_edits_is_checked_once_and_the_last_one_wins(ready, registry, uri):
    ready.open(uri, registry(MISSING))
    before = len(ready.published(uri))
    for version in range(2, 33):
        ready.change(uri, {"text": registry(QUOTES if version % 2 else MISSING)}, version=version)
    ready.change(uri, {"text": registry(QUOTES)}, version=33)
    ready.settle()
    (only,) = ready.published(uri)[before:]
    assert only["version"] == 33
    assert [diagnostic["code"] for diagnostic in only["diagnostics"]] == ["secret-quotes"]


def test_closing_before_the_check_publishes_nothing(ready, registry, uri):
    document = {"uri": uri, "languageId": "json", "version": 1, "text": registry(QUOTES)}
    ready.notify("textDocument/didOpen", {"textDocument": document})
    ready.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    ready.settle()
    assert ready.published(uri) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("package.json", '{"name": "x", "dependencies": {"a": "{{ get_secret(1) }}"}}'),
        ("tsconfig.json", "{ // not even JSON\n }"),
        ("data.json", "[1, 2, 3]"),
        ("empty.json", ""),
        ("notes.md", "get_secret('x')"),
    ],
)
def test_nothing_is_said_about_files_that_are_not_connector_files(ready, folder, name, text):
    other = (folder / name).as_uri()
    ready.open(other, text)
    place = {"textDocument": {"uri": other}, "position": {"line": 0, "character": 3}}
    assert ready.request("textDocument/completion", place)["result"] is None
    assert ready.request("textDocument/hover", place)["result"] is None
    ready.notify("textDocument/didClose", {"textDocument": {"uri": other}})
    ready.settle()
    assert ready.published() == []


@pytest.mark.parametrize("name", ["file:///site/orders.json", "untitled:Untitled-1"])
def test_a_connector_file_of_any_name_is_checked_when_it_is_opened(ready, registry, name):
    ready.open(name, registry(QUOTES))
    assert ready.rules(name) == ["secret-quotes"]


def test_fixing_everything_through_the_protocol_leaves_nothing_to_fix(ready, registry, uri):
    ready.open(uri, registry("{{ get_secret(\"a\") }} {{ get_secret( 'b' ) }}"))
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    actions = ready.request(
        "textDocument/codeAction",
        {
            "textDocument": {"uri": uri},
            "range": whole,
            "context": {"diagnostics": [], "only": ["source.fixAll"]},
        },
    )["result"]
    (action,) = actions
    (change,) = action["edit"]["documentChanges"]
    for edit in sorted(change["edits"], key=lambda edit: edit["range"]["start"]["character"], reverse=True):
        ready.change(uri, {"range": edit["range"], "text": edit["newText"]})
    ready.settle()
    assert ready.rules(uri) == []


def test_a_malformed_diagnostic_of_another_server_takes_no_action_away(ready, registry, uri):
    ready.open(uri, registry(QUOTES))
    (mine,) = ready.published(uri)[-1]["diagnostics"]
    others = [None, {"source": "other"}, {**mine, "severity": 9}, {**mine, "tags": [99]}]
    params = {"textDocument": {"uri": uri}, "range": mine["range"]}
    asked = [{**params, "context": {"diagnostics": [mine, *more]}} for more in ([], others)]
    alone, among = (ready.request("textDocument/codeAction", one)["result"] for one in asked)
    assert alone
    assert among == alone


def test_a_quick_fix_comes_from_the_published_diagnostic(ready, registry, uri):
    ready.open(uri, registry(QUOTES))
    sent = ready.published(uri)[-1]["diagnostics"]
    actions = ready.request(
        "textDocument/codeAction",
        {
            "textDocument": {"uri": uri},
            "range": sent[0]["range"],
            "context": {"diagnostics": sent, "only": ["quickfix"]},
        },
    )["result"]
    assert actions
    assert all(action["kind"] == "quickfix" and action["diagnostics"] == sent for action in actions)
    assert actions[0]["isPreferred"] is True
