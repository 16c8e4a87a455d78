"""Whole files: what is written is all of it or nothing, and the first error is the one that is told."""

import ast
import errno
import os
import re
import stat
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from strongroom.errors import StrongroomError
from strongroom.files.writing import create, remove_leftovers, write_whole
from strongroom.resolver.reports.recording import NotingValues, write_recording
from strongroom.resolver.templates.values import MappingValues
from strongroom.settings.writing import write_setting
from strongroom.store.file.seen import SeenState, seen_path, write_seen
from strongroom.workspace import read_source, staged_files
from strongroom.workspace.files import write_source
from strongroom.workspace.renaming import plan_rename
from strongroom_cli.check.baseline import write_baseline
from strongroom_tui.model.runs.remembered import RememberedInputs

ROOT = Path(__file__).parents[3]
CONNECTOR = """[{"name": "a", "permalink": "a", "url": "https://x.test/{{ get_secret('old') }}"}]\n"""


def test_a_whole_file_keeps_its_permissions_and_the_link_that_leads_to_it(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to(file)
    write_whole(str(link), b"new")
    assert link.is_symlink()
    assert file.read_text() == "new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert sorted(os.listdir(tmp_path)) == ["file", "link"]


def test_a_new_file_can_be_private(tmp_path: Path) -> None:
    write_whole(str(tmp_path / "file"), b"new", mode=0o600)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600


def test_a_file_of_ours_is_replaced_and_not_written_through_another_name(tmp_path: Path) -> None:
    file, other = tmp_path / "file", tmp_path / "other"
    file.write_text("old")
    os.link(file, other)
    write_whole(str(file), b"new", mode=0o600)
    assert (file.read_text(), other.read_text()) == ("new", "old")


@pytest.mark.parametrize("text", ["a longer text than the old one", "b"])
def test_a_persons_file_keeps_all_its_names(tmp_path: Path, text: str) -> None:
    file, other = tmp_path / "connectors.json", tmp_path / "other"
    file.write_text("the old text")
    os.link(file, other)
    write_source(read_source(str(file)), text)
    assert (file.read_text(), other.read_text()) == (text, text)
    assert file.stat().st_ino == other.stat().st_ino
    assert sorted(os.listdir(tmp_path)) == ["connectors.json", "other"]


def test_a_file_with_several_names_has_its_old_text_where_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, other = tmp_path / "file", tmp_path / "other"
    file.write_text("the old text")
    os.link(file, other)
    write, written = os.write, []

    def once_cut_short(descriptor: int, data: bytes) -> int:
        written.append(data)
        return write(descriptor, data[:3] if len(written) == 1 else data)

    monkeypatch.setattr(os, "write", once_cut_short)
    with pytest.raises(OSError, match="not written whole"):
        write_whole(str(file), b"a new and longer text")
    assert file.read_text() == "the old text"
    assert sorted(os.listdir(tmp_path)) == ["file", "other"]


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_whole(str(pipe), b"new")
        assert os.read(reader, 10) == b"new"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_new_file_takes_nobodys_place(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "missing")
    for name in ("file", "link"):
        with pytest.raises(FileExistsError):
            create(str(tmp_path / name), b"new")
    assert (tmp_path / "file").read_text() == "old"
    assert not (tmp_path / "missing").exists()


def test_removing_what_is_not_there_or_cannot_be_removed_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    remove_leftovers(str(tmp_path / "missing"), str(tmp_path / "folder"))
    assert (tmp_path / "folder").exists()


# -- every writer of whole files ------------------------------------------------------


def setting(folder: Path) -> None:
    write_setting(str(folder / "strongroom.toml"), "app", "lock-after", 60)


def source(folder: Path) -> None:
    found = read_source(str(folder / "connectors.json"))
    write_source(found, found.text + "\n")


def rename(folder: Path) -> None:
    files = plan_rename([str(folder / "connectors.json")], "old", "new").files
    staged = staged_files.describe(files)
    staged_files.stage(staged, files)
    staged_files.replace(staged)


def recording(folder: Path) -> None:
    write_recording(str(folder / "recording.json"), [], NotingValues(MappingValues({}, {})))


def baseline(folder: Path) -> None:
    write_baseline(str(folder / "baseline.json"), [])


def remembered(folder: Path) -> None:
    inputs = RememberedInputs(str(folder))
    inputs.keep("connectors.json", "a", {"path:city": "lisbon"}, ())
    inputs.save()


def seen(folder: Path) -> None:
    write_seen(str(folder / "vault.db"), SeenState(b"1" * 16, 1, b"2" * 32))
    assert not os.path.exists(seen_path(str(folder / "vault.db")))


WRITERS = [setting, source, rename, recording, baseline, remembered, seen]
ERRORS = [errno.EROFS, errno.EACCES, errno.ENOSPC, errno.EIO]


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.__name__)
@pytest.mark.parametrize("error", ERRORS, ids=lambda number: errno.errorcode[number])
@pytest.mark.parametrize("where", [("open", "fsync"), ("replace",)], ids=["writing", "replacing"])
def test_what_cannot_be_written_ends_in_a_sentence_although_cleaning_up_fails_too(
    writer: Callable[[Path], None],
    error: int,
    where: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "connectors.json").write_text(CONNECTOR)
    (tmp_path / "strongroom.toml").write_text("[app]\nlock-after = 5\n")

    def refuse(*_args: object, **_named: object) -> None:
        raise OSError(error, os.strerror(error))

    for call in where:
        monkeypatch.setattr(os, call, refuse)
    monkeypatch.setattr(os, "unlink", refuse)
    silent = writer in (remembered, seen)  # without them everything else works
    # Whoever records says it: there the error itself is the right one.
    expected = OSError if writer is recording else StrongroomError
    with nullcontext() if silent else pytest.raises(expected, match=re.escape(os.strerror(error))):
        writer(tmp_path)
    assert (tmp_path / "connectors.json").read_text() == CONNECTOR
    assert "lock-after = 5" in (tmp_path / "strongroom.toml").read_text()


def test_no_clean_up_can_raise_over_the_error_that_it_cleans_up_after() -> None:
    raising = {"unlink", "remove", "rmdir", "replace", "rename"}
    found = []
    for path in sorted(
        path for part in ("core", "cli", "lsp", "tui") for path in (ROOT / part).rglob("*.py")
    ):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Try):
                continue
            for inner in (one for final in node.finalbody for one in ast.walk(final)):
                if isinstance(inner, ast.Attribute) and inner.attr in raising:
                    found.append(f"{path.relative_to(ROOT)}:{inner.lineno} {inner.attr}")
    assert found == [], "use strongroom.files.writing.remove_leftovers"
