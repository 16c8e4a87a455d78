"""Files of Strongroom's own that are left over: which are found, and which are left alone."""

import os
from pathlib import Path

import pytest

from strongroom.store.file import leftovers

pytestmark = pytest.mark.skipif(os.name == "nt", reason="modes and locks are POSIX's")


def file(path: Path, mode: int = 0o600) -> Path:
    path.touch()
    path.chmod(mode)
    return path


@pytest.fixture
def left(tmp_path: Path) -> list[Path]:
    """Unfinished files that nobody writes, and others that look like them."""
    for name in (
        "v.db.new-0123456789a",
        "v.db.new-0123456789AB",
        ".new-0123456789ab",
        "notes.exporting-notours",
    ):
        file(tmp_path / name)
    file(tmp_path / "read.exporting-0123456789ab", 0o640)
    file(tmp_path / "run.exporting-0123456789ab", 0o601)
    (tmp_path / "folder.exporting-0123456789ab").mkdir(0o700)
    names = ("a\nb.exporting-0123456789ab", "v.db.new-0123456789ab", "v.db.new-0123456789ab-journal")
    found = [file(tmp_path / name) for name in names]
    (tmp_path / "link.exporting-0123456789ab").symlink_to(found[0])
    return found


def test_private_files_that_nobody_writes_are_found(
    tmp_path: Path, left: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert leftovers.find_unfinished(str(tmp_path)) == [str(path) for path in left]
    monkeypatch.chdir(tmp_path)
    assert leftovers.find_unfinished("") == [path.name for path in left]
    assert leftovers.find_unfinished(str(tmp_path / "missing")) == []


def test_a_file_that_is_being_written_is_no_leftover(tmp_path: Path, left: list[Path]) -> None:
    for path in left:
        with path.open("wb") as held:
            leftovers.hold(held.fileno())
            assert leftovers.is_held(str(path))
            assert str(path) not in leftovers.find_unfinished(str(tmp_path))
            leftovers.sweep_exports(str(tmp_path))
        assert path.exists()
    assert leftovers.is_held(str(tmp_path / "gone"))


def test_only_unfinished_exports_are_removed(tmp_path: Path, left: list[Path]) -> None:
    before = {path.name for path in tmp_path.iterdir()}
    leftovers.sweep_exports(str(tmp_path))
    assert before - {path.name for path in tmp_path.iterdir()} == {left[0].name}
    name = leftovers.exporting_name(str(tmp_path / "x.env"))
    file(Path(name))
    leftovers.sweep_exports(str(tmp_path))
    assert not Path(name).exists()


def test_replaced_vaults_are_found_by_the_name_of_their_vault(tmp_path: Path) -> None:
    for name in ("v.db", "v.db.replaced-2", "v.db.replaced-1", "w.db.replaced-1", "v.db.other"):
        file(tmp_path / name)
    found = leftovers.find_replaced(str(tmp_path / "v.db"))
    assert found == [str(tmp_path / "v.db.replaced-1"), str(tmp_path / "v.db.replaced-2")]
