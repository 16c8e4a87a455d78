"""Fixtures of the screens' tests; what they are made of is in `tui_support.py`."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from tui_support import CANARY, NOW, REGISTRY, MemorySession, entry

from strongroom.names import Kind
from strongroom_tui.app import StrongroomApp


@pytest.fixture
def session() -> MemorySession:
    """Seven entries in production, one in staging; locked."""
    made = MemorySession()
    old = "2026-02-01T09:00:00+00:00"
    rows = [
        (entry("crm_base_url", Kind.VARIABLE, "https://crm.example.com/v3"), "https://crm.example.com/v3"),
        (entry("crm_client_id", Kind.VARIABLE, "community-prod"), "community-prod"),
        (entry("crm_client_secret", expires="2026-11-26", note="rotates each quarter"), "crm-9f8a7d6c5b4a"),
        (entry("old_zendesk_token", changed=old), "zd-0000000000"),
        (
            entry("signing_key", note="JWT for the portal"),
            "-----BEGIN KEY-----\nMIIEvline\n-----END KEY-----\n",
        ),
        (entry("slack_token", changed="2026-11-23T11:30:00+00:00"), "T0123/B0123/xyz"),
        (entry("weather_api_key", expires="2027-06-30", note="paid plan"), CANARY),
    ]
    for one, value in rows:
        made.put("production", one, value)
    made.put("staging", entry("weather_api_key"), "wk_test_0000000")
    return made


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A folder with one registry: a finding with a fix, a missing name, a good connector."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "connectors_registry.json").write_text(json.dumps(REGISTRY, indent=2) + "\n")
    return folder


@pytest.fixture
def make_app(
    session: MemorySession, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., StrongroomApp]:
    """The app over the session in memory and the sample folder, with a clock that stands still."""
    for name in ("STRONGROOM_KEY_FILE", "STRONGROOM_VAULT", "STRONGROOM_COMMUNITY", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STRONGROOM_NO_KEYRING", "1")

    def make(**options: Any) -> StrongroomApp:
        return StrongroomApp(str(workspace), session, clock=lambda: NOW, **options)

    return make
