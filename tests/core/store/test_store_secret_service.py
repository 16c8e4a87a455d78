"""A real Secret Service: gnome-keyring on a message bus of its own, as on a desktop, without a screen."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(
    not shutil.which("gnome-keyring-daemon") or not shutil.which("dbus-run-session"),
    reason="needs gnome-keyring and dbus",
)

# Runs inside the session. Each step of the command line goes to standard output as one JSON line.
SESSION = """
import json, subprocess, sys, time
from contextlib import closing

def step(label, *arguments, given=b""):
    begin = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "strongroom_cli", *arguments], input=given, capture_output=True)
    said = [label, done.returncode, done.stdout.decode(), done.stderr.decode(), time.monotonic() - begin]
    print(json.dumps(said), flush=True)

def start_keyring():
    subprocess.run(["gnome-keyring-daemon", "--unlock", "--components=secrets"], input=b"password",
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)

def lock_keyring():
    import secretstorage
    with closing(secretstorage.dbus_init()) as bus:
        secretstorage.get_default_collection(bus).lock()
"""
STEPS = """
start_keyring()
step("init", "vault", "init", "--key-file", sys.argv[1])
step("add slot", "--key-file", sys.argv[1], "vault", "slots", "add", "--keyring")
step("add", "secret", "add", "api_key", "--community", "prod", given=b"canary-value")
step("show", "secret", "show", "api_key", "--reveal")
step("slots", "vault", "slots", "--format", "json")
step("again", "--key-file", sys.argv[1], "vault", "slots", "add", "--keyring")
step("show again", "secret", "show", "api_key", "--reveal")
slots = json.loads(subprocess.run([sys.executable, "-m", "strongroom_cli", "vault", "slots", "--format", "json"],
                                  capture_output=True).stdout)
step("remove", "vault", "slots", "remove", slots[-1]["id"])
step("rotate", "vault", "rotate", "--yes")
step("show rotated", "secret", "show", "api_key", "--reveal")
lock_keyring()
step("locked", "secret", "show", "api_key")
step("locked, slot", "--key-file", sys.argv[1], "vault", "slots", "add", "--keyring")
"""
BUS_WITHOUT_SERVICES = """<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>"""


def in_session(folder: Path, steps: str, *options: str) -> dict[str, Any]:
    """What each step said: status, output, errors and seconds, by its label."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    for name in ("data", "state", "runtime", "cache", "config"):
        (folder / name).mkdir(mode=0o700, exist_ok=True)
    done = subprocess.run(
        ["dbus-run-session", *options, "--", sys.executable, "-c", SESSION + steps, str(folder / "key")],
        env={
            **kept,
            "HOME": str(folder),
            "XDG_DATA_HOME": str(folder / "data"),
            "XDG_STATE_HOME": str(folder / "state"),
            "XDG_RUNTIME_DIR": str(folder / "runtime"),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "STRONGROOM_VAULT": str(folder / "store" / "vault.db"),
        },
        capture_output=True,
        text=True,
        timeout=120,
        start_new_session=True,
        check=False,
    )
    said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    assert done.returncode == 0, done.stderr
    return {label: rest for label, *rest in said}


def is_the_clear_message(outcome: Any, reason: str) -> bool:
    status, _, errors, seconds = outcome
    assert status == 2
    assert seconds < 20  # a person would have a minute
    assert errors.startswith(f"strongroom: The system's keyring could not be used: {reason}.\n"), errors
    assert "--key-file" in errors
    assert "STRONGROOM_NO_KEYRING=1" in errors
    return True


def test_a_key_in_the_keyring_is_added_used_and_renewed_and_a_locked_keyring_says_so(tmp_path: Path) -> None:
    said = in_session(tmp_path, STEPS)
    for label in ("init", "add slot", "add", "show", "slots", "again", "show again", "remove", "rotate"):
        assert said[label][0] == 0, (label, said[label])
    assert said["show"][1] == "canary-value"
    assert [slot["kind"] for slot in json.loads(said["slots"][1])] == ["key-file", "keyring"]
    assert said["show rotated"][:2] == [0, "canary-value"]
    assert is_the_clear_message(said["locked"], "it is locked")
    assert is_the_clear_message(said["locked, slot"], "it is locked")
    assert "canary" not in json.dumps([one for label, one in said.items() if not label.startswith("show")])


def test_a_bus_without_a_keyring_gives_the_message_with_the_ways_out(tmp_path: Path) -> None:
    said = in_session(tmp_path, 'start_keyring()\nstep("init", "vault", "init", "--keyring")')
    assert said["init"][0] == 0
    show = 'step("show", "secret", "show", "api_key")'
    # The bus starts the daemon itself, and nobody has unlocked it:
    assert is_the_clear_message(in_session(tmp_path, show)["show"], "it is locked")
    bus = tmp_path / "bus.conf"
    bus.write_text(BUS_WITHOUT_SERVICES)
    said = in_session(tmp_path, show, "--config-file", str(bus))
    assert is_the_clear_message(said["show"], "there is none on this machine that Strongroom trusts")
    said = in_session(
        tmp_path,
        f'import os; os.environ["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nowhere"\n{show}',
    )
    assert is_the_clear_message(said["show"], "there is none on this machine that Strongroom trusts")


STUB = Path(__file__).with_name("stub_secret_service.py")
WITH_STUB = """
import os
os.environ["DISPLAY"] = ":0"
stub = subprocess.Popen([sys.executable, {stub!r}, {how!r}], stdout=subprocess.PIPE, text=True)
assert stub.stdout.readline() == "READY\\n"
step("init", "vault", "init", "--keyring", "--no-recovery-code")
stub.terminate()
print(json.dumps(["labels", *stub.stdout.read().split("\\n")]))
"""


def with_stub(folder: Path, how: str) -> dict[str, Any]:
    """What `vault init --keyring` said beside a service that answers in this way."""
    bus = folder / "bus.conf"
    bus.write_text(BUS_WITHOUT_SERVICES)
    return in_session(folder, WITH_STUB.format(stub=str(STUB), how=how), "--config-file", str(bus))


def test_somebody_who_types_the_keyrings_password_has_longer_than_a_service(tmp_path: Path) -> None:
    said = with_stub(tmp_path, "7")
    status, out, errors, _ = said["init"]
    assert status == 0, errors
    assert "Made the vault" in out
    assert errors == "strongroom: Waiting for your keyring's dialog.\n"
    assert any(label.startswith("LABEL Key of the Strongroom vault ") for label in said["labels"])


def test_a_dismissed_dialog_and_a_silent_service_end_in_the_message_in_seconds(tmp_path: Path) -> None:
    (tmp_path / "dismissed").mkdir()
    status, _, errors, _ = with_stub(tmp_path / "dismissed", "dismissed")["init"]
    assert status == 2
    assert "it is locked" in errors
    (tmp_path / "silent").mkdir()
    status, _, errors, _ = with_stub(tmp_path / "silent", "silent")["init"]
    assert status == 2
    assert "it did not answer within 4.5 seconds" in errors
    assert "Waiting" not in errors
