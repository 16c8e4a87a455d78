"""Leaving the screen in a real terminal: editors, signals, suspending. Whatever happens, the terminal is usable."""

import json
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tmux_support import IN_TMUX, Terminal

from strongroom.names import Kind
from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue

pytestmark = [
    *IN_TMUX,
    pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed"),
]

VALUE = "sk_live_LeavingCanary7"
PROMPT = "ready>"
SET_UP = b"\x1b[?2004h"  # the last that is sent when the screen is set up: pastes are marked


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A vault with one secret, and a connector that uses it."""
    (tmp_path / "vault").mkdir(mode=0o700)
    with Vault.create(tmp_path / "vault" / "vault.db", [KeyFile(tmp_path / "vault" / "key")]) as vault:
        vault.add("production", "weather_key", Kind.SECRET, SecretValue(VALUE))
    site = tmp_path / "site"
    site.mkdir()
    connector = {"name": "Weather", "permalink": "weather", "url": "https://weather.invalid/v1"}
    (site / "connectors_registry.json").write_text(json.dumps({"connectors": [connector]}, indent=2))
    return tmp_path


Begin = Callable[..., Terminal]


@pytest.fixture
def begin(home: Path) -> Iterator[Begin]:
    """The app, started in a shell with job control; `EDITOR` and such as given."""
    made: list[Terminal] = []

    def start(size: tuple[int, int] = (80, 24), **more: str) -> Terminal:
        vault = home / "vault"
        environment = {
            "STRONGROOM_VAULT": str(vault / "vault.db"),
            "STRONGROOM_KEY_FILE": str(vault / "key"),
            "STRONGROOM_NO_KEYRING": "1",
            "XDG_STATE_HOME": str(home / "state"),
            "TERM": "tmux-256color",
            "VISUAL": "",
            "COLUMNS": "80",  # as some shells export them: the terminal's own size counts
            "LINES": "24",
            "PS1": PROMPT,
            "PIDFILE": str(home / "pid"),
            **more,
        }
        terminal = Terminal(["bash", "--norc", "--noprofile", "-i"], environment)
        made.append(terminal)
        terminal.resize(*size)
        terminal.see(PROMPT)
        app = f"{shlex.quote(sys.executable)} -m strongroom_tui {shlex.quote(str(home / 'site'))}"
        terminal.type(f'sh -c \'echo $$ > $PIDFILE; exec "$@"\' sh {app}; echo "status <$?>"')
        terminal.keys("Enter")
        terminal.see("● unlocked", "weather_key")
        return terminal

    yield start
    for terminal in made:
        terminal.close()


def pid(home: Path) -> int:
    return int((home / "pid").read_text())


def usable(terminal: Terminal) -> None:
    """The shell echoes what is typed, and its modes are as in any shell."""
    terminal.keys("C-l")
    terminal.type("stty -a | tr ' ' '\\n' | grep -xE -- '-?(echo|icanon|isig|icrnl)' | tr '\\n' ' '")
    terminal.keys("Enter")
    screen = terminal.see("icrnl isig icanon echo")
    assert "stty -a" in screen
    assert terminal.flags("#{alternate_on}#{mouse_any_flag}#{cursor_flag}#{bracket_paste_flag}").startswith(
        "001"
    )


def editor(home: Path, body: str) -> str:
    """A program that is used as the editor."""
    path = home / "editor"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


BROKEN = {
    "missing": ("/nonexistent/ed", "could not be started: No such file"),
    "a folder": ("/", "could not be started"),
    "without the right to run it": ("README", "could not be started"),
    "with an open quote": ("vi 'x", "EDITOR cannot be read"),
    "that fails": ("exit 3", "ended with status 3"),
    "that is killed": ("kill -9 $$", "was ended by SIGKILL"),
}


@pytest.mark.parametrize(("command", "said"), BROKEN.values(), ids=BROKEN.keys())
def test_an_editor_that_cannot_be_used_is_named_and_the_app_goes_on(
    command: str, said: str, begin: Begin, home: Path
) -> None:
    if command == "README":
        (home / "README").write_text("")
        command = str(home / "README")
    elif command.startswith(("exit", "kill")):
        command = editor(home, command)
    terminal = begin(EDITOR=command)
    terminal.keys("2")
    terminal.see("Weather", "[2 Connectors]")
    terminal.keys("o")
    terminal.see(*said.split(" ")[-3:], "[2 Connectors]")
    terminal.keys("1")
    terminal.see("[1 Secrets]", "● unlocked")
    terminal.keys("q")
    terminal.see("status <0>")
    usable(terminal)


def test_an_editor_has_the_keyboards_signals_to_itself_and_the_new_size_counts_afterwards(
    begin: Begin, home: Path
) -> None:
    terminal = begin(EDITOR=editor(home, 'trap "echo interrupted" INT; echo editing; read line; read line'))
    terminal.keys("2")
    terminal.see("[2 Connectors]")
    terminal.keys("o")
    terminal.see("editing")
    terminal.keys("C-c")
    terminal.see("interrupted")
    terminal.resize(100, 30)
    terminal.keys("Enter", "Enter")
    terminal.see("[2 Connectors]", "Weather")
    terminal.see("connectors_registry.json          ✓")  # there is room for it now
    assert "next  c community  ? help" in terminal.text().splitlines()[29]


def test_ctrl_z_in_the_editor_stops_both_and_fg_comes_back_to_the_editor(begin: Begin, home: Path) -> None:
    terminal = begin(EDITOR=editor(home, "echo editing; read line; echo again; read line"))
    terminal.keys("2")
    terminal.see("[2 Connectors]")
    terminal.keys("o")
    terminal.see("editing")
    terminal.keys("C-z")
    terminal.see("Stopped")
    usable(terminal)
    terminal.type("fg")
    terminal.keys("Enter")
    terminal.keys("Enter")
    terminal.see("again")
    terminal.keys("Enter")
    terminal.see("[2 Connectors]", "Weather")


@pytest.mark.parametrize(("name", "status"), [("TERM", 143), ("HUP", 129), ("INT", 130), ("QUIT", 131)])
def test_a_signal_leaves_the_app_and_the_terminal_as_it_was(
    name: str, status: int, begin: Begin, home: Path
) -> None:
    terminal = begin()
    terminal.keys("n")
    terminal.see("New · production")
    os.kill(pid(home), getattr(__import__("signal"), f"SIG{name}"))
    terminal.see(f"status <{status}>")
    usable(terminal)


def test_a_signal_during_the_editor_ends_both(begin: Begin, home: Path) -> None:
    terminal = begin(
        EDITOR=editor(home, 'trap "echo told > $PIDFILE.told; exit" TERM; echo editing; read line')
    )
    terminal.keys("2")
    terminal.see("[2 Connectors]")
    terminal.keys("o")
    terminal.see("editing")
    os.kill(pid(home), 15)
    terminal.see("status <143>")
    usable(terminal)
    assert (home / "pid.told").exists()


def test_ctrl_z_suspends_and_fg_brings_the_app_back(begin: Begin, home: Path) -> None:
    terminal = begin()
    terminal.keys("r")
    terminal.see(VALUE)
    terminal.keys("C-z")
    terminal.see("Stopped", gone=VALUE)
    assert VALUE not in terminal.everything()
    usable(terminal)
    terminal.resize(60, 18)
    terminal.type("fg")
    terminal.keys("Enter")
    terminal.see("[1 Secrets]", "● unlocked", "weather_key", gone=VALUE)
    terminal.keys("n")
    terminal.see("New · production")
    terminal.type("abc")
    terminal.see("abc")
    terminal.keys("C-z")  # from a dialog too
    terminal.see("Stopped")
    terminal.type("bg")
    terminal.keys("Enter")
    usable(terminal)
    terminal.type("fg")
    terminal.keys("Enter")
    terminal.see("New · production", "abc")
    terminal.keys("d")
    terminal.see("abcd")


@pytest.mark.parametrize("stop", ["TSTP", "STOP"])
def test_what_is_stopped_from_outside_goes_on_with_each_key_once(stop: str, begin: Begin, home: Path) -> None:
    terminal = begin()
    terminal.keys("n")
    terminal.see("New · production")
    os.kill(pid(home), getattr(__import__("signal"), f"SIG{stop}"))
    terminal.see("Stopped")
    terminal.type("fg")
    # Keys that are typed while the screen is being set up are dropped, though the terminal may show them.
    terminal.sends(SET_UP, home / "after fg", lambda: terminal.keys("Enter"))
    terminal.see("New · production", gone="Stopped")
    terminal.type("once-only")
    terminal.see("once-only")
    # Going on without having been stopped: the screen is set up again.
    terminal.sends(SET_UP, home / "after the signal", lambda: os.kill(pid(home), 18))
    terminal.type("-again")
    terminal.see("once-only-again")


def test_without_a_shell_to_go_back_to_ctrl_z_says_so(home: Path) -> None:
    environment = {"STRONGROOM_VAULT": str(home / "vault" / "vault.db"), "TERM": "tmux-256color"}
    environment |= {"STRONGROOM_NO_KEYRING": "1", "XDG_STATE_HOME": str(home / "state")}
    terminal = Terminal([sys.executable, "-m", "strongroom_tui", str(home / "site")], environment)
    try:
        terminal.see("○ locked", "weather_key")
        terminal.keys("C-z")
        terminal.see("was not stopped")
        terminal.keys("2")
        terminal.see("[2 Connectors]")
    finally:
        terminal.close()


PEM = (
    "-----BEGIN KEY-----\n"
    + "".join(f"{n:02d}MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n" for n in range(25))
    + "-----END KEY-----\n"
)


@pytest.mark.parametrize("size", [(60, 18), (120, 40)])
def test_a_paste_without_brackets_is_stored_as_it_is(size: tuple[int, int], begin: Begin, home: Path) -> None:
    terminal = begin(size)
    terminal.keys("n", "p", "e", "m", "Tab", "Tab")
    terminal.paste(PEM)
    terminal.keys("C-s")
    terminal.see("✓ added pem")
    with Vault.unlock(home / "vault" / "vault.db", [KeyFile(home / "vault" / "key")]) as vault:
        assert vault.get("production", "pem").reveal() == PEM


def test_the_payload_opens_in_the_editor_and_its_file_is_private_and_gone(begin: Begin, home: Path) -> None:
    body = 'ls -l "$1" | cut -c1-10 > $PIDFILE.seen; echo "$1" >> $PIDFILE.seen; echo \'{"b": 2}\' >> "$1"'
    terminal = begin(EDITOR=editor(home, body))
    terminal.keys("3", "i", "Tab", "Tab")
    terminal.type('{"a": 1}')
    terminal.keys("Enter")
    terminal.see('{"a": 1}')
    terminal.keys("C-o")
    terminal.see('{"a": 1}', '{"b": 2}')
    mode, path = (home / "pid.seen").read_text().split()
    assert mode == "-rw-------"
    assert path.endswith("payload.json")
    assert not Path(path).parent.exists()


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 40)])
def test_a_weak_passphrase_gets_a_word_and_enter_goes_on_without_blame(
    size: tuple[int, int], begin: Begin, home: Path
) -> None:
    terminal = begin(size)
    terminal.keys("x", "Tab", "Tab", "a", "Enter")
    screen = terminal.see("! This passphrase can be guessed")
    assert "not the same" not in screen
