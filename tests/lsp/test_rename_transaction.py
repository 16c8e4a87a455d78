"""A rename cut off at every moment: the vault and the files have the same name, whatever dies, refuses or cancels."""

import os
import signal
import time

import pytest

from strongroom.store.reader import NamesReader
from strongroom_lsp.commands.rename_transaction import PATIENCE

TEMPLATE = "{{ get_secret('token') }}"
DEADLINE = 120.0
EVERYWHERE = {"includeDeclaration": True}


@pytest.fixture
def text(registry, folder):
    text = registry(TEMPLATE)
    (folder / "connectors_registry.json").write_text(text)
    return text


@pytest.fixture
def vault(make_vault, folder, tmp_path, monkeypatch):
    (folder / "strongroom.toml").write_text('community = "production"\n')
    monkeypatch.setenv("STRONGROOM_KEY_FILE", str(tmp_path / "vault.key"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return make_vault({"production": {"token": "canary-value", "taken": "canary-other"}})


def names_in(vault, community="production"):
    with NamesReader.open(vault) as reader:
        return sorted(reader.names(community).by_name)


OLD, NEW = ["taken", "token"], ["fresh", "taken"]


def becomes(vault, wanted):
    end = time.monotonic() + DEADLINE
    while names_in(vault) != wanted:
        assert time.monotonic() < end, names_in(vault)
        time.sleep(0.01)


def position(text):
    before = text[: text.index("'token'") + 2]
    return {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}


@pytest.fixture
def params(uri, text):
    return {"textDocument": {"uri": uri}, "position": position(text), "newName": "fresh"}


# -- the server's process ---------------------------------------------------------------------------------------


@pytest.fixture
def server(wire, folder, uri, text, vault):
    server = wire()
    server.initialize(folder)
    server.open(uri, text)
    server.diagnostics(uri)
    return server


@pytest.mark.parametrize("end", ["killed", "terminated", "its input ends"])
@pytest.mark.parametrize("moment", ["the vault is renamed", "the answer came"])
def test_a_client_that_dies_before_its_document_shows_the_name_leaves_all_as_it_was(
    server, params, vault, end, moment
):
    if moment == "the answer came":
        assert "result" in server.request("textDocument/rename", params)
    else:
        server.send({"id": "mine", "method": "textDocument/rename", "params": params})
    becomes(vault, NEW)
    if end == "killed":
        server.process.kill()
    elif end == "terminated":
        server.process.terminate()
    else:
        server.process.stdin.close()
    server.process.wait(DEADLINE)
    if end == "its input ends":
        assert names_in(vault) == OLD  # it does not leave before that
    becomes(vault, OLD)


def test_what_the_document_shows_is_kept_whatever_comes_then(server, params, vault, uri, text):
    server.request("textDocument/rename", params)
    change = {"text": text.replace("token", "fresh")}
    document = {"uri": uri, "version": 2}
    server.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
    server.diagnostics(uri, version=2)
    server.process.kill()
    server.process.wait(DEADLINE)
    assert names_in(vault) == NEW


def test_a_client_that_shuts_down_in_good_order_keeps_what_it_was_given(server, params, vault):
    server.request("textDocument/rename", params)
    assert server.end() == 0
    assert names_in(vault) == NEW


def test_a_shutdown_before_the_answer_leaves_all_as_it_was(server, params, vault):
    server.send({"id": "mine", "method": "textDocument/rename", "params": params})
    server.request("shutdown")
    server.notify("exit")
    server.process.wait(DEADLINE)
    assert names_in(vault) == OLD


# -- what the client says ---------------------------------------------------------------------------------------


@pytest.fixture
def ready(talk, folder, uri, text, vault):
    talk.initialize(folder)
    talk.notify("initialized", {})
    talk.open(uri, text)
    return talk


@pytest.fixture
def rename(ready, params):
    return lambda **more: ready.request_until("textDocument/rename", {**params, **more})


def said(ready):
    return [message["params"]["message"] for message in ready.asked("window/showMessage")]


def settled(ready):
    """Let the children end."""
    ready.until(lambda _: not ready.session.renamings)


def test_a_cancellation_that_crosses_the_answer_takes_the_rename_back(ready, rename, vault):
    answer = rename()
    ready.cancel(answer["id"])
    settled(ready)
    assert names_in(vault) == OLD
    assert "because the files did not change" in said(ready)[-1]


def test_a_cancellation_after_the_document_shows_the_name_means_nothing(ready, rename, vault, uri, text):
    answer = rename()
    ready.change(uri, {"text": text.replace("token", "fresh")})
    settled(ready)
    ready.cancel(answer["id"])
    ready.settle()
    assert names_in(vault) == NEW


def test_an_edit_that_leaves_the_old_name_is_not_taken_for_the_rename(ready, rename, vault, uri, text):
    rename()
    ready.change(uri, {"text": text + " "})
    ready.settle()
    assert len(ready.session.renamings) == 1
    ready.session.end()
    assert names_in(vault) == OLD


@pytest.mark.parametrize(
    ("title", "answers", "names"),
    [
        ("Change the files", {"applied": True}, NEW),
        ("Change the files", {"applied": False}, OLD),
        ("Take the rename back", None, OLD),
    ],
)
def test_a_client_that_did_not_apply_the_edit_is_asked(ready, rename, vault, title, answers, names):
    ready.session.client = ready.session.client._replace(applies_edits=True)
    rename()
    ready.wait(PATIENCE + 1)
    (question,) = ready.asked("window/showMessageRequest")
    ready.answer(question, {"title": title})
    if answers is not None:
        (edit,) = ready.asked("workspace/applyEdit")
        assert len(edit["params"]["edit"]["documentChanges"]) == 1
        ready.answer(edit, answers)
    settled(ready)
    assert names_in(vault) == names


def test_a_rename_that_is_asked_for_again_begins_where_the_first_one_did(ready, rename, vault):
    rename()
    again = rename(newName="other")
    assert again["result"]["documentChanges"]
    assert names_in(vault) == ["other", "taken"]


def test_the_person_is_told_that_undo_does_not_reach_the_vault(ready, rename):
    rename()
    assert "Undo in the editor does not change the vault" in said(ready)[-1]


def test_the_person_is_told_of_files_that_cannot_be_read(ready, rename, folder, text):
    (folder / "x.connectors.json").write_text(text, "utf-16")
    (folder / "y.connectors.json").write_text("[]")
    rename()
    assert "x.connectors.json cannot be read" in said(ready)[-1]
    assert said(ready)[-1].count("cannot be read") == 1


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize(("applied", "names"), [(True, NEW), (False, OLD)])
def test_a_child_that_is_killed_while_it_holds_the_vault_changes_nothing_of_that(
    ready, rename, vault, uri, text, applied, names
):
    answer = rename()
    (renaming,) = ready.session.renamings
    (held,) = renaming._store._held
    held._process.send_signal(signal.SIGTERM)  # taken no notice of
    held._process.kill()
    ready.until(lambda _: held._ended is not None)
    if applied:
        ready.change(uri, {"text": text.replace("token", "fresh")})
    else:
        ready.cancel(answer["id"])
    settled(ready)
    assert names_in(vault) == names


def test_an_edit_that_cannot_be_built_leaves_the_vault_alone(ready, rename, vault, monkeypatch):
    def fail(*_args, **_more):
        raise OSError("no uri")

    monkeypatch.setattr("strongroom_lsp.commands.rename_transaction.edit_of_files", fail)
    assert rename()["error"]["code"] == -32603
    assert names_in(vault) == OLD
    assert ready.session.renamings == []


def test_an_edit_that_cannot_be_built_any_more_gives_the_vault_its_name_back(
    ready, rename, vault, monkeypatch
):
    from strongroom_lsp.commands import rename_transaction as renaming

    real, calls = renaming.edit_of_files, []

    def fail(*args, **more):
        calls.append(1)
        if len(calls) == 2:
            raise OSError("no uri")
        return real(*args, **more)

    monkeypatch.setattr(renaming, "edit_of_files", fail)
    assert "error" in rename()
    settled(ready)
    assert names_in(vault) == OLD


def test_what_one_community_refuses_is_taken_back_in_the_other(ready, rename, vault, folder, registry):
    from strongroom.names import Kind
    from strongroom.store.keys.ways import KeyFile
    from strongroom.store.vault import Vault
    from strongroom.values.secret_value import SecretValue

    with Vault.unlock(vault, [KeyFile(vault.parent / "vault.key")]) as opened:
        for name in ("token", "fresh"):
            opened.add("staging", name, Kind.SECRET, SecretValue("canary-value"))
    below = folder / "staging"
    below.mkdir()
    (below / "strongroom.toml").write_text('community = "staging"\n')
    (below / "connectors.json").write_text(registry(TEMPLATE))
    error = rename()["error"]
    assert "fresh" in error["message"]
    assert names_in(vault) == OLD
    assert names_in(vault, "staging") == ["fresh", "token"]


def test_a_rename_that_lost_both_its_processes_is_taken_back_at_the_next_start(talk, folder, vault, tmp_path):
    from strongroom.store.keys.ways import KeyFile
    from strongroom.store.vault import Vault
    from strongroom.workspace.rename_journal import JournaledRename, note

    noted = note(JournaledRename(str(vault), "production", "token", "fresh", is_held=True))
    with Vault.unlock(vault, [KeyFile(tmp_path / "vault.key")]) as opened:
        opened.rename("production", "token", "fresh")
    noted.close(keep=True)
    talk.initialize(folder)
    talk.notify("initialized", {})
    talk.wait(0.4)
    talk.until(lambda message: "was taken back in community" in str(message))
    assert names_in(vault) == OLD


# -- every place of the name ------------------------------------------------------------------------------------


def uris(answer):
    return sorted(change["textDocument"]["uri"] for change in answer["result"]["documentChanges"])


def test_a_names_file_that_is_committed_beside_changes_with_it(ready, rename, folder, uri):
    entry = '[{"name": "token", "kind": "secret"}]'
    names = folder / "strongroom.names.json"
    names.write_text(f'{{"version": 1,\n "communities": {{"staging": {entry},\n  "production": {entry}}}}}')
    answer = rename()
    assert uris(answer) == sorted([uri, names.as_uri()])
    (change,) = [c for c in answer["result"]["documentChanges"] if c["textDocument"]["uri"] == names.as_uri()]
    (edit,) = change["edits"]
    assert edit["range"]["start"]["line"] == 2
    assert names.read_text().split("\n")[2][edit["range"]["start"]["character"] :].startswith("token")


@pytest.mark.parametrize(
    "way", ["symlink", "hard link", "open through a link", "both open", "another spelling"]
)
def test_a_file_that_several_paths_lead_to_is_edited_once_under_the_uri_that_was_asked(
    ready, rename, folder, uri, text, way, params
):
    registry, other = folder / "connectors_registry.json", folder / "widgets" / "connectors.json"
    other.parent.mkdir()
    if way == "hard link":
        other.hardlink_to(registry)
    else:
        other.symlink_to(registry)
    asked = uri
    if way == "open through a link":
        ready.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        asked = other.as_uri()
        ready.open(asked, text)
    elif way == "both open":
        ready.open(other.as_uri(), text)
    elif way == "another spelling":
        ready.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        asked = folder.as_uri() + "/widgets/./../connectors%5Fregistry.json"
        ready.open(asked, text)
    answer = rename(textDocument={"uri": asked})
    assert uris(answer) == [asked]
    (change,) = answer["result"]["documentChanges"]
    assert len(change["edits"]) == 1


@pytest.mark.skipif(os.name == "nt", reason="names there are text")
def test_a_folder_whose_name_is_not_utf_8_is_renamed_in_by_its_bytes(ready, rename, folder, uri, registry):
    below = os.path.join(os.fsencode(folder), b"caf\xe9")
    os.mkdir(below)
    with open(below + b"/connectors.json", "w") as file:
        file.write(registry(TEMPLATE))
    assert uris(rename()) == sorted([uri, folder.as_uri() + "/caf%E9/connectors.json"])


@pytest.mark.parametrize("change", ["moved", "created", "deleted"])
def test_folders_are_looked_at_again_whatever_the_client_promised_to_tell(
    ready, rename, folder, uri, registry, change
):
    ready.session.client = ready.session.client._replace(watches_files=True)
    one, two = folder / "one", folder / "two"
    one.mkdir()
    (one / "connectors.json").write_text(registry(TEMPLATE))
    ready.request_until("workspace/symbol", {"query": ""})
    if change == "moved":
        one.rename(two)
    elif change == "created":
        two.mkdir()
        (two / "connectors.json").write_text(registry(TEMPLATE))
    else:
        (one / "connectors.json").unlink()
        one.rmdir()
    found = {path.parent.name for path in folder.rglob("connectors.json")}
    edits = [place.split("/")[-2] for place in uris(rename()) if place != uri]
    assert sorted(edits) == sorted(found)


@pytest.mark.parametrize("scheme", ["git", "fugitive", "gitlens", "vscode-local-history"])
def test_an_old_revision_has_findings_and_hover_and_no_place_in_the_workspace(
    ready, rename, params, uri, text, scheme
):
    old = uri.replace("file:", f"{scheme}:")
    ready.open(old, text.replace("token", "nobody"))
    ready.open(old, text)
    assert ready.published(old)
    references = ready.request_until("textDocument/references", {**params, "context": EVERYWHERE})["result"]
    assert [place["uri"] for place in references] == [uri]
    assert ready.request("textDocument/hover", {**params, "textDocument": {"uri": old}})["result"]
    assert uris(rename()) == [uri]
    assert (
        ready.request("textDocument/prepareRename", {**params, "textDocument": {"uri": old}})["result"]
        is None
    )
    refused = ready.request("textDocument/rename", {**params, "textDocument": {"uri": old}})["error"][
        "message"
    ]
    assert "another state of the file" in refused


@pytest.mark.parametrize("road", ["walk", "event", "open"])
@pytest.mark.parametrize("left_out", ["node_modules/x", ".hidden", "deep/venv/lib"])
def test_a_folder_that_is_left_out_is_no_part_of_the_workspace_by_any_road(
    ready, rename, folder, uri, text, road, left_out
):
    path = folder / left_out / "connectors.json"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    if road == "event":
        ready.request_until("workspace/symbol", {"query": ""})
        changes = [{"uri": path.as_uri(), "type": kind} for kind in (1, 2)]
        ready.notify("workspace/didChangeWatchedFiles", {"changes": changes})
    elif road == "open":
        ready.open(path.as_uri(), text)
        assert ready.published(path.as_uri())
    assert uris(rename()) == [uri]
    if road == "open":  # but where it is asked for there, it is meant
        again = rename(textDocument={"uri": path.as_uri()}, newName="other")
        assert path.as_uri() in uris(again)


def test_the_client_is_asked_to_tell_of_folders(talk, folder, full):
    full["workspace"]["didChangeWatchedFiles"] = {"dynamicRegistration": True}
    talk.initialize(folder, capabilities=full)
    talk.notify("initialized", {})
    talk.wait(0.4)
    (registration,) = talk.asked("client/registerCapability")[0]["params"]["registrations"]
    assert {"globPattern": "**/*", "kind": 5} in registration["registerOptions"]["watchers"]


@pytest.mark.parametrize("way", [".gitignore", "exclude"])
def test_what_git_ignores_or_the_settings_exclude_is_no_part_of_the_workspace_from_then_on(
    ready, params, folder, uri, text, way
):
    (folder / "dist").mkdir()
    path = folder / "dist" / "connectors.json"
    path.write_text(text)

    def found():
        places = ready.request_until("textDocument/references", {**params, "context": EVERYWHERE})["result"]
        return sorted({place["uri"] for place in places})

    assert found() == sorted([uri, path.as_uri()])
    if way == ".gitignore":
        (folder / ".gitignore").write_text("dist/\n")
    else:
        (folder / "strongroom.toml").write_text('community = "production"\nexclude = ["dist/**"]\n')
    ready.wait(0.5)
    assert found() == [uri]
    ready.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": path.as_uri(), "type": 2}]})
    assert found() == [uri]
    if way == ".gitignore":
        (folder / ".gitignore").unlink()
        ready.wait(0.5)
        assert found() == sorted([uri, path.as_uri()])


def test_a_secret_is_renamed_in_every_community_that_the_file_is_checked_for(
    ready, rename, vault, folder, tmp_path
):
    from strongroom.names import Kind
    from strongroom.store.keys.ways import KeyFile
    from strongroom.store.vault import Vault
    from strongroom.values.secret_value import SecretValue

    with Vault.unlock(vault, [KeyFile(tmp_path / "vault.key")]) as opened:
        opened.add("staging", "token", Kind.SECRET, SecretValue("canary-value"))
    (folder / "strongroom.toml").write_text('communities = ["production", "staging"]\n')
    ready.wait(0.5)
    assert "result" in rename()
    assert names_in(vault) == NEW
    assert names_in(vault, "staging") == ["fresh"]
