"""The system's keyring, with a child of our own in the place of the real one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.store.ways_support import Untouched, opens
from strongroom.names import Kind
from strongroom.store.errors import (
    KeyringUnavailable,
    WrongKey,
)
from strongroom.store.keys import keyring_client
from strongroom.store.keys.ways import Keyring
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue


def child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str) -> None:
    """Puts a program in the place of the child that speaks with the keyring."""
    program = tmp_path / "child.py"
    program.write_text(f"import sys, os, time\naction, item = sys.argv[-2:]\n{body}\n")
    monkeypatch.setattr(
        keyring_client, "child_command", lambda action, item: [sys.executable, str(program), action, item]
    )


KEEPS = """
place = os.path.join(os.path.dirname(__file__), "kept-" + item)
if action == "keep" and not os.path.exists(place):
    open(place, "w").write(sys.stdin.read())
print("ok " + open(place).read() if os.path.exists(place) else "no it holds nothing for this vault")
"""


def test_a_vault_opens_with_the_key_in_the_keyring(
    path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    child(monkeypatch, tmp_path, KEEPS)
    with Vault.create(path, [Keyring()]) as vault:
        vault.add("prod", "api_key", Kind.SECRET, SecretValue("inside"))
    assert opens(path, Keyring())
    next(tmp_path.glob("kept-*")).write_text("00" * 32)
    with pytest.raises(WrongKey, match="The key in the system's keyring does not open"):
        opens(path, Keyring(), Untouched())


def test_a_second_slot_for_the_keyring_leaves_the_first_one_working(
    path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    child(monkeypatch, tmp_path, KEEPS)
    with Vault.create(path, [Keyring()]) as vault:
        vault.add("prod", "api_key", Kind.SECRET, SecretValue("inside"))
        vault.remove_slot(vault.add_slot(Keyring()))
    assert opens(path, Keyring())


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("print('no it is locked'); sys.exit(1)", "it is locked"),
        ("sys.exit(3)", "ended without an answer"),
        ("print('ok 00')", "is damaged"),
        ("time.sleep(60)", "did not answer"),
    ],
)
def test_every_failure_of_the_keyring_ends_in_the_one_message(
    body: str, said: str, path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    child(monkeypatch, tmp_path, KEEPS)
    Vault.create(path, [Keyring()]).close()
    monkeypatch.undo()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    if "sleep" in body:
        monkeypatch.setattr(keyring_client, "SECONDS", 0.3)
    else:  # however long the child takes to start
        monkeypatch.setattr(keyring_client, "SECONDS", 60.0)
    child(monkeypatch, tmp_path, body)
    with pytest.raises(KeyringUnavailable, match=said) as caught:
        Vault.unlock(path, [Keyring(), Untouched()])
    assert caught.value.message.startswith("The system's keyring could not be used: ")
    for way_out in ("--key-file", "STRONGROOM_KEY_FILE", "STRONGROOM_NO_KEYRING=1"):
        assert way_out in caught.value.way_out


DIALOG = """
print(%r, flush=True)
time.sleep(3)  # longer than a service has
print('ok ' + '00' * 32)
"""


@pytest.mark.parametrize("word", ["asks", "may ask"])
def test_a_person_has_longer_than_a_service_and_is_told_that_a_dialog_waits(
    word: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    child(monkeypatch, tmp_path, DIALOG % word)
    monkeypatch.setattr(keyring_client, "SECONDS", 2.0)
    told: list[str] = []
    assert keyring_client.fetch(b"1" * 16, told.append) == bytes(32)
    assert told == ["Waiting for your keyring's dialog."]


def test_after_its_dialog_was_answered_a_service_has_seconds_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    child(monkeypatch, tmp_path, "print('asks\\nwas answered', flush=True); time.sleep(60)")
    monkeypatch.setattr(keyring_client, "SECONDS", 2.0)
    with pytest.raises(KeyringUnavailable, match="did not answer within 2 seconds"):
        keyring_client.fetch(b"1" * 16)


def test_nobody_is_told_of_a_dialog_where_a_keyring_that_may_ask_answers_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    child(monkeypatch, tmp_path, "print('may ask\\nok ' + '00' * 32)")
    assert keyring_client.fetch(b"1" * 16, pytest.fail) == bytes(32)


def test_a_back_end_that_is_no_systems_own_keyring_is_never_used(tmp_path: Path) -> None:
    """keyrings.alt and its like would keep the key in plain text, and keyring would choose them silently."""
    script = """
import keyring.backend
class Plain(keyring.backend.KeyringBackend):
    priority = 9
    def get_password(self, service, item): return "00" * 32
    def set_password(self, service, item, value): pass
    def delete_password(self, service, item): pass
Plain.__module__ = "keyrings.alt.file"
from strongroom.store.keys import keyring_child
assert any(type(found) is Plain for found in keyring.backend.get_all_keyring())
sys_exit = keyring_child.main(["get", "00"])
"""
    environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, env=environment
    )
    assert done.stdout.startswith("no there is none on this machine")


def test_the_real_child_on_a_machine_without_a_keyring_gives_the_message_in_time(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    if sys.platform != "linux":
        pytest.skip("macOS and Windows have a keyring")
    with pytest.raises(KeyringUnavailable):
        Vault.create(path, [Keyring()])
    assert not path.exists()
