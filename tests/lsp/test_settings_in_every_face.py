"""Each key of `strongroom.toml` means the same on the command line, in an editor and in the app."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from strongroom.settings.keys import KEYS
from strongroom.settings.loading import load_settings
from strongroom_tui.backend.session import VaultSession
from strongroom_tui.frame.app_settings import TABLES, change_setting, shown_settings
from strongroom_tui.model.connectors.workspace_view import Checks, scan

ELSEWHERE = {
    "allow-hosts": "of runs: the editor runs tests by the command line",
    "ca-file": "of runs: the editor runs tests by the command line",
    "theme": "of the app's colours",
    "lock-after": "of the app: nothing else holds an unlocked vault",
    "reveal-for": "of the app: nothing else shows a value for a while",
    "copy-for": "of the app: nothing else copies a value",
}
"""Keys that cannot matter to what is found in connectors, and why."""

NAMES = json.dumps(
    {
        "version": 1,
        "communities": {
            "production": [{"name": "of_production", "kind": "secret"}],
            "staging": [{"name": "of_staging", "kind": "secret"}],
        },
    }
)
KNOWN = {
    "file": "connectors.json",
    "rule": "secret-quotes",
    "connector": "A",
    "field": "headers[0].value",
    "message": "Use single quotes: get_secret('of_staging').",
}
PROBES = {
    "community": 'community = "production"\n',
    "communities": 'communities = ["staging", "production"]\n',
    "vault": 'vault = "other.db"\ncommunity = "production"\n',
    "backends": 'community = "production"\n[backends.production]\nengine = "aws"\nregion = "eu-central-1"\n',
    "names": 'names = ["list.json"]\ncommunity = "staging"\n',
    "baseline": 'baseline = "known.json"\n',
    "exclude": 'exclude = ["dist"]\n',
    "include": 'include = ["exports/*"]\n',
    "rules": '[rules]\nsecret-quotes = "off"\n',
    "paths": '[paths."dist/**"]\nsecret-quotes = "error"\n',
}
"""Settings under which something else is found than without any."""


def connector(name, permalink, value):
    headers = [{"key": "X-A", "value": value}]
    return {"name": name, "permalink": permalink, "url": "https://api.example.com/", "headers": headers}


@pytest.fixture
def workspace(folder, make_vault):
    """Two connector files with mistakes, one that only its content tells, a vault, and what settings may name."""
    text = json.dumps({"connectors": [connector("A", "a", '{{ get_secret("of_staging") }}')]})
    for name in ("connectors.json", "dist/connectors.json", "exports/code-mode.json"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    make_vault({}, folder / "none.db")
    make_vault({"production": {"of_vault": "x"}}, folder / "other.db")
    (folder / "list.json").write_text('{"version": 1, "communities": {"staging": []}}')
    (folder / "strongroom.names.json").write_text(NAMES)
    (folder / "known.json").write_text(json.dumps([KNOWN]))
    return folder


def by_check(folder):
    code = "from strongroom_cli.main import main; raise SystemExit(main(['check', '--format', 'json', '--no-cache']))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, check=False)
    assert ran.returncode in (0, 1), ran.stderr
    return sorted(
        (one["file"], one["rule"], one["severity"], one["message"]) for one in json.loads(ran.stdout)
    )


def by_server(folder, talk):
    pulls = {"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": True}}}
    talk.initialize(folder, capabilities=pulls)
    report = talk.request("workspace/diagnostic", {"previousResultIds": []})["result"]
    severities = {1: "error", 2: "warning", 3: "info"}
    return sorted(
        (
            os.path.relpath(unquote(urlsplit(file["uri"]).path), folder),
            item["code"],
            severities[item["severity"]],
            item["message"],
        )
        for file in report["items"]
        for item in file["items"]
    )


def by_app(folder):
    settings = load_settings(str(folder))
    session = VaultSession(settings.vault, settings.community or next(iter(settings.communities), None))
    names = session.known_names(settings, session.snapshot().community)
    view = scan(str(folder), Checks.read(settings, names, session.path), names)
    return sorted(
        (file.shown, finding.rule, finding.severity.value, finding.message)
        for file in view.files
        for finding in file.findings
    )


def test_every_key_has_a_probe_or_a_reason():
    assert {key.name for key in KEYS} == PROBES.keys() | ELSEWHERE.keys()
    assert not PROBES.keys() & ELSEWHERE.keys()


@pytest.mark.parametrize("key", PROBES)
def test_a_key_that_is_read_by_one_face_is_read_by_all(workspace, talk, monkeypatch, key):
    monkeypatch.chdir(workspace)
    before = by_check(workspace)
    assert before == by_app(workspace)
    (workspace / "strongroom.toml").write_text(PROBES[key])
    found = by_check(workspace)
    assert found != before
    assert by_server(workspace, talk) == found
    assert by_app(workspace) == found


def test_without_settings_all_faces_find_the_same(workspace, talk, monkeypatch):
    monkeypatch.chdir(workspace)
    (workspace / ".gitignore").write_text("/dist/\n")
    found = by_check(workspace)
    assert {Path(file).name for file, *_ in found} == {"connectors.json"}
    assert not any(file.startswith("dist") for file, *_ in found)
    assert by_server(workspace, talk) == found
    assert by_app(workspace) == found


@pytest.mark.parametrize("key", [key for key in KEYS if key.shape not in TABLES], ids=lambda key: key.name)
def test_a_key_that_is_one_value_can_be_set_on_the_apps_screen(folder, key):
    path = folder / "strongroom.toml"
    change_setting(str(path), key, {"theme": "dark", "seconds": "7"}.get(key.shape, "a, b"))
    (shown,) = [one for one in shown_settings(load_settings(str(folder)), {}) if one.key == key]
    assert shown.text
    assert shown.source == "strongroom.toml"
