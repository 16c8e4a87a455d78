"""A vault in a folder of its own, with nothing of the machine's own settings reaching in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault


@pytest.fixture(autouse=True)
def _own_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STRONGROOM_VAULT", "STRONGROOM_KEY_FILE", "STRONGROOM_COMMUNITY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STRONGROOM_NO_KEYRING", "1")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def key(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "store" / "key")


@pytest.fixture
def vault(tmp_path: Path, key: KeyFile) -> Iterator[Vault]:
    with Vault.create(tmp_path / "store" / "vault.db", [key]) as made:
        yield made
