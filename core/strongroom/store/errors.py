"""Name what can go wrong with a vault.

Each error has a plain sentence and a way out (see `strongroom.errors`).

The three refusals of a save begin with the platform's own words (PLATFORM §1), so that what a person reads
here can be found in the platform's documentation.
"""

# ruff: noqa: N818  # named for what a person meets, as a sentence would name it

from strongroom.errors import StrongroomError


class VaultError(StrongroomError):
    """Report something about the vault file itself."""


class VaultMissing(VaultError):
    """Report that no file is at the vault's path."""


class VaultExists(VaultError):
    """Report that a file is in the new vault's place. Nothing is ever overwritten."""


class VaultForeign(VaultError):
    """Report a file that is not a vault: another SQLite database, or none at all."""


class VaultNewer(VaultError):
    """Report a file in the format of a later version of Strongroom."""


class VaultDamaged(VaultError):
    """Report that a part of the vault cannot be read."""


class VaultExposed(VaultError):
    """Report that the vault, its folder or the key file is open to others.

    It can also belong to another user, or be reached through a link.
    """


class VaultBusy(VaultError):
    """Report that another process held the vault beyond the busy timeout."""


class VaultStorage(VaultError):
    """Report a full disk, or a failed read or write. Earlier saves are untouched."""


class VaultAltered(VaultError):
    """Report that something in the file is not what Strongroom wrote.

    No value is given out.
    """


class VaultClosed(VaultError):
    """Report that the vault was used after it was closed (locked)."""


class WayError(StrongroomError):
    """Report something about the ways of opening a vault."""


class NoKey(WayError):
    """Report that none of the given ways is one that this vault opens with."""


class WrongKey(WayError):
    """Report that a way was given which does not open this vault."""


class KeyFileInvalid(WayError):
    """Report that the key file is missing or damaged, or is not a key file."""


class KeyringUnavailable(WayError):
    """Report that the operating system's keyring could not be used."""


class RecoveryCodeInvalid(WayError):
    """Report a text that is not a recovery code, or has a typing mistake."""


class CannotRemember(WayError):
    """Report a key that cannot stay in memory between commands, or not for so long."""


class DuplicateSlot(WayError):
    """Report that a way to be added opens the vault already."""


class LastSlot(WayError):
    """Report that the last slot, without which nobody could open the vault, must stay."""


class SaveRefused(StrongroomError):
    """Report a save that was refused. Nothing was changed."""


class InvalidName(SaveRefused):
    """Report the platform's "Invalid secret name"."""


class EmptyValue(SaveRefused):
    """Report the platform's "Empty secret value"."""


class DuplicateName(SaveRefused):
    """Report the platform's "Duplicate secret name"."""


class ValueTooLong(SaveRefused):
    """Report a value, note or name beyond what a vault keeps."""


class InvalidField(SaveRefused):
    """Report a community name, note or expiry date that a vault does not keep."""


class DuplicateCommunity(SaveRefused):
    """Report that a community of this name is there already."""


class EntryChanged(SaveRefused):
    """Report that an entry is not the one that the caller saw. Nothing was changed.

    `name` is the entry's, `what` was done to it in a word. `changed` is the time of that (ISO 8601 in UTC),
    or empty if it is not known.
    """

    def __init__(self, name: str, community: str, what: str, changed: str = "") -> None:
        super().__init__(
            f"{name} in {community} was {what} by another program in the meantime.",
            "Nothing was changed: look at it again.",
        )
        self.name = name
        self.what = what
        self.changed = changed


class UnknownCommunity(StrongroomError):
    """Report that the vault has no community of this name."""


class UnknownName(StrongroomError):
    """Report that the community has no secret or variable of this name."""


class WrongKind(StrongroomError):
    """Report that a secret was asked for as a variable, or the reverse."""
