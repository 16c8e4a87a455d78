"""A whole session, without a wire: life, documents, diagnostics, settings, and whatever a client gets wrong."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from strongroom_lsp.routes import FEATURES, feature

MISSING = "Bearer {{ get_secret('missing') }}"
QUOTES = 'Bearer {{ get_secret("a") }}'


@pytest.fixture
def uri(folder):
    return (folder / "connectors_registry.json").as_uri()


@pytest.fixture
def ready(talk, folder):
    talk.initialize(folder)
    talk.notify("initialized", {})
    talk.settle()
    return talk


# -- life ------------------------------------------------------------------------------------------------------


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


# -- documents -------------------------------------------------------------------------------------------------


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


# -- names and settings ----------------------------------------------------------------------------------------


def test_a_secret_that_is_added_elsewhere_clears_its_squiggle(
    ready, registry, uri, make_vault, add_elsewhere
):
    make_vault({"production": {"api_key": "canary-value"}})
    ready.open(uri, registry(MISSING))
    assert ready.rules(uri) == ["unknown-secret"]
    add_elsewhere("production", "missing")
    ready.wait(0.3)
    assert ready.rules(uri) == []


def test_a_vault_that_appears_is_found_and_one_that_goes_is_forgotten(
    ready, registry, uri, make_vault, tmp_path
):
    ready.open(uri, registry(MISSING))
    assert ready.rules(uri) == []
    vault = make_vault({"production": {"api_key": "canary-value"}})
    ready.wait(0.3)
    assert ready.rules(uri) == ["unknown-secret"]
    vault.rename(tmp_path / "elsewhere.db")
    ready.wait(0.3)
    assert ready.rules(uri) == []


def test_a_vault_that_is_replaced_is_read_anew(ready, registry, uri, make_vault, tmp_path):
    make_vault({"production": {"api_key": "canary-value"}})
    other = make_vault({"production": {"missing": "canary-value"}}, tmp_path / "other.db")
    ready.open(uri, registry(MISSING))
    assert ready.rules(uri) == ["unknown-secret"]
    other.replace(tmp_path / "vault.db")
    ready.wait(0.3)
    assert ready.rules(uri) == []


def test_nothing_is_checked_again_while_nothing_changes(ready, registry, uri, make_vault):
    make_vault({"production": {"api_key": "canary-value"}})
    ready.open(uri, registry(MISSING))
    before = len(ready.sent)
    ready.wait(3)
    assert len(ready.sent) == before


def test_the_settings_and_the_names_file_are_followed(ready, registry, uri, folder):
    ready.open(uri, registry(MISSING))
    assert ready.rules(uri) == []
    names = {"version": 1, "communities": {"production": [{"name": "a", "kind": "secret"}]}}
    (folder / "strongroom.names.json").write_text(json.dumps(names))
    ready.wait(0.3)
    assert ready.rules(uri) == ["unknown-secret"]
    (folder / "strongroom.toml").write_text('[rules]\nunknown-secret = "info"\n')
    ready.wait(0.3)
    assert ready.published(uri)[-1]["diagnostics"][0]["severity"] == 3
    (folder / "strongroom.toml").unlink()
    ready.wait(0.3)
    assert ready.published(uri)[-1]["diagnostics"][0]["severity"] == 1


def test_a_mistake_in_the_settings_is_shown_once_and_stops_nothing(ready, registry, uri, folder):
    (folder / "strongroom.toml").write_text('comunity = "production"\n')
    ready.open(uri, registry(QUOTES))
    ready.change(uri, {"text": registry(QUOTES) + "\n"})
    ready.settle()
    ready.wait(1)
    (shown,) = [message for message in ready.sent if message.get("method") == "window/showMessage"]
    assert "comunity" in shown["params"]["message"]
    assert ready.rules(uri) == ["secret-quotes"]


def test_a_mistake_is_not_told_again_because_another_folder_is_fine(ready, registry, uri, folder):
    (folder / "strongroom.toml").write_text('comunity = "production"\n')
    (folder / "fine").mkdir()
    (folder / "fine" / "strongroom.toml").write_text("")
    fine = (folder / "fine" / "connectors_registry.json").as_uri()
    for version in (2, 3):
        for each in (uri, fine):
            ready.open(each, registry(QUOTES), version=version)
    assert len([message for message in ready.sent if message.get("method") == "window/showMessage"]) == 1


def test_a_check_that_fails_does_not_end_the_server(ready, registry, uri, monkeypatch, capfd):
    from strongroom_lsp.diagnostics import publishing

    def fail(*_given):
        raise RuntimeError("no way")

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "diagnostics_text", fail)
        ready.open(uri, registry(QUOTES))
    assert "a check failed" in capfd.readouterr().err
    ready.change(uri, {"text": registry(QUOTES)})
    ready.settle()
    assert ready.rules(uri) == ["secret-quotes"]


class AtOnce:
    """A thread that runs where it is started."""

    def __init__(self, target, **_options):
        self.start = target


def test_a_vault_that_cannot_be_read_is_shown_once_and_read_when_it_is_mended(
    ready, registry, uri, make_vault, tmp_path
):
    (tmp_path / "vault.db").write_bytes(b"this is no vault at all" * 100)
    (tmp_path / "vault.db").chmod(0o600)
    ready.open(uri, registry(MISSING))
    ready.wait(2)
    (shown,) = [message for message in ready.sent if message.get("method") == "window/showMessage"]
    assert "vault.db" in shown["params"]["message"]
    assert ready.rules(uri) == []
    (tmp_path / "vault.db").unlink()
    make_vault({"production": {"api_key": "canary-value"}})
    ready.wait(0.3)
    assert ready.rules(uri) == ["unknown-secret"]


def test_the_community_can_be_chosen_by_the_client_and_changed(talk, folder, registry, uri, make_vault):
    make_vault({"production": {"api_key": "canary-value"}, "staging": {"missing": "canary-value"}})
    talk.initialize(folder, {"community": "staging"})
    talk.open(uri, registry(MISSING))
    assert talk.rules(uri) == []
    talk.notify("workspace/didChangeConfiguration", {"settings": {"strongroom": {"community": "production"}}})
    talk.settle()
    assert talk.rules(uri) == ["unknown-secret"]
    talk.notify("workspace/didChangeConfiguration", {"settings": {"strongroom": {"diagnostics": False}}})
    talk.settle()
    assert talk.rules(uri) == []


def test_what_a_configuration_does_not_name_is_as_it_was_at_the_start(
    talk, folder, registry, uri, make_vault
):
    make_vault({"production": {"api_key": "canary-value"}, "staging": {"missing": "canary-value"}})
    talk.initialize(folder, {"community": "staging", "jsonSyntax": False})
    talk.open(uri, registry(MISSING) + "}")
    assert talk.rules(uri) == []
    talk.notify("workspace/didChangeConfiguration", {"settings": {"strongroom": {"community": "production"}}})
    talk.settle()
    assert talk.rules(uri) == ["unknown-secret"]
    talk.notify("workspace/didChangeConfiguration", {"settings": {"strongroom": {"codeLens": True}}})
    talk.settle()
    assert talk.rules(uri) == []


@pytest.mark.parametrize("settings", [None, {}, [], "x", {"editor": {"tabSize": 2}}, {"strongroom": None}])
def test_a_configuration_that_says_nothing_about_us_changes_nothing(
    talk, folder, registry, uri, make_vault, settings
):
    make_vault({"production": {"api_key": "canary-value"}, "staging": {"missing": "canary-value"}})
    talk.initialize(folder, {"community": "staging"})
    talk.open(uri, registry(MISSING))
    before = len(talk.sent)
    talk.notify("workspace/didChangeConfiguration", {"settings": settings})
    talk.settle()
    assert len(talk.sent) == before


# -- whatever a client gets wrong ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "message", [None, 3, "x", [], [{}], {}, {"method": 3, "id": 1}, {"id": 1}, {"jsonrpc": "2.0"}]
)
def test_what_is_no_message_is_refused(ready, message):
    ready.feed(message)
    ready.settle()
    assert ready.sent[-1]["error"]["code"] == -32600


@pytest.mark.parametrize("odd", [[], {}, [1], {"a": 1}])
@pytest.mark.parametrize(
    "message",
    [
        {"method": "textDocument/hover", "id": ...},
        {"method": "textDocument/hover", "id": ..., "params": {"position": {"line": 0, "character": 0}}},
        {"id": ..., "result": 1},
        {"method": "$/cancelRequest", "params": {"id": ...}},
        {"method": "window/workDoneProgress/cancel", "params": {"token": ...}},
        {"method": "textDocument/references", "id": "mine", "params": {"workDoneToken": ...}},
        {"method": "workspace/symbol", "id": "mine", "params": {"query": "", "partialResultToken": ...}},
    ],
)
def test_an_id_or_token_is_a_number_or_a_text(ready, message, odd, capfd):
    ready.feed(json.loads(json.dumps(message, default=lambda _: odd)))
    ready.settle()
    if "id" in message:
        assert ready.sent[-1]["error"]["code"] in (-32600, -32602)
        assert ready.sent[-1]["id"] == ("mine" if message["id"] == "mine" else None)
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("kind", [None, 0, [], {}])
def test_a_kind_of_action_is_a_text(ready, registry, uri, kind):
    ready.open(uri, registry(QUOTES))
    start = {"line": 0, "character": 0}
    wanted = {"range": {"start": start, "end": start}, "context": {"diagnostics": [], "only": [kind]}}
    answer = ready.request("textDocument/codeAction", {"textDocument": {"uri": uri}, **wanted})
    assert answer["error"]["code"] == -32602


@pytest.mark.parametrize("method", ["textDocument/didOpen", "textDocument/didChange", "initialized"])
def test_a_notification_that_asks_for_an_answer_gets_one(ready, method):
    assert ready.request(method, {})["error"]["code"] == -32600


def test_answers_of_the_client_are_taken_without_an_answer(ready):
    before = len(ready.sent)
    ready.feed({"jsonrpc": "2.0", "id": "x", "result": None})
    ready.feed({"jsonrpc": "2.0", "id": 5, "error": {"code": 1, "message": ""}})
    ready.settle()
    assert len(ready.sent) == before


NEEDS_NOTHING = {"workspace/diagnostic", "completionItem/resolve"}


@pytest.mark.parametrize("method", sorted(FEATURES))
@pytest.mark.parametrize(
    "params",
    [
        None,
        [],
        {},
        {"textDocument": None},
        {"textDocument": {"uri": 7}, "position": {"line": 0, "character": 0}},
        {"query": 3, "command": [], "arguments": 5, "data": 4, "previousResultIds": 1},
    ],
)
def test_requests_with_wrong_parameters_get_an_error(ready, method, params):
    answer = ready.request(method, params)
    if method not in NEEDS_NOTHING:
        assert answer["error"]["code"] == -32602


@pytest.mark.parametrize("method", sorted(FEATURES))
@pytest.mark.parametrize(
    "place",
    [
        {"position": {"line": -1, "character": "a"}, "range": 5, "positions": [None], "context": []},
        {"position": {"line": True}, "range": {"start": 1}, "positions": 5, "context": {"diagnostics": 1}},
        {
            "position": {"line": -5, "character": 10**12},
            "range": {"start": {"line": 9, "character": 0}, "end": {"line": -1, "character": -1}},
            "positions": [{"line": 10**9, "character": -1}],
            "context": {
                "diagnostics": [None, 3, {"source": "strongroom", "data": {"generation": 0, "fixes": 7}}]
            },
            "newName": "x",
        },
    ],
)
def test_places_that_make_no_sense_are_survived(ready, registry, uri, method, place):
    ready.open(uri, registry(QUOTES))
    answer = ready.request(method, {"textDocument": {"uri": uri}, **place})
    assert answer.get("error", {}).get("code") in (None, -32602, -32803)


@pytest.mark.parametrize("method", ["textDocument/completion", "textDocument/hover"])
def test_requests_for_unknown_documents_and_places_get_an_answer(ready, registry, uri, method):
    place = {"line": 9999, "character": 9999}
    unknown = {"textDocument": {"uri": "file:///nowhere.json"}, "position": place}
    assert ready.request(method, unknown)["result"] is None
    ready.open(uri, registry(QUOTES))
    answer = ready.request(method, {"textDocument": {"uri": uri}, "position": place})
    assert "error" not in answer


def test_unknown_methods_are_refused_and_unknown_notifications_passed_over(ready):
    assert ready.request("textDocument/formatting", {})["error"]["code"] == -32601
    before = len(ready.sent)
    ready.notify("$/whatever", {})
    ready.notify(
        "textDocument/didChange", {"textDocument": {"uri": "file:///nowhere.json"}, "contentChanges": []}
    )
    ready.notify("textDocument/didClose", {"textDocument": {"uri": "file:///nowhere.json"}})
    ready.settle()
    assert len(ready.sent) == before


def queued_hover(ready, uri, number):
    """Queue a request for a hover: its turn has not come yet."""
    place = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}}
    message = {"jsonrpc": "2.0", "id": number, "method": "textDocument/hover", "params": place}
    ready.feed(message)


def test_a_request_that_was_cancelled_before_its_turn_is_not_served(ready, registry, uri):
    ready.open(uri, registry(QUOTES))
    queued_hover(ready, uri, "one")
    ready.cancel("one")
    queued_hover(ready, uri, "two")
    ready.settle()
    answers = {message["id"]: message for message in ready.sent if message.get("id") in ("one", "two")}
    assert answers["one"]["error"]["code"] == -32800
    assert "result" in answers["two"]


def test_an_id_that_was_cancelled_too_late_can_be_used_again(ready, registry, uri):
    ready.open(uri, registry(QUOTES))
    for _ in range(2):
        queued_hover(ready, uri, "mine")
        ready.settle()
        ready.cancel("mine")
    answers = [message for message in ready.sent if message.get("id") == "mine"]
    assert [sorted(answer) for answer in answers] == [["id", "jsonrpc", "result"]] * 2


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["uri", "textDocument", "position", "line", "character", "text", "contentChanges", "range", "start",
             "end", "version", "languageId", "settings", "strongroom", "context", "diagnostics", "id"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip
METHODS = [
    "initialized",
    "textDocument/didOpen",
    "textDocument/didChange",
    "textDocument/didClose",
    "textDocument/completion",
    "textDocument/hover",
    "textDocument/codeAction",
    "workspace/didChangeConfiguration",
    "workspace/didChangeWatchedFiles",
    "$/setTrace",
    "made/up",
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(method=st.sampled_from(METHODS), params=anything, request=st.none() | st.integers(0, 9) | anything)
def test_no_message_ends_the_session(ready, registry, uri, method, params, request):
    message = {"jsonrpc": "2.0", "method": method, "params": params}
    if request is not None:
        message["id"] = request
    ready.feed(message)
    ready.settle()
    ready.open(uri, registry(QUOTES))
    assert ready.rules(uri) == ["secret-quotes"]


def test_a_command_that_the_client_runs_itself_is_not_offered_by_the_server(talk, full):
    full["experimental"] = {"commands": {"commands": ["strongroom.createSecret"]}}
    commands = announced(talk, full)["executeCommandProvider"]["commands"]
    assert "strongroom.createSecret" not in commands
    assert "strongroom.testConnection" in commands
