"""The code on paper: how it is made, how it is typed back, and that it opens the vault."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.names import Kind
from strongroom.store.errors import NoKey, RecoveryCodeInvalid, WrongKey
from strongroom.store.format import kdf
from strongroom.store.keys import recovery_code
from strongroom.store.keys.ways import KeyFile, RecoveryCode
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue

FIXED = "01234-56789-ABCDE-FGHJK-MNPQR-S" + recovery_code._check("0123456789ABCDEFGHJKMNPQRS")


def typed(text: str) -> RecoveryCode:
    return RecoveryCode(lambda: SecretValue(text))


def test_a_code_has_six_groups_of_five_and_no_two_are_alike() -> None:
    codes = {recovery_code.new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]{5}", code) for code in codes)
    for place in (0, len(FIXED) - 5):
        assert len({code[place] for code in codes}) > 16, "every character is random"


def test_the_checksum_is_the_one_that_the_format_describes() -> None:
    import hashlib

    bits = f"{int.from_bytes(hashlib.sha256(b'strongroom recovery code0123456789ABCDEFGHJKMNPQRS').digest()):0256b}"
    check = "".join(recovery_code.ALPHABET[int(bits[at : at + 5], 2)] for at in range(0, 20, 5))
    assert FIXED.endswith(check)
    assert recovery_code.read_code(FIXED) == b"0123456789ABCDEFGHJKMNPQRS"


@pytest.mark.parametrize(
    "change",
    [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " "),
        lambda code: f"  {code}\n",
        lambda code: code.replace("-", "\u2013"),
        lambda code: code.replace("0", "O").replace("1", "I"),
        lambda code: code.replace("0", "o").replace("1", "l"),
    ],
)
def test_case_spaces_dashes_and_look_alikes_do_not_matter(change) -> None:
    assert recovery_code.read_code(change(FIXED)) == recovery_code.read_code(FIXED)


@given(st.integers(0, 29), st.sampled_from(recovery_code.ALPHABET))
def test_one_wrong_character_is_called_a_typing_mistake(place: int, other: str) -> None:
    code = FIXED.replace("-", "")
    wrong = code[:place] + other + code[place + 1 :]
    if wrong == code:
        return
    with pytest.raises(RecoveryCodeInvalid, match="typing mistake"):
        recovery_code.read_code(wrong)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has 30 letters and digits, and this one has 0"),
        (FIXED[:-1], "this one has 29"),
        (FIXED + "7", "this one has 31"),
        (FIXED.replace("B", "\u00df"), "has 30 letters"),
        (FIXED.replace("A", "!"), r"Character 11 .* \(in group 3\) is not"),
    ],
)
def test_what_cannot_be_a_code_is_said_so(text: str, said: str) -> None:
    with pytest.raises(RecoveryCodeInvalid, match=said):
        recovery_code.read_code(text)


def test_a_recovery_code_opens_the_vault_and_another_one_does_not(path: Path, key: KeyFile) -> None:
    code = RecoveryCode()
    with Vault.create(path, [key, code]) as vault:
        vault.add("prod", "api_key", Kind.SECRET, SecretValue("inside"))
    assert code.new_code is not None
    text = code.new_code.reveal()
    assert text not in repr(code.__dict__)
    with Vault.unlock(path, [typed(text.lower())]) as vault:
        assert vault.get("prod", "api_key").reveal() == "inside"
    with pytest.raises(WrongKey, match="The recovery code does not open"):
        Vault.unlock(path, [typed(recovery_code.new_code())])


def test_a_typing_mistake_is_told_before_any_key_is_derived(
    path: Path, key: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    Vault.create(path, [key, RecoveryCode()]).close()
    monkeypatch.setattr(kdf, "stretch", lambda *_: pytest.fail("a key was derived"))
    monkeypatch.setattr("strongroom.store.format.slots.stretch", lambda *_: pytest.fail("a key was derived"))
    with pytest.raises(RecoveryCodeInvalid, match="checksum"):
        Vault.unlock(path, [typed(FIXED[:-1] + ("0" if FIXED[-1] != "0" else "1"))])


def test_a_machine_without_any_key_is_told_every_way_out_at_once(
    path: Path, key: KeyFile, passphrase
) -> None:
    Vault.create(path, [key, passphrase("correct horse"), RecoveryCode()]).close()
    with pytest.raises(NoKey) as caught:
        Vault.unlock(path, [])
    for way_out in ("--key-file FILE", "STRONGROOM_KEY_FILE", "in a terminal", "strongroom vault recover"):
        assert way_out in caught.value.way_out
