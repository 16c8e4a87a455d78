"""Hold the vault's cryptography: sub-keys, sealed values and unambiguous packing.

HKDF-SHA256 (RFC 5869) is written out over the standard library's HMAC; AES-256-GCM comes from `cryptography`,
imported where it is first needed. Every constant here is part of the file format (docs/vault-format.md).
"""

import hmac
import os
from typing import TYPE_CHECKING, NamedTuple

from strongroom.store.format.schema import FORMAT

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
SALT_BYTES = 32
NONCE_BYTES = 12
GCM_TAG_BYTES = 16
PAD_BYTES = 64
"""The multiple of bytes to which values are padded, so that the file does not show their length."""


class Tampered(Exception):  # noqa: N818  # a finding, turned into a sentence by the caller that knows the row
    """Report that a sealed value or a wrapped key did not authenticate."""


class Subkeys(NamedTuple):
    """Hold the keys that a master key is split into, each for one use."""

    values: bytes
    salts: bytes
    manifest: bytes
    audit: bytes
    check: bytes

    def __repr__(self) -> str:
        return "Subkeys(…)"


def pack(*parts: str | bytes | int) -> bytes:
    """Return the parts as bytes that no other list of parts packs to.

    Examples are `s5:hello`, `b2:..` and `i42:`. Raises UnicodeEncodeError for half a surrogate pair, and
    TypeError for a part of another type.
    """
    packed: list[bytes] = []
    for part in parts:
        if isinstance(part, str):
            data = part.encode()
            packed += (b"s%d:" % len(data), data)
        elif isinstance(part, bytes):
            packed += (b"b%d:" % len(part), part)
        elif isinstance(part, int):
            packed.append(b"i%d:" % part)
        else:
            raise TypeError(type(part).__name__)
    return b"".join(packed)


def mac(key: bytes, message: bytes) -> bytes:
    """Return HMAC-SHA256."""
    return hmac.digest(key, message, "sha256")


same = hmac.compare_digest


def hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """Return HKDF-SHA256, extract and expand (RFC 5869).

    `length` in bytes, at most 8160.
    """
    key = mac(salt or bytes(32), secret)
    output = block = b""
    for counter in range(1, -(-length // 32) + 1):
        block = mac(key, block + info + bytes([counter]))
        output += block
    return output[:length]


def derive_subkeys(master: bytes, store_id: bytes, epoch: int) -> Subkeys:
    """Return the sub-keys of `master` in this vault."""
    return Subkeys(
        *(
            hkdf(master, store_id, pack("strongroom sub-key", FORMAT, purpose, epoch), KEY_BYTES)
            for purpose in Subkeys._fields
        )
    )


def key_check(keys: Subkeys, store_id: bytes, epoch: int) -> bytes:
    """Return the check by which a vault distinguishes its master key from another one."""
    return mac(keys.check, pack("strongroom key check", FORMAT, store_id, epoch))


def value_context(  # noqa: PLR0917  # in the order of the format
    store_id: bytes, community: str, name: str, kind: str, version: int, epoch: int
) -> bytes:
    """Return the context that a sealed value is bound to: it opens nowhere else."""
    return pack("strongroom value", FORMAT, store_id, community, name, kind, version, epoch)


def seal(keys: Subkeys, context: bytes, value: bytes) -> bytes:
    """Return a salt of 32 bytes and, after it, the sealed value.

    The padded value is sealed by AES-256-GCM with a key and nonce of its own. The salt mixes fresh randomness
    with the value itself: even if the system's randomness repeated, two different values would not share a
    key and nonce.
    """
    salt = mac(keys.salts, os.urandom(32) + context + value)
    key, nonce = _value_key(keys, salt)
    padded = value + b"\x80" + bytes(-(len(value) + 1) % PAD_BYTES)
    return salt + gcm_encrypt(key, nonce, padded, context)


def unseal(keys: Subkeys, context: bytes, sealed: bytes) -> bytes:
    """Return the value that was sealed.

    Raises `Tampered` for a value that was changed, or sealed for another name, version or vault.
    """
    key, nonce = _value_key(keys, sealed[:SALT_BYTES])
    padded = gcm_decrypt(key, nonce, sealed[SALT_BYTES:], context)
    value, mark, padding = padded.rpartition(b"\x80")
    if not mark or padding.strip(b"\0"):
        raise Tampered
    return value


def _value_key(keys: Subkeys, salt: bytes) -> tuple[bytes, bytes]:
    material = hkdf(keys.values, salt, b"strongroom value key", KEY_BYTES + NONCE_BYTES)
    return material[:KEY_BYTES], material[KEY_BYTES:]


def gcm_encrypt(key: bytes, nonce: bytes, plain: bytes, context: bytes) -> bytes:
    """Return AES-256-GCM: ciphertext and 16-byte tag."""
    return _aes_gcm()(key).encrypt(nonce, plain, context)


def gcm_decrypt(key: bytes, nonce: bytes, sealed: bytes, context: bytes) -> bytes:
    """Return what `gcm_encrypt` encrypted. Raises `Tampered`."""
    from cryptography.exceptions import InvalidTag

    if len(sealed) < GCM_TAG_BYTES:
        raise Tampered
    try:
        return _aes_gcm()(key).decrypt(nonce, sealed, context)
    except InvalidTag:
        raise Tampered from None


def _aes_gcm() -> "type[AESGCM]":
    """Return `cryptography`'s AESGCM without importing the other ciphers.

    The public module imports every other cipher beside it, which costs more than opening a vault does. If a
    release keeps the class elsewhere, the public module is used.
    """
    try:
        from cryptography.hazmat.bindings._rust import openssl

        quick: type[AESGCM] = openssl.aead.AESGCM
    except (ImportError, AttributeError):
        from cryptography.hazmat.primitives.ciphers import aead

        return aead.AESGCM
    return quick
