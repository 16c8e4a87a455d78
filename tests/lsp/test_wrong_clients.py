"""Whatever a client gets wrong in a whole session is answered, and ends nothing."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from strongroom_lsp.routes import FEATURES

QUOTES = 'Bearer {{ get_secret("a") }}'


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
