"""Somebody changes the file: each way of doing so is noticed and named, and none gives out a wrong value."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom.store import bulk
from strongroom.store.bulk import Save, save_many
from strongroom.store.errors import VaultAltered
from strongroom.store.keys.ways import KeyFile, Passphrase
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue

VALUES = {
    ("prod", "alpha"): "value of alpha",
    ("prod", "beta"): "value of beta",
    ("prod", "plain"): "https://right.example",
    ("staging", "alpha"): "staging's alpha",
}

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


def refused_reads(vault: Vault) -> list[VaultAltered]:
    """The refusals that a person meets who lists everything and reads every value."""
    refusals = []
    reads: list[Callable[[], object]] = [lambda: vault.entries("prod"), lambda: vault.names("staging")]
    reads += [lambda at=at: vault.get(*at) for at in VALUES]
    for read in reads:
        try:
            read()
        except VaultAltered as error:
            refusals.append(error)
        except StrongroomError:
            continue
    return refusals


def wrong_values(vault: Vault) -> list[str]:
    """Every value that the vault gives out and that was never saved under that name."""
    wrong = []
    for community in ("prod", "staging"):
        for name in ("alpha", "beta", "plain", "gamma", "stolen", "copy", "gone", "ALPHA"):
            for read in (lambda c, n: vault.get(c, n).reveal(), vault.variable):
                try:
                    value = read(community, name)
                except StrongroomError:
                    continue
                if VALUES.get((community, name)) != value:
                    wrong.append(f"{community}/{name}: {value}")
    return wrong


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


def rebuild_index_as(path: Path, statement: str) -> None:
    """Fills an index as `statement` would, under the name and schema of the real one."""
    name = statement.split()[3]
    with closing(sqlite3.connect(path)) as connection:
        (real,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    for sql in (statement, real):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA writable_schema=ON")
            connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (sql, name))
            connection.commit()
        if sql is statement:
            with closing(sqlite3.connect(path)) as connection:
                connection.execute(f"REINDEX {name}")


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


def test_statistics_of_sqlite_do_no_harm(full: Path, key: KeyFile) -> None:
    with closing(sqlite3.connect(full)) as connection:
        connection.execute("ANALYZE")
    with Vault.unlock(full, [key]) as vault:
        assert vault.verify() == []


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
            lambda: save_many(vault, "prod", [Save("alpha", Kind.SECRET, SecretValue("mine"), None, None)]),
        ):
            with pytest.raises(VaultAltered, match="index of names does not lead to 'alpha'"):
                write()
    assert full.read_bytes() == before


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


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entry SET note = 'other' WHERE id = 1",
        "UPDATE entry SET tag = x'00' WHERE id = 2",
        "UPDATE version SET value = x'00' WHERE entry = 1 AND version = 3",
        "UPDATE version SET entry = 7, version = 7 WHERE entry = 1 AND version = 3",
        "INSERT INTO version SELECT 900, 1, 9, tag, created, epoch, sealed, value FROM version LIMIT 1",
        "DELETE FROM version WHERE entry = 1 AND version = 1",
        "UPDATE audit SET name = 'other' WHERE id = (SELECT max(id) FROM audit)",
        "DELETE FROM slot WHERE kind = 'passphrase'",
        "UPDATE vault SET current = 2",
        "UPDATE community SET tag = x'00' WHERE id = 2",
    ],
)
@pytest.mark.parametrize("is_counted", [False, True])
def test_what_something_changes_behind_a_write_is_found_before_it_is_committed(
    is_counted: bool, change: str, full: Path, key: KeyFile, monkeypatch: pytest.MonkeyPatch
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


def read_in_bulk(vault: Vault, name: str) -> str:
    return bulk.read_all(vault, "prod")[name].value.reveal()


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
