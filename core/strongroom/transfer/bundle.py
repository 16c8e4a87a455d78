"""Seal entries for a colleague in a bundle.

A bundle is sealed by a passphrase or for a recipient (HPKE, RFC 9180).

docs/transfer.md describes the file byte by byte. The two header lines are authenticated with the content, and
the numbers of the key derivation are held to limits before it runs.
"""

import os
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from strongroom.store.bulk import EntryWithValue
from strongroom.store.errors import EmptyValue, VaultAltered
from strongroom.store.format import crypto, kdf
from strongroom.store.identity import identity_key
from strongroom.store.vault import Vault
from strongroom.transfer import json_format
from strongroom.transfer.errors import BundleDamaged, BundleLocked, TransferError
from strongroom.transfer.recipient import Recipient
from strongroom.values.secret_value import SecretValue

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.hpke import Suite

MAGIC = b"strongroom bundle "
VERSION = 1
_FIRST = b"strongroom bundle 1\n"
_SALT_BYTES = 32
_PAD_BYTES = 1024
_LINE = 76
_INFO = b"strongroom bundle key"

_PASSPHRASE = re.compile(rb"passphrase (argon2id|scrypt) ([a-z0-9=,]{1,60}) ([0-9a-f]{64})\n")
_RECIPIENT = re.compile(rb"recipient x25519-hkdf-sha256-aes-256-gcm (strongroom1[a-z2-7]{58})\n")

_DAMAGED = (
    "Ask for it again, and send it as a file: the rest of a bundle cannot be read once a part is changed."
)


class Header(NamedTuple):
    """Hold what a bundle says before it is opened.

    `lines` are its own bytes, which are authenticated.
    """

    lines: bytes
    stretching: kdf.Stretching | None
    salt: bytes
    recipient: Recipient | None


def is_bundle(data: bytes) -> bool:
    """Return True if the file begins like a bundle of any version."""
    return data.startswith(MAGIC)


def seal_with_passphrase(
    entries: Iterable[EntryWithValue], passphrase: SecretValue, stretching: kdf.Stretching | None = None
) -> bytes:
    """Return a bundle that `passphrase` opens. Raises EmptyValue for an empty one."""
    secret = _passphrase_bytes(passphrase)
    if not secret:
        raise EmptyValue("An empty passphrase protects nothing.", "Type one, several words long.")
    how = stretching or kdf.default_stretching()
    salt = os.urandom(_SALT_BYTES)
    lines = _FIRST + f"passphrase {how.kdf} {how.params} {salt.hex()}\n".encode("ascii")
    key, nonce = _passphrase_key(secret, salt, how)
    return _finished(lines, crypto.gcm_encrypt(key, nonce, _content(entries), lines))


def seal_for(entries: Iterable[EntryWithValue], recipient: Recipient) -> bytes:
    """Return a bundle that only the vault of `recipient` opens."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    lines = _FIRST + f"recipient x25519-hkdf-sha256-aes-256-gcm {recipient}\n".encode("ascii")
    suite = _suite()
    try:
        sealed = suite.encrypt(_content(entries), X25519PublicKey.from_public_bytes(recipient.public), lines)
    except ValueError:
        raise TransferError(
            "This recipient's key is not one that anything can be sealed for.", "Ask for another one."
        ) from None
    return _finished(lines, sealed)


def read_header(data: bytes) -> Header:
    """Return what the bundle says of itself, without opening it.

    Raises `BundleDamaged`.
    """
    data = data.replace(b"\r\n", b"\n")
    first, _, rest = data.partition(b"\n")
    version = first.removeprefix(MAGIC)
    if version != b"%d" % VERSION:
        if version.isdigit() and len(version) < 6:
            raise BundleDamaged(
                f"The bundle has version {int(version)}, and this Strongroom knows version {VERSION}.",
                "Update Strongroom with: pip install --upgrade strongroom",
            )
        raise BundleDamaged("The first line of the bundle is damaged.", _DAMAGED)
    if found := _PASSPHRASE.match(rest):
        how = kdf.Stretching(found[1].decode(), found[2].decode())
        try:
            kdf.parse_params(how)
        except VaultAltered:
            raise BundleDamaged(
                "The bundle asks for a key derivation that no Strongroom writes.", _DAMAGED
            ) from None
        return Header(_FIRST + found[0], how, bytes.fromhex(found[3].decode()), None)
    if found := _RECIPIENT.match(rest):
        try:
            return Header(_FIRST + found[0], None, b"", Recipient.parse(found[1].decode()))
        except TransferError:
            raise BundleDamaged("The recipient in the bundle is damaged.", _DAMAGED) from None
    raise BundleDamaged("The second line of the bundle is damaged.", _DAMAGED)


def open_with_passphrase(data: bytes, passphrase: SecretValue) -> str:
    """Return the content, as JSON. Raises BundleDamaged or `BundleLocked`."""
    header, sealed = _parts(data)
    if header.stretching is None:
        raise BundleLocked(
            "The bundle is for a recipient, not for a passphrase.", "Open it with their vault."
        )
    key, nonce = _passphrase_key(_passphrase_bytes(passphrase), header.salt, header.stretching)
    try:
        return _text(crypto.gcm_decrypt(key, nonce, sealed, header.lines))
    except crypto.Tampered:
        raise BundleLocked(
            "The passphrase does not open the bundle, or the bundle was changed on its way.",
            "Type it again; if it is right, ask for the bundle again.",
        ) from None


def open_with_vault(data: bytes, vault: Vault) -> str:
    """Return the content, as JSON, of a bundle that was made for this vault.

    Raises BundleDamaged or BundleLocked.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    header, sealed = _parts(data)
    if header.recipient != Recipient.of_vault(vault):
        raise BundleLocked(
            "The bundle is not for this vault.",
            "Give its sender the recipient that `strongroom vault identity` prints; `vault rotate` changes it.",
        )
    key = X25519PrivateKey.from_private_bytes(identity_key(vault))
    try:
        return _text(_suite().decrypt(sealed, key, header.lines))
    except (InvalidTag, ValueError):
        raise BundleDamaged("The bundle was changed on its way.", _DAMAGED) from None


def _parts(data: bytes) -> tuple[Header, bytes]:
    header = read_header(data)
    text = data.replace(b"\r\n", b"\n")[len(header.lines) :].rstrip(b"\n") + b"\n"
    try:
        sealed = b64decode(text)
    except ValueError:
        sealed = b""
    # Only the one way of writing these bytes is taken, so that a change of any character is a change.
    if not sealed or _lines(sealed) != text:
        raise BundleDamaged("The bundle is cut short, or a part of it was changed.", _DAMAGED)
    return header, sealed


def _finished(lines: bytes, sealed: bytes) -> bytes:
    return lines + _lines(sealed)


def _lines(sealed: bytes) -> bytes:
    text = b64encode(sealed)
    return b"".join(text[at : at + _LINE] + b"\n" for at in range(0, len(text), _LINE))


def _content(entries: Iterable[EntryWithValue]) -> bytes:
    """Return JSON that is filled up with spaces.

    Because of the spaces, a bundle's length says little about its values.
    """
    content = json_format.write(entries).encode("ascii")
    return content + b" " * (-len(content) % _PAD_BYTES)


def _text(content: bytes) -> str:
    try:
        return content.decode("ascii")
    except UnicodeDecodeError:
        raise BundleDamaged("What is in the bundle is not an export of Strongroom.", _DAMAGED) from None


def _passphrase_bytes(passphrase: SecretValue) -> bytes:
    from unicodedata import normalize

    return normalize("NFC", passphrase.reveal()).encode("utf-8", "surrogatepass")


def _passphrase_key(secret: bytes, salt: bytes, how: kdf.Stretching) -> tuple[bytes, bytes]:
    material = crypto.hkdf(kdf.stretch(secret, salt, how), salt, _INFO, crypto.KEY_BYTES + crypto.NONCE_BYTES)
    return material[: crypto.KEY_BYTES], material[crypto.KEY_BYTES :]


def _suite() -> "Suite":
    try:
        from cryptography.hazmat.primitives import hpke
    except ImportError:
        raise TransferError(
            "Bundles for a recipient need a newer version of the library `cryptography`.",
            "Update it with: pip install --upgrade cryptography",
        ) from None
    suite: Any = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    return suite  # type: ignore[no-any-return]
