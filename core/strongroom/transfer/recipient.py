"""Write and read a recipient, the public half of a person's identity, as a text.

The text survives chat, mail and being read aloud. It is `strongroom1` and then, in lower-case base32 without
padding, the 32 bytes of the X25519 public key and the first 4 bytes of their SHA-256, so that a typing
mistake is noticed.
"""

import hashlib
from base64 import b32decode, b32encode
from typing import Final, NamedTuple

from strongroom.store.identity import Identity, identity_of_vault
from strongroom.store.vault import Vault
from strongroom.transfer.errors import RecipientInvalid

PREFIX = "strongroom1"
_CHECK_BYTES = 4
_SHORT: Final = len(PREFIX) + 8


class Recipient(NamedTuple):
    """Hold an X25519 public key."""

    public: bytes

    @classmethod
    def of_identity(cls, identity: Identity) -> "Recipient":
        """Return the recipient whose bundles this identity opens."""
        return cls(identity.public)

    @classmethod
    def of_vault(cls, vault: Vault) -> "Recipient":
        """Return the recipient whose bundles this vault opens."""
        return cls.of_identity(identity_of_vault(vault))

    @classmethod
    def parse(cls, text: str) -> "Recipient":
        """Return the recipient that `str` wrote as this text. Raises `RecipientInvalid`."""
        text = text.strip().lower()
        body = text.removeprefix(PREFIX).upper()
        try:
            data = b32decode(body + "=" * (-len(body) % 8))
        except ValueError:
            data = b""
        recipient = cls(data[:-_CHECK_BYTES])
        if len(recipient.public) != 32 or str(recipient) != text:
            raise RecipientInvalid(
                "This is not a recipient, or a character of it is wrong.",
                f"A recipient begins with {PREFIX}; `strongroom vault identity` prints it.",
            )
        return recipient

    @property
    def short(self) -> str:
        """Return the beginning of the text, for sentences that cannot hold all of it."""
        return f"{str(self)[:_SHORT]}…"

    def __str__(self) -> str:
        check = hashlib.sha256(self.public).digest()[:_CHECK_BYTES]
        return PREFIX + b32encode(self.public + check).decode("ascii").rstrip("=").lower()
