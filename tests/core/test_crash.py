"""Crash reports: types and places of all exceptions, no value, for the user's eyes only, and only the newest."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from strongroom.crash import KEPT, describe, write_crash

CANARY = "canary-value"


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "strongroom"


def raised(work: Callable[[], object]) -> BaseException:
    with pytest.raises(BaseException) as caught:
        work()
    return caught.value


def fail_with_a_cause() -> None:
    try:
        raise ValueError(CANARY)
    except ValueError as error:
        raise KeyError(CANARY) from error


def fail_as_a_group() -> None:
    raise ExceptionGroup(CANARY, [raised(fail_with_a_cause), TypeError(CANARY)])


def test_a_report_has_causes_and_members_of_groups_without_any_value() -> None:
    lines = list(describe(raised(fail_as_a_group), "command test"))
    text = "\n".join(lines)
    for kind in ("ExceptionGroup", "KeyError", "ValueError", "TypeError"):
        assert lines.count(f"builtins.{kind}") == 1
    assert "during: command test" in lines
    assert " in fail_with_a_cause" in text
    assert CANARY not in text
    assert str(Path(__file__).parents[2]) not in text


def test_exceptions_that_name_each_other_are_described_once() -> None:
    first, second = ValueError(CANARY), KeyError(CANARY)
    second.__cause__ = first
    first.__context__ = second
    lines = list(describe(second, "command check"))
    assert lines.count("builtins.ValueError") == lines.count("builtins.KeyError") == 1


def test_a_report_is_in_the_state_folder_for_its_owner_only(state: Path) -> None:
    sentence = write_crash(raised(fail_with_a_cause), "terminal app")
    (file,) = state.iterdir()
    assert str(file) in sentence
    assert CANARY not in sentence + file.read_text()
    assert os.name == "nt" or stat.S_IMODE(file.stat().st_mode) == 0o600


def test_only_the_newest_reports_stay(state: Path) -> None:
    state.mkdir(parents=True)
    older = [state / f"crash-20260101T0000{second:02}Z-1.txt" for second in range(KEPT + 2)]
    for file in (*older, state / "something-else.txt"):
        file.write_text("")
    write_crash(ValueError(), "terminal app")
    assert not any(file.exists() for file in older[:3])
    assert all(file.exists() for file in older[3:])
    assert (state / "something-else.txt").exists()


def test_a_report_that_cannot_be_written_is_said_to_be_missing(state: Path) -> None:
    state.parent.write_text("a file where the folder would be")
    assert "no crash report could be written" in write_crash(ValueError(CANARY), "terminal app")
