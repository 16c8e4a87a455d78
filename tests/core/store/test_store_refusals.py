"""A vault that cannot be opened or written: one clear sentence, a way out, status 2, and nothing lost."""

import grp
import os
import pwd
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom.store.errors import (
    VaultBusy,
    VaultDamaged,
    VaultError,
    VaultExposed,
    VaultForeign,
    VaultMissing,
    VaultNewer,
    VaultStorage,
)
from strongroom.store.file import connection as store_connection
from strongroom.store.file import files, mounts
from strongroom.store.keys.ways import KeyFile
from strongroom.store.reader import NamesReader
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue

Open = Callable[[], object]


@pytest.fixture
def closed(vault: Vault, path: Path) -> Path:
    vault.add("prod", "api_key", Kind.SECRET, SecretValue("kept"))
    vault.close()
    return path


def refusal(path: Path, key: KeyFile, kind: type[StrongroomError], *, unchanged: bool = True) -> str:
    """The message that both a reader and an unlocked vault refuse this file with."""
    before = path.read_bytes() if path.is_file() else b""
    messages = set()
    for attempt in (lambda: NamesReader.open(path), lambda: Vault.unlock(path, [key])):
        with pytest.raises(kind) as caught:
            attempt()
        assert caught.value.exit_status == 2
        assert caught.value.message.endswith(".")
        assert caught.value.message.count(". ") == 0, "one sentence"
        assert caught.value.way_out
        messages.add(str(caught.value))
    if unchanged and path.is_file():
        assert path.read_bytes() == before
    (message,) = messages
    return message


def test_a_missing_vault_names_the_command_that_makes_one(path: Path, key: KeyFile) -> None:
    assert "strongroom vault init" in refusal(path, key, VaultMissing)
    assert not path.exists(), "looking for a vault must not make one"


def test_another_programs_database_is_left_as_it_is(path: Path, key: KeyFile) -> None:
    path.parent.mkdir(mode=0o700)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    path.chmod(0o600)
    assert "another program's database" in refusal(path, key, VaultForeign)


@pytest.mark.parametrize(
    "content", [b"", b"x", b"{}\n" * 2000, bytes(8192)], ids=["empty", "byte", "text", "zeros"]
)
def test_a_file_that_is_no_database_is_left_as_it_is(content: bytes, path: Path, key: KeyFile) -> None:
    path.parent.mkdir(mode=0o700)
    path.write_bytes(content)
    path.chmod(0o600)
    assert "not a Strongroom vault" in refusal(path, key, VaultForeign)


def test_a_folder_is_no_vault(path: Path, key: KeyFile) -> None:
    path.mkdir(parents=True)
    assert "is a folder" in refusal(path, key, VaultForeign)


@pytest.mark.parametrize("pages_left", [1, 3])
def test_a_file_that_was_cut_short_is_called_that(pages_left: int, closed: Path, key: KeyFile) -> None:
    closed.write_bytes(closed.read_bytes()[: 4096 * pages_left + 7])
    assert "cut short" in refusal(closed, key, VaultDamaged)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("store_id", "'text'"),
        ("created", "x'00'"),
        *((column, "'text'") for column in ("epoch", "generation", "current", "history_limit")),
        *((column, "'text'") for column in ("audit_base", "key_check", "root")),
    ],
)
def test_a_file_whose_own_row_holds_another_type_is_damaged(
    closed: Path, key: KeyFile, edit: Callable[..., None], column: str, value: str
) -> None:
    edit(f"UPDATE vault SET {column} = {value}")
    with pytest.raises(VaultDamaged, match="is damaged or was cut short"):
        Vault.unlock(closed, [key])


def test_a_file_with_a_missing_table_is_damaged(closed: Path, edit: Callable[..., None]) -> None:
    edit("DROP TABLE version")
    with pytest.raises(VaultDamaged, match="is damaged or was cut short"), NamesReader.open(closed) as reader:
        reader.names("prod")


def test_a_later_format_asks_for_an_update(closed: Path, key: KeyFile, edit: Callable[..., None]) -> None:
    edit("PRAGMA user_version=2")
    assert "format 2" in refusal(closed, key, VaultNewer)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644, 0o666])
def test_a_vault_that_others_can_read_or_write_is_refused_with_the_command(
    mode: int, closed: Path, key: KeyFile
) -> None:
    closed.chmod(mode)
    message = refusal(closed, key, VaultExposed)
    assert f"{mode:04o}" in message
    assert f"chmod 600 {closed}" in message


@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777, 0o1777, 0o2770])
def test_a_folder_that_others_can_write_to_is_refused_and_never_to_be_changed(
    mode: int, closed: Path, key: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_is_own_group", lambda number: False)
    closed.parent.chmod(mode)
    message = refusal(closed, key, VaultExposed)
    assert "chmod" not in message
    assert "Keep the vault in a folder of your own, such as " in message


def test_the_folder_of_the_products_own_is_the_only_one_whose_mode_is_to_be_changed(
    tmp_path: Path, key: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    folder = tmp_path / "strongroom"
    folder.mkdir()
    folder.chmod(0o707)
    with pytest.raises(VaultExposed) as caught:
        Vault.create(folder / "vault.db", [key])
    assert caught.value.way_out == f"Run: chmod 700 {folder}"


def test_a_folder_of_the_users_own_group_is_as_private_as_one_without_it(
    closed: Path, key: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many systems give each user a group of the same name, and the umask 002."""
    closed.parent.chmod(0o775)
    me = pwd.getpwuid(os.geteuid())
    people = [me]
    group = grp.struct_group((me.pw_name, "x", closed.parent.stat().st_gid, []))
    monkeypatch.setattr(grp, "getgrgid", lambda number: group)
    monkeypatch.setattr(pwd, "getpwall", lambda: people)
    Vault.unlock(closed, [key]).close()
    for others in ("a member", "its primary group", "another name"):
        members = [me.pw_name, "bob"] if others == "a member" else []
        name = "staff" if others == "another name" else me.pw_name
        group = grp.struct_group((name, "x", closed.parent.stat().st_gid, members))
        bob = pwd.struct_passwd(("bob", "x", 4321, group.gr_gid, "", "/", "/bin/sh"))
        people = [me, bob] if others == "its primary group" else [me]
        assert "can be written to by others" in refusal(closed, key, VaultExposed), others


def test_no_vault_is_made_in_a_folder_that_others_can_write_to(tmp_path: Path, key: KeyFile) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o777)
    with pytest.raises(VaultExposed):
        Vault.create(tmp_path / "shared" / "vault.db", [key])
    assert list((tmp_path / "shared").iterdir()) == []


def test_a_symbolic_link_is_not_followed_to_the_vault(closed: Path, key: KeyFile) -> None:
    link = closed.with_name("link.db")
    link.symlink_to(closed)
    assert str(closed) in refusal(link, key, VaultExposed)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file away")
def test_a_vault_of_another_user_is_refused(closed: Path, key: KeyFile) -> None:
    os.chown(closed, 12345, 12345)
    assert "belongs to another user" in refusal(closed, key, VaultExposed)


def test_a_journal_that_somebody_laid_beside_the_vault_is_not_played_back(closed: Path, key: KeyFile) -> None:
    Path(f"{closed}-journal").symlink_to(closed.with_name("elsewhere"))
    assert "journal" in refusal(closed, key, VaultExposed)


def test_what_creation_makes_is_closed_to_others_whatever_the_umask(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        folder = tmp_path / "deep" / "store"
        with Vault.create(folder / "vault.db", [KeyFile(folder / "key")]) as vault:
            vault.add("prod", "api_key", Kind.SECRET, SecretValue("x"))
    finally:
        os.umask(old)
    assert {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()} == {
        "vault.db": 0o600,
        "key": 0o600,
    }
    assert folder.stat().st_mode & 0o777 == folder.parent.stat().st_mode & 0o777 == 0o700


def test_another_process_that_holds_the_vault_is_named_after_the_wait(
    closed: Path, key: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_connection, "BUSY_SECONDS", 0.05)
    with Vault.unlock(closed, [key]) as vault, closing(sqlite3.connect(closed)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(VaultBusy, match="Another process kept"):
            vault.get("prod", "api_key")
        with pytest.raises(VaultBusy):
            vault.set("prod", "api_key", SecretValue("new"))
        with pytest.raises(VaultBusy):
            NamesReader.open(closed)
        other.rollback()
        assert vault.get("prod", "api_key").reveal() == "kept"


def test_a_reader_that_does_not_let_go_makes_a_write_fail_whole(
    closed: Path, key: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_connection, "BUSY_SECONDS", 0.05)
    with Vault.unlock(closed, [key]) as vault, closing(sqlite3.connect(closed)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM entry").fetchall()
        with pytest.raises(VaultBusy):
            vault.set("prod", "api_key", SecretValue("new"))
        other.rollback()
        assert vault.get("prod", "api_key").reveal() == "kept"
        vault.set("prod", "api_key", SecretValue("new"))
        assert vault.get("prod", "api_key").reveal() == "new"


def test_a_full_disk_loses_nothing(closed: Path, key: KeyFile) -> None:
    with Vault.unlock(closed, [key]) as vault:
        pages = vault._ledger.connection.execute("PRAGMA page_count").fetchone()[0]
        vault._ledger.connection.execute(f"PRAGMA max_page_count={pages}")
        with pytest.raises(VaultStorage, match="disk is full"):
            vault.add("prod", "big", Kind.SECRET, SecretValue("x" * 100_000))
        assert vault.get("prod", "api_key").reveal() == "kept"
        assert vault.verify() == []
        vault._ledger.connection.execute("PRAGMA max_page_count=100000")
        vault.add("prod", "big", Kind.SECRET, SecretValue("x" * 100_000))
        assert vault.verify() == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_write_permission_is_said_so(closed: Path, key: KeyFile) -> None:
    closed.parent.chmod(0o500)
    try:
        with Vault.unlock(closed, [key]) as vault, pytest.raises(VaultStorage):
            vault.set("prod", "api_key", SecretValue("new"))
    finally:
        closed.parent.chmod(0o700)


@pytest.mark.parametrize(
    "name", ["a b.db", "a%20b.db", "a#b.db", "a?mode=memory.db", "ü🎉.db", "'.db", "a\nb.db"]
)
def test_a_path_may_hold_any_character(name: str, tmp_path: Path, key: KeyFile) -> None:
    path = tmp_path / name
    with Vault.create(path, [key]) as vault:
        vault.add("prod", "api_key", Kind.SECRET, SecretValue("x"))
    assert path.stat().st_size > 0
    with NamesReader.open(path) as reader:
        assert reader.communities() == ("prod",)
    path.chmod(0o644)
    with pytest.raises(VaultExposed):
        NamesReader.open(path)


def test_a_path_that_cannot_exist_is_a_missing_vault(key: KeyFile, closed: Path) -> None:
    refusal(closed / "below a file", key, VaultMissing)
    with pytest.raises(VaultError):
        NamesReader.open("a\0b")


def test_a_vault_that_was_put_into_wal_mode_is_brought_back(
    closed: Path, key: KeyFile, edit: Callable[..., None]
) -> None:
    edit("PRAGMA journal_mode=WAL")
    assert closed.read_bytes()[18] == 2
    with NamesReader.open(closed) as reader:
        assert reader.communities() == ("prod",)
    assert closed.read_bytes()[18] == 1
    edit("PRAGMA journal_mode=WAL")
    with Vault.unlock(closed, [key]) as vault:
        vault.set("prod", "api_key", SecretValue("new"))
    assert closed.read_bytes()[18] == 1
    assert sorted(file.name for file in closed.parent.iterdir()) == ["key", "vault.db"]


def test_both_kinds_of_connection_have_the_settings_that_lose_nothing(closed: Path) -> None:
    for write in (True, False):
        with closing(store_connection.connect(str(closed), write=write)) as connection:
            found = {
                name: connection.execute(f"PRAGMA {name}").fetchone()[0]
                for name in (
                    "journal_mode",
                    "synchronous",
                    "secure_delete",
                    "trusted_schema",
                    "cell_size_check",
                )
            }
            assert found == {
                "journal_mode": "delete",
                "synchronous": 3,
                "secure_delete": 1,
                "trusted_schema": 0,
                "cell_size_check": 1,
            }
            assert connection.execute("PRAGMA busy_timeout").fetchone()[0] == 10_000
            assert connection.execute("PRAGMA query_only").fetchone()[0] == (not write)


def test_no_mode_is_asked_for_where_files_have_none(
    closed: Path, key: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mounts, "file_system", lambda path: "exfat")
    closed.chmod(0o755)
    message = refusal(closed, key, VaultExposed)
    assert "chmod" not in message
    assert "keep it on another one" in message
