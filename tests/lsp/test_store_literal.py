"""A credential that is written out becomes a secret of the vault, and then a reference in the document."""

import pytest

from core.validator.connector_texts import api_key
from strongroom.store.reader import NamesReader

VALUE = "lit-s3cr3t-1234"
COMMAND = "strongroom.storeLiteral"


@pytest.fixture
def text(folder):
    text = f'{{"connectors": [\n{api_key(VALUE)}\n]}}'
    (folder / "connectors_registry.json").write_text(text)
    return text


@pytest.fixture
def vault(make_vault, folder, tmp_path, monkeypatch):
    (folder / "strongroom.toml").write_text('community = "production"\n')
    vault = make_vault({"production": {"sample_api_key": "canary-other"}})
    monkeypatch.setenv("STRONGROOM_VAULT", str(vault))
    monkeypatch.setenv("STRONGROOM_KEY_FILE", str(tmp_path / "vault.key"))
    monkeypatch.setenv("STRONGROOM_NO_KEYRING", "1")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return vault


@pytest.fixture
def editor(talk, folder, uri, text, vault):
    talk.initialize(folder)
    talk.open(uri, text)
    return talk


def names_in(vault):
    with NamesReader.open(vault) as reader:
        return sorted(reader.names("production").by_name)


def offered(talk, uri, text):
    """Return the commands of the actions at the literal."""
    before = text[: text.index(VALUE)]
    at = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
    params = {
        "textDocument": {"uri": uri},
        "range": {"start": at, "end": at},
        "context": {"diagnostics": []},
    }
    found = talk.request("textDocument/codeAction", params)["result"]
    return [action["command"] for action in found if action.get("command", {}).get("command") == COMMAND]


def stored(talk, command):
    """Run the command of an action, and return its answer."""
    params = {"command": command["command"], "arguments": command["arguments"]}
    return talk.request_until("workspace/executeCommand", params)


def test_the_vault_has_the_secret_before_the_document_is_edited(editor, uri, text, vault):
    (command,) = offered(editor, uri, text)
    assert command["title"] == "Store it as the secret sample_api_key_2 in production, and reference it"
    assert VALUE not in str(command)
    assert stored(editor, command)["result"] is None
    assert names_in(vault) == ["sample_api_key", "sample_api_key_2"]
    (asked,) = editor.asked("workspace/applyEdit")
    (changes,) = asked["params"]["edit"]["documentChanges"]
    (edit,) = changes["edits"]
    assert edit["newText"] == "{{ get_secret('sample_api_key_2') }}"
    editor.answer(asked, {"applied": True})
    assert editor.asked("window/showMessage") == []
    assert VALUE not in str([message for message in editor.sent if "diagnostics" not in str(message)])


def test_an_edit_that_the_client_refuses_is_said_with_the_way_on(editor, uri, text, vault):
    (command,) = offered(editor, uri, text)
    stored(editor, command)
    (asked,) = editor.asked("workspace/applyEdit")
    editor.answer(asked, {"applied": False})
    (message,) = editor.asked("window/showMessage")
    assert "sample_api_key_2 is stored, but its value is still written out" in message["params"]["message"]
    assert "{{ get_secret('sample_api_key_2') }}" in message["params"]["message"]


def test_a_text_that_changes_meanwhile_is_not_edited(editor, uri, text, vault):
    (command,) = offered(editor, uri, text)
    params = {"command": command["command"], "arguments": command["arguments"]}
    editor.queue("workspace/executeCommand", params, "mine")
    editor.settle()
    editor.change(uri, {"text": text.replace("Sample", "Other")})
    said = editor.until(lambda message: message.get("method") == "window/showMessage")
    assert "is stored, but its value is still written out" in said["params"]["message"]
    assert editor.asked("workspace/applyEdit") == []
    assert names_in(vault) == ["sample_api_key", "sample_api_key_2"]


def test_a_failure_leaves_the_document_as_it_is(editor, uri, text, vault):
    (command,) = offered(editor, uri, text)
    command["arguments"][0]["name"] = "sample_api_key"
    assert "already has a secret named sample_api_key" in stored(editor, command)["error"]["message"]
    assert editor.asked("workspace/applyEdit") == []
    assert names_in(vault) == ["sample_api_key"]


def test_nothing_is_stored_of_a_text_that_has_changed(editor, uri, text, vault):
    (command,) = offered(editor, uri, text)
    editor.change(uri, {"text": text.replace("Sample", "Other")})
    error = stored(editor, command)["error"]
    assert error["message"] == "The text has changed since. Choose the action again; nothing was stored."
    assert names_in(vault) == ["sample_api_key"]


def test_a_folder_without_trust_offers_and_stores_nothing(talk, folder, uri, text, vault):
    talk.initialize(folder, {"trusted": False})
    talk.open(uri, text)
    assert offered(talk, uri, text) == []
    argument = {"uri": uri, "version": 1, "offset": text.index(VALUE), "name": "x", "community": "production"}
    error = stored(talk, {"command": COMMAND, "arguments": [argument]})["error"]
    assert error["message"].startswith("This folder is not trusted")
    assert names_in(vault) == ["sample_api_key"]
