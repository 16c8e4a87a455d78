"""Derive the vault's identity: the X25519 key that bundles are made for.

It is derived from the master key, so it is sealed by the same slots, backed up with the vault and stored
nowhere. `vault rotate` gives a new one; bundles made for the old one do not open any more.
"""

from strongroom.store.format import crypto
from strongroom.store.format.schema import FORMAT
from strongroom.store.vault import Vault


def identity_key(vault: Vault) -> bytes:
    """Return the 32 bytes of the private key. Raises `VaultClosed` or `VaultAltered`."""
    ledger = vault._ledger
    with ledger.reading():
        vault_row = ledger.vault_row
        info = crypto.pack("strongroom sub-key", FORMAT, "identity", vault_row.epoch)
        return crypto.hkdf(ledger.master, vault_row.store_id, info, crypto.KEY_BYTES)
