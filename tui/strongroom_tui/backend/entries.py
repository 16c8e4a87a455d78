"""Read and change the entries of a community, in the vault or a team's engine."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom.values.secret_value import SecretValue

if TYPE_CHECKING:
    from strongroom.store.opened import OpenStore
    from strongroom.store.rows.expected import Saved
    from strongroom.store.rows.history import Deleted, Version


class EntryWrite(Enum):
    """Name a write of the vault."""

    DELETE = "delete"
    UNDELETE = "undelete"
    RENAME = "rename"
    RESTORE = "restore"
    DESCRIBE = "describe"


def write_for(now: "Saved", wanted: "Saved | None") -> EntryWrite:
    """Return the write that brings an entry from state `now` to state `wanted`.

    The entry had the wanted state before or after the present one.
    """
    if wanted is None or wanted.is_deleted:
        return EntryWrite.DELETE
    if now.is_deleted:
        return EntryWrite.UNDELETE
    if now.name != wanted.name:
        return EntryWrite.RENAME
    return EntryWrite.DESCRIBE if now.version == wanted.version else EntryWrite.RESTORE


class EntryAccess(ABC):
    """Read and change entries.

    A write returns the entry as it is then. `expected` is the tag of the entry that was seen: another state of the
    entry raises `EntryChanged`.
    """

    @property
    @abstractmethod
    def is_unlocked(self) -> bool:
        """Return True while values of the shown community can be read."""

    @abstractmethod
    def store(self, community: str) -> "OpenStore":
        """Return the vault or the engine that holds a community. Raises `Locked`."""

    def value(self, community: str, name: str) -> SecretValue:
        """Return the value of one secret."""
        return self.store(community).get(community, name)

    def versions(self, community: str, name: str) -> "tuple[Version, ...]":
        """Return the versions of an entry that are kept, newest first."""
        return self.store(community).history(community, name)

    def version(self, community: str, name: str, number: int) -> SecretValue:
        """Return the value of an earlier version."""
        return self.store(community).get_version(community, name, number)

    def hints(self, community: str, names: Sequence[str]) -> dict[str, str]:
        """Return the masked forms of some secrets, {} once locked.

        Missing names are left out.
        """
        found: dict[str, str] = {}
        for name in names if self.is_unlocked else ():
            try:
                found[name] = self.value(community, name).hint()
            except StrongroomError:
                continue
        return found

    def add(  # noqa: PLR0917 as the vault's own
        self, community: str, name: str, kind: Kind, value: SecretValue, note: str, expires: str
    ) -> "Saved":
        """Save a new entry.

        Raises `StrongroomError` with the platform's words for a refusal.
        """
        return self.store(community).add(community, name, kind, value, note=note, expires=expires)

    def change(  # noqa: PLR0917 as the vault's own
        self,
        community: str,
        name: str,
        value: SecretValue | None,
        note: str | None,
        expires: str | None,
        expected: bytes | None = None,
    ) -> "Saved":
        """Save changes of an entry. None leaves a part as it is."""
        return self.store(community).set(
            community, name, value=value, note=note, expires=expires, expected=expected
        )

    def delete(self, community: str, name: str, expected: bytes | None = None) -> "Saved":
        """Delete one entry."""
        return self.store(community).delete(community, name, expected=expected)

    def deleted(self, community: str) -> "tuple[Deleted, ...]":
        """Return the deleted entries that can be restored, newest first."""
        return self.store(community).deleted(community)

    def purge(self, community: str, name: str, expected: bytes | None = None) -> None:
        """Remove a deleted entry and its history from the file."""
        self.store(community).purge(community, name, expected=expected)

    def undelete(self, community: str, name: str, expected: bytes | None = None) -> "Saved":
        """Restore a deleted entry."""
        return self.store(community).undelete(community, name, expected=expected)

    def rename(self, community: str, old: str, new: str, expected: bytes | None = None) -> "Saved":
        """Give an entry another name."""
        return self.store(community).rename(community, old, new, expected=expected)

    def restore(  # noqa: PLR0917 as the vault's own
        self,
        community: str,
        name: str,
        number: int,
        note: str | None = None,
        expires: str | None = None,
        expected: bytes | None = None,
    ) -> "Saved":
        """Make an earlier value the current one again."""
        return self.store(community).restore(community, name, number, note, expires, expected=expected)

    def move(self, community: str, now: "Saved", wanted: "Saved | None") -> "Saved":
        """Bring an entry from its state to one that it had before or after."""
        to = wanted or now
        match write_for(now, wanted):
            case EntryWrite.DELETE:
                return self.delete(community, now.name, now.tag)
            case EntryWrite.UNDELETE:
                return self.undelete(community, now.name, now.tag)
            case EntryWrite.RENAME:
                return self.rename(community, now.name, to.name, now.tag)
            case EntryWrite.RESTORE:
                return self.restore(community, now.name, to.version, to.note, to.expires, now.tag)
            case EntryWrite.DESCRIBE:
                return self.change(community, now.name, None, to.note, to.expires, now.tag)
