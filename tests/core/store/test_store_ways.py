"""The ways in: which are tried, what is said of the others, and how slots come and go."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core.store.ways_support import MakePassphrase, Untouched, opens
from strongroom.names import Kind
from strongroom.store.backup import Restoration, back_up
from strongroom.store.errors import (
    DuplicateSlot,
    EmptyValue,
    LastSlot,
    NoKey,
    UnknownName,
    VaultClosed,
    WrongKey,
)
from strongroom.store.keys import key_file
from strongroom.store.keys.ways import KeyFile, Keyring, Passphrase, RecoveryCode, default_ways
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue


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
    assert "keyring" not in caught.value.way_out
    with pytest.raises(NoKey, match="no slot for the key in the system's keyring"):
        opens(both, Keyring())


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
    monkeypatch.setenv("STRONGROOM_NO_KEYRING", "0")
    assert kinds() == ["key-file", "keyring"]
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
        with pytest.raises(
            VaultClosed, match=r"given a new master key by another process\. Unlock it again\.$"
        ):
            vault.communities()


# --- the keyring, with a child of our own in the place of the real one
