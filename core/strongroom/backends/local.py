"""Give one community of an unlocked vault as a `Backend`."""

from collections.abc import Sequence

from strongroom.backends.document import unknown_name
from strongroom.backends.protocol import ABSENT, UNKNOWN, Held, Put
from strongroom.names import Kind
from strongroom.store.errors import EntryChanged
from strongroom.store.rows.expected import Saved
from strongroom.store.rows.history import Version
from strongroom.store.rows.listing import Entry
from strongroom.store.rows.many import Save
from strongroom.store.rows.saving import duplicate
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue


class LocalBackend:
    """Hold one community of `vault`. The vault stays open when this is closed."""

    def __init__(self, vault: Vault, community: str) -> None:
        self._vault = vault
        self.community = community
        self.place = f"the vault {vault.path}"

    def names(self, *, are_deleted: bool = False) -> Sequence[Entry]:
        """Return what the community holds, or the deleted entries."""
        if self.community not in self._vault.communities():
            return ()
        if not are_deleted:
            return self._vault.entries(self.community)
        gone = self._vault.deleted(self.community)
        return tuple(
            sorted(Entry(one.name, one.kind, "", "", None, "", one.deleted, 0, one.tag) for one in gone)
        )

    def get(self, name: str, version: int | None = None) -> Held:
        """Return an entry with its value."""
        entry = self._entry(name)
        number = entry.version if version is None else version
        value = (
            SecretValue(entry.value)
            if version is None and entry.value is not None
            else self._vault.get_version(self.community, name, number)
        )
        return Held(entry, value)

    def put(self, put: Put, expected: bytes | None = None) -> Entry:
        """Write an entry, in one transaction with the comparison."""
        present = self._find(put.name)
        if present is not None and present.kind is not put.kind:
            raise duplicate(put.name, self.community, present.kind.value)
        seen = None
        if present is not None and expected != ABSENT:
            tag = present.tag if expected is None else expected
            seen = Saved(present.name, present.version, present.note, present.expires, tag)
        elif present is None and expected not in (None, ABSENT, self._tag_of_deleted(put.name)):
            raise EntryChanged(put.name, self.community, "deleted")
        (saved,) = self._vault.save_many(self.community, [Save(*put, seen)])
        written = self._find(put.name)
        if written is not None and written.tag == saved.tag:
            return written
        # Another process wrote in between. What is returned is this write, so that the next one sees the other's.
        before = present.value if present is not None else None
        value = before if put.value is None else put.value.reveal()
        shown = value if put.kind is Kind.VARIABLE else None
        return Entry(put.name, put.kind, saved.note, saved.expires, shown, "", "", saved.version, saved.tag)

    def delete(self, name: str, expected: bytes | None = None, *, for_good: bool = False) -> Entry:
        """Delete an entry, or remove everything of its name."""
        if not for_good:
            present = self._entry(name)
            gone = self._vault.delete(self.community, name, expected=expected)
            return present._replace(value=None, tag=gone.tag)
        deleted = next((one for one in self.names(are_deleted=True) if one.name == name), None)
        found = self._find(name) or deleted
        if found is None:
            raise unknown_name(name, self.community)
        if expected not in (None, found.tag):
            raise EntryChanged(name, self.community, "changed", found.changed)
        self._vault.purge(self.community, name, live=True)
        return found._replace(value=None, tag=UNKNOWN)

    def versions(self, name: str) -> tuple[Version, ...]:
        """Return the versions that are kept, newest first."""
        self._entry(name)
        return self._vault.history(self.community, name)

    def watch(self) -> str:
        """Return the vault's counter of changes."""
        return str(self._vault.change_counter())

    def close(self) -> None:
        """Do nothing, because the vault is the caller's."""

    def _tag_of_deleted(self, name: str) -> bytes | None:
        return next((one.tag for one in self.names(are_deleted=True) if one.name == name), None)

    def _find(self, name: str) -> Entry | None:
        return self._vault.find(self.community, name)

    def _entry(self, name: str) -> Entry:
        entry = self._find(name)
        if entry is None:
            raise unknown_name(name, self.community)
        return entry
