"""A scan of the folder checks only what is new since the last one."""

import json
from pathlib import Path

import pytest

from strongroom.names import Kind, Knowledge, Name, Names
from strongroom.settings.model import Settings
from strongroom.validator import walk
from strongroom_tui.model.connectors.workspace_view import Checks, WorkspaceView, scan

RULE = "unknown-secret"


def names(*known: str) -> Names:
    """A complete list of secrets."""
    return Names(Knowledge.COMPLETE, {name: Name(name, Kind.SECRET) for name in known}, "production")


def rules(view: WorkspaceView) -> list[str]:
    """The rules that found something, in the order of the files."""
    return [finding.rule for file in view.files for finding in file.findings]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one connector, which asks for one secret."""
    row = {"key": "X-Key", "value": "{{ get_secret('api_key') }}"}
    connector = {"name": "C", "url": "https://api.example.com/", "method": "GET", "headers": [row]}
    (tmp_path / "connectors_registry.json").write_text(json.dumps({"connectors": [connector]}))
    return tmp_path


def test_with_the_same_names_no_connector_is_looked_at_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, vault = Settings(str(folder)), str(folder / "vault.db")
    first = Checks.read(settings, names(), vault)
    before = scan(str(folder), first, names())
    assert RULE in rules(before)
    monkeypatch.delattr(walk, "CheckedConnector")
    again = Checks.read(settings, names(), vault, first)
    assert rules(scan(str(folder), again, names(), before)) == rules(before)


def test_with_other_names_the_connectors_are_looked_at_again(folder: Path) -> None:
    settings, vault = Settings(str(folder)), str(folder / "vault.db")
    first = Checks.read(settings, names(), vault)
    before = scan(str(folder), first, names())
    known = names("api_key")
    after = scan(str(folder), Checks.read(settings, known, vault, first), known, before)
    assert RULE not in rules(after)
