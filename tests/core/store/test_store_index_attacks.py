"""Somebody changes an index of the file: no name and no value is hidden or exchanged."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.store.attacked_vault import VALUES
from strongroom.names import Kind
from strongroom.store.errors import VaultAltered
from strongroom.store.keys.ways import KeyFile
from strongroom.store.rows.many import Save
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue


def pretend_made_by(path: Path, name: str, sql: str) -> None:
    """Writes another statement into the schema, and leaves the index as it is."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (sql, name))
        connection.commit()


def rebuild_index_as(path: Path, statement: str, change: str = "") -> None:
    """Fills an index as `statement` would, under the name and schema of the real one.

    `change` is made while the schema has `statement`.
    """
    name = statement.removeprefix("CREATE ").removeprefix("UNIQUE ").split()[1]
    with closing(sqlite3.connect(path)) as connection:
        (real,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    pretend_made_by(path, name, statement)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"REINDEX {name}; {change}")
    pretend_made_by(path, name, real)


def test_an_index_that_hides_a_name_is_noticed(full: Path, key: KeyFile) -> None:
    rebuild_index_as(
        full,
        "CREATE UNIQUE INDEX entry_name ON entry (community, name) WHERE deleted = '' AND name <> 'alpha'",
    )
    with Vault.unlock(full, [key]) as vault:
        with pytest.raises(VaultAltered, match="index of names does not lead to 'alpha'"):
            vault.get("prod", "alpha")
        with pytest.raises(VaultAltered, match="index of names does not lead to 'alpha'"):
            vault.find("prod", "alpha")
        assert any("entry_name" in problem for problem in vault.verify())
        assert vault.get("prod", "beta").reveal() == VALUES["prod", "beta"]


def test_an_index_that_leads_to_another_name_is_noticed(full: Path, key: KeyFile) -> None:
    exchanged = "CASE name WHEN 'alpha' THEN 'beta' WHEN 'beta' THEN 'alpha' ELSE name END"
    rebuild_index_as(
        full, f"CREATE UNIQUE INDEX entry_name ON entry (community, {exchanged}) WHERE deleted = ''"
    )
    with Vault.unlock(full, [key]) as vault:
        for name in ("alpha", "beta"):
            with pytest.raises(VaultAltered):
                vault.get("prod", name)
        assert any("entry_name" in problem for problem in vault.verify())


def test_an_index_that_leads_to_another_value_is_noticed(full: Path, key: KeyFile) -> None:
    with Vault.unlock(full, [key]) as vault:
        vault.add("prod", "other", Kind.VARIABLE, SecretValue("first"))
        vault.set("prod", "other", SecretValue("https://other.example"))
    with closing(sqlite3.connect(full)) as connection:
        one, two = (row[0] for row in connection.execute("SELECT id FROM entry WHERE kind = 'variable'"))
    exchanged = f"CASE entry WHEN {one} THEN {two} WHEN {two} THEN {one} ELSE entry END"
    rebuild_index_as(full, f"CREATE UNIQUE INDEX version_of ON version ({exchanged}, version)")
    with Vault.unlock(full, [key]) as vault:
        for name in ("plain", "other"):
            with pytest.raises(VaultAltered):
                vault.variable("prod", name)
        assert any("version_of" in problem for problem in vault.verify())


def test_an_index_that_hides_a_value_is_noticed(full: Path, key: KeyFile) -> None:
    rebuild_index_as(
        full, "CREATE UNIQUE INDEX version_of ON version (entry, CASE version WHEN 2 THEN 7 ELSE version END)"
    )
    with Vault.unlock(full, [key]) as vault:
        with pytest.raises(VaultAltered, match="current value of 'alpha' in prod cannot be found"):
            vault.get("prod", "alpha")
        assert any("version_of" in problem for problem in vault.verify())


def test_an_index_that_leads_to_a_second_row_for_a_value_is_noticed(path: Path, key: KeyFile) -> None:
    """A purged name that was added again has the same number and name: the old row fits its tag, and opens."""
    old = path.with_name("old.db")
    with Vault.create(path, [key]) as vault:
        vault.add("prod", "api_key", Kind.SECRET, SecretValue("leaked"))
        shutil.copy(path, old)
        vault.purge("prod", "api_key", live=True)
        vault.add("prod", "api_key", Kind.SECRET, SecretValue("fresh"))
    rebuild_index_as(
        path,
        "CREATE INDEX version_of ON version (entry, version)",
        f"""ATTACH '{old}' AS old;
        INSERT INTO version SELECT -1, entry, version, tag, created, epoch, sealed, value FROM old.version""",
    )
    with Vault.unlock(path, [key]) as vault:
        with pytest.raises(VaultAltered, match="stored value of 'api_key' in prod is not the one"):
            vault.get("prod", "api_key")
        assert vault.verify()


def test_statistics_of_sqlite_do_no_harm(full: Path, key: KeyFile) -> None:
    with closing(sqlite3.connect(full)) as connection:
        connection.execute("ANALYZE")
    with Vault.unlock(full, [key]) as vault:
        assert vault.verify() == []


def test_an_index_that_hides_a_name_does_not_let_it_be_added_or_taken_again(full: Path, key: KeyFile) -> None:
    rebuild_index_as(
        full,
        "CREATE UNIQUE INDEX entry_name ON entry (community, name) WHERE deleted = '' AND name <> 'alpha'",
    )
    before = full.read_bytes()
    with Vault.unlock(full, [key]) as vault:
        for write in (
            lambda: vault.add("prod", "alpha", Kind.SECRET, SecretValue("mine")),
            lambda: vault.rename("prod", "beta", "alpha"),
            lambda: vault.save_many("prod", [Save("alpha", Kind.SECRET, SecretValue("mine"), None, None)]),
        ):
            with pytest.raises(VaultAltered, match="index of names does not lead to 'alpha'"):
                write()
    assert full.read_bytes() == before
