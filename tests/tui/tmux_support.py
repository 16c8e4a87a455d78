"""A program in a real terminal: typed to, pasted into, and read, through tmux."""

import os
import shlex
import shutil
import subprocess
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

IN_TMUX = [
    pytest.mark.terminal,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
]
"""The marks of tests that need tmux."""

ENDED = "ended with status"
TOLD = ["sh", "-c", f'"$@"; echo "{ENDED} $?"; exec sleep 600', "sh"]
"""Runs a command and tells its exit status: tmux itself now and then misses that a program ended."""


class Terminal:
    """One program in its own tmux server."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._socket = f"strongroom-{uuid.uuid4().hex[:10]}"
        pairs = [part for name, value in environment.items() for part in ("-e", f"{name}={value}")]
        self._tmux("new-session", "-d", "-x", "80", "-y", "24", *pairs, *TOLD, *command)
        self._tmux("set-option", "-g", "escape-time", "0")

    def _tmux(self, *arguments: str) -> str:
        command = ["tmux", "-L", self._socket, "-f", os.devnull, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=20).stdout

    def text(self) -> str:
        return self._tmux("capture-pane", "-p")

    def paste(self, text: str) -> None:
        """Paste without brackets, as some terminals do."""
        self._tmux("set-buffer", "--", text)
        self._tmux("paste-buffer")

    def everything(self) -> str:
        """The screen with all that was scrolled off it."""
        return self._tmux("capture-pane", "-p", "-S", "-")

    def resize(self, width: int, height: int) -> None:
        self._tmux("resize-window", "-x", str(width), "-y", str(height))

    def flags(self, pattern: str) -> str:
        """What tmux knows of the pane: `#{cursor_flag}` and its like."""
        return self._tmux("display-message", "-p", pattern).strip()

    def keys(self, *names: str) -> None:
        self._tmux("send-keys", *names)

    def type(self, text: str) -> None:
        self._tmux("send-keys", "-l", "--", text)

    def see(self, *texts: str, gone: str = "") -> str:
        """Wait until all of `texts` are on the screen and `gone` is not."""
        end = time.monotonic() + 60
        while True:
            screen = self.text()
            if all(text in screen for text in texts) and not (gone and gone in screen):
                return screen
            if time.monotonic() > end:
                raise AssertionError(f"waited for {texts}, without {gone!r}:\n{screen}")
            time.sleep(0.02)

    def sends(self, data: bytes, into: Path, act: Callable[[], object]) -> None:
        """Do `act` and wait until the program has sent `data` to the terminal. `into` is a file that may be written."""
        self._tmux("pipe-pane", f"cat >> {shlex.quote(str(into))}")
        act()
        end = time.monotonic() + 60
        while not (into.exists() and data in into.read_bytes()):
            assert time.monotonic() < end, f"{data!r} was not sent"
            time.sleep(0.02)
        self._tmux("pipe-pane")

    def status(self) -> str:
        """The exit status once the program has ended."""
        return self.see(ENDED).rpartition(ENDED)[2].split()[0]

    def close(self) -> None:
        subprocess.run(
            ["tmux", "-L", self._socket, "kill-server"], check=False, capture_output=True, timeout=20
        )
