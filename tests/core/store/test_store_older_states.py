"""Somebody puts an older file, or a part of one, in the vault's place: it is noticed and named."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from core.store.attacked_vault import wrong_values
from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom.store.errors import VaultAltered
from strongroom.store.keys.ways import KeyFile, Passphrase
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue


def test_an_old_row_put_back_with_all_its_tags_is_named(full: Path, key: KeyFile, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    shutil.copy(full, old)
    with Vault.unlock(full, [key]) as vault:
        vault.set("prod", "alpha", SecretValue("newest"))
    with closing(sqlite3.connect(full)) as connection:
        connection.execute("ATTACH ? AS old", (str(old),))
        connection.execute("DELETE FROM version WHERE entry = 1")
        connection.execute("DELETE FROM entry WHERE id = 1")
        connection.execute("INSERT INTO entry SELECT * FROM old.entry WHERE id = 1")
        connection.execute("INSERT INTO version SELECT * FROM old.version WHERE entry = 1")
        connection.commit()
    with Vault.unlock(full, [key]) as vault:
        (problem,) = vault.verify()
        assert "'alpha' of prod is an older one that was put back" in problem
        assert "version 3" in problem
        with pytest.raises(VaultAltered, match="older one"):
            vault.get("prod", "alpha")


def test_a_row_put_back_after_its_deletion_is_named(full: Path, key: KeyFile, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    shutil.copy(full, old)
    with Vault.unlock(full, [key]) as vault:
        vault.delete("prod", "beta")
        vault.purge("prod", "beta")
    with closing(sqlite3.connect(full)) as connection:
        connection.execute("ATTACH ? AS old", (str(old),))
        connection.execute("INSERT INTO entry SELECT * FROM old.entry WHERE id = 2")
        connection.execute("INSERT INTO version SELECT * FROM old.version WHERE entry = 2")
        connection.commit()
    with Vault.unlock(full, [key]) as vault:
        assert vault.verify() == [
            "'beta' was put into the file by something else, or put back after it was deleted."
        ]


def test_a_removed_slot_that_is_put_back_does_not_go_unnoticed(
    full: Path, key: KeyFile, passphrase: Callable[[str], Passphrase], tmp_path: Path
) -> None:
    old = tmp_path / "old.db"
    shutil.copy(full, old)
    with Vault.unlock(full, [key]) as vault:
        vault.remove_slot(next(slot.id for slot in vault.slots() if slot.kind == "passphrase"))
    with closing(sqlite3.connect(full)) as connection:
        connection.execute("ATTACH ? AS old", (str(old),))
        connection.execute("INSERT INTO slot SELECT * FROM old.slot WHERE kind = 'passphrase'")
        connection.commit()
    with Vault.unlock(full, [passphrase("correct horse")]) as vault:
        assert vault.verify() == ["A removed slot for passphrase was put back."]
        assert wrong_values(vault) == []
        with pytest.raises(VaultAltered):
            vault.get("prod", "alpha")


def test_an_older_file_in_the_vaults_place_is_noticed_until_it_is_accepted(
    full: Path, key: KeyFile, tmp_path: Path
) -> None:
    old = tmp_path / "old.db"
    shutil.copy(full, old)
    with Vault.unlock(full, [key]) as vault:
        vault.set("prod", "alpha", SecretValue("newest"))
    shutil.copy(old, full)
    for _ in range(2):
        with Vault.unlock(full, [key]) as vault:
            (warning,) = vault.warnings
            assert warning.code == "rolled-back"
            assert "not the newest" in warning.message
            vault.set("prod", "beta", SecretValue("going on all the same"))
    with Vault.unlock(full, [key]) as vault:
        assert [warning.code for warning in vault.warnings] == ["rolled-back"]
        vault.accept_warnings()
    with Vault.unlock(full, [key]) as vault:
        assert vault.warnings == []


def test_an_older_file_is_noticed_by_a_vault_that_is_open(full: Path, key: KeyFile, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    shutil.copy(full, old)
    with Vault.unlock(full, [key]) as vault:
        vault.set("prod", "alpha", SecretValue("newest"))
        shutil.copy(old, tmp_path / "moved.db")
        (tmp_path / "moved.db").replace(full)
        with pytest.raises(StrongroomError, match="replaced by another file"):
            vault.set("prod", "alpha", SecretValue("lost?"))


def test_a_copy_elsewhere_is_not_taken_for_a_step_back(full: Path, key: KeyFile, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(full, copy)
    with Vault.unlock(full, [key]) as vault:
        vault.set("prod", "alpha", SecretValue("newest"))
    with Vault.unlock(copy, [key]) as vault:
        assert vault.warnings == []


def test_a_machine_without_a_state_folder_still_opens_the_vault(
    full: Path, key: KeyFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    with Vault.unlock(full, [key]) as vault:
        vault.set("prod", "alpha", SecretValue("new"))
        assert vault.get("prod", "alpha").reveal() == "new"


def test_a_value_of_a_purged_entry_does_not_become_the_history_of_the_next_one(
    full: Path, key: KeyFile, tmp_path: Path
) -> None:
    with Vault.unlock(full, [key]) as vault:
        vault.add("prod", "leaked", Kind.SECRET, SecretValue("leaked"))
        vault.set("prod", "leaked", SecretValue("leaked too"))
    old = tmp_path / "old.db"
    shutil.copy(full, old)
    with Vault.unlock(full, [key]) as vault:
        vault.delete("prod", "leaked")
        vault.purge("prod", "leaked")
    with closing(sqlite3.connect(full)) as connection:
        connection.execute("ATTACH ? AS old", (str(old),))
        (entry,) = connection.execute("SELECT id FROM old.entry WHERE name = 'leaked'").fetchone()
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("INSERT INTO version SELECT * FROM old.version WHERE entry = ?", (entry,))
        connection.commit()
    before = full.read_bytes()
    with Vault.unlock(full, [key]) as vault:
        with pytest.raises(VaultAltered):
            vault.add("prod", "leaked", Kind.SECRET, SecretValue("new"))
        assert any("belong to no entry" in problem for problem in vault.verify())
    assert full.read_bytes() == before


def read_in_bulk(vault: Vault, name: str) -> str:
    return vault.read_all("prod")[name].value.reveal()


def test_pages_that_are_put_back_while_the_vault_is_open_give_out_no_older_value(
    full: Path, key: KeyFile, tmp_path: Path
) -> None:
    with Vault.unlock(full, [key]) as vault:
        vault.add("prod", "big", Kind.SECRET, SecretValue("x" * 9000))
    old = full.read_bytes()
    with Vault.unlock(full, [key]) as vault:
        vault.set("prod", "alpha", SecretValue("newest"))
    with Vault.unlock(full, [key]) as vault:
        vault._ledger.connection.execute("PRAGMA cache_size=0")  # nothing is kept of the pages that were read
        assert vault.get("prod", "alpha").reveal() == "newest"
        newest = full.read_bytes()
        # All but the first two: SQLite looks at its own counter in the one, and we at ours in the other.
        for page in range(2, len(old) // 4096):
            with open(full, "r+b", buffering=0) as file:
                for put_back in ([page], range(2, page + 1)):
                    for one in put_back:
                        os.pwrite(file.fileno(), old[one * 4096 : one * 4096 + 4096], one * 4096)
                    for read in (
                        lambda: vault.get("prod", "alpha").reveal(),
                        lambda: read_in_bulk(vault, "alpha"),
                    ):
                        try:
                            assert read() == "newest"
                        except StrongroomError:
                            continue
                    os.pwrite(file.fileno(), newest, 0)
