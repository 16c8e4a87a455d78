"""The extension in a real Visual Studio Code: code-server, driven in Chromium by its keys.

Skipped where one of its parts is absent: `code-server` (from npm, on the `PATH` or as `CODE_SERVER`), Chromium, Node,
and what `npm run package` makes in editors/vscode.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from editors_support import PATIENCE, REGISTRY, holds, strongroom

VSCODE = Path(__file__).parents[2] / "editors" / "vscode"
CODE_SERVER = os.environ.get("CODE_SERVER") or shutil.which("code-server")
CHROMIUM = shutil.which("chromium")
NEEDED = {
    "code-server": CODE_SERVER,
    "Chromium": CHROMIUM,
    "Node": shutil.which("node"),
    "strongroom.vsix": (VSCODE / "strongroom.vsix").exists(),
    "playwright-core": (VSCODE / "node_modules" / "playwright-core").exists(),
}
ABSENT = ", ".join(name for name, found in NEEDED.items() if not found)
pytestmark = [pytest.mark.terminal, pytest.mark.skipif(bool(ABSENT), reason=f"absent: {ABSENT}")]


class Editor:
    """One running Visual Studio Code; each method is one step of a person at its keyboard."""

    def __init__(self, driver: subprocess.Popen[str]) -> None:
        self._driver = driver

    def __call__(self, step: str, **options: object) -> object:
        assert self._driver.stdin
        assert self._driver.stdout
        self._driver.stdin.write(json.dumps({"step": step, **options}) + "\n")
        self._driver.stdin.flush()
        answer = json.loads(self._driver.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer["ok"]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def editor(work, tmp_path):
    data, extensions = tmp_path / "data", tmp_path / "extensions"
    program = tmp_path / "strongroom"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m strongroom_cli "$@"\n')
    program.chmod(0o755)
    settings = {
        "strongroom.path": str(program),
        "workbench.startupEditor": "none",
        "editor.minimap.enabled": False,
    }
    for scope in ("User", "Machine"):
        (data / scope).mkdir(parents=True)
        (data / scope / "settings.json").write_text(json.dumps(settings))
    shared = ["--extensions-dir", str(extensions), "--user-data-dir", str(data)]
    start = ["node", CODE_SERVER] if str(CODE_SERVER).endswith(".js") else [str(CODE_SERVER)]
    subprocess.run(
        [*start, *shared, "--install-extension", str(VSCODE / "strongroom.vsix")],
        check=True, capture_output=True, timeout=PATIENCE,
    )  # fmt: skip
    port = free_port()
    server = subprocess.Popen(
        [*start, *shared, "--auth", "none", "--bind-addr", f"127.0.0.1:{port}", "--disable-telemetry",
         "--disable-update-check", "--disable-workspace-trust", "--disable-getting-started-override"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(port)
        driver = subprocess.Popen(
            ["node", str(Path(__file__).with_name("vscode.mjs"))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PLAYWRIGHT": str(VSCODE / "node_modules" / "playwright-core"),
                 "CHROMIUM": str(CHROMIUM), "URL": f"http://127.0.0.1:{port}", "FOLDER": str(work),
                 "SHOTS": os.environ.get("SHOTS", str(tmp_path)), "PATIENCE": str(PATIENCE)},
        )  # fmt: skip
        try:
            yield Editor(driver)
        finally:
            assert driver.stdin
            driver.stdin.close()
            driver.wait(timeout=PATIENCE)
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)


def wait_for(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("code-server did not start")


def go(editor: Editor, word: str, text: str = REGISTRY) -> None:
    """Put the cursor before a word."""
    at = text.index(word)
    editor("go", line=text.count("\n", 0, at) + 1, column=at - text.rfind("\n", 0, at))


def test_a_person_mends_a_file_in_visual_studio_code(editor, work):
    registry = work / "connectors_registry.json"
    editor("open", file=str(registry))
    editor("squiggles", count=2)
    problems = "\n".join(editor("problems"))
    assert "Use single quotes" in problems
    assert "later" in problems
    assert editor("status").endswith("production")

    go(editor, "ater')")  # behind the l of `later`, which api_key does not begin with
    editor("type", keys=["Backspace"])
    offered = editor("complete")
    editor("picture", name="completion")
    assert any("api_key" in label for label in offered), offered
    editor("type", keys=["Control+z"])
    # Keys come from the schema and from nowhere else.
    go(editor, '"method"')
    keys = [label.split("\n")[0] for label in editor("complete")]
    assert "request_body" in keys
    assert len(keys) == len(set(keys))
    go(editor, "api_key")
    hovered = editor("hover")
    assert any("api_key" in text for text in hovered), hovered

    editor("fix", title="single quotes")
    editor("squiggles", count=1)
    editor("picture", name="one-left")

    # The secret is created by another program: the squiggle goes although nobody typed.
    strongroom("secret", "add", "later", "--community", "production", value="made-up")
    editor("squiggles", count=0)

    go(editor, "api_key", registry.read_text())
    editor("rename", name="orders_key")
    editor("shows", text="'orders_key'")
    editor("save")
    holds(registry, "get_secret('orders_key')")
    holds(work / "widgets" / "mine" / "connectors.json", "get_secret('orders_key')")
    named = subprocess.run(
        [sys.executable, "-m", "strongroom_cli", "names", "--community", "production"],
        capture_output=True, text=True, check=True, timeout=PATIENCE,
    )  # fmt: skip
    assert "orders_key" in named.stdout
    assert "api_key" not in named.stdout
    editor("squiggles", count=0)
    editor("picture", name="renamed")

    # No API answers here: the report says so, in the literals of secrets.
    editor("click_lens", title="Test connection")
    editor("answer", title="Send and remember")
    report = editor("text", tab="orders.md")
    editor("picture", name="report")
    assert "api.example.com" in report
    assert "made-up" not in report
