"""What the tests of real editors share: a workspace whose names are in a real vault, and the command line."""

import re
import subprocess
import sys
import time
from pathlib import Path

PATIENCE = 120
"""Seconds that one step may take: a busy machine is no defect, and who waits until something is true loses none."""

LIFETIME = 600
"""Seconds that an editor may run with all its steps."""

REGISTRY = """{
  "connectors": [
    {
      "name": "Orders é",
      "permalink": "orders",
      "method": "GET",
      "url": "https://api.example.com/orders",
      "headers": [
        {"key": "X-First", "value": "é {{ get_secret(\\"api_key\\") }}"},
        {"key": "X-Second", "value": "{{ get_secret('later') }}"}
      ]
    }
  ]
}
"""
WIDGET = """[{"name": "Mine", "permalink": "mine", "method": "GET", "url": "https://api.example.com/mine",
  "query_parameters": [{"key": "token", "value": "{{ get_secret('api_key') }}"}]}]
"""


def strongroom(*arguments: str, value: str | None = None) -> None:
    subprocess.run(
        [sys.executable, "-m", "strongroom_cli", *arguments],
        input=value, text=True, check=True, capture_output=True, timeout=PATIENCE,
    )  # fmt: skip


def holds(file: Path, text: str) -> None:
    """Wait until a file was saved with this text in it."""
    end = time.monotonic() + PATIENCE
    while text not in file.read_text():
        assert time.monotonic() < end, file.read_text()
        time.sleep(0.05)


README = Path(__file__).parents[1] / "README.md"


def instructions(editor: str) -> list[str]:
    """What README says in code about an editor: commands, settings, files."""
    (row,) = [line for line in README.read_text().splitlines() if line.startswith(f"| {editor} |")]
    return re.findall("`([^`]+)`", row)
