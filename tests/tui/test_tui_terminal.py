"""The real program in a real terminal: a vault on the disk, keys alone, 80 columns and 24 lines."""

import json
import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from strongroom.store.vault import Vault
from strongroom.store.ways import KeyFile

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
]

VALUE = "sk_live_TerminalCanary42"

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

    def keys(self, *names: str) -> None:
        self._tmux("send-keys", *names)

    def type(self, text: str) -> None:
        self._tmux("send-keys", "-l", "--", text)

    def see(self, *texts: str, gone: str = "") -> str:
        """Wait until all of `texts` are on the screen and `gone` is not."""
        end = time.monotonic() + 20
        while True:
            screen = self.text()
            if all(text in screen for text in texts) and not (gone and gone in screen):
                return screen
            if time.monotonic() > end:
                raise AssertionError(f"waited for {texts}, without {gone!r}:\n{screen}")
            time.sleep(0.02)

    def status(self) -> str:
        """The exit status once the program has ended."""
        return self.see(ENDED).rpartition(ENDED)[2].split()[0]

    def close(self) -> None:
        subprocess.run(
            ["tmux", "-L", self._socket, "kill-server"], check=False, capture_output=True, timeout=20
        )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A vault with a key file, and a connector whose host does not exist."""
    (tmp_path / "vault").mkdir(mode=0o700)
    with Vault.create(tmp_path / "vault" / "vault.db", [KeyFile(tmp_path / "vault" / "key")]) as vault:
        vault.add_community("production")
    site = tmp_path / "site"
    site.mkdir()
    connector = {
        "name": "Weather",
        "permalink": "weather",
        "url": "https://weather.invalid/v1",
        "headers": [{"key": "Authorization", "value": "Bearer {{ get_secret('weather_key') }}"}],
    }
    (site / "connectors_registry.json").write_text(json.dumps({"connectors": [connector]}, indent=2))
    return tmp_path


@pytest.fixture
def terminal(home: Path) -> Iterator[Terminal]:
    """The app on that folder."""
    vault = home / "vault"
    environment = {
        "STRONGROOM_VAULT": str(vault / "vault.db"),
        "STRONGROOM_KEY_FILE": str(vault / "key"),
        "STRONGROOM_NO_KEYRING": "1",
        "XDG_STATE_HOME": str(home / "state"),
        "TERM": "tmux-256color",
    }
    made = Terminal([sys.executable, "-m", "strongroom_tui", str(home / "site")], environment)
    yield made
    made.close()


def test_create_reveal_edit_test_delete_and_quit_by_keys_alone(terminal: Terminal, home: Path) -> None:
    terminal.see("production", "● unlocked", "✗ missing", "weather_key")

    terminal.keys("n")  # on a missing name: that one
    terminal.see("New · production", "weather_key")
    terminal.type(VALUE)
    terminal.see("••••", gone=VALUE)
    terminal.keys("C-s")
    terminal.see("✓ added weather_key", gone="✗ missing")

    terminal.keys("r")
    terminal.see(VALUE, "hides in 15 s")
    terminal.keys("r")
    terminal.see("s••••••••", gone=VALUE)

    terminal.keys("e")
    terminal.see("Edit weather_key")
    terminal.keys("Tab", "Tab")
    terminal.type("seen by nobody")
    terminal.see("Note       seen by nobody")
    terminal.keys("C-s")
    terminal.see("✓ saved weather_key", "note     seen by nobody")

    terminal.keys("3")
    terminal.see("[3 Test]", "runs the test")
    terminal.keys("Enter")
    terminal.see("✗ failed", "[Explain]", gone=VALUE)
    terminal.keys("[", "[")
    terminal.see("[Request]", "{{ get_secret('wea", gone=VALUE)

    terminal.keys("1")
    terminal.see("[1 Secrets]")
    terminal.keys("d")
    terminal.see("1 connector would stop working:", "Weather")
    terminal.keys("y")
    terminal.see("✗ missing", "deleted weather_key")

    terminal.keys("q")
    assert terminal.status() == "0"
    kept = b"".join(path.read_bytes() for path in (home / "vault").iterdir())
    assert VALUE.encode() not in kept
