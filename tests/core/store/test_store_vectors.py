"""Our own test vectors, mostly negative ones, for whoever reads or writes the format: vectors/*.json."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from strongroom.errors import StrongroomError
from strongroom.store.format import crypto
from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault

HERE = Path(__file__).parent
FILE = json.loads((HERE / "vectors" / "vault_format_1.json").read_text(encoding="utf-8"))
FILES, SEALED = FILE["testGroups"]
VALUES = {
    ("production", "api_key"): "line one\r\nline two 🎉\n",
    ("staging", "api_key"): "staging's",
    ("production", "base_url"): "https://example.com",
}


def changed_copy(change: dict[str, Any], folder: Path) -> tuple[Path, KeyFile]:
    vault, key = folder / "vault.db", folder / "key"
    shutil.copy(HERE / FILES["file"], vault)
    shutil.copy(HERE / FILES["keyFile"], key)
    with vault.open("r+b") as file:
        for offset, digits in change.get("bytes", []):
            file.seek(offset)
            file.write(bytes.fromhex(digits))
        if "truncate" in change:
            file.truncate(change["truncate"])
    with closing(sqlite3.connect(vault)) as connection:
        for statement in change.get("sql", []):
            connection.execute(statement)
        connection.commit()
    vault.chmod(0o600)
    key.chmod(0o600)
    return vault, KeyFile(key)


def wrong_values(vault: Vault) -> list[str]:
    """What the vault gives out although it was never saved there."""
    wrong = []
    for community in ("production", "staging"):
        for name in ("api_key", "api_kez", "base_url", "gone"):
            for read in (lambda c, n: vault.get(c, n).reveal(), vault.variable):
                try:
                    value = read(community, name)
                except StrongroomError:
                    continue
                if value != VALUES.get((community, name)):
                    wrong.append(f"{community}/{name}: {value!r}")
    return wrong


@pytest.mark.parametrize("vector", FILES["tests"], ids=lambda vector: vector["comment"])
def test_a_changed_vault_is_refused_with_its_own_message(vector: dict[str, Any], tmp_path: Path) -> None:
    path, key = changed_copy(vector["change"], tmp_path)
    if vector["refusedBy"] == "open":
        with pytest.raises(StrongroomError) as refused:
            Vault.unlock(path, [key])
        assert vector["message"] in refused.value.message
        assert refused.value.way_out
        return
    with Vault.unlock(path, [key]) as vault:
        problems = vault.verify()
        assert wrong_values(vault) == []
    assert bool(problems) is (vector["result"] == "invalid"), problems
    assert any(vector["message"] in problem for problem in problems or [""]), problems


@pytest.mark.parametrize("vector", SEALED["tests"], ids=lambda vector: vector["comment"])
def test_a_sealed_value_opens_in_its_place_and_nowhere_else(vector: dict[str, Any]) -> None:
    store_id = bytes.fromhex(SEALED["storeId"])
    keys = crypto.derive_subkeys(bytes.fromhex(SEALED["masterKey"]), store_id, vector["epoch"])
    place = [vector[part] for part in ("community", "name", "kind", "version", "epoch")]
    context = crypto.value_context(store_id, *place)
    sealed = bytes.fromhex(vector["sealed"])
    if vector["result"] == "valid":
        assert crypto.unseal(keys, context, sealed).hex() == vector["value"]
    else:
        with pytest.raises(crypto.Tampered):
            crypto.unseal(keys, context, sealed)


def test_the_file_of_vectors_says_how_many_it_has() -> None:
    ids = [vector["tcId"] for group in FILE["testGroups"] for vector in group["tests"]]
    assert len(ids) == len(set(ids)) == FILE["numberOfTests"]
