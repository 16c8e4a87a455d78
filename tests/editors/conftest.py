"""What the editors' tests share: a workspace with one connector file that has mistakes."""

import json
import os
from pathlib import Path

import pytest

EDITORS = Path(__file__).parents[2] / "editors"

TEXT = (
    '{\n  "connectors": [\n    {\n      "name": "Orders é🙂",\n      "url": "https://api.example.com/orders",\n'
    '      "headers": [{"key": "Authorization", "value": "é🙂 {{ get_secret(\\"api_key\\") }}"}]\n    }\n  ]\n}\n'
)


@pytest.fixture
def editors():
    return EDITORS


@pytest.fixture
def connector_file(tmp_path, monkeypatch):
    """A connector file with double quotes around a known name, and a names file beside it."""
    for name in list(os.environ):
        if name.startswith("STRONGROOM_"):
            monkeypatch.delenv(name)
    work = tmp_path / "work"
    (work / ".git").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("STRONGROOM_VAULT", str(tmp_path / "no-vault.db"))
    names = {"version": 1, "communities": {"production": [{"name": "api_key", "kind": "secret"}]}}
    (work / "strongroom.names.json").write_text(json.dumps(names))
    (work / "connectors_registry.json").write_text(TEXT)
    (work / "package.json").write_text('{"name": "x"}')
    return work / "connectors_registry.json"
