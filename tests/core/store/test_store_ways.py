"""The ways in: key files, passphrases, the keyring; which are tried, and what is said of the others."""

import ast
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom.store.backup import Restoration, back_up
from strongroom.store.errors import (
    DuplicateSlot,
    EmptyValue,
    KeyFileInvalid,
    KeyringUnavailable,
    LastSlot,
    NoKey,
    UnknownName,
    VaultClosed,
    VaultExposed,
    VaultStorage,
    WrongKey,
)
from strongroom.store.file import mounts
from strongroom.store.keys import key_file, keyring_client
from strongroom.store.keys.ways import KeyFile, Keyring, Passphrase, RecoveryCode, Way, default_ways
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue

MakePassphrase = Callable[[str], Passphrase]


class Untouched(Passphrase):
    """A passphrase that must not be asked for."""

    def __init__(self) -> None:
        super().__init__(lambda: pytest.fail("the passphrase was asked for"))


@pytest.fixture
def both(path: Path, key: KeyFile, passphrase: MakePassphrase) -> Path:
    """A locked vault that opens with a key file or with "correct horse"."""
    with Vault.create(path, [key, passphrase("correct horse")]) as vault:
        vault.add("prod", "api_key", Kind.SECRET, SecretValue("inside"))
    return path


def opens(path: Path, *ways: Way) -> bool:
    with Vault.unlock(path, ways) as vault:
        return vault.get("prod", "api_key").reveal() == "inside"


def test_each_way_opens_the_same_vault(both: Path, key: KeyFile, passphrase: MakePassphrase) -> None:
    assert opens(both, key)
    assert opens(both, passphrase("correct horse"))


def test_ways_are_tried_in_their_order_and_a_fitting_one_ends_the_search(both: Path, key: KeyFile) -> None:
    assert opens(both, key, Untouched())


def test_a_wrong_key_file_is_an_error_and_not_a_question_for_the_passphrase(
    both: Path, tmp_path: Path
) -> None:
    other = KeyFile(tmp_path / "other")
    key_file.create_key_file(other.path)
    with pytest.raises(WrongKey, match=f"The key file {other.path} does not open"):
        opens(both, other, Untouched())


@pytest.mark.parametrize("text", ["wrong horse", "Correct horse", "correct horse ", ""])
def test_a_wrong_passphrase_is_an_error(text: str, both: Path, passphrase: MakePassphrase) -> None:
    with pytest.raises(WrongKey, match="The passphrase does not open"):
        opens(both, passphrase(text))


def test_a_way_that_the_vault_has_no_slot_for_is_skipped(
    path: Path, tmp_path: Path, passphrase: MakePassphrase
) -> None:
    with Vault.create(path, [passphrase("correct horse")]) as vault:
        vault.add("prod", "api_key", Kind.SECRET, SecretValue("inside"))
    assert opens(path, KeyFile(tmp_path / "does not matter"), Keyring(), passphrase("correct horse"))


def test_without_a_fitting_way_the_message_says_what_would_open_it(both: Path) -> None:
    with pytest.raises(NoKey, match="opens with a key file or a passphrase, and none was given") as caught:
        opens(both)
    assert "STRONGROOM_KEY_FILE" in caught.value.way_out
    with pytest.raises(NoKey, match="no slot for the key in the system's keyring"):
        opens(both, Keyring())


def test_a_missing_key_file_is_named(both: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyFileInvalid, match="There is no key file at"):
        opens(both, KeyFile(tmp_path / "missing"), Untouched())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not a Strongroom key file"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----\n", "is not a Strongroom key file"),
        (b"\xff\xfe\0", "is not a Strongroom key file"),
        (b"STRONGROOM KEY FILE 1\n" + b"00" * 32 + b"\ncheck 00000000\n", "checksum does not fit"),
        (b"STRONGROOM KEY FILE 1\n" + b"00" * 31 + b"\n", "checksum does not fit"),
        (b"STRONGROOM KEY FILE 1\nnot digits at all\n", "checksum does not fit"),
    ],
)
def test_a_file_that_is_no_key_is_told_from_a_damaged_one(
    content: bytes, said: str, both: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_bytes(content)
    wrong.chmod(0o600)
    with pytest.raises(KeyFileInvalid, match=said):
        opens(both, KeyFile(wrong))


def test_one_wrong_digit_in_a_key_file_is_found_by_its_checksum(both: Path, key: KeyFile) -> None:
    text = Path(key.path).read_text()
    digit = text[30]
    Path(key.path).write_text(text[:30] + ("0" if digit != "0" else "1") + text[31:])
    with pytest.raises(KeyFileInvalid, match="checksum"):
        opens(both, key)


def test_a_key_file_may_have_lost_its_line_ends_on_the_way(both: Path, key: KeyFile) -> None:
    lines = Path(key.path).read_text()
    Path(key.path).write_bytes(lines.replace("\n", "\r\n").encode())
    assert opens(both, key)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_key_file_that_others_can_read_is_refused(mode: int, both: Path, key: KeyFile) -> None:
    os.chmod(key.path, mode)
    with pytest.raises(VaultExposed, match="The key file") as caught:
        opens(both, key)
    assert "chmod 600" in caught.value.way_out


def test_a_key_file_behind_links_of_ones_own_is_used_however_many_there_are(
    both: Path, key: KeyFile, tmp_path: Path
) -> None:
    """As containers hand out secrets: key -> ..data/key, ..data -> the newest folder."""
    (tmp_path / "..data").symlink_to(Path(key.path).parent)
    (tmp_path / "link").symlink_to("..data/key")
    assert opens(both, KeyFile(tmp_path / "link"))
    Path(key.path).chmod(0o644)
    with pytest.raises(VaultExposed, match="mode 0644"):
        opens(both, KeyFile(tmp_path / "link"))


def test_a_key_file_behind_a_link_that_others_could_exchange_is_refused(
    both: Path, key: KeyFile, tmp_path: Path
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "link").symlink_to(key.path)
    shared.chmod(0o777)
    with pytest.raises(VaultExposed, match="symbolic link"):
        opens(both, KeyFile(shared / "link"))
    shared.chmod(0o1777)
    assert opens(both, KeyFile(shared / "link"))
    if os.geteuid() == 0:
        os.lchown(shared / "link", 12345, 12345)
        with pytest.raises(VaultExposed, match="another user could change"):
            opens(both, KeyFile(shared / "link"))


def test_links_that_go_round_in_circles_end_in_a_sentence(both: Path, tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    with pytest.raises(VaultStorage, match="too many levels of symbolic links"):
        opens(both, KeyFile(tmp_path / "one"))


def test_a_key_file_that_is_no_ordinary_file_is_refused(both: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(VaultExposed, match="not an ordinary file"):
        opens(both, KeyFile(tmp_path / "folder"))


@contextmanager
def written(pipe: Path | int, key: KeyFile) -> Iterator[None]:
    """Somebody who writes the key to a pipe, as a password manager does."""
    content = Path(key.path).read_bytes()

    def write() -> None:
        with open(pipe, "wb") as file:
            file.write(content)

    writer = threading.Thread(target=write)
    writer.start()
    yield
    writer.join()


def test_a_key_comes_through_a_pipe_with_a_name_or_without(both: Path, key: KeyFile, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    with written(tmp_path / "pipe", key):
        assert opens(both, KeyFile(tmp_path / "pipe"))
    end, begin = os.pipe()
    with written(begin, key):
        assert opens(both, KeyFile(f"/dev/fd/{end}"))
    with pytest.raises(KeyFileInvalid, match="nothing came from it: it was read already"):
        opens(both, KeyFile(f"/dev/fd/{end}"))
    os.close(end)


def test_a_pipe_that_others_can_use_is_refused(both: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "pipe").chmod(0o666)
    with pytest.raises(VaultExposed, match="pipe that others can use"):
        opens(both, KeyFile(tmp_path / "pipe"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files of root, and be somebody else")
@pytest.mark.parametrize(
    ("mode", "is_read", "is_told"),
    [
        (0o444, True, True),
        (0o644, True, True),
        (0o440, True, False),
        (0o400, False, False),
        (0o666, False, False),
    ],
)
def test_a_key_file_of_roots_is_read_as_containers_bring_it(mode: int, is_read: bool, is_told: bool) -> None:
    told: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        file = Path(folder, "key")
        created = key_file.create_key_file(str(file))
        os.chown(file, 0, 4321)
        file.chmod(mode)
        outcome = as_somebody_else(lambda: key_file.read_key_file(str(file), told.append) == created and told)
    assert (outcome is not None) == is_read
    assert not is_read or bool(outcome) == is_told


def as_somebody_else(work: Callable[[], object]) -> object:
    """What `work` gives in a child process of another user, in the group 4321; None where it raises our error."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.setgroups([4321])
            os.setgid(4321)
            os.setuid(4321)
            os.write(write, repr(work()).encode())
        except StrongroomError:
            os.write(write, b"None")
        finally:
            os._exit(0)
    os.close(write)
    with open(read, encoding="utf-8") as file:
        said = file.read()
    os.waitpid(pid, 0)
    return ast.literal_eval(said)


@pytest.mark.parametrize(("kind", "mode"), [("vfat", 0o755), ("exfat", 0o777), ("drvfs", 0o777)])
def test_a_key_file_on_a_stick_is_read_and_who_else_can_read_it_is_told(
    kind: str, mode: int, both: Path, key: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.chmod(key.path, mode)
    monkeypatch.setattr(mounts, "file_system", lambda path: kind if path == key.path else "ext4")
    told: list[str] = []
    assert opens(both, KeyFile(key.path, told.append))
    assert "can be read by others on this machine" in told[0]


def test_a_new_key_file_is_private_and_an_existing_one_is_used_as_it_is(path: Path, tmp_path: Path) -> None:
    key = KeyFile(tmp_path / "keys" / "key")
    Vault.create(path, [key]).close()
    first = Path(key.path).read_bytes()
    assert stat.S_IMODE(os.stat(key.path).st_mode) == 0o600
    Vault.create(path.with_name("second.db"), [key]).close()
    assert Path(key.path).read_bytes() == first
    Vault.unlock(path.with_name("second.db"), [key]).close()


def test_something_else_at_the_key_files_place_is_never_overwritten(path: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("my thesis")
    precious.chmod(0o600)
    with pytest.raises(KeyFileInvalid):
        Vault.create(path, [KeyFile(precious)])
    assert precious.read_text() == "my thesis"
    assert not path.exists()


def test_a_vault_needs_a_way_in_and_an_empty_passphrase_is_none(
    path: Path, passphrase: MakePassphrase
) -> None:
    with pytest.raises(NoKey):
        Vault.create(path, [])
    with pytest.raises(EmptyValue):
        Vault.create(path, [passphrase("")])
    assert not path.exists()


def test_a_passphrase_is_the_same_however_the_keyboard_composes_it(
    path: Path, passphrase: MakePassphrase
) -> None:
    Vault.create(path, [passphrase("caf\u00e9 au lait")]).close()
    Vault.unlock(path, [passphrase("cafe\u0301 au lait")]).close()


def test_slots_are_added_listed_and_removed(both: Path, key: KeyFile, passphrase: MakePassphrase) -> None:
    with Vault.unlock(both, [key]) as vault:
        assert [(slot.kind, slot.label) for slot in vault.slots()] == [
            ("key-file", "key"),
            ("passphrase", ""),
        ]
        added = vault.add_slot(passphrase("second phrase"))
        assert opens(both, passphrase("second phrase"))
        assert opens(both, passphrase("correct horse"))
        vault.remove_slot(added)
        with pytest.raises(WrongKey):
            opens(both, passphrase("second phrase"))
        assert vault.verify() == []


def test_the_last_slot_cannot_be_removed(vault: Vault, path: Path, key: KeyFile) -> None:
    (only,) = vault.slots()
    with pytest.raises(LastSlot):
        vault.remove_slot(only.id)
    with pytest.raises(UnknownName):
        vault.remove_slot("00")
    Vault.unlock(path, [key]).close()


def test_a_new_master_key_opens_with_the_given_ways_and_no_other(
    both: Path, key: KeyFile, passphrase: MakePassphrase
) -> None:
    with Vault.unlock(both, [key]) as vault, Vault.unlock(both, [key]) as other:
        vault.set("prod", "api_key", SecretValue("second"))
        vault.set("prod", "api_key", SecretValue("inside"))
        vault.add("prod", "url", Kind.VARIABLE, SecretValue("https://x"))
        before = vault._ledger.master
        dropped = vault.rotate([key])
        assert [slot.kind for slot in dropped] == ["passphrase"]
        assert vault._ledger.master != before
        assert vault.verify() == []
        assert vault.get("prod", "api_key").reveal() == "inside"
        assert vault.get_version("prod", "api_key", 2).reveal() == "second"
        vault.set("prod", "api_key", note="still writable")
        with pytest.raises(VaultClosed, match="new master key"):
            other.get("prod", "api_key")
    assert opens(both, key)
    with pytest.raises(NoKey):
        opens(both, passphrase("correct horse"))


def test_a_failed_rotation_changes_nothing(
    both: Path, key: KeyFile, passphrase: MakePassphrase, tmp_path: Path
) -> None:
    with Vault.unlock(both, [key]) as vault:
        with pytest.raises(WrongKey):
            vault.rotate([key, passphrase("wrong")])
        with pytest.raises(LastSlot):
            vault.rotate([])
        assert vault.get("prod", "api_key").reveal() == "inside"
        assert vault.verify() == []
    assert opens(both, passphrase("correct horse"))


def test_the_environment_offers_key_file_then_keyring_then_passphrase(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def kinds(**kwargs: object) -> list[str]:
        return [way.kind.value for way in default_ways(**kwargs)]  # type: ignore[arg-type]

    prompt = lambda: SecretValue("x")  # noqa: E731
    assert kinds() == []
    assert kinds(prompt=prompt) == ["passphrase"]
    monkeypatch.delenv("STRONGROOM_NO_KEYRING")
    monkeypatch.setenv("STRONGROOM_KEY_FILE", str(tmp_path / "from environment"))
    assert kinds(prompt=prompt) == ["key-file", "keyring", "passphrase"]
    (first, _) = default_ways(key_file_path=tmp_path / "named")
    assert isinstance(first, KeyFile)
    assert first.path.endswith("named")


def test_a_way_that_opens_the_vault_already_is_no_second_way_in(
    path: Path, key: KeyFile, passphrase: Callable[[str], Passphrase], tmp_path: Path
) -> None:
    with Vault.create(path, [key, passphrase("correct horse")]) as vault:
        shutil.copy(key.path, tmp_path / "same-key")
        for way in (key, KeyFile(tmp_path / "same-key"), passphrase("correct horse")):
            with pytest.raises(DuplicateSlot, match="opens this vault already"):
                vault.add_slot(way)
        assert len(vault.slots()) == 2
        vault.add_slot(passphrase("battery staple"))
        vault.add_slot(KeyFile(tmp_path / "other-key"))
    with pytest.raises(DuplicateSlot):
        Vault.create(path.with_name("other.db"), [key, key])
    assert not path.with_name("other.db").exists()


def test_a_new_master_key_and_its_new_recovery_code_are_one_change(path: Path, key: KeyFile) -> None:
    old, new = RecoveryCode(), RecoveryCode()
    with Vault.create(path, [key, old]) as vault:
        generation = vault._ledger.vault_row.generation
        shown = new.make()
        vault.rotate([key], [new])
        assert vault._ledger.vault_row.generation == generation + 1
        assert vault.verify() == []
    with Vault.unlock(path, [RecoveryCode(lambda: shown)]) as vault:
        assert [slot.kind for slot in vault.slots()] == ["key-file", "recovery-code"]
    code = old.new_code
    assert code is not None
    with pytest.raises(WrongKey):
        Vault.unlock(path, [RecoveryCode(lambda: code)])


def test_a_vault_that_got_another_master_key_of_the_same_number_has_to_be_unlocked_again(
    path: Path, key: KeyFile, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.db"
    with Vault.create(path, [key]) as vault:
        back_up(str(path), str(backup))
        vault.rotate([key])
        with Restoration(str(path), str(backup), [key]) as restoration:
            restoration.apply()
        with Vault.unlock(path, [key]) as other:
            other.rotate([key])
        with pytest.raises(VaultClosed, match="given a new master key"):
            vault.communities()


# --- the keyring, with a child of our own in the place of the real one


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
    monkeypatch.setattr(keyring_client, "SECONDS", 0.3)
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
