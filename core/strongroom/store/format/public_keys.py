"""Seal for a public key (HPKE, RFC 9180), and agree on a key of two people.

A person is known by an X25519 public key. What is sealed for the key opens with the private key alone. The key that two
people agree on is known to them alone: a code made with it proves to one of them that the other made it.
"""

from typing import TYPE_CHECKING, Any

from strongroom.errors import StrongroomError
from strongroom.store.format.crypto import KEY_BYTES, Tampered, hkdf

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.hpke import Suite

SUITE = "x25519-hkdf-sha256-aes-256-gcm"
"""The word for DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM."""
OVERHEAD_BYTES = 48
"""The bytes by which sealing makes a text longer: the encapsulated key and the tag."""


class PublicKeyUnusable(StrongroomError):  # noqa: N818  # named for what a person meets
    """Report a public key that nothing can be sealed for."""

    def __init__(self) -> None:
        super().__init__("Nothing can be sealed for this public key.", "Ask for another one.")


def derive_private(secret: bytes, salt: bytes, info: bytes) -> bytes:
    """Return the 32 bytes of a private key, made from a secret."""
    return hkdf(secret, salt, info, KEY_BYTES)


def public_of(private: bytes) -> bytes:
    """Return the 32 bytes of the public key of `private`."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal_for(public: bytes, info: bytes, plain: bytes) -> bytes:
    """Return `plain` sealed for `public`, bound to `info`. Raises `PublicKeyUnusable`."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    try:
        return bytes(_suite().encrypt(plain, X25519PublicKey.from_public_bytes(public), info))
    except ValueError:
        raise PublicKeyUnusable from None


def open_with(private: bytes, info: bytes, sealed: bytes) -> bytes:
    """Return what `seal_for` sealed. Raises `Tampered`."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    try:
        return bytes(_suite().decrypt(sealed, X25519PrivateKey.from_private_bytes(private), info))
    except (InvalidTag, ValueError):
        raise Tampered from None


def agree(private: bytes, public: bytes, info: bytes) -> bytes:
    """Return 32 bytes that both keys' owners share. Raises `PublicKeyUnusable`."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

    try:
        shared = X25519PrivateKey.from_private_bytes(private).exchange(
            X25519PublicKey.from_public_bytes(public)
        )
    except ValueError:
        raise PublicKeyUnusable from None
    return hkdf(shared, b"", info, KEY_BYTES)


def _suite() -> "Suite":
    try:
        from cryptography.hazmat.primitives import hpke
    except ImportError:
        raise StrongroomError(
            "Sealing for a public key needs a newer version of the library `cryptography`.",
            "Update it with: pip install --upgrade cryptography",
        ) from None
    suite: Any = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    return suite  # type: ignore[no-any-return]
