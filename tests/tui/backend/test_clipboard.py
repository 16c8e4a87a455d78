"""The clipboard: which way is taken, that it is cleared by a process of its own, and only while it is still ours."""

import os
import shutil
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tui_support import CANARY, MemorySession, ready, screen_text, see, until

from strongroom.values.secret_value import SecretValue
from strongroom_tui.app import StrongroomApp
from strongroom_tui.backend import clipboard
from strongroom_tui.backend.clipboard import TERMINAL, CannotCopy, Clipboard, ways_here

Make = Callable[..., StrongroomApp]

PROGRAM = """#!/bin/sh
# A clipboard in a file: copies from its input, pastes, or clears.
case "$*" in
  *--no-newline*|*-out*|*--output*) cat "$CLIPBOARD_FILE" ;;
  *--clear*) : > "$CLIPBOARD_FILE" ;;
  *) cat > "$CLIPBOARD_FILE" ;;
esac
"""


@pytest.fixture
def guards_end(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """End the processes that would clear a clipboard later: they outlive the app, and so its test."""
    guards: list[subprocess.Popen[bytes]] = []
    begin = subprocess.Popen

    def begin_and_note(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        guards.append(begin(*arguments, **options))
        return guards[-1]

    monkeypatch.setattr(clipboard.subprocess, "Popen", begin_and_note)
    yield
    for guard in guards:
        guard.kill()
        guard.wait()


@pytest.fixture
def board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, guards_end: None) -> Path:
    """A stand-in for wl-copy and wl-paste, alone on the path; gives the file with what was copied."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("wl-copy", "wl-paste"):
        (programs / name).write_text(PROGRAM)
        (programs / name).chmod(0o700)
    file = tmp_path / "clipboard"
    file.write_text("")
    for name in ("DISPLAY", "TMUX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLIPBOARD_FILE", str(file))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    return file


def wait_until_empty(file: Path) -> None:
    end = time.monotonic() + 10
    while file.read_text():
        assert time.monotonic() < end, "never cleared"
        time.sleep(0.02)


def test_a_copied_value_is_cleared_by_another_process(board: Path) -> None:
    held = Clipboard(0.2)
    assert held.copy(SecretValue(CANARY)) == ("wl-copy", True, "")
    assert board.read_text() == CANARY
    del held
    wait_until_empty(board)


def test_only_what_is_still_ours_is_cleared(board: Path) -> None:
    held = Clipboard(60)
    held.copy(SecretValue(CANARY))
    board.write_text("something else")
    assert held.clear() is False
    assert board.read_text() == "something else"
    held.copy(SecretValue(CANARY))
    assert held.clear() is True
    assert board.read_text() == ""
    assert held.clear() is False


def test_the_value_is_in_no_argument_and_no_memory_of_the_guard(
    board: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    given: list[bytes] = []

    class Guard:
        def __init__(self, command: list[str], **_: object) -> None:
            started.append(command)
            self.stdin = self

        def write(self, data: bytes) -> None:
            given.append(data)

        def close(self) -> None:
            pass

    monkeypatch.setattr(clipboard.subprocess, "Popen", Guard)
    monkeypatch.setattr(clipboard, "_run", lambda command, data=None: b"")
    Clipboard(1).copy(SecretValue(CANARY))
    assert CANARY not in str(started)
    assert CANARY.encode() not in given[0]


def test_a_program_that_fails_gives_way_to_the_next_and_at_last_to_the_terminal(board: Path) -> None:
    (board.parent / "bin" / "wl-copy").write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(CannotCopy, match="No clipboard"):
        Clipboard(1).copy(SecretValue("x"))
    written: list[str] = []
    held = Clipboard(1, written.append)
    assert held.copy(SecretValue("hi")) == (TERMINAL, False, "")
    assert written == ["\x1b]52;c;aGk=\x07"]
    assert held.clear() is True
    assert written[-1] == "\x1b]52;c;\x07"


def test_a_desktop_comes_before_tmux_and_a_way_without_its_display_is_left_out(
    tmp_path: Path,
) -> None:
    for name in ("wl-copy", "wl-paste", "xclip", "tmux"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o700)
    path = {"PATH": str(tmp_path)}
    everything = {**path, "WAYLAND_DISPLAY": "w", "DISPLAY": ":0", "TMUX": "t"}
    assert [way.name for way in ways_here(everything)] == ["wl-copy", "xclip", "tmux"]
    assert [way.name for way in ways_here({**path, "TMUX": "t"})] == ["tmux"]
    assert list(ways_here(path)) == []


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[str]:
    """A tmux server of its own; gives its socket."""
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed")
    socket = str(tmp_path / f"tmux-{uuid.uuid4().hex[:6]}")
    subprocess.run(["tmux", "-S", socket, "-f", os.devnull, "new-session", "-d", "sleep 600"], check=True)
    yield socket
    subprocess.run(["tmux", "-S", socket, "kill-server"], check=False)


def test_tmux_keeps_the_value_in_a_named_buffer_that_is_deleted(
    tmux: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TMUX", f"{tmux},1,0")

    def buffers() -> str:
        command = ["tmux", "-S", tmux, "list-buffers", "-F", "#{buffer_name} #{buffer_sample}"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    held = Clipboard(60)
    assert held.copy(SecretValue("in-the-buffer")).way == "tmux"
    assert buffers() == "strongroom in-the-buffer\n"
    assert held.clear() is True
    assert buffers() == ""


async def test_the_app_says_how_it_was_copied_and_locking_clears_it(
    make_app: Make, session: MemorySession, board: Path
) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=(100, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "y")
        await see(app, "✓ copied with wl-copy · cleared in 30 s")
        assert board.read_text() == CANARY
        assert CANARY not in screen_text(app)
        assert app.clipboard == ""  # Textual's own copy of what was copied
        await pilot.press("ctrl+l")
        await until(lambda: not board.read_text(), "cleared on lock")


async def test_leaving_clears_it(make_app: Make, session: MemorySession, board: Path) -> None:
    session.open = True
    app = make_app()
    async with app.run_test(size=(100, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "y")
        await see(app, "✓ copied")
        await pilot.press("q")
    assert not board.read_text()


async def test_what_is_copied_next_has_its_own_time(
    make_app: Make, session: MemorySession, board: Path
) -> None:
    session.open = True
    app = make_app(copy_seconds=0.2)
    async with app.run_test(size=(100, 24)) as pilot:
        await ready(app, pilot)
        await pilot.press("end", "y")
        first = await until(lambda: app._clearing, "copied")
        app.copier.seconds = 600
        await pilot.press("up", "y")
        await until(lambda: app._clearing is not first, "copied again")
        await until(lambda: first._task is None or first._task.done(), "the first copy's time is over")
        assert board.read_text() == session.data["production"]["slack_token"][1].reveal()
