"""What a colleague changes while a person types a value or reads a question is not overwritten unseen."""

from uuid import uuid4

import pytest

from engines import ROOT_TOKEN
from strongroom.backends.opening import open_backend
from strongroom.backends.place import EnginePlace
from strongroom.backends.protocol import Put
from strongroom.names import Kind
from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue
from strongroom_cli.main import main


@pytest.fixture(params=["vault", "engine"])
def colleague(request, tmp_path, monkeypatch):
    """Changes `token` of the community, which is in a vault or in an engine."""
    monkeypatch.delenv("STRONGROOM_COMMUNITY", raising=False)
    private = tmp_path / "private"
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("STRONGROOM_NO_KEYRING", "1")
    monkeypatch.setenv("STRONGROOM_TRUST", "1")
    monkeypatch.setenv("STRONGROOM_VAULT", str(private / "vault.db"))
    monkeypatch.setenv("STRONGROOM_KEY_FILE", str(private / "key"))
    monkeypatch.setenv("BAO_TOKEN", ROOT_TOKEN)
    monkeypatch.chdir(tmp_path)
    if request.param == "engine":
        address = request.getfixturevalue("bao_server").address
        place = EnginePlace("production", "openbao", address, path=f"team/{uuid4().hex}")
        (tmp_path / "strongroom.toml").write_text(
            f'[backends.production]\nengine = "openbao"\naddress = "{place.address}"\npath = "{place.path}"\n'
        )
        backend = open_backend(place)
        backend.put(Put("token", Kind.SECRET, SecretValue("first")))
        return lambda: backend.put(Put("token", Kind.SECRET, SecretValue("theirs")))
    key = KeyFile(private / "key")
    with Vault.create(private / "vault.db", [key]) as vault:
        vault.add("production", "token", Kind.SECRET, SecretValue("first"))

    def change_vault() -> None:
        with Vault.unlock(private / "vault.db", [key]) as vault:
            vault.set("production", "token", SecretValue("theirs"))

    return change_vault


def run(*arguments: str) -> int:
    return main([*arguments, "--community", "production"])


def test_a_value_is_not_saved_over_a_change(colleague, monkeypatch, capsys):
    def typed(*_: object) -> SecretValue:
        colleague()
        return SecretValue("ours")

    monkeypatch.setattr("strongroom_cli.secrets.secret.read_value", typed)
    assert run("secret", "set", "token") == 2
    assert "was changed by another program in the meantime" in capsys.readouterr().err


def test_a_changed_entry_is_not_deleted(colleague, monkeypatch, capsys):
    def answered(*_: object) -> bool:
        colleague()
        return True

    monkeypatch.setattr("strongroom_cli.secrets.shared.confirm", answered)
    assert run("secret", "delete", "token") == 2
    assert "was changed by another program in the meantime" in capsys.readouterr().err
