"""In a folder that is not trusted nothing is sent, the vault stays as it is, and the folder's settings do not count."""

import json

import pytest
from pytest_httpserver import HTTPServer

from strongroom.settings.loading import OF_TRUSTED_FOLDERS, settings_from
from strongroom.settings.model import Settings
from strongroom.settings.trusted_hosts import TrustedHosts
from strongroom.store.reader import NamesReader
from strongroom_lsp.context.options import Options

TESTS = '[[test]]\nname = "one"\nconnector = "orders"\n'


@pytest.fixture
def api():
    """An API on this machine."""
    with HTTPServer(host="127.0.0.1") as api:
        api.expect_request("/x").respond_with_json({"ok": True})
        yield api


@pytest.fixture
def vault(tmp_path, monkeypatch, make_vault):
    """The person's own vault, which a key file opens, with one community."""
    monkeypatch.setenv("STRONGROOM_KEY_FILE", str(tmp_path / "vault.key"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return make_vault({"production": {"orders_key": "canary-value"}})


@pytest.fixture
def text(folder, api, vault):
    """The text of a registry, in a folder whose settings say where secrets may go; the person once agreed to that."""
    connector = {
        "name": "Orders",
        "permalink": "orders",
        "url": api.url_for("/x"),
        "headers": [{"key": "X-Key", "value": "{{ get_secret('orders_key') + get_secret('nowhere') }}"}],
    }
    text = json.dumps({"connectors": [connector]})
    (folder / "connectors_registry.json").write_text(text)
    (folder / "connectors_registry.tests.toml").write_text(TESTS)
    (folder / "strongroom.toml").write_text('community = "production"\n[test]\nallow-hosts = ["127.0.0.1"]\n')
    TrustedHosts().agree(str(folder), "production", [f"127.0.0.1:{api.port}"])
    return text


class Editor:
    """An editor on a wire with the registry open."""

    def __init__(self, wire, folder, text, options):
        self.wire = wire
        self.uri = (folder / "connectors_registry.json").as_uri()
        self.tests = (folder / "connectors_registry.tests.toml").as_uri()
        self.text = text
        wire.initialize(folder, options=options)
        wire.open(self.uri, text)
        wire.open(self.tests, TESTS)

    def run(self, command, **argument):
        params = {"command": f"strongroom.{command}", "arguments": [{"uri": self.uri, **argument}]}
        return self.wire.request("workspace/executeCommand", params)

    def rename(self):
        place = {"line": 0, "character": self.text.index("orders_key") + 1}
        params = {"textDocument": {"uri": self.uri}, "position": place, "newName": "fresh"}
        return self.wire.request("textDocument/rename", params)

    def lenses_that_send(self):
        found = []
        for uri in (self.uri, self.tests):
            params = {"textDocument": {"uri": uri}}
            found += self.wire.request("textDocument/codeLens", params)["result"] or []
        return [lens for lens in found if lens["command"]["command"] == "strongroom.testConnection"]

    def creating_actions(self):
        end = {"line": 0, "character": len(self.text)}
        params = {
            "textDocument": {"uri": self.uri},
            "range": {"start": {"line": 0, "character": 0}, "end": end},
            "context": {"diagnostics": []},
        }
        found = self.wire.request("textDocument/codeAction", params)["result"]
        return [action["title"] for action in found if action["title"].startswith("Create ")]


@pytest.fixture
def editor(wire, folder, text):
    """editor(options) starts one."""
    return lambda options: Editor(wire(), folder, text, options)


def names_in(vault):
    with NamesReader.open(vault) as reader:
        return sorted(reader.names("production").by_name)


REFUSAL = (
    "This folder is not trusted, so nothing is sent and the vault is not changed. "
    "Trust the folder in the editor first."
)


def test_nothing_is_sent_and_the_vault_is_not_changed(editor, api, vault):
    one = editor({"trusted": False})
    assert one.lenses_that_send() == []
    assert one.creating_actions() == []
    for command, argument in (("testConnection", {"connector": "orders"}), ("createSecret", {"name": "new"})):
        assert one.run(command, **argument)["error"]["message"] == REFUSAL
    assert one.rename()["error"]["message"] == f"Nothing was renamed: {REFUSAL}"
    assert api.log == []
    assert names_in(vault) == ["orders_key"]


def test_once_the_folder_is_trusted_all_works_without_a_new_start(editor, api, vault):
    one = editor({"trusted": False})
    one.run("testConnection", connector="orders")
    one.wire.notify("strongroom/trusted", {"trusted": True})
    assert len(one.lenses_that_send()) == 2
    assert one.creating_actions() == ["Create the secret nowhere in production"]
    assert "result" in one.run("testConnection", connector="orders")
    assert "result" in one.rename()
    assert names_in(vault) == ["fresh"]


@pytest.mark.parametrize("section", [{"trusted": True}, {"trusted": True, "codeLens": True}])
def test_a_configuration_does_not_make_a_folder_trusted(editor, api, section):
    one = editor({"trusted": False})
    one.wire.notify("workspace/didChangeConfiguration", {"settings": {"strongroom": section}})
    assert one.lenses_that_send() == []
    assert one.run("testConnection", connector="orders")["error"]["message"] == REFUSAL
    assert api.log == []


@pytest.mark.parametrize("params", [None, {}, {"trusted": "yes"}, {"trusted": 1}, {"trusted": False}])
def test_what_is_not_a_yes_is_a_no(editor, params):
    one = editor({"trusted": True})
    one.wire.notify("strongroom/trusted", params)
    assert one.run("testConnection", connector="orders")["error"]["message"] == REFUSAL


@pytest.mark.parametrize(
    ("options", "is_trusted"),
    [
        ({}, True),
        ({"trusted": None}, True),
        ({"trusted": True}, True),
        ({"trusted": 0}, False),
        ({"trusted": "no"}, False),
    ],
)
def test_an_editor_that_says_nothing_of_trust_has_none_to_give(options, is_trusted):
    assert Options.of(options).is_trusted is is_trusted


def test_trust_stays_through_later_configurations(editor):
    one = editor({"trusted": False})
    one.wire.notify("strongroom/trusted", {"trusted": True})
    one.wire.notify("workspace/didChangeConfiguration", {"settings": {"strongroom": {"inlayHints": False}}})
    assert len(one.lenses_that_send()) == 2


OF_THE_FOLDER = {
    "vault": 'vault = "theirs.db"',
    "community": 'community = "theirs"',
    "communities": 'communities = ["theirs", "others"]',
    "backends": '[backends.production]\nengine = "openbao"\naddress = "https://bao.example"\nmount = "kv"\npath = "a"',
    "allowed_hosts": '[test]\nallow-hosts = ["localhost"]',
    "ca_file": '[test]\nca-file = "ca.pem"',
}


@pytest.mark.parametrize("field", OF_TRUSTED_FOLDERS)
def test_the_folder_sets_nothing_that_decides_about_secrets(talk, folder, field, monkeypatch):
    monkeypatch.delenv("STRONGROOM_VAULT")
    (folder / "strongroom.toml").write_text(OF_THE_FOLDER[field])
    talk.initialize(folder, {"trusted": False})
    default = Settings._field_defaults[field]
    found = talk.session.contexts.of(str(folder / "connectors.json")).settings
    assert getattr(found, field) == default
    assert found.community_source == ""
    talk.notify("strongroom/trusted", {"trusted": True})
    talk.settle()
    found = talk.session.contexts.of(str(folder / "connectors.json")).settings
    assert getattr(found, field) != default


def test_rules_and_what_the_person_set_still_count(tmp_path):
    file = tmp_path / "strongroom.toml"
    file.write_text('vault = "theirs.db"\ncommunity = "theirs"\n[rules]\nsecret-quotes = "off"\n')
    environment = {"STRONGROOM_VAULT": "/my/own.db", "STRONGROOM_COMMUNITY": "mine"}
    found = settings_from(str(file), str(tmp_path), environment, is_trusted=False)
    assert (found.vault, found.community, found.rules) == ("/my/own.db", "mine", {"secret-quotes": "off"})


def test_a_rename_that_was_cut_off_is_ended_only_where_the_folder_is_trusted(talk, folder, monkeypatch):
    from strongroom_lsp import background

    started = []
    monkeypatch.setattr(background, "is_any_interrupted", lambda: True)
    monkeypatch.setattr(background, "Child", lambda _services, arguments, *_rest: started.append(arguments))
    talk.initialize(folder, {"trusted": False})
    talk.notify("initialized", {})
    talk.wait(1)
    assert started == []
    talk.notify("strongroom/trusted", {"trusted": True})
    talk.settle()
    assert started == [["secret", "rename", "--recover"]]


def test_trust_that_goes_while_the_person_is_asked_counts(talk, folder, text, api):
    TrustedHosts().forget()
    talk.initialize(folder)
    uri = (folder / "connectors_registry.json").as_uri()
    talk.open(uri, text)
    params = {"command": "strongroom.testConnection", "arguments": [{"uri": uri, "connector": "orders"}]}
    talk.feed({"id": "mine", "method": "workspace/executeCommand", "params": params})
    question = talk.until(lambda message: message.get("method") == "window/showMessageRequest")
    talk.notify("strongroom/trusted", {"trusted": False})
    talk.answer(question, {"title": "Send and remember"})
    answer = talk.until(lambda message: message.get("id") == "mine")
    assert answer["error"]["message"] == REFUSAL
    assert TrustedHosts().agreements() == []
    assert api.log == []
