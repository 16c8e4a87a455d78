"""The real program in a real terminal: a vault on the disk, keys alone, 80 columns and 24 lines."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tmux_support import IN_TMUX, Terminal

from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault

pytestmark = IN_TMUX

VALUE = "sk_live_TerminalCanary42"


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


def mouse(terminal: Terminal, text: str) -> None:
    """Click the first place where `text` stands."""
    lines = terminal.see(text).splitlines()
    y = next(number for number, line in enumerate(lines) if text in line)
    x = lines[y].index(text) + 1
    terminal.type(f"\x1b[<0;{x + 1};{y + 1}M\x1b[<0;{x + 1};{y + 1}m")


def test_rename_edits_three_files_and_is_taken_back_and_a_dotenv_is_imported(
    terminal: Terminal, home: Path
) -> None:
    site = home / "site"
    text = (site / "connectors_registry.json").read_text()
    for name in ("a", "b"):
        (site / "widgets" / name).mkdir(parents=True)
        (site / "widgets" / name / "connectors.json").write_text(text)
    (site / ".env").write_text(f"WEATHER_URL=https://x.example\nweather_key={VALUE}\nbad-name=1\n")
    files = [site / "connectors_registry.json", *sorted(site.glob("widgets/*/connectors.json"))]

    terminal.see("production", "● unlocked", "✗ missing", "weather_key")
    terminal.keys("i")
    terminal.see("Import into production")
    terminal.type(".env")
    terminal.keys("Enter")
    terminal.see("2 new, 0 changed, 0 the same, 1 refused", "contains a hyphen", gone=VALUE)
    terminal.keys("C-s")
    terminal.see("✓ imported 2 entries", gone="✗ missing")

    terminal.keys("/")
    terminal.type("weather_key")
    terminal.see("1 of 2")
    terminal.keys("Enter", "R")
    terminal.see("Rename weather_key", "3 lines in 3 files will change")
    terminal.type("2")
    terminal.see("get_secret('weather_key2')")
    terminal.keys("C-s")
    terminal.see("✓ renamed weather_key to weather_key2", gone="Rename weather_key")
    assert all("get_secret('weather_key2')" in file.read_text() for file in files)
    terminal.keys("z")
    terminal.see("✓ taken back: renamed")
    assert all(file.read_text() == text for file in files)
    terminal.keys("q")
    assert terminal.status() == "0"


def test_a_secret_is_made_and_deleted_and_comes_back_by_the_mouse_alone(terminal: Terminal) -> None:
    terminal.see("production", "● unlocked", "✗ missing", "weather_key")
    mouse(terminal, "weather_key")
    mouse(terminal, "n new")
    terminal.see("New · production")
    mouse(terminal, "^g generate")
    terminal.see("Generate a value")
    mouse(terminal, "○ hex")
    terminal.see("● hex", "about 160 bits")
    mouse(terminal, "⏎ use it")
    terminal.see("New · production", gone="Generate a value")
    mouse(terminal, "^s save")
    terminal.see("✓ added weather_key", gone="✗ missing")
    mouse(terminal, "? help")
    terminal.see("type to search")
    terminal.type("delete")
    terminal.see("│  delete ", "Delete, after", gone="New secret")
    mouse(terminal, "Delete, after")
    terminal.see("1 connector would stop working:")
    mouse(terminal, "y delete it")
    terminal.see("✗ missing", "✓ deleted weather_key")
    mouse(terminal, "2 Connectors")
    terminal.see("[2 Connectors]")


def test_killing_the_terminal_loses_nothing_that_was_confirmed(terminal: Terminal, home: Path) -> None:
    terminal.see("● unlocked", "✗ missing")
    terminal.keys("n")  # the missing one: its name is there
    terminal.see("New · production", "weather_key")
    terminal.type(VALUE)
    terminal.keys("C-s")
    terminal.see("✓ added weather_key")
    terminal.keys("n")
    terminal.see("New · production")
    terminal.type("two")
    terminal.keys("Tab", "Tab")
    terminal.type(VALUE)
    terminal.see("••••")
    terminal.keys("C-s")
    terminal.see("✓ added two")
    terminal.keys("n")
    terminal.see("New · production")
    terminal.type("three")
    terminal.close()  # as a closed window does: the program is gone at once
    with Vault.unlock(home / "vault" / "vault.db", [KeyFile(home / "vault" / "key")]) as vault:
        assert vault.verify() == []
        assert {entry.name for entry in vault.entries("production")} == {"weather_key", "two"}
        assert vault.get("production", "two").reveal() == VALUE


def test_idling_locks_with_a_dialog_open_and_what_was_typed_is_gone(terminal: Terminal, home: Path) -> None:
    terminal.see("● unlocked", "✗ missing")
    terminal.keys(",")
    terminal.see("app.lock-after")
    terminal.keys("End", "Up", "Up", "Enter")
    terminal.see("Seconds without a key or a click", "⏎ write")
    terminal.type("2")  # in the place of what is there: the field begins selected
    terminal.see("lock-after   2 ")
    terminal.keys("Enter")
    terminal.see("✓ app.lock-after is written")
    terminal.keys("Escape")
    terminal.see("● unlocked", gone="Written to")
    terminal.keys("n")
    terminal.see("New · production")
    terminal.type(VALUE)
    terminal.see("••••")
    terminal.see("○ locked", gone="New · production")
    assert (home / "site" / "strongroom.toml").read_text() == "[app]\nlock-after = 2\n"


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Terminal]:
    """The demo with its tour."""
    environment = {
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "TERM": "tmux-256color",
        "TMPDIR": str(tmp_path),
    }
    made = Terminal([sys.executable, "-m", "strongroom_cli", "demo", "--tour"], environment)
    yield made
    made.close()


def test_the_tour_ends_with_a_created_secret_and_a_passed_test(demo: Terminal, tmp_path: Path) -> None:
    demo.see("Tour 1 of 5", "weather_api_key", "● unlocked")
    demo.keys("n")
    demo.see("New · acme_staging", "weather_api_key", "type sunny-days-42 as its value")
    demo.type("sunny-days-42")
    demo.see("••••")
    demo.keys("C-s")
    demo.see("Tour 2 of 5")
    demo.keys("3")
    demo.see("Tour 3 of 5")
    demo.keys("p")
    demo.see("type to search")
    demo.type("default city")
    demo.keys("Enter")
    demo.see("Tour 4 of 5")
    demo.keys("C-r")
    demo.see("Tour 5 of 5", "passed", gone="sunny-days-42")
    demo.keys("q")
    assert demo.status() == "0"
    assert not list(tmp_path.glob("strongroom-demo-*"))
