"""Fixtures of the screens' tests; what they are made of is in `tui_support.py`."""

import gc
import json
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from textual import _wait

sys.path.insert(0, str(Path(__file__).parent))

from tui_support import CANARY, FILES, NOW, REGISTRY, MemorySession, Open, connector, entry

from strongroom.names import Kind
from strongroom.resolver.terms.inputs import Policy
from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue
from strongroom_tui.app import StrongroomApp
from strongroom_tui.backend.runner import AppRunner
from strongroom_tui.backend.session import VaultSession
from strongroom_tui.backend.vault_thread import VaultThread
from strongroom_tui.frame import key_queue
from strongroom_tui.widgets import bars

TESTS_A_COLLECTION = 20


@pytest.fixture(autouse=True, scope="session")
def garbage_waits() -> Iterator[Callable[[], None]]:
    """Look through all objects after some tests only. Each app leaves enough garbage for a look of its own.

    These looks took a fifth of the time.
    """
    gc.freeze()  # What was imported is no garbage.
    begin = gc.get_threshold()
    gc.set_threshold(begin[0], begin[1], 1_000_000)
    tests = count(1)

    def collect_at_times() -> None:
        if next(tests) % TESTS_A_COLLECTION == 0:
            gc.collect()

    yield collect_at_times
    gc.set_threshold(*begin)


@pytest.fixture(autouse=True)
def looks_are_near(monkeypatch: pytest.MonkeyPatch) -> None:
    """After each key the pilot looks if the processor is idle, 20 ms apart: half of the time that these tests took."""
    monkeypatch.setattr(_wait, "SLEEP_GRANULARITY", 0.004)
    monkeypatch.setattr(_wait, "SLEEP_IDLE", 0.0002)


@pytest.fixture(autouse=True)
def nothing_is_kept(monkeypatch: pytest.MonkeyPatch, garbage_waits: Callable[[], None]) -> Iterator[None]:
    """End each app's thread, and let its objects go: hundreds of both slow later tests down."""
    made: list[VaultThread] = []
    begin = VaultThread.__init__

    def begin_and_note(self: VaultThread, session: VaultSession) -> None:
        begin(self, session)
        made.append(self)

    monkeypatch.setattr(VaultThread, "__init__", begin_and_note)
    monkeypatch.setattr(gc, "freeze", lambda: None)  # for good, as the app does it at its start
    yield
    for thread in made:
        thread.close()
    garbage_waits()


@pytest.fixture(autouse=True)
def nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs send the sample's secrets to sample hosts. Tests of the question take this back."""
    monkeypatch.setenv("STRONGROOM_TRUST", "1")


@pytest.fixture(autouse=True)
def time_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine lets no key overtake another, hides no notice before it is looked for, ends no run."""
    monkeypatch.setattr(key_queue, "LONGEST_SECONDS", 15.0)
    monkeypatch.setattr(bars, "NOTICE_SECONDS", 15.0)
    # A run waits for a test, which may be slower than the API of a real run may be.
    policy = property(
        lambda runner: Policy(runner.settings.allowed_hosts, runner.settings.ca_file, timeout=120.0)
    )
    monkeypatch.setattr(AppRunner, "policy", policy)


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


@pytest.fixture
def vault_file(tmp_path: Path) -> Path:
    (tmp_path / "vault").mkdir(mode=0o700)
    path = tmp_path / "vault" / "vault.db"
    with Vault.create(path, [KeyFile(tmp_path / "vault" / "key")]) as vault:
        vault.add("production", "alpha_key", Kind.SECRET, SecretValue("alpha-value-1"))
        vault.add("production", "beta_key", Kind.SECRET, SecretValue("beta-value-1"), "kept", "2027-01-31")
        vault.add("production", "gamma_url", Kind.VARIABLE, SecretValue("https://gamma.example.com"))
    return path


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    for file in FILES:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        connectors = {"connectors": [connector(f"C{len(file)}", "alpha_key")]}
        (folder / file).write_text(json.dumps(connectors, indent=2) + "\n")
    return folder


@pytest.fixture
def opened(vault_file: Path, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """The app over the vault on the disk, unlocked by its key file."""
    monkeypatch.setenv("STRONGROOM_KEY_FILE", str(vault_file.parent / "key"))
    monkeypatch.setenv("STRONGROOM_NO_KEYRING", "1")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("STRONGROOM_VAULT", raising=False)
    monkeypatch.delenv("STRONGROOM_COMMUNITY", raising=False)

    def make(**options: object) -> StrongroomApp:
        return StrongroomApp(str(site), VaultSession(str(vault_file)), clock=lambda: NOW, **options)  # type: ignore[arg-type]

    return make
