"""Derive a person's identity, an X25519 key that bundles and slots are sealed for.

A vault's identity is derived from its master key, so it is sealed by the same slots, backed up with the vault and
stored nowhere. `vault rotate` gives a new one. A key file's identity is derived from the key in it, and stays.
"""

import os
from typing import NamedTuple

from strongroom.errors import StrongroomError
from strongroom.store.file.places import default_key_file
from strongroom.store.format import crypto, public_keys
from strongroom.store.format.schema import FORMAT
from strongroom.store.keys import key_file
from strongroom.store.keys.ways import Tell
from strongroom.store.vault import Vault


class Identity(NamedTuple):
    """Hold a private key of a person, and its public key."""

    private: bytes
    public: bytes

    def __repr__(self) -> str:
        return "Identity(…)"

    @classmethod
    def of_private(cls, private: bytes) -> "Identity":
        """Return the identity with this private key."""
        return cls(private, public_keys.public_of(private))


def identity_of_vault(vault: Vault) -> Identity:
    """Return the vault's identity. Raises `VaultClosed` or `VaultAltered`."""
    ledger = vault._ledger
    with ledger.reading():
        vault_row = ledger.vault_row
        info = crypto.pack("strongroom sub-key", FORMAT, "identity", vault_row.epoch)
        private = public_keys.derive_private(ledger.master, vault_row.store_id, info)
    return Identity.of_private(private)


def identities_of(vault: Vault, key_file_path: str | None) -> list[Identity]:
    """Return a person's identities: the vault's, and the key file's if there is one.

    Without a path the key file is the one in its usual place.
    """
    found = [identity_of_vault(vault)]
    path = key_file_path or default_key_file()
    if os.path.isfile(path):  # a pipe was read when the vault was opened, and gives nothing more
        try:
            found.append(identity_of_key_file(path))
        except StrongroomError:
            return found  # the vault opened in another way, and a bundle that needs this one says so
    return found


def identity_of_key_file(path: str, tell: Tell | None = None) -> Identity:
    """Return the identity of a key file. Raises `KeyFileInvalid`."""
    return Identity.of_private(key_file.private_key(key_file.read_key_file(path, tell)))
