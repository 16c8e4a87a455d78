"""Where the secret of a login is: in a variable, else in the keyring, under the host that it is for."""

import io
import sys
from pathlib import Path

import pytest

from engines import ROOT_TOKEN
from strongroom.backends.errors import LoginNeeded
from strongroom.backends.logins import VARIABLES, find_secret, kept_secret, login_item
from strongroom.backends.place import LOGINS, EnginePlace
from strongroom.store.errors import KeyringUnavailable
from strongroom.store.keys import keyring_child, keyring_client
from strongroom_cli.main import main

PLACE = EnginePlace("production", "openbao", "https://bao.example.com", path="team")

CHILD = """
import os, sys
action, item = sys.argv[-2:]
place = os.path.join(os.path.dirname(__file__), "kept-" + item)
if action == "put":
    open(place, "w").write(sys.stdin.read())
answer = "ok " + open(place).read() if os.path.exists(place) else "no it holds nothing for this vault"
if action == "drop" and os.path.exists(place):
    os.unlink(place)
print(answer)
"""


@pytest.fixture
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program in the place of the child that speaks with the keyring."""
    monkeypatch.delenv("STRONGROOM_NO_KEYRING")
    for name in (variable for variables in VARIABLES.values() for variable in variables):
        monkeypatch.delenv(name, raising=False)
    program = tmp_path / "child.py"
    program.write_text(CHILD)
    monkeypatch.setattr(
        keyring_client, "child_command", lambda action, item: [sys.executable, str(program), action, item]
    )


def test_each_login_has_its_variables():
    assert VARIABLES.keys() == LOGINS.keys()


def test_a_kept_login_is_found_for_its_host_and_user_only(keyring):
    keyring_client.keep_login(login_item(PLACE), b"canary")
    assert find_secret(PLACE, ("BAO_TOKEN",)).reveal() == "canary"
    assert kept_secret(PLACE._replace(path="elsewhere")) is not None
    for other in (
        PLACE._replace(address="https://evil.example.com"),
        PLACE._replace(login="userpass", user="ann"),
        PLACE._replace(namespace="team"),
    ):
        with pytest.raises(LoginNeeded):
            find_secret(other, ("BAO_TOKEN",))


def test_a_variable_wins_over_the_keyring(keyring, monkeypatch):
    keyring_client.keep_login(login_item(PLACE), b"of the keyring")
    monkeypatch.setenv("VAULT_TOKEN", "of the variable")
    assert find_secret(PLACE, VARIABLES["token"]).reveal() == "of the variable"


def test_a_login_is_replaced_and_removed(keyring):
    item = login_item(PLACE)
    keyring_client.keep_login(item, b"first")
    keyring_client.keep_login(item, b"second")
    assert keyring_client.fetch_login(item) == b"second"
    keyring_client.drop_login(item)
    with pytest.raises(KeyringUnavailable):
        keyring_client.fetch_login(item)


class Backend:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, item: str) -> str | None:
        return self.items.get((service, item))

    def set_password(self, service: str, item: str, text: str) -> None:
        self.items[service, item] = text

    def delete_password(self, service: str, item: str) -> None:
        del self.items[service, item]


def test_the_child_replaces_a_login_and_never_a_vaults_key(monkeypatch):
    backend = Backend()
    monkeypatch.setattr(keyring_child, "_trusted_backend", lambda: backend)

    def act(action: str, text: str = "") -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        return keyring_child._act(action, "item")

    assert act("put", "01") == "ok 01"
    assert act("keep", "02") == "ok 01"
    assert act("put", "02") == "ok 02"
    assert act("drop") == "ok 02"
    assert act("get").startswith("no ")
    assert act("drop").startswith("no ")


def test_a_person_logs_in_works_and_logs_out(keyring, bao_place, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("STRONGROOM_TRUST", "1")
    monkeypatch.chdir(tmp_path)
    text = f'[backends.production]\nengine = "openbao"\naddress = "{bao_place.address}"\npath = "{bao_place.path}"\n'
    (tmp_path / "strongroom.toml").write_text(text)

    def run(*arguments: str, given: str = "") -> int:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
        return main(arguments)

    assert run("community", "login", "production", given="not-a-token") == 2
    assert kept_secret(bao_place) is None
    assert run("community", "login", "production", given=ROOT_TOKEN) == 0
    assert run("secret", "add", "api_token", given="value-1") == 0
    assert run("community", "logout", "production") == 0
    assert run("secret", "show", "api_token", "--reveal") == 2
    said = capsys.readouterr()
    assert ROOT_TOKEN not in said.out + said.err
    assert "strongroom community login" in said.err
    assert run("community", "logout", "production") == 2
    said = capsys.readouterr().err
    assert 'it holds nothing for community "production"' in said
    assert "BAO_TOKEN" in said
    assert "key file" not in said


def test_an_engine_with_a_login_of_its_own_tools_keeps_none(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "strongroom.toml").write_text(
        '[backends.production]\nengine = "aws"\nregion = "eu-central-1"\n'
    )
    for word in ("login", "logout"):
        assert main(("community", word, "production")) == 2
        assert "takes the login of its own tools" in (said := capsys.readouterr().err)
        assert "aws sso login" in said
