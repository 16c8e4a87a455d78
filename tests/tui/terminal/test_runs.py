"""Connectors and tests in a real terminal under tmux, by keys alone and by the mouse, against a local server."""

import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from tmux_support import IN_TMUX, Terminal
from werkzeug import Request, Response

from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault

pytestmark = IN_TMUX

VALUE = "sk_live_TerminalCanary43"


class Shop:
    """A local API that wants the key, and answers once the gate is open."""

    def __init__(self, server: HTTPServer) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.url = server.url_for("/orders")
        self.host = f"{server.host}:{server.port}"
        self.credentials: list[str | None] = []
        server.expect_request("/orders").respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Response:
        self.credentials.append(request.headers.get("Authorization"))
        self.gate.wait(20)
        known = request.headers.get("Authorization") == f"Bearer {VALUE}"
        body = {"orders": [{"id": 7}]} if known else {"error": "who are you?"}
        return Response(json.dumps(body), 200 if known else 401, content_type="application/json")


@pytest.fixture
def shop(httpserver: HTTPServer) -> Iterator[Shop]:
    made = Shop(httpserver)
    yield made
    made.gate.set()


@pytest.fixture
def site(tmp_path: Path, shop: Shop) -> Path:
    """A folder with a connector to the shop, spaces in its call, and a vault that lacks the key."""
    (tmp_path / "vault").mkdir(mode=0o700)
    with Vault.create(tmp_path / "vault" / "vault.db", [KeyFile(tmp_path / "vault" / "key")]) as vault:
        vault.add_community("production")
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "strongroom.toml").write_text(f'[test]\nallow-hosts = ["{shop.host}"]\n')
    connector = {
        "name": "Orders",
        "permalink": "orders",
        "url": shop.url,
        "headers": [{"key": "Authorization", "value": "Bearer {{ get_secret( 'shop_key' ) }}"}],
    }
    (folder / "connectors_registry.json").write_text(json.dumps({"connectors": [connector]}, indent=2))
    return folder


@pytest.fixture
def terminal(site: Path) -> Iterator[Terminal]:
    vault = site.parent / "vault"
    environment = {
        "STRONGROOM_VAULT": str(vault / "vault.db"),
        "STRONGROOM_KEY_FILE": str(vault / "key"),
        "STRONGROOM_NO_KEYRING": "1",
        "STRONGROOM_TRUST": "0",
        "XDG_STATE_HOME": str(site.parent / "state"),
        "XDG_CONFIG_HOME": str(site.parent / "config"),
        "TERM": "tmux-256color",
    }
    made = Terminal([sys.executable, "-m", "strongroom_tui", str(site)], environment)
    yield made
    made.close()


def click(terminal: Terminal, text: str) -> None:
    """Click where `text` stands, as a terminal tells it (xterm's SGR mouse mode)."""
    lines = terminal.see(text).splitlines()
    y = next(i for i, line in enumerate(lines) if text in line)
    x = lines[y].index(text) + 1
    terminal.type(f"\x1b[<0;{x + 1};{y + 1}M\x1b[<0;{x + 1};{y + 1}m")


def test_a_failing_test_is_mended_and_the_window_is_resized_while_it_runs(
    terminal: Terminal, shop: Shop, site: Path
) -> None:
    terminal.see("production", "● unlocked")
    terminal.keys("3")
    terminal.see("[3 Test]", "runs the test")
    terminal.keys("Enter")
    terminal.see("✗ failed", "401", "production has no secret named shop_key")
    terminal.keys("m")
    terminal.see("New · production", "shop_key")
    shop.gate.clear()
    terminal.type(VALUE)
    terminal.see("••••", gone=VALUE)
    terminal.keys("C-s")
    terminal.see("Send secrets to a new host?", shop.host, "shop_key", gone=VALUE)
    assert shop.credentials == ["Bearer {{ get_secret( 'shop_key' ) }}"]  # of the run before, without the key
    terminal.keys("C-s")
    terminal.see("… waiting for the answer", "esc cancels")
    terminal._tmux("resize-window", "-x", "60", "-y", "18")
    terminal.see("… waiting for the answer", "GET http")
    terminal._tmux("resize-window", "-x", "110", "-y", "30")
    terminal.see("… waiting for the answer")
    shop.gate.set()
    terminal.see("✓ passed", "[Response]", "id: 7", gone=VALUE)
    terminal.keys("q")
    assert terminal.status() == "0"
    kept = [file.read_bytes() for file in (site / ".strongroom").rglob("*") if file.is_file()]
    assert kept
    assert not any(VALUE.encode() in data for data in kept)


def test_everything_is_fixed_after_a_look_at_the_difference(terminal: Terminal, site: Path) -> None:
    file = site / "connectors_registry.json"
    terminal.see("● unlocked")
    terminal.keys("2")
    terminal.see("secret-spacing")
    terminal.keys("F")
    terminal.see("2 findings in 1 file would go", "get_secret('shop_key')")
    assert "( 'shop_key' )" in file.read_text()
    terminal.keys("Enter")
    terminal.see("✓ fixed 2 findings", gone="secret-spacing")
    assert "get_secret('shop_key')" in file.read_text()
    terminal.keys("z")
    terminal.see("secret-spacing", "taken back")
    assert "( 'shop_key' )" in file.read_text()


def test_the_same_by_the_mouse(terminal: Terminal, site: Path) -> None:
    terminal.see("● unlocked")
    click(terminal, "2 Connectors")
    click(terminal, "F fix all")
    terminal.see("2 findings in 1 file would go")
    click(terminal, "⏎ apply")
    terminal.see("✓ fixed 2 findings")
    assert "get_secret('shop_key')" in (site / "connectors_registry.json").read_text()
    click(terminal, "3 Test")
    terminal.see("runs the test")
    click(terminal, "⏎ run")
    terminal.see("✗ failed", "[Explain]")
    click(terminal, "Request")
    terminal.see("[Request]", "not resolved")
    click(terminal, "Timing")
    terminal.see("[Timing]", "total")
