"""Files above a folder: whose files count, in which folders."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from strongroom.files import paths

ME, OTHER, ROOT = 1000, 2000, 0
NAME = "strongroom.toml"

Owned = Callable[[dict[str, int]], None]


@pytest.fixture
def owned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Owned:
    """Says whose each path is; all else below the test's folder is mine."""
    owners: dict[str, int] = {}
    monkeypatch.setattr(os, "geteuid", lambda: ME, raising=False)
    monkeypatch.setattr(paths, "_owner", lambda path: owners.get(os.path.relpath(path, tmp_path), ME))
    return owners.update


@pytest.fixture
def below(tmp_path: Path) -> Path:
    """A folder two levels below a settings file."""
    folder = tmp_path / "shared" / "mine" / "project"
    folder.mkdir(parents=True)
    (tmp_path / "shared" / NAME).write_text("")
    return folder


@pytest.mark.parametrize(
    ("owners", "counts"),
    [
        ({}, True),
        ({"shared/strongroom.toml": ROOT}, True),
        ({"shared/strongroom.toml": OTHER}, False),
        ({"shared/strongroom.toml": OTHER, "shared": OTHER}, False),
        ({"shared/strongroom.toml": OTHER, "shared": OTHER, "shared/mine": OTHER}, False),
        # The folder of somebody else, in which I stand on purpose.
        (dict.fromkeys(("shared/strongroom.toml", "shared/mine", "shared/mine/project"), OTHER), True),
    ],
)
def test_a_file_of_another_user_above_counts_in_that_users_folders_only(
    owners: dict[str, int], counts: bool, owned: Owned, below: Path, tmp_path: Path
) -> None:
    owned(owners)
    file = str(tmp_path / "shared" / NAME)
    assert paths.find_above(str(below), NAME) == (file if counts else None)
    assert paths.find_foreign_above(str(below), NAME) == (None if counts else file)


def test_a_file_in_the_folder_itself_counts_whosoever_it_is(owned: Owned, below: Path) -> None:
    owned({"shared/strongroom.toml": OTHER})
    assert paths.find_above(str(below.parents[1]), NAME) is not None


def test_remembered_answers_are_the_same_in_any_order(owned: Owned, below: Path) -> None:
    owned({"shared/strongroom.toml": OTHER, "shared": OTHER})
    folders = [below, below.parent, below.parents[1]]
    for order in (folders, folders[::-1]):
        known: dict[tuple[str, str], str | None] = {}
        for folder in order:
            assert paths.find_above(str(folder), NAME, known) == paths.find_above(str(folder), NAME)
