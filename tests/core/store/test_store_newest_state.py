"""The memory of the newest state: an older, a forked or another file in the vault's place is noticed and said."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom.store.backup import Restoration, back_up
from strongroom.store.file import seen
from strongroom.store.keys.ways import KeyFile
from strongroom.store.rows import ledger
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue


@pytest.fixture
def closed(vault: Vault, path: Path) -> Path:
    vault.add("prod", "a", Kind.SECRET, SecretValue("v1"))
    vault.close()
    return path


def change(path: Path, key: KeyFile, *names: str, machine: Path | None = None) -> None:
    """Changes the vault; where `machine` is given, as another machine with its own state folder."""
    usual = os.environ["XDG_STATE_HOME"]
    if machine:
        os.environ["XDG_STATE_HOME"] = str(machine)
    try:
        with Vault.unlock(path, [key]) as vault:
            assert vault.warnings == []
            held = {entry.name for entry in vault.entries("prod")}
            for name in names:
                if name in held:
                    vault.set("prod", name, SecretValue("changed"))
                else:
                    vault.add("prod", name, Kind.SECRET, SecretValue("added"))
                    held.add(name)
    finally:
        os.environ["XDG_STATE_HOME"] = usual


def concerns(path: Path, key: KeyFile) -> list[str]:
    with Vault.unlock(path, [key]) as vault:
        return [concern.code for concern in vault.warnings]


def messages(path: Path, key: KeyFile) -> str:
    with Vault.unlock(path, [key]) as vault:
        return " ".join(concern.message for concern in vault.warnings)


def accept(path: Path, key: KeyFile) -> None:
    with Vault.unlock(path, [key]) as vault:
        assert vault.warnings
        vault.accept_warnings()
    assert concerns(path, key) == []


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (["a"], ["a"]),
        (["a"], ["a", "a"]),
        (["a", "only_here"], ["a", "a", "a"]),
        (["a"], ["b"] * 5),
        (["a", "a", "a"], ["a"] * 4),
        (["only_here"], ["only_here", "a"]),
    ],
)
def test_a_copy_that_was_changed_elsewhere_is_noticed_whatever_its_counter(
    here: list[str], there: list[str], closed: Path, key: KeyFile, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(closed, copy)
    change(closed, key, *here)
    change(copy, key, *there, machine=tmp_path / "other")
    shutil.copyfile(copy, closed)
    assert concerns(closed, key) == ["rolled-back"]
    assert "does not have change" in messages(closed, key)
    with Vault.unlock(closed, [key]) as vault:
        vault.set("prod", "a", SecretValue("going on does not answer it"))
    assert concerns(closed, key) == ["rolled-back"]
    accept(closed, key)


def test_what_another_machine_added_to_the_newest_state_is_no_fork(
    closed: Path, key: KeyFile, tmp_path: Path
) -> None:
    for turn in range(3):
        change(closed, key, "a", f"here_{turn}")
        change(closed, key, "a", f"there_{turn}", machine=tmp_path / "other")
    assert concerns(closed, key) == []


@pytest.mark.parametrize("forked", [False, True])
@pytest.mark.parametrize(
    "then", [["rotate"], ["prune"], ["rename"], ["prune", "rotate"], ["rotate", "prune"]]
)
def test_a_new_master_key_and_a_shortened_trail_do_not_hide_what_follows_from_what(
    forked: bool,
    then: list[str],
    closed: Path,
    key: KeyFile,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ledger, "MOST_AUDIT_ROWS", 40)
    change(closed, key, *["a"] * 24)
    copy = tmp_path / "copy.db"
    shutil.copy(closed, copy)
    if forked:
        change(closed, key, "a")
    for action in then:
        with Vault.unlock(copy, [key]) as vault:
            if action == "rotate":
                vault.rotate([key])
            elif action == "rename":
                vault.rename_community("prod", "production")
            else:
                while not any(row.action == "prune" for row in vault.audit()):
                    vault.set("prod", "a", SecretValue("x"))
    shutil.copyfile(copy, closed)
    with Vault.unlock(closed, [key]) as vault:
        assert [concern.code for concern in vault.warnings] == (["rolled-back"] if forked else [])
        assert vault.notices == ()


def test_a_trail_that_no_longer_reaches_back_is_said_and_stops_nobody(
    closed: Path, key: KeyFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "MOST_AUDIT_ROWS", 20)
    change(closed, key, *["a"] * 60, machine=tmp_path / "other")
    with Vault.unlock(closed, [key]) as vault:
        assert vault.warnings == []
        (notice,) = vault.notices
        assert "does not reach back" in notice
    with Vault.unlock(closed, [key]) as vault:
        assert vault.notices == ()


def test_a_trail_that_somebody_completed_without_the_key_hides_no_fork(
    closed: Path, key: KeyFile, tmp_path: Path, edit: Callable[..., None]
) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(closed, copy)
    change(closed, key, "a")
    with Vault.unlock(closed, [key]) as vault:
        row = vault.audit()[-1]
    change(copy, key, "a", "a", "a", machine=tmp_path / "other")
    shutil.copyfile(copy, closed)
    edit(f"UPDATE audit SET at = '{row.at}', version = {row.version} WHERE id = {row.id}")
    assert concerns(closed, key) == ["rolled-back"]


def test_another_vault_at_the_path_is_said_to_be_another_and_the_first_is_not_forgotten(
    closed: Path, key: KeyFile, tmp_path: Path
) -> None:
    old, newest = tmp_path / "old.db", tmp_path / "new.db"
    shutil.copy(closed, old)
    change(closed, key, "a")
    shutil.copy(closed, newest)
    other = tmp_path / "other" / "vault.db"
    Vault.create(other, [key]).close()
    shutil.copyfile(other, closed)
    assert concerns(closed, key) == ["another-vault"]
    assert concerns(closed, key) == ["another-vault"]
    shutil.copyfile(old, closed)
    assert concerns(closed, key) == ["rolled-back"]
    shutil.copyfile(other, closed)
    accept(closed, key)
    # The first vault is the other one now, and its newest state is still known.
    shutil.copyfile(old, closed)
    assert concerns(closed, key) == ["another-vault", "rolled-back"]
    shutil.copyfile(newest, closed)
    assert concerns(closed, key) == ["another-vault"]
    accept(closed, key)


def test_a_vault_that_is_made_where_another_was_is_no_concern(closed: Path, key: KeyFile) -> None:
    closed.unlink()
    with Vault.create(closed, [key]) as vault:
        assert vault.warnings == []
    assert concerns(closed, key) == []


@pytest.mark.parametrize("between", ["older", "fork", "another"])
def test_the_newest_file_put_back_clears_the_doubt_and_says_so_once(
    between: str, closed: Path, key: KeyFile, tmp_path: Path
) -> None:
    wrong, newest = tmp_path / "wrong.db", tmp_path / "new.db"
    shutil.copy(closed, wrong)
    change(closed, key, "a")
    shutil.copy(closed, newest)
    if between == "fork":
        change(wrong, key, "a", "a", machine=tmp_path / "other")
    if between == "another":
        wrong.unlink()
        Vault.create(wrong, [key]).close()
    shutil.copyfile(wrong, closed)
    assert concerns(closed, key)
    shutil.copyfile(newest, closed)
    with Vault.unlock(closed, [key]) as vault:
        assert vault.warnings == []
        (notice,) = vault.notices
        assert "another file was in its place" in notice
    with Vault.unlock(closed, [key]) as vault:
        assert (vault.warnings, vault.notices) == ([], ())


def test_a_newer_state_that_follows_the_newest_seen_clears_the_doubt_too(
    closed: Path, key: KeyFile, tmp_path: Path
) -> None:
    old, newest = tmp_path / "old.db", tmp_path / "new.db"
    shutil.copy(closed, old)
    change(closed, key, "a")
    shutil.copy(closed, newest)
    shutil.copyfile(old, closed)
    assert concerns(closed, key) == ["rolled-back"]
    change(newest, key, "a", "b", machine=tmp_path / "other")
    shutil.copyfile(newest, closed)
    assert concerns(closed, key) == []


def test_what_an_earlier_version_remembered_is_taken_over(closed: Path, key: KeyFile, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    shutil.copy(closed, old)
    change(closed, key, "a")
    memory = Path(seen.seen_path(str(closed)))
    store_id, generation, root, *_ = memory.read_text().splitlines()[1].split()
    as_before = f"strongroom seen 1\n{store_id} {generation} {root}"
    memory.write_text(f"{as_before} ok\n")
    assert concerns(closed, key) == []
    assert memory.read_text().startswith("strongroom seen 2\n")
    memory.write_text(f"{as_before} ok\n")
    change(closed, key, "a", machine=tmp_path / "other")
    with Vault.unlock(closed, [key]) as vault:
        assert (vault.warnings, vault.notices) == ([], ())
    memory.write_text(f"{as_before} doubt\n")
    assert concerns(closed, key) == ["rolled-back"]
    memory.write_text(f"{as_before} ok\n")
    shutil.copyfile(old, closed)
    assert concerns(closed, key) == ["rolled-back"]
    memory.write_text(f"{as_before} doubt\n")
    assert concerns(closed, key) == ["rolled-back"]


@pytest.mark.parametrize(
    "text", ["", "x", "strongroom seen 2\n", "strongroom seen 3\n1 2 3 4 5 6\n", "\0" * 99]
)
def test_a_memory_that_cannot_be_read_is_begun_again(text: str, closed: Path, key: KeyFile) -> None:
    memory = Path(seen.seen_path(str(closed)))
    memory.write_text(text)
    assert concerns(closed, key) == []
    assert len(seen.read_seen(str(closed))) == 1


def test_a_trail_changed_to_break_the_memory_is_an_altered_vault(
    closed: Path, key: KeyFile, edit: Callable[..., None]
) -> None:
    before = Path(seen.seen_path(str(closed))).read_bytes()
    edit("UPDATE audit SET at = 'a b c' || char(10) WHERE id = (SELECT max(id) FROM audit)")
    assert concerns(closed, key) == ["altered"]
    assert Path(seen.seen_path(str(closed))).read_bytes() == before


def test_a_state_folder_that_cannot_be_written_is_said_and_stops_nobody(
    closed: Path, key: KeyFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    with Vault.unlock(closed, [key]) as vault:
        assert vault.warnings == []
        (notice,) = vault.notices
        assert (
            "is not a folder, so an older or another file in the vault's place will not be noticed" in notice
        )
        vault.set("prod", "a", SecretValue("x"))


def restore(path: Path, backup: Path, key: KeyFile) -> Restoration:
    with Restoration(str(path), str(backup), [key]) as restoration:
        restoration.apply()
        return restoration


def test_a_restored_backup_follows_what_it_replaces_on_every_machine_that_has_seen_that(
    closed: Path, key: KeyFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = tmp_path / "backup.db"
    back_up(str(closed), str(backup))
    change(closed, key, "a", "b")
    change(closed, key, machine=tmp_path / "other")  # it has seen the newest state too
    restore(closed, backup, key)
    assert concerns(closed, key) == []
    change(closed, key, "a", "c")
    change(closed, key, machine=tmp_path / "other")


def test_a_restoration_says_what_it_replaces(closed: Path, key: KeyFile, tmp_path: Path) -> None:
    backup, other = tmp_path / "backup.db", tmp_path / "other" / "vault.db"
    back_up(str(closed), str(backup))
    change(closed, key, "b", "c")
    with Restoration(str(closed), str(backup), [key]) as restoration:
        replaced = restoration.replaced
        assert replaced is not None
        assert replaced.contents is not None
        assert replaced.same_vault
        assert replaced.contents.entries == 3
        assert replaced.contents.generation == restoration.contents.generation + 2
    Vault.create(other, [key]).close()
    with Restoration(str(closed), str(other), [key]) as restoration:
        assert restoration.replaced is not None
        assert not restoration.replaced.same_vault
    closed.write_bytes(b"no vault any more")
    with Restoration(str(closed), str(backup), [key]) as restoration:
        assert restoration.replaced is not None
        assert restoration.replaced.contents is None
    closed.unlink()
    with Restoration(str(closed), str(backup), [key]) as restoration:
        assert restoration.replaced is None


def test_a_backup_that_does_not_open_says_so_of_the_backup(
    closed: Path, key: KeyFile, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.db"
    back_up(str(closed), str(backup))
    other = KeyFile(tmp_path / "other-key")
    with Vault.unlock(closed, [key]) as vault:
        vault.add_slot(other)
        vault.remove_slot(vault.slots()[0].id)
    with (
        pytest.raises(StrongroomError, match=str(backup)) as refused,
        Restoration(str(closed), str(backup), [other]),
    ):
        pass
    assert "when it was made" in refused.value.way_out
    assert "recover" not in refused.value.way_out


def test_of_many_vaults_in_one_place_the_newest_are_remembered(path: Path) -> None:
    for number in range(20):
        seen.write_seen(str(path), seen.SeenState(bytes([number]), 1, b"root"))
    assert [state.store_id[0] for state in seen.read_seen(str(path))] == [*range(19, 3, -1)]
