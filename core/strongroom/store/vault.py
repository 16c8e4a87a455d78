"""Hold an unlocked vault, which alone gives out values and changes the file."""

import os
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from strongroom.names import Kind, Names
from strongroom.store.errors import WrongKind
from strongroom.store.file import connection as sqlite
from strongroom.store.file import seen
from strongroom.store.format import manifest
from strongroom.store.format.manifest import AuditRow, VaultRow
from strongroom.store.format.slots import Slot
from strongroom.store.keys.ways import RememberedKey, Way
from strongroom.store.process import harden
from strongroom.store.rows import concerns, listing, slot_list, unlocking
from strongroom.store.rows.concerns import Concern
from strongroom.store.rows.ledger import Ledger
from strongroom.store.rows.listing import Entry, SlotInfo
from strongroom.values.secret_value import SecretValue

if TYPE_CHECKING:
    from strongroom.store.rows.expected import Saved
    from strongroom.store.rows.history import Deleted, Version
    from strongroom.store.rows.many import AuditSource, EntryWithValue, Save


class Vault:
    """Hold an unlocked vault: use `create` or `unlock`, and close it to lock it.

    Each method is one transaction, and may be called from any thread. A write of one entry gives the entry as
    it is then. With `expected`, the tag of the entry that the caller saw, the write raises `EntryChanged`
    where the entry is another one by now. Without it, whatever is there is changed. `warnings` holds what a
    person should know and agree to before going on, `notices` sentences that are only to be said.
    """

    def __init__(self, ledger: Ledger, warnings: Sequence[Concern] = (), notices: Sequence[str] = ()) -> None:
        self._ledger = ledger
        self.path = ledger.path
        self.warnings = list(warnings)
        self.notices = tuple(notices)

    # --- opening and closing

    @classmethod
    def create(cls, path: str | os.PathLike[str], ways: Sequence[Way]) -> "Vault":
        """Return a new, empty vault that opens with each of `ways`.

        Never overwrites anything.
        """
        text = os.path.abspath(os.fspath(path))
        master = unlocking.create_file(text, ways)
        return cls._open(text, lambda _, found: unlocking.FoundMaster(master, found[0]), new=True)

    @classmethod
    def unlock(
        cls, path: str | os.PathLike[str], ways: Sequence[Way | RememberedKey], *, sealed: bool = False
    ) -> "Vault":
        """Return the vault, opened by the first of `ways` that it has a slot for.

        A `sealed` one is only read: who else can see the file, and where it is, is not asked.

        Raises NoKey, WrongKey, KeyFileInvalid, KeyringUnavailable, and what `NamesReader.open` raises. A
        vault whose rows were changed by something else still opens, so that `verify` can say what happened:
        it has a warning, and gives out and changes nothing.
        """
        text = os.path.abspath(os.fspath(path))
        return cls._open(
            text, lambda vault_row, found: unlocking.find_master(text, vault_row, found, ways), sealed=sealed
        )

    @classmethod
    def _open(
        cls,
        path: str,
        find_master: Callable[[VaultRow, list[Slot]], unlocking.FoundMaster],
        *,
        new: bool = False,
        sealed: bool = False,
    ) -> "Vault":
        # In this order, because what is remembered can then never be newer than what is read.
        remembered = () if new else seen.read_seen(path)
        connection = sqlite.connect(path, write=not sealed, sealed=sealed)
        try:
            with sqlite.explained(path):
                connection.execute("BEGIN")
                vault_row, _ = manifest.read_vault_row(connection)
                found = unlocking.read_slots(connection)
                connection.execute("COMMIT")
            harden()
            opened = find_master(vault_row, found)
            ledger = Ledger(path, connection, opened.master, vault_row)
            ledger.actor = slot_list.actor(opened.slot)
            return cls(ledger, *concerns.examine(ledger, remembered))
        except BaseException:
            connection.close()
            raise

    def close(self) -> None:
        """Lock the vault.

        Closing twice does nothing; anything else raises `VaultClosed` afterwards.
        """
        self._ledger.connection.close()
        self._ledger.forget_keys()

    def __enter__(self) -> "Vault":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def accept_warnings(self) -> None:
        """Take this file for the newest seen, as a person who saw `warnings` does.

        Raises `VaultAltered` if rows were changed: that cannot be accepted.
        """
        concerns.accept(self._ledger)
        self.warnings.clear()

    def remember(self, seconds: int) -> None:
        """Keep the master key in memory for `seconds`, for the way `RememberedKey`.

        Raises `CannotRemember`.
        """
        from strongroom.store.keys import remembered

        with self._ledger.reading():
            remembered.remember(self._ledger.vault_row.store_id, self._ledger.master, seconds)

    def verify(self) -> list[str]:
        """Check everything in the file, and return a sentence for each problem."""
        from strongroom.store.rows.checks import find_problems

        with self._ledger.reading(verified=False):
            return find_problems(self._ledger)

    # --- names

    def communities(self) -> tuple[str, ...]:
        """Return every community, by name."""
        with self._ledger.reading():
            return listing.read_communities(self._ledger.connection)

    def current_community(self) -> str | None:
        """Return the community that `use_community` chose, else the only one, else None."""
        with self._ledger.reading():
            return listing.read_current(self._ledger.connection)

    def entries(self, community: str) -> tuple[Entry, ...]:
        """Return what `community` holds, by name; nothing for an unknown community.

        Each entry is found to be as it was written.
        """
        ledger = self._ledger
        with ledger.reading():
            ledger.check_entries()
            return listing.read_entries(ledger.connection, community)

    def find(self, community: str, name: str) -> Entry | None:
        """Return the entry of exactly this name, or None.

        It is found to be as it was written. Only this entry is looked at, so that reading one value costs the
        same in a vault of any size.
        """
        from strongroom.store.rows.expected import tag_of

        ledger = self._ledger
        with ledger.reading():
            owner = ledger.find_community(community)
            if owner is None:
                ledger.check_entries()  # somebody may have hidden the community
                return None
            row = ledger.find_entry(owner, name)
            if row is None:
                ledger.check_absent(owner, name)
                return None
            value = None
            if row.kind == Kind.VARIABLE.value:
                value = ledger.value(owner, row, row.version)
            return Entry(
                row.name,
                Kind(row.kind),
                row.note,
                row.expires,
                value,
                row.created,
                row.changed,
                row.version,
                tag_of(ledger, row),
            )

    def names(self, community: str) -> Names:
        """Return the same as `NamesReader.names`, each found to be as it was written."""
        ledger = self._ledger
        with ledger.reading():
            ledger.check_entries()
            return listing.read_names(ledger.connection, self.path, community)

    def change_counter(self) -> int:
        """Return a number that differs after any change of the vault, by this process too."""
        with sqlite.explained(self.path):
            version: int = self._ledger.connection.execute("PRAGMA data_version").fetchone()[0]
        return (self._ledger.own_changes << 32) + version

    # --- values

    def get(self, community: str, name: str) -> SecretValue:
        """Return a secret's value.

        Raises UnknownCommunity, UnknownName, WrongKind or VaultAltered.
        """
        return SecretValue(self._value(community, name, Kind.SECRET))

    def variable(self, community: str, name: str) -> str:
        """Return a variable's value.

        Raises UnknownCommunity, UnknownName, WrongKind or VaultAltered.
        """
        return self._value(community, name, Kind.VARIABLE)

    def _value(self, community: str, name: str, kind: Kind) -> str:
        ledger = self._ledger
        with ledger.reading():
            owner = ledger.community(community)
            entry = ledger.entry(owner, name)
            if entry.kind != kind.value:
                raise WrongKind(
                    f"{name} in {community} is a {entry.kind}, not a {kind.value}.",
                    f"Use get_{entry.kind}('{name}'), or `strongroom {entry.kind} show {name}`.",
                )
            return ledger.value(owner, entry, entry.version)

    def read_all(self, community: str) -> "dict[str, EntryWithValue]":
        """Return every live entry of `community` with its value, by name.

        The result is empty for an unknown community. Raises `VaultAltered`.
        """
        from strongroom.store.rows import many

        return many.read_all(self._ledger, community)

    def save_many(
        self, community: str, saves: "Sequence[Save]", source: "AuditSource | None" = None
    ) -> "list[Saved]":
        """Write all of `saves` in one transaction, or none of them.

        Returns the entries as they are then, in the order of `saves`. The audit trail gets a row for `source`.

        A community that the vault does not have is made. Raises what `add` and `set` raise, and `EntryChanged`
        where an entry is not the one that the caller saw.
        """
        from strongroom.store.rows import many

        return many.save_many(self._ledger, community, saves, source)

    def add(  # noqa: PLR0917  # the two columns that may be left out come last
        self, community: str, name: str, kind: Kind, value: SecretValue, note: str = "", expires: str = ""
    ) -> "Saved":
        """Add a secret or variable. A community that the vault does not have is made.

        Raises InvalidName, EmptyValue, DuplicateName (the platform's words), ValueTooLong, InvalidField.
        """
        from strongroom.store.rows import entries

        return entries.add(self._ledger, community, name, kind, value, note, expires)

    def set(
        self,
        community: str,
        name: str,
        value: SecretValue | None = None,
        note: str | None = None,
        expires: str | None = None,
        *,
        expected: bytes | None = None,
    ) -> "Saved":
        """Change what is not None.

        A new value is a new version; the earlier ones stay, sealed.
        """
        from strongroom.store.rows.entries import change

        return change(self._ledger, community, name, value, note, expires, expected)

    def rename(self, community: str, old: str, new: str, *, expected: bytes | None = None) -> "Saved":
        """Give `old` another name, history and all.

        Raises InvalidName, DuplicateName or UnknownName.
        """
        from strongroom.store.rows.entries import rename

        return rename(self._ledger, community, old, new, expected)

    def delete(self, community: str, name: str, *, expected: bytes | None = None) -> "Saved":
        """Take the name away. `undelete` brings the newest deleted one back.

        The values stay, sealed.
        """
        from strongroom.store.rows import history

        return history.delete(self._ledger, community, name, expected)

    # --- history

    def history(self, community: str, name: str) -> "tuple[Version, ...]":
        """Return the versions that are kept, newest first."""
        from strongroom.store.rows import history

        return history.versions(self._ledger, community, name)

    def get_version(self, community: str, name: str, number: int) -> SecretValue:
        """Return the value of an earlier version, of a secret or a variable."""
        from strongroom.store.rows import history

        return history.value_of(self._ledger, community, name, number)

    def restore(
        self,
        community: str,
        name: str,
        number: int,
        note: str | None = None,
        expires: str | None = None,
        *,
        expected: bytes | None = None,
    ) -> "Saved":
        """Make an earlier value the current one again, as a new version.

        A note and a date that are not None are changed.
        """
        from strongroom.store.rows import history

        return history.restore(self._ledger, community, name, number, note, expires, expected)

    def deleted(self, community: str) -> "tuple[Deleted, ...]":
        """Return the newest deleted entry of each name, for `undelete`, newest first."""
        from strongroom.store.rows import history

        return history.deleted(self._ledger, community)

    def undelete(self, community: str, name: str, *, expected: bytes | None = None) -> "Saved":
        """Bring a deleted name back with its history. Raises DuplicateName if it is used."""
        from strongroom.store.rows import history

        return history.undelete(self._ledger, community, name, expected)

    def purge(self, community: str, name: str, *, live: bool = False, expected: bytes | None = None) -> None:
        """Take a deleted name out of the file for good, with every value it had.

        With `live`, the name in use is taken out too. `expected` is the tag of the newest deleted entry.
        Raises `UnknownName` if there is none.
        """
        from strongroom.store.rows import history

        history.purge(self._ledger, community, name, live=live, expected=expected)

    def audit(self) -> tuple[AuditRow, ...]:
        """Return what was done to the vault, oldest first; never a value."""
        with self._ledger.reading():
            return tuple(self._ledger.audit_rows())

    # --- communities

    def add_community(self, name: str) -> None:
        """Add a community, its name without spaces around it.

        Raises `InvalidField` or DuplicateCommunity.
        """
        from strongroom.store.rows import communities

        communities.add_community(self._ledger, name)

    def use_community(self, name: str) -> None:
        """Choose the community of commands that name none. Raises `UnknownCommunity`."""
        from strongroom.store.rows import communities

        communities.use_community(self._ledger, name)

    def rename_community(self, old: str, new: str) -> None:
        """Rename a community with all in it.

        Raises UnknownCommunity, DuplicateCommunity or InvalidField.
        """
        from strongroom.store.rows import communities

        communities.rename_community(self._ledger, old, new)

    def delete_community(self, name: str) -> None:
        """Delete the community and all it holds, history included. This has no undo."""
        from strongroom.store.rows import communities

        communities.delete_community(self._ledger, name)

    # --- slots

    def slots(self) -> tuple[SlotInfo, ...]:
        """Return the ways in, oldest first."""
        with self._ledger.reading():
            return listing.read_slots(self._ledger.connection)

    def add_slot(self, way: Way) -> str:
        """Add a way in, proved by opening with it before it counts. Return its id."""
        return slot_list.add_slot(self._ledger, way)

    def remove_slot(self, slot_id: str) -> None:
        """Take a way in away. Raises `LastSlot`, or UnknownName for one that is not there."""
        slot_list.remove_slot(self._ledger, slot_id)

    def rotate(self, ways: Sequence[Way], new: Sequence[Way] = ()) -> tuple[SlotInfo, ...]:
        """Seal everything again with a new master key, and add the `new` ways.

        All of it is one transaction. The slots that `ways` open are renewed, and so are those for public
        keys. The others cannot be (their secrets are not here) and are removed: they are returned, so that a
        person can add them again. Raises WrongKey or NoKey for a way that opens no slot, and `VaultAltered`
        where `verify` would find anything.
        """
        return slot_list.rotate(self._ledger, ways, new)
