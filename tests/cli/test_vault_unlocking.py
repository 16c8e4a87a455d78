"""Recovery code, unlock cache, new master key, and an older file in the vault's place, as commands."""

import re
import shutil

import pytest

from strongroom.store.keys import remembered

CODE = re.compile(r"^    ((?:[0-9A-Z]{5}-){5}[0-9A-Z]{5})$", re.MULTILINE)


@pytest.fixture
def vault(strongroom):
    """A vault with a key file, a recovery code (`vault.code`) and one secret."""
    ran = strongroom("vault", "init", "--key-file", str(strongroom.key_file), "--recovery-code")
    assert ran.status == 0, ran.err
    strongroom.code = CODE.search(ran.out)[1]
    assert strongroom("secret", "add", "a", "--community", "c", given="value").status == 0
    return strongroom


def test_without_a_second_way_in_init_says_how_to_add_one(strongroom) -> None:
    ran = strongroom("vault", "init", "--key-file", str(strongroom.key_file))
    assert (ran.status, ran.err) == (0, "")
    assert "slots add --recovery-code" in ran.out
    added = strongroom("vault", "slots", "add", "--recovery-code")
    assert CODE.search(added.out)
    assert "recovery-code" in strongroom("vault", "slots").out


def test_the_recovery_code_brings_back_a_vault_whose_key_file_is_lost(vault) -> None:
    vault.key_file.unlink()
    assert vault("secret", "show", "a", "--reveal").status == 2
    new = vault.key_file.with_name("new-key")
    ran = vault("vault", "recover", "--key-file", str(new), given=vault.code.lower().replace("-", " ") + "\n")
    assert ran.status == 0, ran.err
    shown = vault("secret", "show", "a", "--reveal", environment={"STRONGROOM_KEY_FILE": str(new)})
    assert shown.out == "value"


def test_a_mistyped_recovery_code_is_told_and_not_repeated(vault) -> None:
    wrong = ("0" if vault.code[0] != "0" else "1") + vault.code[1:]
    ran = vault("vault", "recover", "--key-file", str(vault.key_file), given=wrong)
    assert ran.status == 2
    assert "typing mistake" in ran.err
    assert wrong not in ran.out + ran.err


def test_unlock_lets_commands_work_without_a_key_until_lock(vault) -> None:
    without = {"STRONGROOM_KEY_FILE": ""}
    ran = vault("vault", "unlock", "--for", "2m")
    if "no place in memory" in ran.err:
        pytest.skip("nothing can be kept in memory on this machine")
    assert "Unlocked until" in ran.out
    try:
        assert vault("secret", "show", "a", "--reveal", environment=without).out == "value"
        assert vault("vault", "lock", environment=without).out == "Locked.\n"
        assert vault("secret", "show", "a", environment=without).status == 2
        assert "not kept unlocked" in vault("vault", "lock").out
        # What was unlocked is locked too when the vault is no longer where it was.
        assert vault("vault", "unlock", "--for", "2m").status == 0
        moved = vault.vault.rename(vault.vault.with_name("moved.db"))
        assert vault("vault", "lock").out == "Locked.\n"
        moved.rename(vault.vault)
        assert vault("secret", "show", "a", environment=without).status == 2
    finally:
        remembered.forget(_store_id(vault))


@pytest.mark.parametrize("duration", ["", "x", "15", "0s", "13h", "-1m"])
def test_a_time_that_cannot_be_is_refused(vault, duration: str) -> None:
    ran = vault("vault", "unlock", f"--for={duration}")
    assert ran.status == 2
    assert ran.err.startswith("strongroom: ")


def test_rotate_keeps_the_values_and_replaces_the_recovery_code(vault) -> None:
    ran = vault("vault", "rotate", "--yes")
    assert ran.status == 0, ran.err
    new = CODE.search(ran.out)[1]
    assert new != vault.code
    assert vault("secret", "show", "a", "--reveal").out == "value"
    assert vault("vault", "verify").status == 0
    other = str(vault.key_file.with_name("other"))
    assert vault("vault", "recover", "--key-file", other, given=vault.code).status == 2
    assert vault("vault", "recover", "--key-file", other, given=new).status == 0


def test_rotate_without_a_terminal_wants_its_flag(vault) -> None:
    ran = vault("vault", "rotate")
    assert ran.status == 2
    assert "--yes" in ran.err


def test_an_older_file_stops_every_command_until_it_is_accepted(vault) -> None:
    old = vault.vault.with_name("old")
    shutil.copy2(vault.vault, old)
    assert vault("secret", "set", "a", given="newer").status == 0
    shutil.copy2(old, vault.vault)
    for command in (["secret", "show", "a", "--reveal"], ["secret", "delete", "a", "--yes"]):
        ran = vault(*command)
        assert (ran.status, ran.out) == (2, "")
        assert "vault verify --accept" in ran.err
    assert vault("vault", "verify").status == 1
    assert vault("vault", "verify", "--accept").status == 0
    assert vault("secret", "show", "a", "--reveal").out == "value"


def _store_id(vault) -> bytes:
    from strongroom.store.reader import NamesReader

    with NamesReader.open(vault.vault) as reader:
        return reader.store_id()
