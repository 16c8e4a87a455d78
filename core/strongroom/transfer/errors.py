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
    """Report a file that begins like a bundle and continues differently.

    The rest of the file is not as a bundle is written.
    """


class BundleLocked(TransferError):
    """Report that a bundle did not open.

    The passphrase, or this vault's identity, is not the one that the bundle was sealed for.
    """


class RecipientInvalid(TransferError):
    """Report a text that is not a recipient.

    A recipient is printed by `strongroom vault identity`.
    """
