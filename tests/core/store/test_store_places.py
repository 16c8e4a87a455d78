"""Where things are when nobody says: the quick way on Linux is held to what platformdirs says."""

import os
import sys

import platformdirs
import pytest

from strongroom.store.file.places import default_vault_path, state_folder


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"XDG_DATA_HOME": "/data", "XDG_STATE_HOME": "/state"},
        {"XDG_DATA_HOME": "", "XDG_STATE_HOME": ""},
        {"XDG_DATA_HOME": "relative", "XDG_STATE_HOME": "./relative"},
        {"XDG_DATA_HOME": "/data/", "XDG_STATE_HOME": "/state//"},
        {"XDG_DATA_HOME": "~/data", "XDG_STATE_HOME": "~"},
        {"HOME": "/home/somebody"},
        {"HOME": "/home/somebody/"},
        {"HOME": ""},
        {"HOME": "relative"},
    ],
)
def test_the_folders_are_those_of_platformdirs(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    data = platformdirs.user_data_dir("strongroom", appauthor=False)
    assert default_vault_path() == os.path.join(data, "vault.db")
    assert state_folder() == platformdirs.user_state_dir("strongroom", appauthor=False)


def test_the_environment_names_the_vault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRONGROOM_VAULT", "/somewhere/else.db")
    assert default_vault_path() == "/somewhere/else.db"


@pytest.mark.skipif(sys.platform != "linux", reason="the quick way is for Linux")
def test_on_linux_platformdirs_is_not_imported_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "platformdirs", None)
    assert default_vault_path().endswith("/strongroom/vault.db")
