"""Earlier values, deleted names and the audit trail."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from strongroom.names import Kind
from strongroom.store.errors import DuplicateName, UnknownName
from strongroom.store.rows.many import Save
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue


@pytest.fixture
def edited(vault: Vault) -> Vault:
    vault.add("prod", "api_key", Kind.SECRET, SecretValue("one"))
    vault.set("prod", "api_key", SecretValue("two"))
    vault.set("prod", "api_key", SecretValue("three"))
    return vault


def test_earlier_values_are_kept_newest_first(edited: Vault) -> None:
    history = edited.history("prod", "api_key")
    assert [(version.number, version.is_current) for version in history] == [
        (3, True),
        (2, False),
        (1, False),
    ]
    assert [edited.get_version("prod", "api_key", number).reveal() for number in (1, 2, 3)] == [
        "one",
        "two",
        "three",
    ]


def test_restoring_makes_a_new_version_and_loses_none(edited: Vault) -> None:
    edited.restore("prod", "api_key", 1)
    assert edited.get("prod", "api_key").reveal() == "one"
    assert [version.number for version in edited.history("prod", "api_key")] == [4, 3, 2, 1]
    assert edited.get_version("prod", "api_key", 3).reveal() == "three"


def test_history_is_bounded(edited: Vault) -> None:
    for number in range(20):
        edited.set("prod", "api_key", SecretValue(f"value {number}"))
    assert len(edited.history("prod", "api_key")) == 10
    with pytest.raises(UnknownName, match="no version 1 any more"):
        edited.get_version("prod", "api_key", 1)
    assert edited.verify() == []


def test_a_full_history_takes_a_new_name_and_a_new_value_in_one_write(edited: Vault) -> None:
    for number in range(4, 11):
        edited.set("prod", "api_key", SecretValue(f"value {number}"))
    seen = edited.read_all("prod")["api_key"].seen()
    edited.save_many("prod", [Save("new_key", Kind.SECRET, SecretValue("newest"), None, None, seen)])
    assert [version.number for version in edited.history("prod", "new_key")] == list(range(11, 1, -1))
    assert edited.get_version("prod", "new_key", 2).reveal() == "two"
    assert edited.verify() == []


def test_a_deletion_can_be_undone_with_its_history(edited: Vault) -> None:
    edited.delete("prod", "api_key")
    ((name, kind, *_),) = edited.deleted("prod")
    assert (name, kind) == ("api_key", Kind.SECRET)
    edited.undelete("prod", "api_key")
    assert edited.get("prod", "api_key").reveal() == "three"
    assert edited.get_version("prod", "api_key", 1).reveal() == "one"
    assert edited.deleted("prod") == ()
    assert edited.verify() == []


def test_a_variable_is_sealed_only_while_it_is_deleted(edited: Vault, path: Path) -> None:
    def is_sealed() -> bool:
        with closing(sqlite3.connect(path)) as connection:
            newest = "SELECT sealed FROM version ORDER BY entry DESC, version DESC LIMIT 1"
            return bool(connection.execute(newest).fetchone()[0])

    edited.add("prod", "region", Kind.VARIABLE, SecretValue("eu"))
    found = [is_sealed()]
    edited.delete("prod", "region")
    found.append(is_sealed())
    edited.undelete("prod", "region")
    assert [*found, is_sealed()] == [False, True, False]
    assert edited.variable("prod", "region") == "eu"


def test_undoing_a_deletion_never_takes_a_name_that_is_used_again(edited: Vault) -> None:
    edited.delete("prod", "api_key")
    edited.add("prod", "api_key", Kind.VARIABLE, SecretValue("plain"))
    with pytest.raises(DuplicateName):
        edited.undelete("prod", "api_key")
    assert edited.variable("prod", "api_key") == "plain"
    with pytest.raises(UnknownName):
        edited.undelete("prod", "never_there")


def test_of_each_name_the_newest_deletion_is_kept_and_can_be_purged(edited: Vault) -> None:
    edited.delete("prod", "api_key")
    edited.add("prod", "api_key", Kind.SECRET, SecretValue("again"))
    edited.delete("prod", "api_key")
    assert len(edited.deleted("prod")) == 1
    edited.undelete("prod", "api_key")
    assert edited.get("prod", "api_key").reveal() == "again"
    edited.delete("prod", "api_key")
    edited.purge("prod", "api_key")
    assert edited.deleted("prod") == ()
    assert edited.verify() == []


def test_the_trail_says_what_was_done_and_never_a_value(edited: Vault) -> None:
    edited.rename("prod", "api_key", "renamed")
    edited.delete("prod", "renamed")
    done = [(row.action, row.community, row.name, row.version) for row in edited.audit()]
    assert done == [
        ("create-vault", "", "", 0),
        ("add-slot", "", "key-file", 0),
        ("add-community", "prod", "", 0),
        ("add", "prod", "api_key", 1),
        ("set", "prod", "api_key", 2),
        ("set", "prod", "api_key", 3),
        ("rename", "prod", "renamed", 3),
        ("delete", "prod", "renamed", 3),
    ]
    assert not any(value in str(edited.audit()) for value in ("one", "two", "three"))


def test_a_refused_save_leaves_no_trace_in_the_trail(edited: Vault) -> None:
    before = edited.audit()
    with pytest.raises(DuplicateName):
        edited.add("prod", "api_key", Kind.SECRET, SecretValue("x"))
    assert edited.audit() == before
