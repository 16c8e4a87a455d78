"""Looking whether files changed: everything is noticed, and at rest nothing is walked."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from strongroom.names import NO_NAMES
from strongroom.settings.model import Settings
from strongroom_tui.model.connectors.folder_watch import SHARE, FolderWatch
from strongroom_tui.model.connectors.workspace_view import Checks, scan

LONG_AGO = 1_600_000_000


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for part in ("a", "b/c"):
        (tmp_path / part).mkdir(parents=True)
        (tmp_path / part / "connectors.json").write_text("{}")
    for path in (tmp_path, *tmp_path.rglob("*")):
        os.utime(path, (LONG_AGO, LONG_AGO))
    return tmp_path


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file's text": lambda site: (site / "a" / "connectors.json").write_text("{ }"),
    "a new file": lambda site: (site / "a" / "x.connectors.json").write_text("{}"),
    "a file in a new folder": lambda site: (
        (site / "b" / "n" / "m").mkdir(parents=True),
        (site / "b" / "n" / "m" / "connectors.json").write_text("{}"),
    ),
    "a removed file": lambda site: (site / "b" / "c" / "connectors.json").unlink(),
    "a renamed file": lambda site: (site / "a" / "connectors.json").rename(site / "a" / "y.connectors.json"),
    "a renamed folder": lambda site: (site / "b" / "c").rename(site / "b" / "d"),
    "a file that was put in the place of another": lambda site: (
        (site / "a" / "new").write_text("{}  "),
        os.replace(site / "a" / "new", site / "a" / "connectors.json"),
    ),
    "a folder that became a Python environment": lambda site: (site / "a" / "pyvenv.cfg").write_text(""),
}


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_is_seen_at_the_next_look(site: Path, change: str) -> None:
    watch = FolderWatch(str(site))
    before = watch.look()
    assert watch.look() == before
    CHANGES[change](site)
    assert watch.look() != before


def test_a_second_change_in_the_same_tick_of_the_file_system_is_seen(site: Path) -> None:
    watch = FolderWatch(str(site))
    (site / "a" / "x.connectors.json").write_text("{}")
    status = (site / "a").stat()
    watch.look()
    (site / "a" / "y.connectors.json").write_text("{}")
    os.utime(site / "a", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert str(site / "a" / "y.connectors.json") in watch.look()


def test_at_rest_no_folder_is_read(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = FolderWatch(str(site))
    before = watch.look()

    def refuse(path: str) -> object:
        raise AssertionError(f"read {path}")

    monkeypatch.setattr(os, "scandir", refuse)
    assert watch.look() == before


def test_a_look_sees_the_files_that_a_scan_reads(site: Path) -> None:
    (site / "a" / "link.connectors.json").symlink_to(site / "b" / "c" / "connectors.json")
    (site / "dangling.connectors.json").symlink_to(site / "nowhere")
    view = scan(str(site), Checks(Settings(str(site))), NO_NAMES)
    assert FolderWatch(str(site)).look() == view.stamps


def test_the_pause_is_as_much_longer_as_the_look_costs(site: Path) -> None:
    ticks = iter((0.0, 5.0, 10.0, 10.02, 20.0, 20.001))
    watch = FolderWatch(str(site), lambda: next(ticks))
    watch.look()
    assert watch.seconds == 0.0  # the first look reads all folders, and the next will not
    watch.look()
    assert watch.seconds == pytest.approx(0.02 / SHARE)
    watch.look()
    assert watch.seconds == pytest.approx(0.001 / SHARE)


def test_a_folder_that_is_gone_has_no_files_and_is_seen_again_when_it_is_back(site: Path) -> None:
    watch = FolderWatch(str(site))
    before = watch.look()
    away = site.with_name("away")
    site.rename(away)
    assert watch.look() == {}
    away.rename(site)
    assert watch.look().keys() == before.keys()
