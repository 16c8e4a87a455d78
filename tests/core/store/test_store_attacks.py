"""Somebody changes a row of the file: each change is noticed and named, and none gives out a wrong value."""

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from core.store.attacked_vault import VALUES, refused_reads, wrong_values
from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom.store.errors import VaultAltered
from strongroom.store.keys.ways import KeyFile, Passphrase
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue

# Each attack as SQL, and what the message must name.
ATTACKS = {
    "two values swapped": (
        """UPDATE version SET value = (SELECT other.value FROM version other
           WHERE other.entry = 3 - version.entry AND other.version = 2)
           WHERE entry IN (1, 2) AND version = 2""",
        "alpha",
    ),
    "a value taken from an earlier version": (
        """UPDATE version SET value = (SELECT value FROM version WHERE entry = 1 AND version = 1)
           WHERE entry = 1 AND version = 2""",
        "alpha",
    ),
    "two whole version rows swapped": (
        "UPDATE version SET entry = CASE entry WHEN 1 THEN 901 ELSE 902 END WHERE entry IN (1, 2);"
        "UPDATE version SET entry = CASE entry WHEN 901 THEN 2 ELSE 1 END WHERE entry IN (901, 902)",
        "alpha",
    ),
    "two names swapped": (
        "UPDATE entry SET name = 'x' WHERE id = 1; UPDATE entry SET name = 'alpha' WHERE id = 2;"
        "UPDATE entry SET name = 'beta' WHERE id = 1",
        "beta",
    ),
    "a name changed": ("UPDATE entry SET name = 'gamma' WHERE id = 1", "gamma"),
    "a secret made a variable": ("UPDATE entry SET kind = 'variable' WHERE id = 1", "alpha"),
    "a variable made a secret": ("UPDATE entry SET kind = 'secret' WHERE name = 'plain'", "plain"),
    "a variable's value changed": (
        "UPDATE version SET value = CAST('https://evil.example' AS BLOB) WHERE sealed = 0",
        "plain",
    ),
    "a secret's value written in clear": (
        "UPDATE version SET sealed = 0, value = CAST('mine' AS BLOB) WHERE entry = 1 AND version = 2",
        "alpha",
    ),
    "the current version turned back": ("UPDATE entry SET version = 1 WHERE id = 1", "alpha"),
    "a note changed": ("UPDATE entry SET note = 'call me' WHERE id = 1", "alpha"),
    "an expiry date changed": ("UPDATE entry SET expires = '2099-01-01' WHERE id = 1", "alpha"),
    "a date of change changed": ("UPDATE entry SET changed = '2001-01-01T00:00:00Z' WHERE id = 1", "alpha"),
    "an entry moved to another community": (
        "UPDATE entry SET community = 2, name = 'stolen' WHERE id = 1",
        "stolen",
    ),
    "an entry moved to no community": (
        "UPDATE entry SET community = 99 WHERE id = 1",
        "'alpha' belongs to a community that is not in the file",
    ),
    "two communities swapped": (
        "UPDATE community SET name = 'x' WHERE id = 1; UPDATE community SET name = 'prod' WHERE id = 2;"
        "UPDATE community SET name = 'staging' WHERE id = 1",
        "staging",
    ),
    "an entry taken out": ("DELETE FROM version WHERE entry = 1; DELETE FROM entry WHERE id = 1", "alpha"),
    "a value taken out": ("DELETE FROM version WHERE entry = 1 AND version = 2", "alpha"),
    "an earlier value taken out": ("DELETE FROM version WHERE entry = 1 AND version = 1", "alpha"),
    "an entry deleted without a key": ("UPDATE entry SET deleted = 'now' WHERE id = 1", "alpha"),
    "a deleted entry brought back": ("UPDATE entry SET deleted = '' WHERE name = 'gone'", "gone"),
    "an entry copied": (
        """INSERT INTO entry SELECT 90, tag, community, 'copy', kind, version, note, expires, created,
           changed, deleted FROM entry WHERE id = 1;
           INSERT INTO version SELECT 90, 90, version, tag, created, epoch, sealed, value
           FROM version WHERE entry = 1 AND version = 2""",
        "copy",
    ),
    "a community taken out": (
        "DELETE FROM version WHERE entry = 4; DELETE FROM entry WHERE id = 4;"
        "DELETE FROM community WHERE name = 'staging'",
        "staging",
    ),
    "a community with another tag": (
        "UPDATE community SET tag = x'00' WHERE name = 'prod'",
        "The record of the community 'prod' was changed",
    ),
    "a community put in": ("INSERT INTO community VALUES (9, 'trap', '', x'00')", "trap"),
    "the chosen community changed": ("UPDATE vault SET current = 2", "chosen community"),
    "the counter changed": ("UPDATE vault SET generation = generation + 1", "counter"),
    "an audit row changed": ("UPDATE audit SET name = 'nobody' WHERE id = 5", "audit trail"),
    "an audit row taken out": ("DELETE FROM audit WHERE id = 5", "audit trail"),
    "the newest audit row taken out": ("DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)", "gone"),
    "the type of a column changed": ("UPDATE entry SET name = CAST(name AS BLOB) WHERE id = 1", "alpha"),
    "a tag of another type": ("UPDATE entry SET tag = 7 WHERE id = 1", "alpha"),
    "a whole number made one with a fraction": ("UPDATE version SET epoch = 1.5 WHERE entry = 1", "alpha"),
    "an entry's number made one with a fraction": ("UPDATE entry SET version = 2.5 WHERE id = 1", "alpha"),
    "a value made text": (
        "UPDATE version SET value = CAST(value AS TEXT) WHERE sealed = 0",
        "plain",
    ),
    "a second record of the vault": (
        """PRAGMA ignore_check_constraints=ON;
           INSERT INTO vault SELECT 2, store_id, created, epoch, generation, 2, history_limit, audit_base,
           key_check, root FROM vault""",
        "second record of the vault",
    ),
    "a trigger put in": (
        "CREATE TRIGGER late AFTER INSERT ON version BEGIN UPDATE version SET value = x'00'; END",
        "trigger 'late' was put into",
    ),
    "a trigger with a name of SQLite's own": (
        """CREATE TRIGGER late AFTER INSERT ON version BEGIN UPDATE version SET value = x'00'; END;
           PRAGMA writable_schema=ON;
           UPDATE sqlite_master SET name = 'sqlite_stat1', sql = replace(sql, 'late', 'sqlite_stat1')
           WHERE name = 'late'""",
        "trigger 'sqlite_stat1' was put into",
    ),
    "a view in the place of the entries": (
        "ALTER TABLE entry RENAME TO rows; CREATE VIEW entry AS SELECT * FROM rows",
        "table 'entry' is not made as",
    ),
    "names that are found in upper case too": (
        """PRAGMA writable_schema=ON;
           UPDATE sqlite_master SET sql = replace(sql, 'name      TEXT', 'name TEXT COLLATE NOCASE')
           WHERE name = 'entry'""",
        "table 'entry' is not made as",
    ),
    "a table put in": ("CREATE TABLE more (x)", "table 'more' was put into"),
    "a table taken out": ("DROP TABLE audit", "table 'audit' was taken out"),
    "the index of names taken out": ("DROP INDEX entry_name", "index 'entry_name' was taken out"),
    "a slot taken out": ("DELETE FROM slot WHERE kind = 'passphrase'", "slot for passphrase"),
    "a slot's label changed": (
        "UPDATE slot SET label = 'x' WHERE kind = 'passphrase'",
        "slot for passphrase",
    ),
}


# These change nothing that a read depends on: only `verify` reads the whole trail and every slot.
ONLY_VERIFY_TELLS = {"an audit row changed", "an audit row taken out", "a slot's label changed"}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_changed_row_is_noticed_named_and_gives_nothing_out(attack: str, full: Path, key: KeyFile) -> None:
    statements, named = ATTACKS[attack]
    with closing(sqlite3.connect(full)) as connection:
        connection.executescript(statements)
    with Vault.unlock(full, [key]) as vault:
        problems = vault.verify()
        assert any(named in problem for problem in problems), problems
        assert wrong_values(vault) == []
        refusals = refused_reads(vault)
        assert refusals or attack in ONLY_VERIFY_TELLS
        assert all("vault verify" in refusal.way_out for refusal in refusals)


def test_the_names_of_an_unlocked_vault_are_given_out_only_as_they_were_written(
    full: Path, key: KeyFile
) -> None:
    with closing(sqlite3.connect(full)) as connection:
        connection.execute("UPDATE entry SET note = 'call me' WHERE id = 1")
        connection.commit()
    with Vault.unlock(full, [key]) as vault, pytest.raises(VaultAltered, match="alpha"):
        vault.names("prod")


@pytest.mark.parametrize("attack", ATTACKS)
def test_writing_to_a_changed_vault_never_makes_the_change_good(
    attack: str, full: Path, key: KeyFile
) -> None:
    with closing(sqlite3.connect(full)) as connection:
        connection.executescript(ATTACKS[attack][0])
    with Vault.unlock(full, [key]) as vault:
        before = vault.verify()
        for write in (
            lambda: vault.add("prod", "new", Kind.SECRET, SecretValue("x")),
            lambda: vault.set("prod", "alpha", note="x"),
            lambda: vault.rename_community("prod", "production"),
            lambda: vault.rotate([key]),
        ):
            with suppress(StrongroomError):
                write()
        assert set(before) <= {problem.replace("production", "prod") for problem in vault.verify()}
        assert wrong_values(vault) == []


def test_the_vault_that_nobody_changed_has_no_problem(full: Path, key: KeyFile) -> None:
    with Vault.unlock(full, [key]) as vault:
        assert vault.verify() == []
        assert vault.warnings == []
        for (community, name), value in VALUES.items():
            read = vault.variable(community, name) if name == "plain" else vault.get(community, name).reveal()
            assert read == value


@pytest.mark.parametrize("attack", sorted(set(ATTACKS) - ONLY_VERIFY_TELLS))
def test_a_vault_that_is_open_during_the_attack_notices_it_too(attack: str, full: Path, key: KeyFile) -> None:
    with Vault.unlock(full, [key]) as vault:
        assert vault.get("prod", "alpha").reveal() == VALUES["prod", "alpha"]
        with closing(sqlite3.connect(full)) as connection:
            connection.executescript(ATTACKS[attack][0])
        assert refused_reads(vault)
        assert wrong_values(vault) == []


@pytest.mark.parametrize(
    ("kdf", "params"),
    [
        ("argon2id", "m=1073741824,t=3,p=4"),
        ("argon2id", "m=64,t=999999999,p=1"),
        ("scrypt", "n=1073741824,r=8,p=1"),
        ("argon2id", "m=1048576,t=5,p=1"),
        ("scrypt", "n=1048576,r=8,p=2"),
        ("rot13", ""),
    ],
)
def test_huge_key_derivation_numbers_are_refused_before_they_run(
    kdf: str, params: str, full: Path, passphrase: Callable[[str], Passphrase]
) -> None:
    with closing(sqlite3.connect(full)) as connection:
        connection.execute("UPDATE slot SET kdf = ?, params = ? WHERE kind = 'passphrase'", (kdf, params))
        connection.commit()
    with pytest.raises(VaultAltered, match="key derivation that no Strongroom writes"):
        Vault.unlock(full, [passphrase("correct horse")])


def test_a_flipped_byte_anywhere_never_gives_out_a_wrong_value(full: Path, key: KeyFile) -> None:
    original = full.read_bytes()
    messages: dict[int, str] = {}
    # A prime step, so that each kind of place in a page is met, and the whole of the first header.
    for index in [*range(100), *range(100, len(original), 397)]:
        full.write_bytes(original[:index] + bytes([original[index] ^ 0xFF]) + original[index + 1 :])
        try:
            with Vault.unlock(full, [key]) as vault:
                assert wrong_values(vault) == [], index
                vault.verify()
        except StrongroomError as error:
            messages[index] = error.message
    assert messages
    assert {at: text for at, text in messages.items() if not text.endswith(".")} == {}


OF_WHAT_IS_WRITTEN = [
    "UPDATE entry SET note = 'other' WHERE id = 1",
    "UPDATE entry SET tag = x'00' WHERE id = 2",
    "UPDATE version SET value = x'00' WHERE entry = 1 AND version = 3",
    "UPDATE version SET entry = 7, version = 7 WHERE entry = 1 AND version = 3",
    "INSERT INTO version SELECT 900, 1, 9, tag, created, epoch, sealed, value FROM version LIMIT 1",
    "DELETE FROM version WHERE entry = 1 AND version = 1",
    "DELETE FROM version WHERE entry = 1 AND version = 3",
    "DELETE FROM entry WHERE id = 1",
    "UPDATE audit SET name = 'other' WHERE id = (SELECT max(id) FROM audit)",
    "DELETE FROM slot WHERE kind = 'passphrase'",
    "UPDATE vault SET current = 2",
    "UPDATE community SET tag = x'00' WHERE id = 2",
]
# No tag tells of these before the commit: the rows are not part of the write, and keep their tags.
OF_OTHER_ROWS = [
    "UPDATE entry SET note = 'other' WHERE id = 2",
    "UPDATE version SET value = x'00' WHERE entry = 2 AND version = 1",
    "UPDATE audit SET name = 'other' WHERE id = 1",
]


@pytest.mark.parametrize(
    ("change", "is_counted"),
    [
        *((change, True) for change in OF_WHAT_IS_WRITTEN),
        *((change, False) for change in OF_WHAT_IS_WRITTEN + OF_OTHER_ROWS),
    ],
)
def test_what_something_changes_behind_a_write_is_found_before_it_is_committed(
    change: str, is_counted: bool, full: Path, key: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = full.read_bytes()
    with Vault.unlock(full, [key]) as vault:
        write_root = vault._ledger.write_root

        def interfere() -> bytes:
            root = write_root()
            changed = vault._ledger.connection.execute(change).rowcount
            # Where the number of rows is right all the same, the rows themselves tell.
            vault._ledger.changed_rows += changed if is_counted else 0
            return root

        monkeypatch.setattr(vault._ledger, "write_root", interfere)
        with pytest.raises(VaultAltered, match="nothing was changed"):
            vault.set("prod", "alpha", SecretValue("new"))
        monkeypatch.undo()
        assert vault.verify() == []
        assert vault.get("prod", "alpha").reveal() == VALUES["prod", "alpha"]
    assert full.read_bytes() == before
