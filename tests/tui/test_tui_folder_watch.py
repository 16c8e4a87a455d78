"""Looking whether files changed: everything is noticed, and at rest nothing is walked."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from strongroom.errors import StrongroomError
from strongroom_tui import folder_watch
from strongroom_tui.folder_watch import SHARE, FolderWatch

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


def test_at_rest_no_folder_is_walked(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = FolderWatch(str(site))
    before = watch.look()

    def refuse(*_: object, **__: object) -> list[str]:
        raise AssertionError("walked")

    monkeypatch.setattr(folder_watch, "find_connector_files", refuse)
    assert watch.look() == before


def test_the_pause_is_as_much_longer_as_the_look_costs(site: Path) -> None:
    ticks = iter((0.0, 0.02, 1.0, 1.001))
    watch = FolderWatch(str(site), lambda: next(ticks))
    watch.look()
    assert watch.seconds == pytest.approx(0.02 / SHARE)
    watch.look()
    assert watch.seconds == pytest.approx(0.001 / SHARE)


def test_a_folder_that_is_gone_is_an_error_and_is_seen_again_when_it_is_back(site: Path) -> None:
    watch = FolderWatch(str(site))
    before = watch.look()
    away = site.with_name("away")
    site.rename(away)
    with pytest.raises(StrongroomError):
        watch.look()
    away.rename(site)
    assert watch.look().keys() == before.keys()
