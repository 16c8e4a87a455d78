"""A vault in a folder of its own, with nothing of the machine's own settings reaching in."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from core.store.attacked_vault import VALUES
from core.store.ways_support import MakePassphrase
from strongroom.names import Kind
from strongroom.store.format.kdf import Stretching
from strongroom.store.keys.ways import KeyFile, Passphrase
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue

QUICK = Stretching("argon2id", "m=64,t=1,p=1")


@pytest.fixture(autouse=True)
def _own_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STRONGROOM_VAULT", "STRONGROOM_KEY_FILE", "STRONGROOM_COMMUNITY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STRONGROOM_NO_KEYRING", "1")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store" / "vault.db"


@pytest.fixture
def key(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "store" / "key")


@pytest.fixture
def passphrase() -> Callable[[str], Passphrase]:
    """A passphrase way whose prompt always gives this text, stretched quickly."""
    return lambda text: Passphrase(lambda: SecretValue(text), QUICK)


@pytest.fixture
def vault(path: Path, key: KeyFile) -> Iterator[Vault]:
    with Vault.create(path, [key]) as made:
        yield made


@pytest.fixture
def edit(path: Path) -> Callable[..., None]:
    """Changes the vault's file behind Strongroom's back."""

    def run(*statements: str) -> None:
        with closing(sqlite3.connect(path)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    return run


@pytest.fixture
def full(path: Path, key: KeyFile, passphrase: Callable[[str], Passphrase]) -> Path:
    """A vault with two versions of each secret, a variable, a deleted name and two communities; locked."""
    with Vault.create(path, [key, passphrase("correct horse")]) as vault:
        for (community, name), value in VALUES.items():
            vault.add(
                community, name, Kind.VARIABLE if name == "plain" else Kind.SECRET, SecretValue("first")
            )
            vault.set(community, name, SecretValue(value))
        vault.add("prod", "gone", Kind.SECRET, SecretValue("deleted value"))
        vault.delete("prod", "gone")
    return path


@pytest.fixture
def both(path: Path, key: KeyFile, passphrase: MakePassphrase) -> Path:
    """A locked vault that opens with a key file or with "correct horse"."""
    with Vault.create(path, [key, passphrase("correct horse")]) as vault:
        vault.add("prod", "api_key", Kind.SECRET, SecretValue("inside"))
    return path
