"""The audit trail: what it says, and how it is kept from growing for ever."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from strongroom.names import Kind
from strongroom.store.format.audit import Actor, AuditAction, Expected, Replay, actors
from strongroom.store.format.manifest import AuditRow
from strongroom.store.keys.ways import KeyFile
from strongroom.store.rows import ledger
from strongroom.store.rows.many import AuditSource, Save
from strongroom.store.shared import Imported, find_imported
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue


def test_bringing_an_earlier_value_back_is_called_that(vault: Vault) -> None:
    vault.add("prod", "api_key", Kind.SECRET, SecretValue("first"))
    vault.set("prod", "api_key", SecretValue("second"))
    vault.restore("prod", "api_key", 1)
    assert [(row.action, row.version) for row in vault.audit()][-3:] == [
        ("add", 1),
        ("set", 2),
        ("restore", 3),
    ]
    assert [row.id for row in vault.audit()] == list(range(1, len(vault.audit()) + 1))
    assert vault.verify() == []


@pytest.fixture
def short_trail(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(ledger, "MOST_AUDIT_ROWS", 20)
    return 20


def busy(vault: Vault) -> None:
    """Something of every action, and then many changes."""
    vault.add("prod", "api_key", Kind.SECRET, SecretValue("first"))
    vault.add("prod", "old_name", Kind.SECRET, SecretValue("x"))
    vault.rename("prod", "old_name", "new_name")
    vault.add("prod", "gone", Kind.SECRET, SecretValue("x"))
    vault.delete("prod", "gone")
    vault.add("prod", "purged", Kind.SECRET, SecretValue("x"))
    vault.delete("prod", "purged")
    vault.purge("prod", "purged")
    vault.add("before", "kept", Kind.VARIABLE, SecretValue("x"))
    vault.rename_community("before", "after")
    vault.add("dropped", "a", Kind.SECRET, SecretValue("x"))
    vault.delete_community("dropped")
    for number in range(60):
        vault.set("prod", "api_key", SecretValue(f"value {number}"))


def test_a_long_trail_is_shortened_and_still_tells_the_whole_state(
    short_trail: int, vault: Vault, key: KeyFile, path: Path
) -> None:
    busy(vault)
    trail = vault.audit()
    assert len(trail) < 60
    assert [row.id for row in trail] == list(range(1, len(trail) + 1))
    assert any(row.action == "prune" for row in trail)
    assert [row.action for row in trail[-3:]] == ["set"] * 3
    assert vault.verify() == []
    vault.rotate([key])
    vault.close()
    with Vault.unlock(path, [key]) as again:
        assert again.verify() == []
        assert again.warnings == []
        again.undelete("prod", "gone")
        assert again.get("prod", "new_name").reveal() == "x"
        assert again.verify() == []


ATTACKS = {
    "an entry taken out": ("DELETE FROM version WHERE entry = 2; DELETE FROM entry WHERE id = 2", "new_name"),
    "a deleted entry brought back": ("UPDATE entry SET deleted = '' WHERE name = 'gone'", "gone"),
    "a community taken out": (
        "DELETE FROM version WHERE entry IN (SELECT id FROM entry WHERE name = 'kept');"
        "DELETE FROM entry WHERE name = 'kept'; DELETE FROM community WHERE name = 'after'",
        "after",
    ),
    "the slot taken out": ("DELETE FROM slot", "A slot for key-file was taken out"),
    "a row of the shortened trail changed": ("UPDATE audit SET name = 'x' WHERE id = 3", "audit trail"),
    "the shortened trail cut": ("DELETE FROM audit WHERE id < 4", "audit trail"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_behind_a_shortened_trail_changes_are_still_named(
    attack: str, short_trail: int, vault: Vault, edit: Callable[..., None], path: Path
) -> None:
    busy(vault)
    assert vault.verify() == []
    statements, named = ATTACKS[attack]
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(statements)
    problems = vault.verify()
    assert any(named in problem for problem in problems), problems


def test_a_trail_is_not_shortened_where_that_would_gain_nothing(short_trail: int, vault: Vault) -> None:
    for number in range(30):
        vault.add("prod", f"name_{number}", Kind.SECRET, SecretValue("x"))
        vault.set("prod", f"name_{number}", SecretValue("y"))  # the rows that would be dropped: two an entry
    assert not any(row.action == "prune" for row in vault.audit())


def trail(*done: tuple) -> list[AuditRow]:
    """Rows of (action, entry, version, community, name, detail), each a second after the one before."""
    return [
        AuditRow(number, f"at {number}", action.value, entry, version, community, name, detail)
        for number, (action, entry, version, community, name, detail) in enumerate(done, 1)
    ]


TRAIL = trail(
    (AuditAction.CREATE, 0, 0, "", "", ""),
    (AuditAction.ADD_SLOT, 0, 0, "", "key-file", "aa"),
    (AuditAction.ADD_SLOT, 0, 0, "", "passphrase", "bb"),
    (AuditAction.ADD_COMMUNITY, 0, 0, "prod", "", ""),
    (AuditAction.ADD_COMMUNITY, 0, 0, "test", "", ""),
    (AuditAction.ADD_COMMUNITY, 0, 0, "gone", "", ""),
    (AuditAction.ADD, 1, 1, "prod", "one", "secret"),
    (AuditAction.ADD, 2, 1, "test", "two", "variable"),
    (AuditAction.ADD, 3, 1, "gone", "three", "secret"),
    (AuditAction.ADD, 4, 1, "prod", "four", "secret"),
    (AuditAction.BY, 0, 0, "", "passphrase", "bb"),
    (AuditAction.SET, 1, 2, "prod", "one", "secret"),
    (AuditAction.RENAME_COMMUNITY, 0, 0, "production", "", "prod"),
    (AuditAction.DELETE, 2, 1, "test", "two", "variable"),
    (AuditAction.PURGE, 4, 1, "production", "four", "secret"),
    (AuditAction.PURGE, 9, 1, "production", "never there", "secret"),
    (AuditAction.DELETE_COMMUNITY, 0, 0, "gone", "", ""),
    (AuditAction.REMOVE_SLOT, 0, 0, "", "key-file", "aa"),
    (AuditAction.ADD, 5, 1, "production", "five", "secret"),
)


def test_replaying_a_trail_gives_what_the_vault_should_hold() -> None:
    state = Replay(TRAIL)
    assert state.entries == {
        1: Expected("production", "one", "secret", 2, "at 12", False),
        2: Expected("test", "two", "variable", 1, "at 14", True),
        5: Expected("production", "five", "secret", 1, "at 19", False),
    }
    assert (state.communities, state.slots) == ({"production", "test"}, {"bb": "passphrase"})
    assert state.actor == Actor("passphrase", "bb")
    assert actors(TRAIL) == [""] + 9 * ["key-file"] + 9 * ["passphrase"]


def test_the_fewest_rows_replay_to_the_same_state() -> None:
    for length in range(len(TRAIL) + 1):
        state = Replay(TRAIL[:length])
        rows = state.rows("later")
        again = Replay(rows)
        assert (again.entries, again.communities, again.slots) == (
            state.entries,
            state.communities,
            state.slots,
        )
        assert {row.id for row in rows} <= {0}
        assert {row[3:6] for row in rows if row.action in ("add-slot", "by")} <= {(0, 0, "")}
        assert len(rows) <= len(state.communities) + len(state.slots) + 2 * len(state.entries) + 1
        assert [again.by.get(key, again.actor) for key in state.entries] == [
            state.by.get(key, state.actor) for key in state.entries
        ]


def test_who_made_a_change_is_said_only_where_somebody_else_made_the_one_before() -> None:
    done = trail(
        (AuditAction.ADD_SLOT, 0, 0, "", "key-file", "aa"),
        (AuditAction.ADD_SLOT, 0, 0, "", "passphrase", "bb"),
        (AuditAction.ADD, 1, 1, "prod", "one", "secret"),
        (AuditAction.BY, 0, 0, "", "passphrase", "bb"),
        (AuditAction.ADD, 2, 1, "prod", "two", "secret"),
        (AuditAction.BY, 0, 0, "", "key-file", "aa"),
        (AuditAction.ADD, 3, 1, "prod", "three", "secret"),
    )
    shorter = [
        [(row.action, row.name) for row in Replay(done[:length]).rows("later")[2:]] for length in (3, 5, 7)
    ]
    assert shorter == [
        [("set", "one")],
        [("set", "one"), ("by", "passphrase"), ("set", "two")],
        [("by", "passphrase"), ("set", "two"), ("by", "key-file"), ("set", "one"), ("set", "three")],
    ]


def test_the_newest_imported_bundle_of_a_vault_is_found_by_community(vault: Vault) -> None:
    bundles = [
        Imported("aa", 1, "t1"),
        Imported("aa", 3, "t3"),
        Imported("aa", 2, "t2"),
        Imported("bb", 9, "t9"),
    ]
    for community, bundle in [
        *(("prod", bundle) for bundle in bundles),
        ("staging", Imported("cc", 4, "t4")),
    ]:
        vault.save_many(
            community,
            [Save(f"n{bundle.generation}", Kind.SECRET, SecretValue("x"), None, None)],
            AuditSource("ann", str(bundle)),
        )
    assert find_imported(vault, "prod", "aa") == Imported("aa", 3, "t3")
    assert find_imported(vault, "prod", "cc") is None
    assert find_imported(vault, "staging", "cc") == Imported("cc", 4, "t4")
