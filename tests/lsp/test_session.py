"""A whole session, without a wire: what is announced, how it begins and how it ends."""

import pytest

from strongroom_lsp.routes import FEATURES, feature

QUOTES = 'Bearer {{ get_secret("a") }}'


def announced(talk, capabilities):
    return talk.initialize(capabilities=capabilities)["result"]["capabilities"]


def test_each_feature_is_there():
    from lsprotocol import types

    for method in FEATURES:
        assert callable(feature(method))
        assert method in types.METHOD_TO_TYPES or method.startswith("strongroom/")


PART_OF = {
    "workspace/symbol": "workspaceSymbol",
    "textDocument/prepareRename": "rename",
    "completionItem/resolve": "completion",
}


def test_what_is_announced_is_what_is_answered(full, talk):
    full["textDocument"]["diagnostic"] = {}
    full["workspace"]["diagnostics"] = {"refreshSupport": True}
    answered = {
        f"{PART_OF.get(method, method.split('/')[1])}Provider"
        for method in FEATURES
        if not method.startswith("strongroom/")
    }
    offered = announced(talk, full)
    assert {name for name in offered if name.endswith("Provider")} == {*answered, "executeCommandProvider"}


@pytest.mark.parametrize("options", [None, {}, [], 3, {"community": None, "vault": 7, "other": 1}])
def test_any_initialization_options_are_accepted(talk, folder, options):
    assert "capabilities" in talk.initialize(folder, options)["result"]


@pytest.mark.parametrize(
    "capabilities", [{}, None, [], {"textDocument": 5, "general": {"positionEncodings": "x"}}]
)
def test_any_capabilities_are_accepted(talk, capabilities):
    answer = talk.request("initialize", {"capabilities": capabilities, "rootUri": None, "processId": None})
    assert answer["result"]["capabilities"]["positionEncoding"] == "utf-16"


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ([], "utf-16"),
        (["utf-32", "utf-16"], "utf-32"),
        (["utf-8", "utf-32"], "utf-8"),
        (["latin-1", 7, None, "utf-32"], "utf-32"),
        (["latin-1"], "utf-16"),
    ],
)
def test_the_clients_first_known_encoding_is_spoken(talk, offered, chosen):
    assert announced(talk, {"general": {"positionEncodings": offered}})["positionEncoding"] == chosen


def test_what_a_newer_client_can_do_does_not_hide_what_is_known(talk, uri, registry):
    document = {
        "hover": {"contentFormat": ["html", "markdown"]},
        "completion": {"completionItemKind": {"valueSet": [1, 118115]}},
        "publishDiagnostics": {
            "tagSupport": {"valueSet": [*range(90, 102), 1]},
            "codeDescriptionSupport": True,
        },
    }
    talk.initialize(capabilities={"textDocument": document, "workspace": {"applyEdit": "yes"}})
    assert talk.session.client.markdown_hover
    assert talk.session.client.diagnostic_tags
    assert not talk.session.client.applies_edits
    talk.open(uri, registry(QUOTES))
    assert "codeDescription" in talk.published(uri)[-1]["diagnostics"][0]


@pytest.mark.parametrize(
    ("document", "are_offered"),
    [
        ({"codeAction": {}}, False),
        ({"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}}, True),
        ({}, True),
    ],
)
def test_code_actions_are_for_clients_that_take_more_than_commands(
    talk, uri, registry, document, are_offered
):
    answer = talk.initialize(capabilities={"textDocument": document})["result"]
    assert bool(answer["capabilities"]["codeActionProvider"]) is are_offered
    talk.open(uri, registry(QUOTES))
    everything = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    params = {"textDocument": {"uri": uri}, "range": everything, "context": {"diagnostics": []}}
    actions = talk.request("textDocument/codeAction", params)["result"]
    assert bool(actions) is are_offered


def test_a_document_needs_a_uri_and_a_text_only(talk, folder, uri, registry):
    talk.initialize(folder)
    talk.notify("textDocument/didOpen", {"textDocument": {"uri": uri, "text": registry(QUOTES)}})
    talk.settle()
    assert talk.rules(uri) == ["secret-quotes"]


def test_keys_are_left_to_a_client_with_a_schema_but_not_where_the_schema_does_not_apply(talk, folder, uri):
    talk.initialize(folder, {"jsonKeys": False})
    text = '{"name": "Orders", "url": "https://api.example.com/orders", "method": "GET"}'
    place = {"line": 0, "character": text.index('"method"') + 2}
    answers = {}
    for document in (uri, "untitled:Untitled-1"):
        talk.open(document, text)
        for method in ("completion", "hover"):
            params = {"textDocument": {"uri": document}, "position": place}
            answer = talk.request(f"textDocument/{method}", params)["result"]
            answers[document, method] = answer["items"] if method == "completion" and answer else answer
    assert not answers[uri, "completion"]
    assert answers[uri, "hover"] is None
    assert "headers" in [item["label"] for item in answers["untitled:Untitled-1", "completion"]]
    assert "HTTP method" in answers["untitled:Untitled-1", "hover"]["contents"]["value"]


def test_nothing_is_answered_before_initialize_and_after_shutdown(talk, folder, uri):
    assert talk.request("textDocument/hover", {})["error"]["code"] == -32002
    talk.initialize(folder)
    assert talk.request("initialize", {"capabilities": {}})["error"]["code"] == -32602
    assert talk.request("shutdown")["result"] is None
    assert talk.request("textDocument/hover", {})["error"]["code"] == -32600


@pytest.mark.parametrize(("goodbye", "status"), [(["shutdown", "exit"], 0), (["exit"], 1)])
def test_the_exit_status_tells_whether_shutdown_came_first(ready, goodbye, status):
    for method in goodbye:
        ready.feed({"jsonrpc": "2.0", "id": 99, "method": method})
    ready.settle()
    assert ready.session.stopped.is_set()
    assert ready.session.status == status


def test_the_server_ends_when_the_editor_is_gone(talk, folder):
    import subprocess
    import sys

    editor = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    talk.session.is_local = True
    talk.request("initialize", {"processId": editor.pid, "capabilities": {}})
    talk.wait(10)
    assert not talk.session.stopped.is_set()
    editor.communicate(b"\n")
    talk.wait(10)
    assert talk.session.stopped.is_set()
    assert talk.session.status == 1


def test_a_command_that_the_client_runs_itself_is_not_offered_by_the_server(talk, full):
    full["experimental"] = {"commands": {"commands": ["strongroom.createSecret"]}}
    commands = announced(talk, full)["executeCommandProvider"]["commands"]
    assert "strongroom.createSecret" not in commands
    assert "strongroom.testConnection" in commands
