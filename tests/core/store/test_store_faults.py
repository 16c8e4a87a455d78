"""Kills, broken disks, full ones and power cuts at every single change of a file.

A small library (faults/shim.c) stands between the process and the system and strikes at the N-th write, sync,
truncation, deletion, link or renaming below the vault's folder; faults/driver.py does each operation with N
from 1 on; faults/power.py cuts the power. `STRONGROOM_LONG_TESTS=1` runs every kind of fault on every operation.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FAULTS = Path(__file__).parent / "faults"
RECOVERY = "recovery after a kill"
ALL: tuple[str, ...] = ()
LONG = bool(os.environ.get("STRONGROOM_LONG_TESTS"))
# One of each pattern of writes: the others differ in what is in the rows, and not in what is done to files.
MOST = ALL if LONG else (
    "add", "set", "rename", "delete", "restore a version", "rotate", "add a slot", "backup", "import", "merge a bundle",
    "restore a backup", "create", RECOVERY,
)  # fmt: skip
SOME = ALL if LONG else ("add", "backup")

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("cc") is None, reason="needs Linux and a C compiler"
)


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library, compiled; skipped where this Python does not load libraries in that way."""
    library = tmp_path_factory.mktemp("shim") / "shim.so"
    flags = ["-O1", "-U_FORTIFY_SOURCE", "-shared", "-fPIC"]
    subprocess.run(["cc", *flags, "-o", library, FAULTS / "shim.c", "-ldl"], check=True)
    return library


@pytest.fixture
def fast_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: nothing here depends on a real disk."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    folder = memory / f"strongroom-faults-{os.getpid()}-{tmp_path.name[:40]}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def strike(shim: Path, folder: Path, mode: str, names: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, FAULTS / "driver.py", shim, folder, mode, *names],
        env={**os.environ, "LD_PRELOAD": str(shim)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    results: dict[str, dict[str, Any]] = json.loads(done.stdout)
    for name, result in results.items():
        assert result["wrong"] == [], name
        assert result["changes"] >= (1 if mode == "read-error" else 8), (
            f"{name}: the library does not see what happens"
        )
        assert sum(result["outcomes"].values()) == result["changes"], name
    return results


def test_a_kill_at_any_write_leaves_each_operation_done_or_not_begun(shim: Path, fast_folder: Path) -> None:
    results = strike(shim, fast_folder, "kill", MOST)
    assert len(results) == (21 if LONG else 13)
    for name, result in results.items():
        # Some kills come before the commit and some after it, or the N-th change was not where it was thought.
        assert result["outcomes"]["before"] > 0, name
        assert result["outcomes"]["after"] > 0 or name == RECOVERY


def test_a_kill_in_the_middle_of_a_write_leaves_no_half_of_it(shim: Path, fast_folder: Path) -> None:
    strike(shim, fast_folder, "tear", SOME)


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("io-error", "Reading or writing {vault} failed."),
        ("io-errors", "Reading or writing {vault} failed."),
        ("full-disk", "The disk is full: {vault} could not be written."),
        ("read-error", "Reading or writing {vault} failed."),
    ],
)
def test_a_disk_that_fails_at_any_write_or_read_is_one_clear_message_and_loses_nothing(
    mode: str, said: str, shim: Path, fast_folder: Path
) -> None:
    results = strike(shim, fast_folder, mode, SOME)
    expected = said.format(vault=fast_folder / "work" / "vault.db")
    assert any(message.startswith(expected) for message in results["add"]["messages"])
    for result in results.values():
        assert result["messages"]


def cut_power(shim: Path, folder: Path, setting: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, FAULTS / "power.py", shim, folder, setting, "4000" if LONG else "250", "1"],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    assert result["acknowledged"] == 8
    assert result["cuts"] >= 250
    return result


def test_no_power_cut_loses_an_acknowledged_write_or_breaks_the_vault(shim: Path, fast_folder: Path) -> None:
    result = cut_power(shim, fast_folder, "EXTRA")
    assert (result["lost"], result["broken"]) == (0, 0)


@pytest.mark.parametrize("setting", ["FULL", "OFF"])
def test_the_simulated_power_cuts_find_what_weaker_settings_lose(
    setting: str, shim: Path, fast_folder: Path
) -> None:
    result = cut_power(shim, fast_folder, setting)
    assert result["lost"] > 0
    assert result["broken"] > 0 or setting == "FULL"
