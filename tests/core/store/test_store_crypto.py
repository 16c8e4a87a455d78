"""The building blocks against published vectors, and what must not open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.store.errors import VaultAltered
from strongroom.store.format import crypto, kdf
from strongroom.store.format.crypto import Tampered, derive_subkeys, hkdf, pack, seal, unseal, value_context
from strongroom.store.format.kdf import Stretching, stretch
from strongroom.store.format.slots import SlotKind, new_slot

KEYS = derive_subkeys(bytes(range(32)), b"store id 16 byte", 1)
CONTEXT = value_context(b"store id 16 byte", "prod", "api_key", "secret", 1, 1)


@pytest.mark.parametrize(
    ("secret", "salt", "info", "expected"),
    [
        (
            "0b" * 22,
            "000102030405060708090a0b0c",
            "f0f1f2f3f4f5f6f7f8f9",
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (
            bytes(range(0x50)).hex(),
            bytes(range(0x60, 0xB0)).hex(),
            bytes(range(0xB0, 0x100)).hex(),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
            "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
        ),
        (
            "0b" * 22,
            "",
            "",
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
    ],
    ids=["RFC 5869 A.1", "RFC 5869 A.2", "RFC 5869 A.3"],
)
def test_hkdf_gives_what_rfc_5869_says(secret: str, salt: str, info: str, expected: str) -> None:
    output = hkdf(bytes.fromhex(secret), bytes.fromhex(salt), bytes.fromhex(info), len(expected) // 2)
    assert output.hex() == expected


def test_argon2id_gives_what_rfc_9106_says() -> None:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    derived = Argon2id(
        salt=b"\2" * 16, length=32, iterations=3, lanes=4, memory_cost=32, ad=b"\4" * 12, secret=b"\3" * 8
    ).derive(b"\1" * 32)
    assert derived.hex() == "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"


def test_a_passphrase_goes_through_that_argon2id_with_the_slots_numbers() -> None:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    plain = Argon2id(salt=b"\2" * 16, length=32, iterations=3, lanes=4, memory_cost=32).derive(b"\1" * 32)
    assert stretch(b"\1" * 32, b"\2" * 16, Stretching("argon2id", "m=32,t=3,p=4")) == plain


def test_scrypt_gives_what_rfc_7914_says() -> None:
    derived = stretch(b"password", b"NaCl", Stretching("scrypt", "n=1024,r=8,p=16"))
    assert derived.hex() == "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"


def test_aes_gcm_gives_what_its_specification_says() -> None:
    sealed = crypto.gcm_encrypt(bytes(32), bytes(12), bytes(16), b"")
    assert sealed.hex() == "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"


def test_aes_gcm_with_text_that_is_only_authenticated_gives_what_its_specification_says() -> None:
    """Test case 16 of the specification of GCM that NIST published."""
    key = bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2)
    nonce = bytes.fromhex("cafebabefacedbaddecaf888")
    plain = bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    context = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    sealed = crypto.gcm_encrypt(key, nonce, plain, context)
    assert sealed.hex() == (
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )
    assert crypto.gcm_decrypt(key, nonce, sealed, context) == plain
    with pytest.raises(Tampered):
        crypto.gcm_decrypt(key, nonce, sealed, context[:-1])


def test_the_cipher_is_the_one_that_cryptography_publishes(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    assert crypto._aes_gcm() is AESGCM
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.bindings._rust", None)
    assert crypto._aes_gcm() is AESGCM


def test_a_vault_of_format_1_is_sealed_the_same_way_for_ever() -> None:
    assert pack("strongroom", b"\0\xff", 42, "ü") == b"s10:strongroomb2:\0\xffi42:s2:\xc3\xbc"
    assert KEYS.values.hex() == FROZEN_VALUES_KEY
    assert crypto.key_check(KEYS, b"store id 16 byte", 1).hex() == FROZEN_CHECK
    assert unseal(KEYS, CONTEXT, bytes.fromhex(FROZEN_SEALED)) == b"hello"


@given(st.binary(max_size=300))
def test_what_was_sealed_opens_in_its_own_place(value: bytes) -> None:
    assert unseal(KEYS, CONTEXT, seal(KEYS, CONTEXT, value)) == value


@pytest.mark.parametrize("place", range(6))
def test_what_was_sealed_opens_in_no_other_place(place: int) -> None:
    sealed = seal(KEYS, CONTEXT, b"value")
    other: list[object] = [b"store id 16 byte", "prod", "api_key", "secret", 1, 1]
    other[place] = [b"other id 16 byte", "staging", "other", "variable", 2, 2][place]
    with pytest.raises(Tampered):
        unseal(KEYS, value_context(*other), sealed)  # type: ignore[arg-type]


def test_text_cannot_be_moved_between_the_parts_of_a_place() -> None:
    sealed = seal(KEYS, value_context(b"id", "ab", "c", "secret", 1, 1), b"value")
    with pytest.raises(Tampered):
        unseal(KEYS, value_context(b"id", "a", "bc", "secret", 1, 1), sealed)


def test_no_flipped_bit_and_no_cut_opens() -> None:
    sealed = seal(KEYS, CONTEXT, b"value")
    for index in range(len(sealed)):
        changed = bytearray(sealed)
        changed[index] ^= 1
        with pytest.raises(Tampered):
            unseal(KEYS, CONTEXT, bytes(changed))
        with pytest.raises(Tampered):
            unseal(KEYS, CONTEXT, sealed[:index])


def test_the_same_value_is_never_sealed_twice_alike_and_short_ones_look_the_same_length() -> None:
    first, second = seal(KEYS, CONTEXT, b"a"), seal(KEYS, CONTEXT, b"a")
    assert first != second
    assert first[:32] != second[:32]
    assert len(first) == len(seal(KEYS, CONTEXT, b"x" * 63)) < len(seal(KEYS, CONTEXT, b"x" * 64))


def test_even_with_broken_randomness_two_values_share_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.urandom", bytes)
    assert seal(KEYS, CONTEXT, b"one")[:32] != seal(KEYS, CONTEXT, b"two")[:32]


@given(
    st.lists(st.one_of(st.text(), st.binary(), st.integers())),
    st.lists(st.one_of(st.text(), st.binary(), st.integers())),
)
def test_different_lists_never_pack_alike(one: list[str | bytes | int], two: list[str | bytes | int]) -> None:
    assert (pack(*one) == pack(*two)) == (one == two and [*map(type, one)] == [*map(type, two)])


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("argon2id", "m=4194304,t=3,p=4"),
        ("argon2id", "m=65536,t=1000,p=4"),
        ("argon2id", "m=65536,t=3,p=255"),
        ("argon2id", "m=8,t=1,p=4"),
        ("argon2id", "m=31,t=3,p=4"),
        ("argon2id", "m=65536,t=3"),
        ("argon2id", "t=3,m=65536,p=4"),
        ("argon2id", "m=65536,t=3,p=4,"),
        ("argon2id", "m=065536,t=3,p=4 "),
        ("argon2id", ""),
        ("scrypt", "n=1073741824,r=8,p=1"),
        ("scrypt", "n=1048576,r=16,p=1"),
        ("scrypt", "n=1000,r=8,p=1"),
        ("hkdf-sha256", "n=1"),
        ("md5", ""),
    ],
)
def test_a_files_mad_numbers_are_refused_before_anything_runs(
    name: str, params: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hashlib.scrypt", lambda *_, **__: pytest.fail("scrypt was run"))
    with pytest.raises(VaultAltered, match="key derivation"):
        stretch(b"secret", bytes(16), Stretching(name, params))


def test_a_slot_has_an_id_and_a_salt_of_the_documented_sizes() -> None:
    one, other = (
        new_slot(b"store", 1, SlotKind.KEY_FILE, "", "", kdf.HKDF, b"secret", bytes(32)) for _ in range(2)
    )
    assert (len(one.slot_id), len(one.salt)) == (16, 32)
    assert (one.slot_id, one.salt) != (other.slot_id, other.salt)


def test_scrypt_may_take_more_memory_than_openssl_allows_by_itself() -> None:
    assert len(stretch(b"password", b"NaCl" * 4, Stretching("scrypt", "n=32768,r=9,p=1"))) == 32


@pytest.mark.parametrize(
    ("name", "params"), [("argon2id", "m=1048576,t=4,p=16"), ("scrypt", "n=1048576,r=8,p=1")]
)
def test_the_largest_numbers_are_still_taken(name: str, params: str) -> None:
    assert kdf.parse_params(Stretching(name, params))


def test_without_argon2id_a_new_passphrase_slot_is_made_with_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.kdf import argon2

    def unsupported(**_: object) -> None:
        raise UnsupportedAlgorithm("no Argon2id here")

    assert kdf.default_stretching() == kdf.ARGON2ID
    monkeypatch.setattr(argon2, "Argon2id", unsupported)
    assert kdf.default_stretching() == kdf.SCRYPT
    kdf.parse_params(kdf.SCRYPT)
    kdf.parse_params(kdf.ARGON2ID)


FROZEN_VALUES_KEY = "72e4090b1c88aea323bb18f30c998b8c4186f32dc5427ddffe4386b76b63039d"
FROZEN_CHECK = "28bc2ebc50aa23d330496b17c88029ea6d3c89e8ce6d16f1028c59aa0a492cf9"
FROZEN_SEALED = (
    "da99fb12acb5625d08c1bd70e7d7713fd824961e343a112d788a6985bb4fe961cec4ec906ae4ae3396c7e90d3e8843b3"
    "8ea5a04785057e7ccb0c486f8ee527225b4ee5aad77bfb85f420fd8e8f862e6afa402fd93912a0987e51adf41ea65bac"
    "7612340243d1af1d2ad2b0c9c5585e32"
)
