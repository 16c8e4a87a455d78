"""Names and settings in a whole session: what changes beside the editor is followed."""

import json

import pytest

MISSING = "Bearer {{ get_secret('missing') }}"
QUOTES = 'Bearer {{ get_secret("a") }}'


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


def test_a_vault_that_cannot_be_read_is_shown_once_and_read_when_it_is_mended(
    ready, registry, uri, make_vault, tmp_path
):
    (tmp_path / "vault.db").write_bytes(b"this is not a vault at all" * 100)
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
