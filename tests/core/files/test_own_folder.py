"""The folder `.strongroom` below a person's files."""

import stat
from pathlib import Path

import pytest

from strongroom.files.own_folder import make_own_folder


def test_it_is_private_and_kept_out_of_git(tmp_path: Path) -> None:
    made = Path(make_own_folder(str(tmp_path), "captures"))
    assert made == tmp_path / ".strongroom" / "captures"
    for folder in (made, made.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (tmp_path / ".strongroom" / ".gitignore").read_text() == "*\n"
    assert make_own_folder(str(tmp_path), "captures") == str(made)


def test_a_folder_that_others_could_read_is_closed(tmp_path: Path) -> None:
    (tmp_path / ".strongroom" / "reports").mkdir(parents=True)
    (tmp_path / ".strongroom" / "reports").chmod(0o755)
    made = Path(make_own_folder(str(tmp_path), "reports"))
    assert stat.S_IMODE(made.stat().st_mode) == 0o700


@pytest.mark.parametrize("link", [".strongroom", ".strongroom/captures"])
def test_a_link_in_its_place_is_refused(tmp_path: Path, link: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / link).parent.mkdir(exist_ok=True)
    (tmp_path / link).symlink_to(elsewhere)
    with pytest.raises(NotADirectoryError):
        make_own_folder(str(tmp_path), "captures")
    assert list(elsewhere.iterdir()) == []
