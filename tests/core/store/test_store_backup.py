"""Backups are read again before they count; restoring keeps what it replaces and survives a kill."""

import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from strongroom.names import Kind
from strongroom.store import backup as backups
from strongroom.store.backup import Restoration, back_up
from strongroom.store.errors import (
    NoKey,
    VaultAltered,
    VaultBusy,
    VaultClosed,
    VaultDamaged,
    VaultExists,
    VaultForeign,
    VaultMissing,
    VaultStorage,
    WrongKey,
)
from strongroom.store.file import files, mounts
from strongroom.store.keys.ways import KeyFile
from strongroom.store.reader import NamesReader
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue


@pytest.fixture
def copy(vault: Vault, path: Path) -> Path:
    """A backup of a vault that has gone on since."""
    vault.add("prod", "a", Kind.SECRET, SecretValue("old"))
    target = path.with_name("backup.db")
    back_up(str(path), str(target), vault)
    vault.set("prod", "a", SecretValue("new"))
    vault.add("prod", "b", Kind.SECRET, SecretValue("later"))
    return target


def restore(path: Path, copy: Path, ways: "list[KeyFile] | None") -> str | None:
    with Restoration(str(path), str(copy), ways) as restoration:
        return restoration.apply()


def value(path: "Path | str", key: KeyFile) -> str:
    with Vault.unlock(path, [key]) as vault:
        assert vault.warnings == []
        assert vault.verify() == []
        return vault.get("prod", "a").reveal()


def strays(path: Path) -> list[str]:
    return [name for name in os.listdir(path.parent) if ".new-" in name or name.endswith("-journal")]


def test_where_there_is_no_room_for_the_copy_its_own_path_is_named(
    path: Path, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = backups.sqlite.open_database

    def small(file: str) -> sqlite3.Connection:
        connection = opened(file)
        if ".new-" in file:
            connection.execute("PRAGMA max_page_count=2")
        return connection

    monkeypatch.setattr(backups.sqlite, "open_database", small)
    target = path.with_name("backup.db")
    with pytest.raises(VaultStorage, match=r"The disk is full: .*/backup\.db could not"):
        back_up(str(path), str(target), vault)
    assert not target.exists()
    assert strays(path) == []


def test_a_backup_that_is_not_there_is_called_a_backup(path: Path, key: KeyFile, vault: Vault) -> None:
    with pytest.raises(VaultMissing, match="There is no backup at") as caught:
        restore(path, path.with_name("nothing.db"), [key])
    assert "vault init" not in caught.value.way_out


@pytest.mark.parametrize("with_key", [True, False])
def test_a_backup_with_a_trigger_is_refused_with_and_without_the_key(
    path: Path, key: KeyFile, copy: Path, with_key: bool
) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("CREATE TRIGGER late AFTER INSERT ON audit BEGIN DELETE FROM entry; END")
    with pytest.raises(VaultAltered, match="trigger 'late' was put into the file"):
        restore(path, copy, [key] if with_key else None)
    assert value(path, key) == "new"


def test_a_backup_is_a_private_vault_of_its_own(vault: Vault, path: Path, key: KeyFile, copy: Path) -> None:
    if os.name != "nt":
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert value(copy, key) == "old"
    assert strays(path) == []


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX's")
@pytest.mark.parametrize("mode", [0o1777, 0o2770, 0o777, 0o775])
def test_a_backup_goes_where_others_can_write(
    mode: int, path: Path, key: KeyFile, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_is_own_group", lambda number: False)
    vault.add("prod", "a", Kind.SECRET, SecretValue("old"))
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(mode)
    with monkeypatch.context() as patch:
        patch.setenv("TMPDIR", str(tmp_path))
        patch.setattr(tempfile, "tempdir", None)
        assert back_up(str(path), str(folder / "b.db"), vault).opened
        assert [file.name for file in tmp_path.iterdir() if file.name.startswith("strongroom-")] == []
    assert stat.S_IMODE((folder / "b.db").stat().st_mode) == 0o600
    assert [file.name for file in folder.iterdir()] == ["b.db"]
    vault.set("prod", "a", SecretValue("new"))
    vault.close()
    assert restore(path, folder / "b.db", [key])
    assert value(path, key) == "old"


@pytest.mark.parametrize("kind", ["vfat", "cifs", "nfs4"])
def test_a_backup_goes_to_a_stick_or_a_share_and_comes_back_from_it(
    kind: str, path: Path, key: KeyFile, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.add("prod", "a", Kind.SECRET, SecretValue("old"))
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(
        mounts, "file_system", lambda path: kind if str(path).startswith(str(stick)) else "ext4"
    )
    opened = backups.sqlite.open_database

    def open_here(file: str) -> sqlite3.Connection:
        assert not file.startswith(str(stick)), "SQLite does not work on such a file system"
        return opened(file)

    with monkeypatch.context() as patch:
        patch.setattr(backups.sqlite, "open_database", open_here)
        back_up(str(path), str(stick / "b.db"), vault)
    (stick / "b.db").chmod(0o777)
    vault.set("prod", "a", SecretValue("new"))
    vault.close()
    restore(path, stick / "b.db", [key])
    assert value(path, key) == "old"


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX's")
@pytest.mark.parametrize("mode", [0o644, 0o444, 0o666])
def test_a_backup_that_came_by_mail_or_git_is_restored_whatever_its_mode(
    mode: int, path: Path, key: KeyFile, vault: Vault, copy: Path
) -> None:
    copy.chmod(mode)
    vault.close()
    restore(path, copy, [key])
    assert value(path, key) == "old"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_with_the_key_every_value_was_opened(vault: Vault, path: Path) -> None:
    vault.add("prod", "a", Kind.SECRET, SecretValue("x"))
    contents = back_up(str(path), str(path.with_name("one")), vault)
    assert (contents.communities, contents.entries, contents.opened) == (1, 1, True)
    assert contents.changed == vault.audit()[-1].at
    assert not back_up(str(path), str(path.with_name("two"))).opened


def test_a_backup_never_overwrites(path: Path, vault: Vault, copy: Path) -> None:
    before = copy.read_bytes()
    with pytest.raises(VaultExists):
        back_up(str(path), str(copy), vault)
    assert copy.read_bytes() == before
    link = path.with_name("link")
    link.symlink_to(path.with_name("nowhere"))
    with pytest.raises(VaultExists):
        back_up(str(path), str(link), vault)


def test_an_altered_vault_gives_no_verified_backup(vault: Vault, path: Path, edit) -> None:
    vault.add("prod", "a", Kind.SECRET, SecretValue("x"))
    edit("UPDATE version SET value = zeroblob(length(value))")
    target = path.with_name("backup.db")
    with pytest.raises(VaultAltered, match="'a'"):
        back_up(str(path), str(target), vault)
    assert not target.exists()
    assert strays(path) == []
    back_up(str(path), str(target))  # as it is, for somebody to look at


def test_a_copy_that_went_wrong_on_the_disk_is_not_published(
    vault: Vault, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.add("prod", "a", Kind.SECRET, SecretValue("x"))
    original = backups.copy_state

    def spoiled(path: str, source: sqlite3.Connection, target: str, shown: str):
        header = original(path, source, target, shown)
        data = bytearray(Path(target).read_bytes())
        data[4096 * 3 : 4096 * 3 + 64] = bytes(64)
        Path(target).write_bytes(data)
        return header

    monkeypatch.setattr(backups, "copy_state", spoiled)
    with pytest.raises(VaultDamaged):
        back_up(str(path), str(path.with_name("backup.db")))
    assert not path.with_name("backup.db").exists()
    assert strays(path) == []


def test_restoring_keeps_what_it_replaces_and_is_no_attack(
    vault: Vault, path: Path, key: KeyFile, copy: Path
) -> None:
    vault.close()
    with Restoration(str(path), str(copy), [key]) as restoration:
        replaced = restoration.replaced
        kept = restoration.apply()
    assert replaced is not None
    assert replaced.contents is not None
    assert (replaced.same_vault, replaced.contents.opened, replaced.contents.entries) == (True, False, 2)
    assert value(path, key) == "old"
    assert value(path, key) == "old"
    assert kept is not None
    assert kept.startswith(f"{path}.replaced-")
    assert value(kept, key) == "new"
    assert strays(path) == []
    with Vault.unlock(path, [key]) as again:
        again.add("prod", "c", Kind.SECRET, SecretValue("x"))
    assert value(path, key) == "old"


def test_without_the_key_the_older_state_is_accepted_too(
    vault: Vault, path: Path, key: KeyFile, copy: Path
) -> None:
    vault.close()
    restore(path, copy, None)
    assert value(path, key) == "old"


def test_the_replaced_file_is_noticed_when_it_comes_back(
    vault: Vault, path: Path, key: KeyFile, copy: Path
) -> None:
    vault.close()
    kept = restore(path, copy, [key])
    assert kept is not None
    path.write_bytes(Path(kept).read_bytes())
    with Vault.unlock(path, [key]) as again:
        assert [warning.code for warning in again.warnings] == ["rolled-back"]


def test_a_vault_that_is_open_elsewhere_sees_the_restored_state(
    vault: Vault, path: Path, key: KeyFile, copy: Path
) -> None:
    with NamesReader.open(path) as reader:
        before = reader.change_counter()
        restore(path, copy, [key])
        assert reader.change_counter() != before
        assert [entry.name for entry in reader.entries("prod")] == ["a"]
    assert vault.get("prod", "a").reveal() == "old"
    vault.set("prod", "a", SecretValue("newest"))
    assert value(path, key) == "newest"


def test_a_backup_is_restored_where_nothing_is(vault: Vault, path: Path, key: KeyFile, copy: Path) -> None:
    vault.close()
    path.unlink()
    assert restore(path, copy, [key]) is None
    with Vault.unlock(path, [key]) as restored:
        assert restored.audit()[-1].action == "restore-backup"
    assert value(path, key) == "old"


@pytest.mark.parametrize("content", [b"", b"no vault at all", b"SQLite format 3\0" + bytes(5000)])
def test_what_is_no_vault_any_more_is_exchanged_and_kept(
    vault: Vault, path: Path, key: KeyFile, copy: Path, content: bytes
) -> None:
    vault.close()
    path.write_bytes(content)
    kept = restore(path, copy, [key])
    assert kept is not None
    assert Path(kept).read_bytes() == content
    assert value(path, key) == "old"
    assert strays(path) == []


def test_the_journal_of_a_broken_vault_is_not_played_into_the_restored_one(
    vault: Vault, path: Path, key: KeyFile, copy: Path
) -> None:
    vault.close()
    path.write_bytes(b"no vault at all")
    journal = path.with_name(path.name + "-journal")
    journal.touch(mode=0o600)
    journal.write_bytes(b"some journal")
    kept = restore(path, copy, [key])
    assert not journal.exists()
    assert kept is not None
    assert value(path, key) == "old"


def test_a_bad_backup_changes_nothing(vault: Vault, path: Path, key: KeyFile, copy: Path) -> None:
    other = KeyFile(path.with_name("other.key"))
    other.new_secret(b"")
    good = copy.read_bytes()
    with pytest.raises(WrongKey):
        restore(path, copy, [other])
    with pytest.raises(NoKey):
        restore(path, copy, [])
    with pytest.raises(VaultMissing):
        restore(path, path.with_name("missing"), [key])
    with pytest.raises(VaultExists):
        restore(path, path, [key])
    copy.write_bytes(good[: len(good) // 2])
    with pytest.raises(VaultDamaged):
        restore(path, copy, None)
    copy.write_bytes(b"something else" * 500)
    with pytest.raises(VaultForeign):
        restore(path, copy, None)
    copy.write_bytes(good)
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("UPDATE entry SET name = 'b'")
        connection.commit()
    with pytest.raises(VaultAltered):
        restore(path, copy, [key])
    vault.close()
    assert value(path, key) == "new"
    assert strays(path) == []
    assert not [name for name in os.listdir(path.parent) if "replaced" in name]


def test_restoring_waits_for_nobody_for_ever(
    vault: Vault, path: Path, key: KeyFile, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups.sqlite, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(VaultBusy):
            restore(path, copy, [key])
        writer.execute("ROLLBACK")
    vault.close()
    assert value(path, key) == "new"


def test_a_vault_with_another_key_takes_its_place_and_the_open_one_locks(
    vault: Vault, path: Path, key: KeyFile
) -> None:
    other_path, other_key = path.with_name("other.db"), KeyFile(path.with_name("other.key"))
    with Vault.create(other_path, [other_key]) as other:
        other.add("prod", "a", Kind.SECRET, SecretValue("theirs"))
    restore(path, other_path, [other_key])
    assert value(path, other_key) == "theirs"
    with pytest.raises((VaultAltered, VaultClosed)):
        vault.get("prod", "a")


KILLED = """
import os, signal, sys
from strongroom.store import backup
from strongroom.store.keys.ways import KeyFile
where = sys.argv[4]
def kill(*_):
    os.kill(os.getpid(), signal.SIGKILL)
if where == "before":
    backup.Restoration._renew = kill
elif where == "after":
    backup.Restoration._remember = kill
restoration = backup.Restoration(sys.argv[1], sys.argv[2], [KeyFile(sys.argv[3])])
restoration.__enter__()
if where == "middle":
    import sqlite3
    class Live(sqlite3.Connection):
        pass
    original = backup._state
    def generation(connection):
        # The pages are written one by one from now on, and the kill comes between two of them.
        def copy(staged):
            with backup.closing(backup.sqlite.open_database(staged)) as source:
                source.backup(connection, pages=1, progress=lambda status, left, total: left == 2 and kill())
        copy(restoration._staged.path)
        return original(connection)
    backup._state = generation
restoration.apply()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills with a POSIX signal")
@pytest.mark.parametrize(("where", "expected"), [("before", "new"), ("middle", "new"), ("after", "old")])
def test_a_kill_leaves_the_old_vault_or_the_restored_one(
    vault: Vault, path: Path, key: KeyFile, copy: Path, where: str, expected: str
) -> None:
    vault.close()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), str(copy), key.path, where],
        capture_output=True,
        check=False,
    )
    assert done.returncode == -9, done.stderr
    assert value(path, key) == expected
