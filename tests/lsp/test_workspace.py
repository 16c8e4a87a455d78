"""Pulled diagnostics, configuration, folders, progress and cancelling: the session as a whole workspace."""

import json

import pytest
from lsprotocol import converters, types

CONVERTER = converters.get_converter()
FINE = "Bearer {{ get_secret('a') }}"
QUOTES = 'Bearer {{ get_secret("a") }}'


@pytest.fixture
def pulling(full):
    """The capabilities of a client that asks for diagnostics."""
    full["textDocument"]["diagnostic"] = {"relatedDocumentSupport": True}
    full["workspace"]["diagnostics"] = {"refreshSupport": True}
    full["workspace"]["configuration"] = True
    full["workspace"]["codeLens"] = {"refreshSupport": True}
    full["window"] = {"workDoneProgress": True}
    return full


@pytest.fixture
def ready(talk, folder, pulling):
    talk.initialize(folder, capabilities=pulling)
    talk.notify("initialized", {})
    return talk


@pytest.fixture
def pull(ready, uri):
    def pull(previous=None):
        params = {"textDocument": {"uri": uri}, "previousResultId": previous}
        return ready.request("textDocument/diagnostic", params)["result"]

    return pull


# -- pulled diagnostics ----------------------------------------------------------------------------------------


def test_a_client_that_asks_is_answered_and_never_pushed_to(ready, pull, registry, uri):
    ready.open(uri, registry(QUOTES))
    report = CONVERTER.structure(pull(), types.RelatedFullDocumentDiagnosticReport)
    assert [item.code for item in report.items] == ["secret-quotes"]
    assert report.items[0].code_description.href.endswith("secret-quotes.md")
    ready.change(uri, {"text": registry(FINE)})
    assert pull()["items"] == []
    assert ready.published() == []


def test_what_did_not_change_is_not_sent_again(ready, pull, registry, uri):
    ready.open(uri, registry(QUOTES))
    first = pull()
    assert pull(first["resultId"]) == {"kind": "unchanged", "resultId": first["resultId"]}
    ready.change(uri, {"text": registry(QUOTES + " ")})
    second = pull(first["resultId"])
    assert second["kind"] == "full"
    ready.change(uri, {"text": registry(QUOTES)}, version=3)
    assert pull(first["resultId"])["kind"] == "unchanged"


def test_questions_that_come_with_a_burst_of_edits_all_get_the_last_state(ready, registry, uri):
    ready.open(uri, registry(FINE))
    for number in range(5):
        ready.change(uri, {"text": registry(QUOTES * (number + 1))}, version=number + 2)
        ready.feed(
            {
                "id": f"pull-{number}",
                "method": "textDocument/diagnostic",
                "params": {"textDocument": {"uri": uri}},
            },
        )
    ready.settle()
    answers = [m for m in ready.sent if str(m.get("id", "")).startswith("pull-")]
    assert [len(answer["result"]["items"]) for answer in answers] == [5] * 5


def test_a_change_of_the_vault_makes_the_client_ask_again(
    ready, pull, registry, uri, make_vault, add_elsewhere
):
    make_vault({"production": {"other": "canary-value"}})
    ready.open(uri, registry("{{ get_secret('missing') }}"))
    first = pull()
    assert [item["code"] for item in first["items"]] == ["unknown-secret"]
    add_elsewhere("production", "missing")
    ready.wait(0.3)
    assert ready.asked("workspace/diagnostic/refresh")
    assert pull(first["resultId"])["items"] == []


def test_a_client_that_cannot_be_told_to_ask_again_is_pushed_to(talk, folder, pulling, uri, registry):
    del pulling["workspace"]["diagnostics"]
    answer = talk.initialize(folder, capabilities=pulling)["result"]["capabilities"]
    assert "diagnosticProvider" not in answer
    talk.open(uri, registry(QUOTES))
    assert talk.rules(uri) == ["secret-quotes"]


def test_a_client_that_knows_nothing_but_asking_asks(talk, folder, uri, registry):
    answer = talk.initialize(folder, capabilities={"textDocument": {"diagnostic": {}}})["result"]
    assert answer["capabilities"]["diagnosticProvider"]["workspaceDiagnostics"]
    talk.open(uri, registry(QUOTES))
    report = talk.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})["result"]
    assert [item["code"] for item in report["items"]] == ["secret-quotes"]
    talk.session.all_changed()
    talk.settle()
    assert talk.published() == []
    assert talk.asked("workspace/diagnostic/refresh") == []


@pytest.mark.parametrize("name", ["connectors_registry.json", "a.tests.toml"])
def test_a_question_that_comes_after_the_file_was_closed_gets_an_empty_report(ready, folder, name):
    params = {"textDocument": {"uri": (folder / name).as_uri()}}
    answer = ready.request("textDocument/diagnostic", params)
    assert answer["result"] == {"kind": "full", "items": []}


def test_the_workspace_report_has_files_that_are_not_open_part_by_part(ready, registry, folder, uri):
    for number in range(45):
        path = folder / f"w{number}" / "connectors.json"
        path.parent.mkdir()
        path.write_text(registry(QUOTES if number % 2 else FINE), "utf-8")
    ready.open(uri, registry(QUOTES))
    params = {"previousResultIds": [], "partialResultToken": "part"}
    answer = ready.request_until("workspace/diagnostic", params)["result"]
    parts = [m["params"]["value"] for m in ready.asked("$/progress") if m["params"]["token"] == "part"]
    assert answer["items"] == []
    reports = [report for part in parts for report in part["items"]]
    assert len(parts) == 3
    CONVERTER.structure({"items": reports}, types.WorkspaceDiagnosticReport)
    assert {report["uri"]: len(report["items"]) for report in reports}[uri] == 1
    assert sum(len(report["items"]) for report in reports) == 23
    known = [{"uri": report["uri"], "value": report["resultId"]} for report in reports]
    (folder / "w1" / "connectors.json").unlink()
    again = ready.request_until("workspace/diagnostic", {"previousResultIds": known})["result"]["items"]
    assert [(report["uri"], report["items"]) for report in again] == [
        ((folder / "w1" / "connectors.json").as_uri(), [])
    ]


def test_a_request_for_the_workspace_stays_open_until_there_is_something_new(ready, registry, folder):
    path, cases = folder / "connectors.json", folder / "connectors.tests.toml"
    path.write_text(registry(QUOTES), "utf-8")
    cases.write_text("[[test]]\n", "utf-8")
    first = ready.request_until("workspace/diagnostic", {"previousResultIds": []})["result"]["items"]
    assert sorted(len(report["items"]) for report in first) == [1, 2]
    known = [{"uri": report["uri"], "value": report["resultId"]} for report in first]
    ready.feed(
        {"id": "open", "method": "workspace/diagnostic", "params": {"previousResultIds": known}},
    )
    ready.wait(5)
    assert [message for message in ready.sent if message.get("id") == "open"] == []
    path.write_text(registry(FINE), "utf-8")
    ready.wait(2.1)
    (answer,) = [message for message in ready.sent if message.get("id") == "open"]
    assert [(report["uri"], report["items"]) for report in answer["result"]["items"]] == [(path.as_uri(), [])]


# -- configuration ---------------------------------------------------------------------------------------------


def test_the_configuration_is_asked_for_and_holds_at_once(ready, pull, registry, uri):
    ready.open(uri, '{"connectors": [{"name": "a", "url": "https://a.example/é}]}')
    ready.wait(0.4)
    (question,) = ready.asked("workspace/configuration")
    assert question["params"] == {"items": [{"section": "strongroom"}]}
    assert "json-syntax" in [item["code"] for item in pull()["items"]]
    ready.answer(question, [{"jsonSyntax": False}])
    assert "json-syntax" not in [item["code"] for item in pull()["items"]]
    ready.notify("workspace/didChangeConfiguration", {"settings": None})
    ready.settle()
    ready.answer(ready.asked("workspace/configuration")[-1], [{"diagnostics": False}])
    assert pull()["items"] == []


@pytest.mark.parametrize("answer", [None, [], [None], [7], "x", [{"other": 1}]])
def test_an_answer_without_a_setting_changes_nothing(ready, pull, registry, uri, answer):
    ready.open(uri, registry(QUOTES))
    ready.wait(0.4)
    ready.answer(ready.asked("workspace/configuration")[0], answer)
    assert len(pull()["items"]) == 1


def test_files_are_watched_by_a_client_that_can(talk, folder, pulling):
    pulling["workspace"]["didChangeWatchedFiles"] = {"dynamicRegistration": True}
    talk.initialize(folder, capabilities=pulling)
    talk.notify("initialized", {})
    talk.wait(0.4)
    (asked,) = talk.asked("client/registerCapability")
    CONVERTER.structure(asked["params"], types.RegistrationParams)
    (registration,) = asked["params"]["registrations"]
    patterns = [watcher["globPattern"] for watcher in registration["registerOptions"]["watchers"]]
    assert "**/*connectors_registry.json" in patterns


def test_the_status_is_told_to_a_client_that_shows_it(
    talk, folder, pulling, make_vault, add_elsewhere, uri, registry
):
    make_vault({"production": {"one": "canary-value"}})
    talk.initialize(folder, {"status": True}, pulling)
    talk.notify("initialized", {})
    talk.open(uri, registry(FINE))
    talk.wait(0.4)
    (status,) = talk.asked("strongroom/status")
    assert status["params"] == {
        "community": "production",
        "communities": ["production"],
        "knowledge": "complete",
        "names": 1,
        "source": "the vault",
    }
    add_elsewhere("production", "two")
    talk.wait(0.3)
    assert talk.asked("strongroom/status")[-1]["params"]["names"] == 2


# -- folders and the index -------------------------------------------------------------------------------------


def symbols(ready, query=""):
    return sorted(
        symbol["name"] for symbol in ready.request_until("workspace/symbol", {"query": query})["result"]
    )


def test_folders_come_and_go(ready, folder, tmp_path):
    more = tmp_path / "more"
    more.mkdir()
    (folder / "connectors.json").write_text('[{"name": "First", "url": "x"}]')
    (more / "connectors.json").write_text('[{"name": "Second", "url": "x"}]')
    assert symbols(ready) == ["First"]
    added, removed = [{"uri": more.as_uri(), "name": "more"}], [{"uri": folder.as_uri(), "name": "work"}]
    ready.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": added, "removed": []}})
    assert symbols(ready) == ["First", "Second"]
    ready.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": removed}})
    assert symbols(ready) == ["Second"]


def test_a_file_that_the_client_tells_of_is_read_again(ready, folder):
    assert symbols(ready) == []
    path = folder / "connectors.json"
    path.write_text('[{"name": "New", "url": "x"}]')
    change = {"changes": [{"uri": path.as_uri(), "type": 1}]}
    ready.notify("workspace/didChangeWatchedFiles", change)
    assert symbols(ready) == ["New"]
    path.unlink()
    ready.notify("workspace/didChangeWatchedFiles", change)
    assert symbols(ready) == []


def test_a_new_file_is_found_although_nobody_tells_of_it(ready, folder):
    assert symbols(ready) == []
    (folder / "connectors.json").write_text('[{"name": "New", "url": "x"}]')
    ready.wait(6)
    assert symbols(ready) == ["New"]


def test_a_closed_buffer_counts_as_it_is_on_the_disk(ready, folder, uri):
    (folder / "connectors_registry.json").write_text('[{"name": "Saved", "url": "x"}]')
    ready.open(uri, '[{"name": "Typed", "url": "x"}]')
    assert symbols(ready) == ["Typed"]
    ready.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    assert symbols(ready) == ["Saved"]


def test_indexing_gives_way_to_typing(ready, folder, uri, registry):
    for number in range(60):
        path = folder / f"w{number}" / "connectors.json"
        path.parent.mkdir()
        path.write_text('[{"name": "One", "url": "x"}]')
    ready.open(uri, registry(FINE))
    ready.wait(0.25)
    ready.change(uri, {"text": registry(QUOTES)})
    ready.wait(0.05)
    # The handshake's moment is over, yet somebody has just typed.
    assert not ready.session.index.is_built
    ready.loop.now += 1
    ready.settle()
    assert len(ready.session.background.index.fresh().paths) == 61


def test_a_quick_index_shows_no_progress(ready, folder):
    for number in range(60):
        path = folder / f"w{number}" / "connectors.json"
        path.parent.mkdir()
        path.write_text('[{"name": "One", "url": "x"}]')
    ready.wait(5)
    assert len(ready.session.background.index.fresh().paths) == 60
    assert ready.asked("window/workDoneProgress/create") == []


def test_a_home_folder_is_not_walked(talk, tmp_path, pulling):
    home = tmp_path / "home"
    home.mkdir()
    (home / "connectors.json").write_text('[{"name": "One", "url": "x"}]')
    talk.initialize(home, capabilities=pulling)
    talk.notify("initialized", {})
    assert symbols(talk) == []


# -- cancelling ------------------------------------------------------------------------------------------------


def test_a_request_at_work_can_be_cancelled(ready, uri, registry, monkeypatch):
    ready.open(uri, registry("{{ get_secret('token') }}"))
    index = ready.session.background.index
    monkeypatch.setattr(index, "when_ready", lambda call: None)  # it is never ready
    ready.feed({"id": "mine", "method": "workspace/symbol", "params": {"query": ""}})
    ready.settle()
    assert [m for m in ready.sent if m.get("id") == "mine"] == []
    ready.cancel("mine")
    ready.settle()
    (answer,) = [m for m in ready.sent if m.get("id") == "mine"]
    assert answer["error"]["code"] == -32800


def test_answers_to_questions_that_nobody_asked_are_passed_over(ready):
    before = len(ready.sent)
    for message in (
        {"id": "strongroom-99", "result": 1},
        {"id": None, "error": {}},
        {"id": 5, "result": None},
    ):
        ready.feed({"jsonrpc": "2.0", **message})
    ready.settle()
    assert len(ready.sent) == before
    assert json.dumps(ready.sent)


def test_the_status_tells_no_community_chosen_from_none_there(talk, folder, pulling, make_vault):
    make_vault({"production": {"one": "canary-value"}, "staging": {"two": "canary-value"}})
    talk.initialize(folder, {"status": True}, pulling)
    talk.notify("initialized", {})
    talk.wait(0.4)
    (status,) = talk.asked("strongroom/status")
    assert status["params"]["community"] is None
    assert status["params"]["communities"] == ["production", "staging"]
    (folder / "strongroom.toml").write_text('community = "elsewhere"\n')
    talk.wait(2.1)
    assert talk.asked("strongroom/status")[-1]["params"] | {"names": 0, "source": ""} == {
        "community": "elsewhere",
        "communities": ["production", "staging"],
        "knowledge": "none",
        "names": 0,
        "source": "",
    }
