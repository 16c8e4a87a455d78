"""Wrap the master key in a slot, once for each way in.

A slot holds the master key under AES-256-GCM with a key made from that way's own secret, or sealed for a person's
public key. What is sealed is bound to the vault, the slot, its kind and its key derivation, so that none of them can
be exchanged. A slot for a public key can be made again without the person.
"""

import os
import re
from enum import Enum
from typing import NamedTuple

from strongroom.store.format import crypto, public_keys
from strongroom.store.format.kdf import Stretching, stretch
from strongroom.store.format.schema import FORMAT

_X25519 = "x25519"
_PUBLIC = re.compile(r"[0-9a-f]{64}")


class SlotKind(str, Enum):  # noqa: UP042  # as `Kind`
    """Name the ways in, with the words of the file."""

    KEY_FILE = "key-file"
    PASSPHRASE = "passphrase"  # noqa: S105  # a word, not one's passphrase
    KEYRING = "keyring"
    RECOVERY_CODE = "recovery-code"
    PUBLIC_KEY = "public-key"

    @property
    def words(self) -> str:
        """Return the words by which a sentence names this way in."""
        return _WORDS[self]


_WORDS = {
    SlotKind.KEY_FILE: "a key file",
    SlotKind.PASSPHRASE: "a passphrase",
    SlotKind.KEYRING: "the system's keyring",
    SlotKind.RECOVERY_CODE: "a recovery code",
    SlotKind.PUBLIC_KEY: "the identity of a person",
}


class Slot(NamedTuple):
    """Hold one row of the slot table.

    `kind` is the word in the file, because a later version may have added kinds.
    """

    slot_id: bytes
    kind: str
    label: str
    created: str
    epoch: int
    kdf: str
    params: str
    salt: bytes
    wrapped: bytes

    def __repr__(self) -> str:
        return f"Slot({self.kind}, {self.label!r}, {self.created})"


COLUMNS = ", ".join(Slot._fields)


def new_slot(  # noqa: PLR0917  # one for each column
    store_id: bytes,
    epoch: int,
    kind: SlotKind,
    label: str,
    created: str,
    how: Stretching,
    secret: bytes,
    master: bytes,
) -> Slot:
    """Return `master` wrapped for `secret`, in a slot that was opened once as a proof."""
    bare = Slot(os.urandom(16), kind.value, label, created, epoch, how.kdf, how.params, os.urandom(32), b"")
    nonce = os.urandom(crypto.NONCE_BYTES)
    key = stretch(secret, bare.salt, how)
    slot = bare._replace(wrapped=nonce + crypto.gcm_encrypt(key, nonce, master, _context(store_id, bare)))
    if not crypto.same(open_slot(store_id, slot, secret), master):
        raise crypto.Tampered
    return slot


def slot_for(  # noqa: PLR0917  # one for each column
    store_id: bytes, epoch: int, label: str, created: str, public: bytes, master: bytes
) -> Slot:
    """Return `master` sealed for a person's public key. Raises `PublicKeyUnusable`."""
    kind = SlotKind.PUBLIC_KEY.value
    bare = Slot(os.urandom(16), kind, label, created, epoch, _X25519, public.hex(), os.urandom(32), b"")
    return bare._replace(wrapped=public_keys.seal_for(public, _context(store_id, bare), master))


def public_key(slot: Slot) -> bytes:
    """Return the public key a slot is sealed for, or b"" for another kind of slot."""
    is_one = slot.kind == SlotKind.PUBLIC_KEY.value and slot.kdf == _X25519 and _PUBLIC.fullmatch(slot.params)
    return bytes.fromhex(slot.params) if is_one else b""


def open_slot(store_id: bytes, slot: Slot, secret: bytes) -> bytes:
    """Return the master key. The secret for a public key is its private key.

    Raises `crypto.Tampered` for a wrong secret or a changed slot, or VaultAltered.
    """
    if slot.kind == SlotKind.PUBLIC_KEY.value:
        if public_keys.public_of(secret) != public_key(slot):
            raise crypto.Tampered
        return public_keys.open_with(secret, _context(store_id, slot), slot.wrapped)
    key = stretch(secret, slot.salt, Stretching(slot.kdf, slot.params))
    nonce, sealed = slot.wrapped[: crypto.NONCE_BYTES], slot.wrapped[crypto.NONCE_BYTES :]
    if len(nonce) != crypto.NONCE_BYTES:
        raise crypto.Tampered
    return crypto.gcm_decrypt(key, nonce, sealed, _context(store_id, slot))


def _context(store_id: bytes, slot: Slot) -> bytes:
    return crypto.pack(
        "strongroom slot",
        FORMAT,
        store_id,
        slot.slot_id,
        slot.kind,
        slot.epoch,
        slot.kdf,
        slot.params,
        slot.salt,
    )
