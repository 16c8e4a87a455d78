"""What the editors' tests share: a workspace with one connector file that has mistakes."""

import json
import os
from pathlib import Path

import pytest

from editors_support import REGISTRY, WIDGET, strongroom

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


@pytest.fixture
def work(tmp_path, monkeypatch):
    """A vault with one secret, and a workspace of two files that use it."""
    for name in list(os.environ):
        if name.startswith("STRONGROOM_"):
            monkeypatch.delenv(name)
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("STRONGROOM_VAULT", str(tmp_path / "vault.db"))
    monkeypatch.setenv("STRONGROOM_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("STRONGROOM_NO_KEYRING", "1")
    strongroom("vault", "init", "--key-file", str(tmp_path / "key"))
    strongroom("secret", "add", "api_key", "--community", "production", value="made-up")
    work = tmp_path / "work"
    (work / "widgets" / "mine").mkdir(parents=True)
    (work / "connectors_registry.json").write_text(REGISTRY)
    (work / "widgets" / "mine" / "connectors.json").write_text(WIDGET)
    (work / "strongroom.toml").write_text('community = "production"\n')
    return work
