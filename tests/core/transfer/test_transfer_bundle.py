"""Bundles: for whom one opens, who sealed it, and that every change of one is noticed."""

import hmac
import json
import random
import re
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from strongroom.names import Kind
from strongroom.store.errors import EmptyValue
from strongroom.store.format import crypto, public_keys
from strongroom.store.format.kdf import Stretching
from strongroom.store.identity import Identity, identity_of_key_file, identity_of_vault
from strongroom.store.keys.ways import KeyFile
from strongroom.store.shared import Imported, SharedEntry
from strongroom.store.vault import Vault
from strongroom.transfer import bundle, bundle_content, bundle_header, sources
from strongroom.transfer.bundle import Opened
from strongroom.transfer.errors import BundleDamaged, BundleLocked, RecipientInvalid, TransferError
from strongroom.transfer.parsed_file import ParsedFile
from strongroom.transfer.recipient import Recipient
from strongroom.values.secret_value import SecretValue

VECTORS = Path(__file__).parent / "vectors"
QUICK = Stretching("argon2id", "m=64,t=1,p=1")
PASSPHRASE = SecretValue("correct horse")
CANARY = "canary-value-1"
ORIGIN = Imported("0" * 32, 7, "2026-11-30T11:00:00.123456Z")
MADE = ("2026-11-23T09:41:15Z", "2026-11-24T09:41:15.000001Z")
ENTRIES = (
    SharedEntry("a", Kind.SECRET, SecretValue(CANARY), "note é", "2030-01-31", MADE, ("old_a",)),
    SharedEntry("b", Kind.VARIABLE, SecretValue("https://x.example"), "", "", MADE[:1]),
    SharedEntry("c", Kind.SECRET, None, "", "", MADE),
)
CONTENT = bundle_content.write(ORIGIN, ENTRIES)

ANN, BOB, CAROL, EVE = (Identity.of_private(bytes([number] * 32)) for number in range(1, 5))
BOTH = [Recipient.of_identity(ANN), Recipient.of_identity(BOB)]


@pytest.fixture
def by_passphrase() -> bytes:
    return bundle.seal_with_passphrase(CONTENT, "prod", PASSPHRASE, QUICK)


@pytest.fixture
def for_both() -> bytes:
    return bundle.seal_for(CONTENT, "prod", BOTH, ANN)


def read(opened: Opened) -> tuple[SharedEntry, ...]:
    return bundle_content.read(opened).entries


@given(st.lists(st.text(min_size=1), min_size=1, max_size=5), st.text(min_size=1))
@settings(max_examples=25)
def test_any_text_comes_out_as_it_went_in(texts: list[str], passphrase: str) -> None:
    entries = tuple(
        SharedEntry(f"n{n}", Kind.SECRET, SecretValue(text), text, "", MADE) for n, text in enumerate(texts)
    )
    content = bundle_content.write(ORIGIN, entries)
    data = bundle.seal_with_passphrase(content, "é 1", SecretValue(passphrase), QUICK)
    assert read(bundle.open_with_passphrase(data, SecretValue(passphrase))) == entries
    assert read(bundle.open_with(bundle.seal_for(content, "é 1", BOTH, ANN), [BOB])) == entries


def test_community_date_generation_and_sender_are_inside_and_come_out(for_both: bytes) -> None:
    for reader in (ANN, BOB):
        contents = bundle_content.read(bundle.open_with(for_both, [EVE, reader]))
        assert (contents.community, contents.origin, contents.sender) == ("prod", ORIGIN, BOTH[0])
        assert set(contents.recipients) == set(BOTH)


def test_without_a_key_the_header_says_for_whom_it_is(for_both: bytes) -> None:
    header = bundle.check_form(for_both)
    assert (header.community, set(header.recipients)) == ("prod", set(BOTH))


def test_a_recipient_that_is_named_twice_is_in_it_once() -> None:
    assert len(bundle.read_header(bundle.seal_for(CONTENT, "prod", [*BOTH, *BOTH], ANN)).recipients) == 2


def test_only_its_recipients_open_it(for_both: bytes) -> None:
    with pytest.raises(BundleLocked, match="not for this vault"):
        bundle.open_with(for_both, [CAROL, EVE])
    with pytest.raises(BundleLocked, match="not for a passphrase"):
        bundle.open_with_passphrase(for_both, PASSPHRASE)


def test_somebody_who_writes_their_key_over_anothers_opens_nothing(for_both: bytes) -> None:
    eve = str(Recipient.of_identity(EVE))
    for one in BOTH:
        changed = for_both.replace(str(one).encode(), eve.encode())
        with pytest.raises(BundleDamaged):
            bundle.open_with(changed, [EVE])


def test_a_recipient_put_in_by_an_outsider_is_noticed_by_the_others(for_both: bytes) -> None:
    line = next(line for line in for_both.splitlines(keepends=True) if line.startswith(b"recipient"))
    for one in (EVE, CAROL):
        put = line.replace(line.split()[2], str(Recipient.of_identity(one)).encode())
        head, *rest = for_both.split(line)
        for text in (head + put + line + rest[0], head + line + put + rest[0]):
            with pytest.raises(BundleDamaged):
                bundle.open_with(text, [ANN])


def test_no_other_recipient_can_seal_in_the_senders_name(for_both: bytes) -> None:
    """Bob knows the key of the content. He seals another content as Ann's, for Carol and himself."""
    to = [Recipient.of_identity(BOB), Recipient.of_identity(CAROL)]
    by_bob = Identity(BOB.private, ANN.public)
    forged = bundle.seal_for(CONTENT, "prod", to, by_bob)
    with pytest.raises(BundleDamaged, match="was not sealed by the sender that it names"):
        bundle.open_with(forged, [CAROL])


def test_another_recipient_that_changes_the_content_is_noticed() -> None:
    data = bundle.seal_for(CONTENT, "prod", [*BOTH, Recipient.of_identity(CAROL)], ANN)
    header, sealed = bundle._parts(data)
    place = [recipient.public for recipient in header.recipients].index(BOB.public)
    key = public_keys.open_with(BOB.private, bundle_header.first_lines("prod"), header.keys[place])
    plain = bundle._decrypt(key, b"", bundle._CONTENT_INFO, header.lines, sealed)
    changed = plain.replace(CANARY.encode(), b"another-value1")
    assert changed != plain
    forged = bundle._finished(
        header.lines, bundle._encrypt(key, b"", bundle._CONTENT_INFO, header.lines, changed)
    )
    with pytest.raises(BundleDamaged, match="was not sealed by the sender that it names"):
        bundle.open_with(forged, [CAROL])


def test_it_is_sealed_again_for_others_with_another_key(for_both: bytes) -> None:
    again = bundle.seal_again(bundle.open_with(for_both, [ANN]), [BOTH[0], Recipient.of_identity(CAROL)], ANN)
    assert read(bundle.open_with(again, [CAROL])) == ENTRIES
    with pytest.raises(BundleLocked):
        bundle.open_with(again, [BOB])
    assert not set(bundle.read_header(for_both).keys) & set(bundle.read_header(again).keys)


def test_nothing_of_it_stands_in_clear(by_passphrase: bytes, for_both: bytes) -> None:
    for data in (by_passphrase, for_both):
        payload = b64decode(data.partition(b"content\n")[2])
        for text in (b"canary", b"note", b"example", b"old_a"):
            assert text not in data
            assert text not in payload
        assert ANN.public not in payload  # nor who sealed it


def test_the_length_says_little() -> None:
    short, longer = (
        bundle.seal_for(
            bundle_content.write(ORIGIN, [ENTRIES[0]._replace(value=SecretValue(text))]), "p", BOTH, ANN
        )
        for text in ("x", "x" * 500)
    )
    assert len(short) == len(longer)


def test_a_wrong_passphrase_is_said(by_passphrase: bytes) -> None:
    with pytest.raises(BundleLocked, match="passphrase does not open"):
        bundle.open_with_passphrase(by_passphrase, SecretValue("wrong"))
    with pytest.raises(EmptyValue):
        bundle.seal_with_passphrase(CONTENT, "prod", SecretValue(""), QUICK)
    with pytest.raises(BundleLocked):
        bundle.open_with(by_passphrase, [ANN])


def test_mail_that_changes_line_ends_does_no_harm(by_passphrase: bytes, for_both: bytes) -> None:
    def mailed(data: bytes) -> bytes:
        return data.replace(b"\n", b"\r\n") + b"\r\n"

    assert read(bundle.open_with_passphrase(mailed(by_passphrase), PASSPHRASE)) == ENTRIES
    assert read(bundle.open_with(mailed(for_both), [ANN])) == ENTRIES


def test_a_flip_of_any_bit_of_any_byte_is_noticed(by_passphrase: bytes, for_both: bytes) -> None:
    chance = random.Random(7)
    for data, opens in (
        (by_passphrase, lambda data: bundle.open_with_passphrase(data, PASSPHRASE)),
        (for_both, lambda data: bundle.open_with(data, [ANN])),
    ):
        for at in range(len(data)):
            changed = bytearray(data)
            changed[at] ^= 1 << chance.randrange(8)
            with pytest.raises((BundleDamaged, BundleLocked)) as caught:
                opens(bytes(changed))
            assert CANARY not in str(caught.value)


@given(st.data())
@settings(max_examples=60)
def test_pieces_taken_out_put_in_or_exchanged_are_noticed(data: st.DataObject) -> None:
    sealed = bundle.seal_for(CONTENT, "prod", BOTH, ANN)
    lines = sealed.splitlines(keepends=True)
    first, second = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    how = data.draw(st.sampled_from(["drop", "double", "exchange", "cut", "insert"]))
    if how == "drop":
        del lines[first]
    elif how == "double":
        lines.insert(second, lines[first])
    elif how == "exchange":
        lines[first], lines[second] = lines[second], lines[first]
    elif how == "cut":
        del lines[first:]
    else:
        lines.insert(first, data.draw(st.binary(max_size=80)))
    changed = b"".join(lines)
    try:
        assert read(bundle.open_with(changed, [BOB])) == ENTRIES
    except (BundleDamaged, BundleLocked):
        return
    assert changed.replace(b"\r\n", b"\n").rstrip(b"\n") == sealed.rstrip(b"\n")


@given(st.binary(max_size=300))
@settings(max_examples=100)
def test_no_file_that_begins_like_a_bundle_raises_anything_else(rest: bytes) -> None:
    for start in (
        b"",
        b"strongroom bundle 1\n",
        b"strongroom bundle 2\n",
        b'strongroom bundle 2\ncommunity "p"\n',
    ):
        for opens in (bundle.check_form, lambda data: bundle.open_with(data, [ANN])):
            with pytest.raises((BundleDamaged, BundleLocked)):
                opens(start + rest)


@pytest.mark.parametrize("part", [0, 1, 10, 19, 20, 50, 120, 200, 500])
def test_a_truncated_bundle_is_damaged(by_passphrase: bytes, part: int) -> None:
    with pytest.raises((BundleDamaged, BundleLocked)):
        bundle.open_with_passphrase(by_passphrase[:part], PASSPHRASE)
    with pytest.raises((BundleDamaged, BundleLocked)):
        bundle.open_with_passphrase(by_passphrase.rstrip()[:-part] if part else b"", PASSPHRASE)


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
    by_passphrase: bytes, numbers: str
) -> None:
    changed = re.sub(rb"argon2id m=64,t=1,p=1", numbers.encode(), by_passphrase)
    with pytest.raises(BundleDamaged):
        bundle.open_with_passphrase(changed, PASSPHRASE)


def test_there_is_a_bound_on_recipients() -> None:
    line = b"recipient x25519-hkdf-sha256-aes-256-gcm %s %s\n"
    keys = sorted(str(Recipient(n.to_bytes(32, "big"))) for n in range(1, bundle_header.MOST_RECIPIENTS + 2))
    sealed = b64encode(bytes(bundle_header.SEALED_KEY_BYTES))
    head = bundle_header.first_lines("p") + b"".join(line % (key.encode(), sealed) for key in keys)
    with pytest.raises(BundleDamaged, match="more than 1,000 recipients"):
        bundle.read_header(head + b"content\nAAAA\n")
    many = [Recipient(n.to_bytes(32, "big")) for n in range(1, bundle_header.MOST_RECIPIENTS + 2)]
    for to in (many, []):
        with pytest.raises(TransferError, match="1 to 1,000 recipients"):
            bundle.seal_for(CONTENT, "p", to, ANN)


def sealed_content(content: object) -> Opened:
    data = bundle.seal_for(json.dumps(content).encode(), "prod", BOTH, ANN)
    return bundle.open_with(data, [BOB])


GOOD = json.loads(CONTENT)


@pytest.mark.parametrize(
    "change",
    [
        {"strongroom": "export"},
        {"vault": "x"},
        {"vault": 1},
        {"generation": -1},
        {"generation": 1 << 70},
        {"sealed": "yesterday"},
        {"entries": None},
        {"entries": [1]},
        {"entries": GOOD["entries"] * 2},
        {"entries": [{**GOOD["entries"][0], "name": "a-b"}]},
        {"entries": [{**GOOD["entries"][0], "name": "a" * 300}]},
        {"entries": [{**GOOD["entries"][0], "kind": "other"}]},
        {"entries": [{**GOOD["entries"][0], "value": 1}]},
        {"entries": [{**GOOD["entries"][0], "note": None}]},
        {"entries": [{**GOOD["entries"][0], "versions": []}]},
        {"entries": [{**GOOD["entries"][0], "versions": ["x"]}]},
        {"entries": [{**GOOD["entries"][0], "versions": [MADE[0]] * 101}]},
        {"entries": [{**GOOD["entries"][0], "former": ["a b"]}]},
        {"entries": [{**GOOD["entries"][0], "former": ["a"] * 21}]},
    ],
)
def test_a_content_that_no_strongroom_writes_is_refused(change: dict[str, object]) -> None:
    assert bundle_content.read(sealed_content(GOOD)).entries == ENTRIES
    with pytest.raises(BundleDamaged) as caught:
        bundle_content.read(sealed_content({**GOOD, **change}))
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"[" * 100_000, b"\xff", b"1" * 5000, b"null", b'"canary-value-1'])
def test_a_content_that_is_not_json_is_refused_without_a_word_of_it(content: bytes) -> None:
    opened = bundle.open_with(bundle.seal_for(content, "prod", BOTH, ANN), [BOB])
    with pytest.raises(BundleDamaged) as caught:
        bundle_content.read(opened)
    assert CANARY not in str(caught.value)


def test_a_later_version_says_to_update(by_passphrase: bytes) -> None:
    with pytest.raises(BundleDamaged, match="version 3") as caught:
        bundle.read_header(by_passphrase.replace(b"bundle 2", b"bundle 3"))
    assert "Update" in caught.value.way_out


@pytest.mark.parametrize("name", ["bundle_1_recipient", "bundle_1_passphrase"])
def test_bundles_of_the_first_version_still_open(name: str) -> None:
    data = (VECTORS / f"{name}.strongroom").read_bytes()
    mine = [Identity.of_private(bytes(range(32)))]
    source = sources.open_bundle(data, lambda: mine, lambda: PASSPHRASE)
    assert isinstance(source, ParsedFile)
    assert [(entry.name, entry.value.reveal(), entry.note, entry.expires) for entry in source.entries] == [
        ("api_key", "line one\nline two", "note é", "2030-01-31"),
        ("base_url", "https://x.example", "", ""),
    ]


@pytest.mark.parametrize("name", ["bundle_2_recipients", "bundle_2_passphrase"])
def test_the_bundles_of_the_documentation_open(name: str) -> None:
    data = (VECTORS / f"{name}.strongroom").read_bytes()
    for mine in (ANN, BOB):
        source = sources.open_bundle(data, lambda mine=mine: [mine], lambda: PASSPHRASE)
        assert isinstance(source, bundle_content.BundleContents)
        assert source.entries == ENTRIES
        assert (source.community, source.origin) == ("prod", ORIGIN)


def test_the_identity_of_a_vault_stays_until_the_master_key_is_exchanged(vault: Vault, key: KeyFile) -> None:
    before = identity_of_vault(vault)
    vault.add("c", "a", Kind.SECRET, SecretValue("1"))
    with Vault.unlock(vault.path, [key]) as again:
        assert identity_of_vault(again) == before
    vault.rotate([key])
    assert identity_of_vault(vault) != before


def test_the_identity_of_a_key_file_stays_whatever_is_done_to_the_vault(vault: Vault, key: KeyFile) -> None:
    before = identity_of_key_file(key.path)
    vault.rotate([key])
    assert identity_of_key_file(key.path) == before
    assert identity_of_vault(vault) != before


def test_no_identity_shows_its_private_half() -> None:
    assert repr(ANN) == "Identity(…)"


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
    with pytest.raises(public_keys.PublicKeyUnusable):
        bundle.seal_for(CONTENT, "prod", [Recipient(bytes(32))], ANN)


def labeled_extract(suite: bytes, salt: bytes, label: bytes, secret: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + secret, "sha256")


def labeled_expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    text = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(key, text + b"\1", "sha256")[:length]


def hpke_open(private: bytes, info: bytes, sealed: bytes) -> bytes:
    """RFC 9180, mode base, written out."""
    enc, ciphertext = sealed[:32], sealed[32:]
    key = X25519PrivateKey.from_private_bytes(private)
    shared = key.exchange(X25519PublicKey.from_public_bytes(enc))
    kem = b"KEM" + (0x20).to_bytes(2, "big")
    context = enc + key.public_key().public_bytes_raw()
    eae = labeled_extract(kem, b"", b"eae_prk", shared)
    secret = labeled_expand(kem, eae, b"shared_secret", context, 32)
    suite = b"HPKE" + bytes([0, 0x20, 0, 1, 0, 2])
    schedule = b"\0" + b"".join(
        labeled_extract(suite, b"", label, text)
        for label, text in ((b"psk_id_hash", b""), (b"info_hash", info))
    )
    prk = labeled_extract(suite, secret, b"secret", b"")
    nonce = labeled_expand(suite, prk, b"base_nonce", schedule, 12)
    return AESGCM(labeled_expand(suite, prk, b"key", schedule, 32)).decrypt(nonce, ciphertext, b"")


def hkdf(secret: bytes, salt: bytes, info: bytes) -> tuple[bytes, bytes]:
    """A key and a nonce, by RFC 5869 written out."""
    prk = hmac.digest(salt or bytes(32), secret, "sha256")
    first = hmac.digest(prk, info + b"\1", "sha256")
    return first, hmac.digest(prk, first + info + b"\2", "sha256")[:12]


def test_a_bundle_opens_and_proves_its_sender_as_the_documentation_says() -> None:
    data = (VECTORS / "bundle_2_recipients.strongroom").read_bytes()
    header, mark, payload = data.partition(b"content\n")
    header += mark
    lines = header.splitlines(keepends=True)
    place, line = next((n, one) for n, one in enumerate(lines[2:]) if str(BOTH[1]).encode() in one)
    key, nonce = hkdf(
        hpke_open(BOB.private, b"".join(lines[:2]), b64decode(line.split()[3])),
        b"",
        b"strongroom bundle content",
    )
    plain = AESGCM(key).decrypt(nonce, b64decode(payload), header)
    codes, signed = plain[:64], plain[64:]
    sender, content = signed[:32], signed[32:]
    assert sender == ANN.public
    assert len(content) % 1024 == 0
    assert json.loads(content) == GOOD
    shared = X25519PrivateKey.from_private_bytes(BOB.private).exchange(
        X25519PublicKey.from_public_bytes(sender)
    )
    info = b"s24:strongroom bundle senderi2:" + b"b32:" + sender + b"b32:" + BOB.public
    assert info == crypto.pack("strongroom bundle sender", 2, sender, BOB.public)
    key, _ = hkdf(shared, b"", info)
    assert codes[32 * place : 32 * place + 32] == hmac.digest(key, header + signed, "sha256")


def test_a_passphrase_bundle_opens_as_the_documentation_says() -> None:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    data = (VECTORS / "bundle_2_passphrase.strongroom").read_bytes()
    header, mark, payload = data.partition(b"content\n")
    salt = bytes.fromhex(header.split()[-1].decode())
    stretched = Argon2id(salt=salt, length=32, iterations=1, lanes=1, memory_cost=64).derive(b"correct horse")
    key, nonce = hkdf(stretched, salt, b"strongroom bundle key")
    content = AESGCM(key).decrypt(nonce, b64decode(payload), header + mark)
    assert len(content) % 1024 == 0
    assert json.loads(content) == GOOD
