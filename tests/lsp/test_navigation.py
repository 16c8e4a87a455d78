"""Definition, references, highlights and renaming, on a workspace of several files."""

import json
import threading
import time

import pytest

CONNECTOR = {
    "connectors": [
        {
            "name": "Topic",
            "permalink": "topic",
            "url": "https://a.example/{{ pathParams.topicId }}/{{ pathParams['topicId'] }}",
            "path_parameters": [{"key": "topicId"}],
            "headers": [{"key": "A", "value": "é🙂 {{ get_secret('token') }}"}],
        }
    ],
    "composite_connectors": [
        {
            "name": "Both",
            "steps": [
                {"name": "first", "url": "https://a.example"},
                {"name": "second", "url": "https://a.example/{{ steps.first.body }}"},
            ],
        }
    ],
}
EVERYWHERE = {"includeDeclaration": True}
TEXT = json.dumps(CONNECTOR, indent=2, ensure_ascii=False)


@pytest.fixture
def place():
    """place(text, part, inside) -> the protocol's position of a part of a text, counted in UTF-16."""

    def place(text, part, skip=0):
        before = text[: text.index(part) + skip]
        line = before.rsplit("\n", 1)[-1]
        return {"line": before.count("\n"), "character": len(line.encode("utf-16-le")) // 2}

    return place


@pytest.fixture
def cut():
    """cut(text, range) -> what a client sees there."""

    def cut(text, place):
        lines = text.split("\n")
        assert place["start"]["line"] == place["end"]["line"]
        line = lines[place["start"]["line"]].encode("utf-16-le")
        return line[place["start"]["character"] * 2 : place["end"]["character"] * 2].decode("utf-16-le")

    return cut


@pytest.fixture
def other(folder):
    """Another file of the workspace, which is not open."""
    path = folder / "widgets" / "one" / "connectors.json"
    path.parent.mkdir(parents=True)
    path.write_text(TEXT.replace("Topic", "Other"), "utf-8")
    return path


@pytest.fixture
def ready(talk, folder, uri, other):
    talk.initialize(folder)
    talk.notify("initialized", {})
    talk.open(uri, TEXT)
    return talk


@pytest.fixture
def ask(ready, uri, place):
    def ask(method, part, skip=0, **more):
        params = {"textDocument": {"uri": uri}, "position": place(TEXT, part, skip), **more}
        return ready.request(f"textDocument/{method}", params)

    return ask


def test_a_path_parameter_leads_to_its_row_and_a_step_to_its_name(ask, cut):
    (row,) = ask("definition", "pathParams.topicId", 13)["result"]
    assert cut(TEXT, row["range"]) == "topicId"
    assert '"key": "topicId"' in TEXT.split("\n")[row["range"]["start"]["line"]]
    (step,) = ask("definition", "steps.first", 7)["result"]
    assert '"name": "first"' in TEXT.split("\n")[step["range"]["start"]["line"]]


def test_a_client_with_links_gets_the_word_that_was_clicked(talk, folder, uri, full, place, cut):
    full["textDocument"]["definition"] = {"linkSupport": True}
    talk.initialize(folder, capabilities=full)
    talk.open(uri, TEXT)
    params = {"textDocument": {"uri": uri}, "position": place(TEXT, "steps.first", 7)}
    (link,) = talk.request("textDocument/definition", params)["result"]
    assert cut(TEXT, link["originSelectionRange"]) == "first"
    assert link["targetUri"] == uri


def test_a_secret_has_no_place_in_a_file(ask):
    assert ask("definition", "'token'", 2)["result"] is None


def test_references_of_a_name_are_found_in_all_files(ask, cut, uri, other):
    found = ask("references", "'token'", 2, context=EVERYWHERE)["result"]
    assert [place["uri"] for place in found] == [uri, other.as_uri()]
    assert {cut(TEXT, place["range"]) for place in found} == {"token"}


def test_a_client_that_asks_for_parts_gets_the_references_in_parts(ready, ask, uri, other, monkeypatch):
    whole = ask("references", "'token'", 2, context=EVERYWHERE)["result"]
    monkeypatch.setattr("strongroom_lsp.features.partial_results.PART", 1)
    answer = ask("references", "'token'", 2, context=EVERYWHERE, partialResultToken="mine")
    parts = [sent["params"] for sent in ready.asked("$/progress") if sent["params"]["token"] == "mine"]
    assert answer["result"] == []
    assert [part["value"] for part in parts] == [[place] for place in whole]


def test_symbols_are_sent_in_parts_as_well(ready, monkeypatch):
    whole = ready.request("workspace/symbol", {"query": ""})["result"]
    monkeypatch.setattr("strongroom_lsp.features.partial_results.PART", 2)
    answer = ready.request("workspace/symbol", {"query": "", "partialResultToken": 7})
    parts = [sent["params"] for sent in ready.asked("$/progress") if sent["params"]["token"] == 7]
    assert answer["result"] == []
    assert len(parts) > 1
    assert [symbol for part in parts for symbol in part["value"]] == whole


def test_references_see_what_was_typed_a_moment_ago_and_what_changed_on_the_disk(ready, ask, uri, other):
    ready.change(uri, {"text": TEXT.replace("headers", "query_parameters")})
    other.write_text("{}", "utf-8")
    found = ask("references", "'token'", 2, context=EVERYWHERE)
    # The first file has moved the row; the second one has no use any more.
    assert found["result"] is not None
    index = ready.session.background.index.fresh()
    assert len(index.paths) == 2
    from strongroom.workspace.references import SymbolKind

    assert index.count(SymbolKind.NAME, "token") == 1


def test_references_of_a_path_parameter_stay_in_its_connector(ask, cut):
    found = ask("references", "pathParams.topicId", 13, context={"includeDeclaration": False})["result"]
    assert len(found) == 2
    assert len(ask("references", "pathParams.topicId", 13, context=EVERYWHERE)["result"]) == 3
    assert {cut(TEXT, place["range"]) for place in found} == {"topicId"}


def test_highlights_tell_reading_from_defining(ask):
    assert [mark["kind"] for mark in ask("documentHighlight", "steps.first", 7)["result"]] == [3, 2]
    assert ask("documentHighlight", "https", 1)["result"] is None


# -- renaming --------------------------------------------------------------------------------------------------


def texts(edit, documents):
    """uri -> the text after a WorkspaceEdit with documentChanges."""
    changed = {}
    for change in edit["documentChanges"]:
        text = documents[change["textDocument"]["uri"]]
        lines = text.split("\n")
        for one in sorted(change["edits"], key=lambda one: -one["range"]["start"]["character"]):
            line, start = one["range"]["start"]["line"], one["range"]["start"]["character"]
            data = lines[line].encode("utf-16-le")
            end = one["range"]["end"]["character"]
            lines[line] = (data[: start * 2] + one["newText"].encode("utf-16-le") + data[end * 2 :]).decode(
                "utf-16-le"
            )
        changed[change["textDocument"]["uri"]] = "\n".join(lines)
    return changed


def test_a_step_is_renamed_in_its_composite(ask, uri):
    edit = ask("rename", "steps.first", 7, newName="get-it")["result"]
    (text,) = texts(edit, {uri: TEXT}).values()
    assert '"name": "get-it"' in text
    assert "{{ steps['get-it'].body }}" in text


def test_a_name_of_no_vault_is_renamed_in_every_file(ask, uri, other):
    edit = ask("rename", "'token'", 2, newName="key")["result"]
    changed = texts(edit, {uri: TEXT, other.as_uri(): other.read_text("utf-8")})
    assert set(changed) == {uri, other.as_uri()}
    assert all("é🙂 {{ get_secret('key') }}" in text for text in changed.values())
    versions = {c["textDocument"]["uri"]: c["textDocument"]["version"] for c in edit["documentChanges"]}
    assert versions == {uri: 1, other.as_uri(): None}


def test_a_file_that_changed_since_it_was_indexed_is_read_again_before_it_is_renamed(ask, talk, other):
    ask("references", "'token'", 2, context=EVERYWHERE)
    talk.session.client = talk.session.client._replace(watches_files=True)  # nothing looks by itself
    other.write_text("\n\n" + TEXT, "utf-8")
    edit = ask("rename", "'token'", 2, newName="key")["result"]
    changed = texts(
        edit,
        {c["textDocument"]["uri"]: "\n\n" + TEXT for c in edit["documentChanges"][1:]}
        | {edit["documentChanges"][0]["textDocument"]["uri"]: TEXT},
    )
    assert all("get_secret('key')" in text for text in changed.values())


@pytest.mark.parametrize(
    ("part", "skip", "new", "sentence"),
    [
        ("'token'", 2, "api-key", "contains a hyphen"),
        ("steps.first", 7, "second", "already has a step `second`"),
        ("https", 1, "x", "Nothing here can be renamed"),
        ('"topic"', 2, "Other Topic", "is not a permalink"),
    ],
)
def test_a_rename_that_cannot_be_says_why(ask, part, skip, new, sentence):
    error = ask("rename", part, skip, newName=new)["error"]
    assert error["code"] == -32803
    assert sentence in error["message"]


def test_prepare_rename_gives_the_word_and_refuses_the_rest(ask, cut):
    found = ask("prepareRename", "'token'", 2)["result"]
    assert found["placeholder"] == cut(TEXT, found["range"]) == "token"
    assert ask("prepareRename", '"topic"', 2)["result"]["placeholder"] == "topic"
    assert ask("prepareRename", "https", 1)["result"] is None


# -- renaming with the vault -----------------------------------------------------------------------------------


@pytest.fixture
def vault(make_vault, folder, tmp_path, monkeypatch):
    (folder / "strongroom.toml").write_text('community = "production"\n')
    monkeypatch.setenv("STRONGROOM_KEY_FILE", str(tmp_path / "vault.key"))
    entries = {"token": "canary-value", "taken": "canary-other"}
    return make_vault({"production": entries, "staging": {"token": "canary-value"}})


def names_in(vault, community):
    from strongroom.store.reader import NamesReader

    with NamesReader.open(vault) as reader:
        return sorted(reader.names(community).by_name)


@pytest.fixture
def rename(ready, uri, place):
    """Renames the token, waiting for the child process."""

    def rename(new):
        params = {"textDocument": {"uri": uri}, "position": place(TEXT, "'token'", 2), "newName": new}
        return ready.request_until("textDocument/rename", params)

    return rename


def test_a_secret_is_renamed_in_the_vault_and_in_all_files(vault, rename, ready, uri, other):
    edit = rename("fresh")["result"]
    assert {change["textDocument"]["uri"] for change in edit["documentChanges"]} == {uri, other.as_uri()}
    assert names_in(vault, "production") == ["fresh", "taken"]
    assert names_in(vault, "staging") == ["token"]
    assert "staging has a `token` as well" in ready.asked("window/showMessage")[-1]["params"]["message"]


def test_where_the_vault_cannot_be_renamed_no_file_is(vault, rename, ready):
    error = rename("taken")["error"]
    assert error["code"] == -32803
    assert error["message"].startswith("Nothing was renamed: ")
    assert "taken" in error["message"]
    assert "canary" not in error["message"]
    assert names_in(vault, "production") == ["taken", "token"]


def test_without_a_key_the_rename_fails_and_the_files_alone_are_offered(
    vault, rename, ready, uri, monkeypatch
):
    monkeypatch.setenv("STRONGROOM_KEY_FILE", "/nowhere/key")
    ready.session.client = ready.session.client._replace(applies_edits=True)
    assert "error" in rename("fresh")
    offer = next(m for m in ready.sent if m.get("method") == "window/showMessageRequest")
    (action,) = offer["params"]["actions"]
    ready.answer(offer, action)
    edit = next(m for m in ready.sent if m.get("method") == "workspace/applyEdit")["params"]["edit"]
    assert len(edit["documentChanges"]) == 2
    assert names_in(vault, "production") == ["taken", "token"]


def test_a_rename_that_is_cancelled_is_taken_back(vault, ready, uri, place):
    params = {"textDocument": {"uri": uri}, "position": place(TEXT, "'token'", 2), "newName": "fresh"}
    ready.feed({"id": "mine", "method": "textDocument/rename", "params": params})
    ready.settle()
    ready.cancel("mine")
    ready.settle()
    (answer,) = [message for message in ready.sent if message.get("id") == "mine"]
    assert answer["error"]["code"] == -32800
    end = time.monotonic() + 120
    # The child that renames, and then the one that takes it back.
    while any(thread.name == "child" for thread in threading.enumerate()) and time.monotonic() < end:
        for thread in threading.enumerate():
            if thread.name == "child":
                thread.join(60)
        ready.settle()
    assert names_in(vault, "production") == ["taken", "token"]
