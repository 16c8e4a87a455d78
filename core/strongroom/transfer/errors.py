"""Name what can go wrong with a whole file; a single bad line is a `Refusal` instead (see `parsed_file`)."""

# ruff: noqa: N818  # named for what a person meets

from strongroom.errors import StrongroomError


class TransferError(StrongroomError):
    """An import or export that cannot be done."""


class SourceUnreadable(TransferError):
    """The file as a whole cannot be read as what it should be."""


class BundleDamaged(TransferError):
    """The file begins like a bundle, and the rest is not as it was written."""


class BundleLocked(TransferError):
    """The passphrase, or this vault's identity, does not open the bundle."""


class RecipientInvalid(TransferError):
    """The text is not a recipient as `strongroom vault identity` prints it."""
