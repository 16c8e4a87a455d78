"""Earlier values and deleted entries on the command line; what is doubted, left over or replaced."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def vault(strongroom):
    assert strongroom("vault", "init", "--key-file", str(strongroom.key_file)).status == 0
    for kind, name in (("secret", "token"), ("variable", "base_url")):
        assert strongroom(kind, "add", name, "--community", "prod", given="first").status == 0
        assert strongroom(kind, "set", name, given="second").status == 0
    return strongroom


KINDS = [("secret", "token"), ("variable", "base_url")]


@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_a_deleted_entry_is_listed_brought_back_and_purged(kind: str, name: str, vault) -> None:
    ran = vault(kind, "delete", name, "--yes")
    assert f"until `strongroom {kind} purge {name}`" in ran.out
    assert name in vault(kind, "deleted").out
    listed = json.loads(vault(kind, "deleted", "--format", "json").out)
    assert [(one["name"], one["kind"]) for one in listed] == [(name, kind)]
    assert vault(kind, "restore", name).out == f'Restored {kind} {name} in community "prod".\n'
    assert "No deleted" in vault(kind, "deleted").out
    assert [
        version["number"] for version in json.loads(vault(kind, "history", name, "--format", "json").out)
    ] == [
        2,
        1,
    ]
    assert (
        vault(kind, "restore", name, "1").out == f'Restored version 1 of {kind} {name} in community "prod".\n'
    )
    assert vault(kind, "delete", name, "--yes").status == 0
    ran = vault(kind, "purge", name, "--yes")
    assert ran.status == 0
    assert "Backups made before still hold it" in ran.out
    assert "No deleted" in vault(kind, "deleted").out
    assert vault(kind, "restore", name).status == 2
    assert vault("vault", "verify").status == 0


@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_an_entry_in_use_is_purged_only_with_a_yes(kind: str, name: str, vault) -> None:
    ran = vault(kind, "purge", name)
    assert ran.status == 2
    assert "with its 2 kept values" in ran.err
    assert "--yes" in ran.err
    assert vault(kind, "show", name).status == 0
    assert vault(kind, "purge", name, "--yes").status == 0
    assert vault(kind, "show", name).status == 2
    assert vault(kind, "restore", name).status == 2


def test_the_deleted_one_of_a_name_can_be_purged_alone(vault) -> None:
    vault("secret", "delete", "token", "--yes")
    vault("secret", "add", "token", given="in use")
    ran = vault("secret", "purge", "token")
    assert "and the deleted one of that name" in ran.err
    assert vault("secret", "purge", "token", "--deleted", "--yes").status == 0
    assert "No deleted" in vault("secret", "deleted").out
    assert vault("secret", "show", "token", "--reveal").out == "in use"
    ran = vault("secret", "purge", "token", "--deleted", "--yes")
    assert ran.status == 2
    assert 'no deleted secret "token"' in ran.err


def test_no_command_takes_an_entry_of_the_other_kind(vault) -> None:
    for command in (["purge", "base_url", "--yes"], ["history", "base_url"], ["restore", "base_url", "1"]):
        ran = vault("secret", *command)
        assert ran.status == 2
        assert '"base_url" is a variable, not a secret' in ran.err
    vault("variable", "delete", "base_url", "--yes")
    ran = vault("secret", "restore", "base_url")
    assert ran.status == 2
    assert '"base_url" is a deleted variable, not a secret' in ran.err
    assert "strongroom variable restore base_url" in ran.err
    assert vault("secret", "purge", "base_url", "--yes").status == 2
    assert vault("variable", "restore", "base_url").status == 0


def test_a_name_that_is_not_there_comes_with_the_nearest(vault) -> None:
    ran = vault("secret", "purge", "tokne", "--yes")
    assert ran.status == 2
    assert 'no secret "tokne"' in ran.err
    assert "token" in ran.err


def test_help_says_what_a_delete_keeps(vault) -> None:
    for kind in ("secret", "variable"):
        said = " ".join(vault(kind, "delete", "--help").out.split())
        assert f"`{kind} restore` brings it back, `{kind} purge` removes it for good" in said


def test_verify_and_doctor_say_why_they_doubt_a_file(vault) -> None:
    old = vault.vault.with_name("old")
    shutil.copy2(vault.vault, old)
    vault("secret", "set", "token", given="newer")
    newest = vault.vault.with_name("newest")
    shutil.copy2(vault.vault, newest)
    shutil.copy2(old, vault.vault)
    for command in (["vault", "verify"], ["doctor"]):
        ran = vault(*command)
        assert ran.status == 1
        assert "is not the newest state of this vault" in ran.out
        assert "nothing was changed elsewhere" not in ran.out
        assert "opens without a question" not in ran.out
    shutil.copy2(newest, vault.vault)
    ran = vault("secret", "show", "token", "--reveal")
    assert (ran.status, ran.out) == (0, "newer")
    assert "another file was in its place" in ran.err
    assert vault("secret", "show", "token", "--reveal").err == ""
    shutil.copy2(old, vault.vault)
    assert vault("vault", "verify", "--accept").status == 0
    assert vault("doctor").status == 0


def test_an_altered_vault_has_no_line_that_it_opens(vault) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(vault.vault)) as connection:
        connection.execute("UPDATE entry SET note = 'x'")
        connection.commit()
    ran = vault("doctor")
    assert ran.status == 1
    assert "opens without a question" not in ran.out


def test_a_state_folder_that_cannot_be_written_is_said_on_standard_error_only(vault) -> None:
    (vault.folder / "file").write_text("not a folder")
    nowhere = {"XDG_STATE_HOME": str(vault.folder / "file")}
    ran = vault("secret", "show", "token", "--reveal", environment=nowhere)
    assert (ran.status, ran.out) == (0, "second")
    assert ran.err.count("will not be noticed") == 1
    ran = vault("doctor", environment=nowhere)
    assert ran.status == 1
    assert ran.out.count("will not be noticed") == 1


def test_restore_says_what_it_replaces_and_that_it_is_another_vault(vault) -> None:
    backup = vault.vault.with_name("backup.db")
    assert vault("vault", "backup", str(backup)).status == 0
    vault("secret", "set", "token", given="newer")
    said = vault("vault", "restore", str(backup)).out
    assert f'It takes the place of "{vault.vault}", which holds 2 entries of 1 community' in said
    assert "That one is newer, by 1 change that the backup does not have." in said
    other = vault.vault.with_name("other.db")
    elsewhere = {"STRONGROOM_VAULT": str(other)}
    vault("vault", "init", "--key-file", str(vault.key_file), environment=elsewhere)
    said = vault("vault", "restore", str(other)).out
    assert "That is a different vault" in said
    assert vault("secret", "show", "token", "--reveal").out == "newer"


def test_replaced_vaults_are_named_by_doctor_and_by_rotate(vault) -> None:
    backup = vault.vault.with_name("backup.db")
    vault("vault", "backup", str(backup))
    vault("vault", "restore", str(backup), "--yes")
    (replaced,) = vault.vault.parent.glob("vault.db.replaced-*")
    for command in (["doctor"], ["vault", "rotate", "--yes"]):
        ran = vault(*command)
        assert ran.status == 0, ran.err
        assert f"rm {replaced}" in ran.out


# --- an export that a kill interrupts

KILLED = """
import os, signal, sys
from strongroom.store.file import files
from strongroom.transfer import exporting
where = sys.argv[1]
def kill(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
if where != "unnamed":
    exporting._write_unnamed = lambda path, data: False
os.link = kill
exporting.write_new_file(sys.argv[2], b"token=in-clear")
"""


def interrupt_export(folder: Path, where: str) -> Path:
    target = folder / "s.env"
    done = subprocess.run(
        [sys.executable, "-c", KILLED, where, str(target)], check=False, capture_output=True
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert not target.exists()
    return target


def in_clear(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file() and b"in-clear" in file.read_bytes()]


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="files without a name are Linux's")
def test_a_killed_export_leaves_nothing_where_files_need_no_name(tmp_path: Path) -> None:
    try:
        os.close(os.open(tmp_path, os.O_TMPFILE | os.O_RDWR, 0o600))
    except OSError:
        pytest.skip("this file system has no files without a name")
    interrupt_export(tmp_path, "unnamed")
    assert in_clear(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="kills with a POSIX signal")
def test_elsewhere_doctor_names_what_is_left_and_the_next_export_removes_it(vault) -> None:
    interrupt_export(vault.folder, "named")
    (left,) = in_clear(vault.folder)
    assert left.stat().st_mode & 0o777 == 0o600
    ran = vault("doctor")
    assert ran.status == 1
    assert f"rm {left}" in ran.out
    other = vault.folder / "file.exporting-notours"
    other.write_text("of somebody else")
    assert vault("secret", "export", str(vault.folder / "t.env"), "--plain").status == 0
    assert not left.exists()
    assert other.exists()
    assert vault("doctor").status == 0


@pytest.mark.skipif(sys.platform == "win32", reason="locks are POSIX's")
def test_an_export_that_is_being_written_is_not_removed_by_another(vault) -> None:
    from strongroom.store.file import leftovers

    unfinished = vault.folder / "s.env.exporting-0123456789ab"
    with os.fdopen(os.open(unfinished, os.O_RDWR | os.O_CREAT, 0o600), "wb") as file:
        leftovers.hold(file.fileno())
        assert vault("secret", "export", str(vault.folder / "t.env"), "--plain").status == 0
        assert unfinished.exists()
        assert str(unfinished) not in vault("doctor").out
    assert vault("secret", "export", str(vault.folder / "u.env"), "--plain").status == 0
    assert not unfinished.exists()
