"""Name what can go wrong with a whole file.

A single bad line is a `Refusal` instead (see `parsed_file`).
"""

# ruff: noqa: N818  # named for what a person meets

from strongroom.errors import StrongroomError


class TransferError(StrongroomError):
    """Report an import or export that cannot be done."""


class SourceUnreadable(TransferError):
    """Report that a file as a whole cannot be read as what it should be."""


class BundleDamaged(TransferError):
    """Report a file that begins like a bundle, and does not go on as one."""


class BundleLocked(TransferError):
    """Report that the passphrase, or this vault's identity, does not open the bundle."""


class RecipientInvalid(TransferError):
    """Report a text that is not a recipient, as `vault identity` prints one."""
