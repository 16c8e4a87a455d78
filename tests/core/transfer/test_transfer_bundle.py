"""Bundles: what one opens with, and that every change of one is noticed."""

import hmac
import random
import re
from base64 import b64decode

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from strongroom.names import Kind
from strongroom.store.bulk import EntryWithValue
from strongroom.store.errors import EmptyValue
from strongroom.store.format.kdf import Stretching
from strongroom.store.identity import identity_key
from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault
from strongroom.transfer import bundle, json_format
from strongroom.transfer.errors import BundleDamaged, BundleLocked, RecipientInvalid, TransferError
from strongroom.transfer.recipient import Recipient
from strongroom.values.secret_value import SecretValue

QUICK = Stretching("argon2id", "m=64,t=1,p=1")
PASSPHRASE = SecretValue("correct horse")
CANARY = "canary-value-1"
ENTRIES = [
    EntryWithValue("a", Kind.SECRET, SecretValue(CANARY), "note é", "2030-01-31", 1),
    EntryWithValue("b", Kind.VARIABLE, SecretValue("https://x.example"), "", "", 2),
]


def opened(content: str) -> list[EntryWithValue]:
    return [
        EntryWithValue(i.name, i.kind or Kind.SECRET, i.value, i.note or "", i.expires or "", 0)
        for i in json_format.read(content).entries
    ]


EXPECTED = [entry._replace(version=0) for entry in ENTRIES]


@pytest.fixture
def sealed() -> bytes:
    return bundle.seal_with_passphrase(ENTRIES, PASSPHRASE, QUICK)


@given(st.lists(st.text(min_size=1), min_size=1, max_size=5), st.text(min_size=1))
@settings(max_examples=25)
def test_any_text_comes_out_as_it_went_in(texts: list[str], passphrase: str) -> None:
    entries = [
        EntryWithValue(f"n{n}", Kind.SECRET, SecretValue(text), text, "", 0) for n, text in enumerate(texts)
    ]
    data = bundle.seal_with_passphrase(entries, SecretValue(passphrase), QUICK)
    assert opened(bundle.open_with_passphrase(data, SecretValue(passphrase))) == entries


def test_nothing_of_it_stands_in_clear(sealed: bytes) -> None:
    payload = b64decode(b"".join(sealed.splitlines()[2:]))
    for text in (b"canary", b"note", b"example"):
        assert text not in sealed
        assert text not in payload


def test_the_length_says_little() -> None:
    short, longer = (
        bundle.seal_with_passphrase([ENTRIES[0]._replace(value=SecretValue(text))], PASSPHRASE, QUICK)
        for text in ("x", "x" * 500)
    )
    assert len(short) == len(longer)


def test_a_wrong_passphrase_is_said(sealed: bytes) -> None:
    with pytest.raises(BundleLocked, match="passphrase does not open"):
        bundle.open_with_passphrase(sealed, SecretValue("wrong"))
    with pytest.raises(EmptyValue):
        bundle.seal_with_passphrase(ENTRIES, SecretValue(""), QUICK)


def test_mail_that_changes_line_ends_does_no_harm(sealed: bytes) -> None:
    content = bundle.open_with_passphrase(sealed.replace(b"\n", b"\r\n") + b"\r\n", PASSPHRASE)
    assert opened(content) == EXPECTED


def test_a_flip_of_any_bit_of_any_byte_is_noticed(sealed: bytes) -> None:
    chance = random.Random(7)
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 1 << chance.randrange(8)
        with pytest.raises((BundleDamaged, BundleLocked)) as caught:
            bundle.open_with_passphrase(bytes(changed), PASSPHRASE)
        assert CANARY not in str(caught.value)


def test_a_bundle_for_a_recipient_notices_every_flip_too(vault: Vault) -> None:
    data = bundle.seal_for(ENTRIES, Recipient.of_vault(vault))
    assert opened(bundle.open_with_vault(data, vault)) == EXPECTED
    for at in range(0, len(data), 3):
        changed = bytearray(data)
        changed[at] ^= 1
        with pytest.raises((BundleDamaged, BundleLocked)):
            bundle.open_with_vault(bytes(changed), vault)


@pytest.mark.parametrize("part", [0, 1, 10, 19, 20, 50, 120, 200, 500])
def test_a_truncated_bundle_is_damaged(sealed: bytes, part: int) -> None:
    with pytest.raises((BundleDamaged, BundleLocked)):
        bundle.open_with_passphrase(sealed[:part], PASSPHRASE)
    with pytest.raises((BundleDamaged, BundleLocked)):
        bundle.open_with_passphrase(sealed.rstrip()[:-part] if part else b"", PASSPHRASE)


@pytest.mark.parametrize(
    "numbers",
    [
        "argon2id m=4194304,t=3,p=4",
        "argon2id m=65536,t=4000000,p=4",
        "argon2id m=65536,t=3,p=4000",
        "scrypt n=1073741824,r=8,p=1",
        "scrypt n=131072,r=8,p=1000000",
        "argon2id m=0,t=0,p=0",
        "argon2id x",
        "hkdf-sha256 ",
    ],
)
def test_numbers_that_would_use_up_the_machine_are_refused_before_they_run(
    sealed: bytes, numbers: str
) -> None:
    changed = re.sub(rb"argon2id m=64,t=1,p=1", numbers.encode(), sealed)
    with pytest.raises(BundleDamaged):
        bundle.open_with_passphrase(changed, PASSPHRASE)


def test_a_later_version_says_to_update(sealed: bytes) -> None:
    with pytest.raises(BundleDamaged, match="version 2") as caught:
        bundle.read_header(sealed.replace(b"bundle 1", b"bundle 2"))
    assert "Update" in caught.value.way_out


def test_only_the_recipient_opens_it(vault: Vault, tmp_path) -> None:
    data = bundle.seal_for(ENTRIES, Recipient.of_vault(vault))
    with Vault.create(tmp_path / "other" / "vault.db", [KeyFile(tmp_path / "other" / "key")]) as other:
        with pytest.raises(BundleLocked, match="not for this vault"):
            bundle.open_with_vault(data, other)
        # With the other one's name written over it, the key does not fit either.
        renamed = data.replace(
            str(Recipient.of_vault(vault)).encode(), str(Recipient.of_vault(other)).encode()
        )
        with pytest.raises(BundleDamaged):
            bundle.open_with_vault(renamed, other)
    with pytest.raises(BundleLocked):
        bundle.open_with_passphrase(data, PASSPHRASE)


def test_a_passphrase_bundle_is_not_opened_by_a_vault(vault: Vault, sealed: bytes) -> None:
    with pytest.raises(BundleLocked):
        bundle.open_with_vault(sealed, vault)


def test_the_identity_stays_until_the_master_key_is_exchanged(vault: Vault, key: KeyFile) -> None:
    before = Recipient.of_vault(vault)
    vault.add("c", "a", Kind.SECRET, SecretValue("1"))
    with Vault.unlock(vault.path, [key]) as again:
        assert Recipient.of_vault(again) == before
    vault.rotate([key])
    assert Recipient.of_vault(vault) != before


def test_a_recipient_survives_as_text_and_a_wrong_character_is_noticed(vault: Vault) -> None:
    recipient = Recipient.of_vault(vault)
    text = str(recipient)
    assert Recipient.parse(f" {text.upper()}\n") == recipient
    for at in range(len(text)):
        other = "b" if text[at] != "b" else "c"
        with pytest.raises(RecipientInvalid):
            Recipient.parse(text[:at] + other + text[at + 1 :])
    for wrong in ("", "strongroom1", text[:-1], text + "a", "é" * 69):
        with pytest.raises(RecipientInvalid):
            Recipient.parse(wrong)


def test_a_key_of_low_order_is_refused() -> None:
    with pytest.raises(TransferError):
        bundle.seal_for(ENTRIES, Recipient(bytes(32)))


def labeled_extract(suite: bytes, salt: bytes, label: bytes, secret: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + secret, "sha256")


def labeled_expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    text = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(key, text + b"\1", "sha256")[:length]


def test_a_bundle_opens_with_rfc_9180_written_out(vault: Vault) -> None:
    data = bundle.seal_for(ENTRIES, Recipient.of_vault(vault))
    header = b"".join(data.splitlines(keepends=True)[:2])
    payload = b64decode(data[len(header) :])
    enc, ciphertext = payload[:32], payload[32:]
    private = X25519PrivateKey.from_private_bytes(identity_key(vault))
    shared = private.exchange(X25519PublicKey.from_public_bytes(enc))
    kem = b"KEM" + (0x20).to_bytes(2, "big")
    context = enc + private.public_key().public_bytes_raw()
    eae = labeled_extract(kem, b"", b"eae_prk", shared)
    secret = labeled_expand(kem, eae, b"shared_secret", context, 32)
    suite = b"HPKE" + bytes([0, 0x20, 0, 1, 0, 2])
    schedule = b"\0" + b"".join(
        labeled_extract(suite, b"", label, text)
        for label, text in ((b"psk_id_hash", b""), (b"info_hash", header))
    )
    prk = labeled_extract(suite, secret, b"secret", b"")
    key = labeled_expand(suite, prk, b"key", schedule, 32)
    nonce = labeled_expand(suite, prk, b"base_nonce", schedule, 12)
    assert opened(AESGCM(key).decrypt(nonce, ciphertext, b"").decode()) == EXPECTED


def test_a_passphrase_bundle_opens_as_the_documentation_says(sealed: bytes) -> None:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    lines = sealed.splitlines(keepends=True)
    header, salt = b"".join(lines[:2]), bytes.fromhex(lines[1].split()[-1].decode())
    stretched = Argon2id(salt=salt, length=32, iterations=1, lanes=1, memory_cost=64).derive(b"correct horse")
    prk = hmac.digest(salt, stretched, "sha256")
    first = hmac.digest(prk, b"strongroom bundle key\1", "sha256")
    second = hmac.digest(prk, first + b"strongroom bundle key\2", "sha256")
    content = AESGCM(first).decrypt(second[:12], b64decode(b"".join(lines[2:])), header)
    assert len(content) % 1024 == 0
    assert opened(content.decode()) == EXPECTED
