"""Name what can go wrong with a vault. Each error has a plain sentence and a way out (see `strongroom.errors`).

The three refusals of a save begin with the platform's own words (PLATFORM §1), so that what a person reads
here can be found in the platform's documentation.
"""

# ruff: noqa: N818  # named for what a person meets, as a sentence would name it

from strongroom.errors import StrongroomError


class VaultError(StrongroomError):
    """Something about the vault file itself."""


class VaultMissing(VaultError):
    """There is no file at the vault's path."""


class VaultExists(VaultError):
    """A vault was to be created where something already is. Nothing is ever overwritten."""


class VaultForeign(VaultError):
    """The file is not a Strongroom vault: another SQLite database, or no database at all."""


class VaultNewer(VaultError):
    """The file was written by a later version of Strongroom, whose format this one does not know."""


class VaultDamaged(VaultError):
    """The file is a vault, but a part of it cannot be read."""


class VaultExposed(VaultError):
    """The file, its folder or the key file is open to others, foreign-owned or reached through a link."""


class VaultBusy(VaultError):
    """Another process held the vault for longer than the busy timeout."""


class VaultStorage(VaultError):
    """The disk is full, or reading or writing failed. What was saved before is untouched."""


class VaultAltered(VaultError):
    """Something in the file is not what Strongroom wrote there: no value is given out."""


class VaultClosed(VaultError):
    """The vault was used after it was closed (locked)."""


class WayError(StrongroomError):
    """Something about the ways of opening a vault."""


class NoKey(WayError):
    """No way was given that this vault opens with."""


class WrongKey(WayError):
    """A way was given, and it does not open this vault."""


class KeyFileInvalid(WayError):
    """The key file is missing or damaged, or is not a key file."""


class KeyringUnavailable(WayError):
    """The operating system's keyring could not be used."""


class RecoveryCodeInvalid(WayError):
    """What was typed is not a recovery code, or has a typing mistake."""


class CannotRemember(WayError):
    """The key cannot be kept in memory between commands here, or not for so long."""


class DuplicateSlot(WayError):
    """A way that opens the vault already was to be added to it."""


class LastSlot(WayError):
    """The last slot of a vault cannot be removed: nobody could open it any more."""


class SaveRefused(StrongroomError):
    """A save that was refused; nothing was changed."""


class InvalidName(SaveRefused):
    """The platform's "Invalid secret name"."""


class EmptyValue(SaveRefused):
    """The platform's "Empty secret value"."""


class DuplicateName(SaveRefused):
    """The platform's "Duplicate secret name"."""


class ValueTooLong(SaveRefused):
    """A value, note or name beyond what a vault keeps."""


class InvalidField(SaveRefused):
    """A community name, note or expiry date that a vault does not keep."""


class DuplicateCommunity(SaveRefused):
    """A community of this name is there already."""


class EntryChanged(SaveRefused):
    """An entry is not the one that the caller saw; nothing was changed.

    `name` is the entry's, `what` was done to it in a word. `changed` is the time of that (ISO 8601 in UTC), or empty
    where it is not known.
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
    """The vault has no community of this name."""


class UnknownName(StrongroomError):
    """The community has no secret or variable of this name."""


class WrongKind(StrongroomError):
    """A secret was asked for as a variable, or the reverse."""
