"""A rename from an editor reaches the engine that holds the community, or changes nothing."""

from uuid import uuid4

import pytest

from engines import ROOT_TOKEN
from strongroom.backends.names_cache import cache_path
from strongroom.backends.place import EnginePlace
from strongroom.backends.protocol import Put
from strongroom.backends.shared_vault import SharedVault
from strongroom.names import Kind
from strongroom.values.secret_value import SecretValue

TEMPLATE = "{{ get_secret('token') }}"


@pytest.fixture
def shared(bao_server, folder, tmp_path, monkeypatch):
    """A community in OpenBao, whose names were read."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("STRONGROOM_TRUST", "1")
    monkeypatch.setenv("BAO_TOKEN", ROOT_TOKEN)
    place = EnginePlace("production", "openbao", bao_server.address, path=f"team/{uuid4().hex}")
    settings = (
        f'[backends.production]\nengine = "openbao"\naddress = "{place.address}"\npath = "{place.path}"\n'
    )
    (folder / "strongroom.toml").write_text(settings)
    with SharedVault(place) as vault:
        vault.add("production", "token", Kind.SECRET, SecretValue("canary-value"))
        vault.names("production")
        yield vault


@pytest.fixture
def text(registry, folder):
    text = registry(TEMPLATE)
    (folder / "connectors_registry.json").write_text(text)
    return text


@pytest.fixture
def ready(talk, folder, text, shared):
    talk.initialize(folder)
    talk.notify("initialized", {})
    talk.open((folder / "connectors_registry.json").as_uri(), text)
    return talk


@pytest.fixture
def rename(ready, folder, text):
    before = text[: text.index("'token'") + 2]
    position = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
    params = {
        "textDocument": {"uri": (folder / "connectors_registry.json").as_uri()},
        "position": position,
        "newName": "fresh",
    }
    return lambda: ready.request_until("textDocument/rename", params)


def names_in(shared):
    return [entry.name for entry in shared.backend.names()]


def settled(ready):
    ready.until(lambda _: not ready.session.renamings)


def test_the_engine_and_the_files_have_the_new_name(ready, rename, shared, folder, text):
    assert rename()["result"]["documentChanges"]
    ready.change((folder / "connectors_registry.json").as_uri(), {"text": text.replace("token", "fresh")})
    settled(ready)
    assert names_in(shared) == ["fresh"]
    assert shared.get("production", "fresh").reveal() == "canary-value"
    (said,) = ready.asked("window/showMessage")
    assert "in the files and in OpenBao at 127.0.0.1:" in said["params"]["message"]


def test_a_cancelled_rename_is_taken_back_in_the_engine(ready, rename, shared):
    ready.cancel(rename()["id"])
    settled(ready)
    assert names_in(shared) == ["token"]
    assert shared.get("production", "token").reveal() == "canary-value"


def test_a_name_that_a_colleague_gave_meanwhile_stops_the_rename(ready, rename, shared):
    shared.backend.put(Put("fresh", Kind.SECRET, SecretValue("canary-other")))
    error = rename()["error"]["message"]
    assert error.startswith("Nothing was renamed: ")
    assert names_in(shared) == ["fresh", "token"]


def test_without_a_login_nothing_is_renamed(ready, rename, shared, monkeypatch):
    monkeypatch.delenv("BAO_TOKEN")
    error = rename()["error"]["message"]
    assert error.startswith("Nothing was renamed: No login for OpenBao at 127.0.0.1:")
    assert names_in(shared) == ["token"]


def test_a_host_that_nobody_agreed_to_is_not_asked(ready, rename, shared, monkeypatch):
    monkeypatch.delenv("STRONGROOM_TRUST")
    assert "Nobody agreed yet that OpenBao at" in rename()["error"]["message"]
    assert names_in(shared) == ["token"]


def test_names_that_were_never_read_stop_the_rename(ready, rename, shared):
    from pathlib import Path

    Path(cache_path(shared.place)).unlink()
    ready.session.contexts.forget()
    error = rename()["error"]["message"]
    assert "were not read yet" in error
    assert "strongroom names --community" in error
    assert names_in(shared) == ["token"]
