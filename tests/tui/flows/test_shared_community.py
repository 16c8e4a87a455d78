"""The app on a community that an engine holds: the same screens, and cached names where it does not answer."""

from pathlib import Path
from uuid import uuid4

import pytest
from dialog_support import dialog
from textual import events
from tui_support import NOW, screen_text, see

from engines import ROOT_TOKEN, Server, free_port, start_openbao, stop
from strongroom.backends.opening import open_backend
from strongroom.backends.place import EnginePlace
from strongroom.backends.protocol import Put
from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom.store.errors import EntryChanged
from strongroom.values.secret_value import SecretValue
from strongroom_tui.app import StrongroomApp
from strongroom_tui.backend.session import Locked, VaultSession
from strongroom_tui.backend.shared import LOOK_SECONDS, SharedCommunities
from strongroom_tui.dialogs.conflict import Conflict
from strongroom_tui.dialogs.form import EntryForm
from strongroom_tui.vault_state import VaultState

SIZE = (100, 30)


@pytest.fixture(autouse=True)
def _own_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("STRONGROOM_NO_KEYRING", "1")
    monkeypatch.setenv("BAO_TOKEN", ROOT_TOKEN)
    for name in ("STRONGROOM_VAULT", "STRONGROOM_COMMUNITY", "STRONGROOM_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def place(bao_server: Server) -> EnginePlace:
    return EnginePlace("production", "openbao", bao_server.address, path=f"team/{uuid4().hex}")


def put(place: EnginePlace, name: str, value: str, kind: Kind = Kind.SECRET) -> None:
    open_backend(place).put(Put(name, kind, SecretValue(value)))


def value_of(place: EnginePlace, name: str) -> str:
    return open_backend(place).get(name).value.reveal()


def session_at(place: EnginePlace, tmp_path: Path) -> VaultSession:
    return VaultSession(str(tmp_path / "none.db"), None, {"production": place})


def test_without_a_login_the_names_are_those_that_were_read_last(place: EnginePlace, tmp_path: Path) -> None:
    put(place, "token", "value-1")
    put(place, "url", "plain", Kind.VARIABLE)
    first = session_at(place, tmp_path)
    first.shared.open("production")
    assert first.snapshot().state is VaultState.UNLOCKED
    assert {one.name: one.value for one in first.snapshot().entries} == {"token": None, "url": "plain"}
    later = session_at(place, tmp_path).snapshot()
    assert later.state is VaultState.LOCKED
    assert {one.name: one.value for one in later.entries} == {"token": None, "url": None}


def test_a_locked_community_gives_no_value(place: EnginePlace, tmp_path: Path) -> None:
    session = session_at(place, tmp_path)
    with pytest.raises(Locked):
        session.value("production", "token")
    session.shared.open("production")
    session.lock()
    assert not session.is_unlocked
    with pytest.raises(Locked):
        session.value("production", "token")


def test_changes_of_others_change_the_mark_every_few_seconds(place: EnginePlace) -> None:
    now = 0.0
    shared = SharedCommunities({"production": place}, clock=lambda: now)
    shared.open("production")
    first = shared.fingerprint("production")
    put(place, "token", "value-1")
    assert shared.fingerprint("production") == first
    now += LOOK_SECONDS
    assert shared.fingerprint("production") != first
    assert shared.fingerprint("production") == shared.fingerprint("production")


def test_an_engine_that_is_lost_locks_and_leaves_the_names(tmp_path: Path) -> None:
    port = free_port()
    place = EnginePlace("production", "openbao", f"http://127.0.0.1:{port}", path="team")
    session = session_at(place, tmp_path)
    with start_openbao(port) as server:
        put(place, "token", "value-1")
        session.shared.open("production")
        stop(server)
        snapshot = session.snapshot()
    assert snapshot.state is VaultState.LOCKED
    assert [one.name for one in snapshot.entries] == ["token"]
    assert "cannot be reached" in snapshot.problem


def test_what_the_app_changes_goes_to_the_engine(place: EnginePlace, tmp_path: Path) -> None:
    session = session_at(place, tmp_path)
    session.shared.open("production")
    made = session.add("production", "token", Kind.SECRET, SecretValue("value-1"), "", "")
    put(place, "token", "theirs")
    with pytest.raises(EntryChanged):
        session.change("production", "token", SecretValue("ours"), None, None, made.tag)
    assert value_of(place, "token") == "theirs"
    gone = session.delete("production", "token")
    session.move("production", gone, made)  # z
    assert value_of(place, "token") == "theirs"
    assert session.path_of("production") == place.key
    with pytest.raises(StrongroomError):
        session.value("production", "missing")


async def test_a_save_over_a_colleagues_change_shows_both(place: EnginePlace, tmp_path: Path) -> None:
    put(place, "token", "value-1")
    app = StrongroomApp(str(tmp_path), session_at(place, tmp_path), clock=lambda: NOW)
    async with app.run_test(size=SIZE) as pilot:
        await see(app, "● unlocked")
        await see(app, "▌ token")
        await pilot.press("e")
        await dialog(app, EntryForm)
        await pilot.press(*"ours")
        put(place, "token", "theirs")
        await pilot.press("ctrl+s")
        await dialog(app, Conflict)
        assert value_of(place, "token") == "theirs"
        await pilot.press("o")
        await see(app, "saved token")
    assert value_of(place, "token") == "ours"


async def test_nothing_is_sent_before_the_person_agreed_to_the_host(
    place: EnginePlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STRONGROOM_TRUST")
    put(place, "token", "value-1")
    app = StrongroomApp(str(tmp_path), session_at(place, tmp_path), clock=lambda: NOW)
    async with app.run_test(size=SIZE) as pilot:
        await see(app, "○ locked")
        assert "token" not in screen_text(app)
        app.post_message(events.Key("u", "u"))
        await see(app, "holds the secrets of")
        await pilot.press("y")
        await see(app, "● unlocked")
        await see(app, "token")
