"""An unlocked vault: the only place where a secret's value comes out, and the only one that changes the file."""

import os
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import NamedTuple

from strongroom.names import Kind, Names
from strongroom.secret_value import SecretValue
from strongroom.store import connection as sqlite
from strongroom.store import manifest, reader, saving, seen, unlocking
from strongroom.store.audit import Action
from strongroom.store.checks import find_problems
from strongroom.store.errors import DuplicateCommunity, LastSlot, UnknownName, VaultAltered, WrongKind
from strongroom.store.ledger import Concern, Ledger, now
from strongroom.store.manifest import CommunityRow, EntryRow, Header
from strongroom.store.process import harden
from strongroom.store.reader import Entry
from strongroom.store.slots import Slot
from strongroom.store.ways import Way


class NewEntry(NamedTuple):
    """One secret or variable for `Vault.add_many`."""

    name: str
    kind: Kind
    value: SecretValue
    note: str = ""
    expires: str = ""


class SlotInfo(NamedTuple):
    """A way in, as a list shows it. `id` is what `remove_slot` takes."""

    id: str
    kind: str
    label: str
    created: str


class Version(NamedTuple):
    """One value that a name has or had, without the value. `created` is ISO 8601 in UTC."""

    number: int
    created: str
    is_current: bool


class Vault:
    """Use `create` or `unlock`; close it to lock it. Each method is one transaction and may be called from any thread.

    `warnings` holds what a person should be told and asked about before going on.
    """

    def __init__(self, ledger: Ledger, warnings: Sequence[Concern] = ()) -> None:
        self._ledger = ledger
        self.path = ledger.path
        self.warnings = list(warnings)

    # --- opening and closing

    @classmethod
    def create(cls, path: str | os.PathLike[str], ways: Sequence[Way]) -> "Vault":
        """A new, empty vault that opens with each of `ways`. Never overwrites anything."""
        text = os.path.abspath(os.fspath(path))
        master = unlocking.create_file(text, ways)
        return cls._open(text, lambda *_: master)

    @classmethod
    def unlock(cls, path: str | os.PathLike[str], ways: Sequence[Way]) -> "Vault":
        """The vault, opened by the first of `ways` that it has a slot for.

        Raises NoKey, WrongKey, KeyFileInvalid, KeyringUnavailable, and what `NamesReader.open` raises. A vault
        whose rows were changed by something else still opens, so that `verify` can say what happened: it has a
        warning, and gives out and changes nothing.
        """
        text = os.path.abspath(os.fspath(path))
        return cls._open(text, lambda header, found: unlocking.find_master(text, header, found, ways))

    @classmethod
    def _open(cls, path: str, find_master: Callable[[Header, list[Slot]], bytes]) -> "Vault":
        # In this order: what is remembered can then never be newer than what is read, but for a real step back.
        remembered = seen.read_seen(path)
        connection = sqlite.connect(path, write=True)
        try:
            with sqlite.explained(path):
                connection.execute("BEGIN")
                header, _ = manifest.read_header(connection)
                found = unlocking.read_slots(connection)
                connection.execute("COMMIT")
            harden()
            ledger = Ledger(path, connection, find_master(header, found), header)
            return cls(ledger, _concerns(ledger, remembered))
        except BaseException:
            connection.close()
            raise

    def close(self) -> None:
        """Locks the vault. Closing twice does nothing; anything else raises `VaultClosed` afterwards."""
        self._ledger.connection.close()
        self._ledger.forget_keys()

    def __enter__(self) -> "Vault":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def accept_warnings(self) -> None:
        """A person has seen `warnings` and goes on: this file is from now on the newest that was seen."""
        ledger = self._ledger
        ledger.rolled_back = False
        with ledger.reading():
            _, root = manifest.read_header(ledger.connection)
            seen.write_seen(self.path, seen.Seen(ledger.header.store_id, ledger.header.generation, root))
        self.warnings.clear()

    def verify(self) -> list[str]:
        """Everything in the file is looked at; each thing that is wrong is named in a sentence."""
        with self._ledger.reading(verified=False):
            return find_problems(self._ledger)

    # --- names

    def communities(self) -> tuple[str, ...]:
        """Every community, by name."""
        with self._ledger.reading():
            return reader.read_communities(self._ledger.connection)

    def current_community(self) -> str | None:
        """The community that `use_community` chose, else the only one, else None."""
        with self._ledger.reading():
            return reader.read_current(self._ledger.connection)

    def entries(self, community: str) -> tuple[Entry, ...]:
        """What `community` holds, by name, each found to be as it was written. Unknown community: empty."""
        ledger = self._ledger
        with ledger.reading():
            ledger.check_entries()
            return reader.read_entries(ledger.connection, community)

    def names(self, community: str) -> Names:
        """As `NamesReader.names`, each found to be as it was written."""
        ledger = self._ledger
        with ledger.reading():
            ledger.check_entries()
            return reader.read_names(ledger.connection, self.path, community)

    def change_counter(self) -> int:
        """A number that differs after any process, this one too, changed the vault."""
        with sqlite.explained(self.path):
            version: int = self._ledger.connection.execute("PRAGMA data_version").fetchone()[0]
        return (self._ledger.own_changes << 32) + version

    # --- values

    def get(self, community: str, name: str) -> SecretValue:
        """A secret's value. Raises UnknownCommunity, UnknownName, WrongKind or VaultAltered."""
        return SecretValue(self._value(community, name, Kind.SECRET))

    def variable(self, community: str, name: str) -> str:
        """A variable's value. Raises UnknownCommunity, UnknownName, WrongKind or VaultAltered."""
        return self._value(community, name, Kind.VARIABLE)

    def _value(self, community: str, name: str, kind: Kind, number: int | None = None) -> str:
        ledger = self._ledger
        with ledger.reading():
            owner = ledger.community(community)
            entry = ledger.entry(owner, name)
            if entry.kind != kind.value:
                raise WrongKind(
                    f"{name} in {community} is a {entry.kind}, not a {kind.value}.",
                    f"Use get_{entry.kind}('{name}'), or `strongroom {entry.kind} show {name}`.",
                )
            version = ledger.version(owner, entry, entry.version if number is None else number)
            return saving.value_text(ledger.open_version(owner, entry, version))

    def add(
        self, community: str, name: str, kind: Kind, value: SecretValue, note: str = "", expires: str = ""
    ) -> None:
        """Raises InvalidName, EmptyValue, DuplicateName (the platform's words), ValueTooLong, InvalidField.

        A community that the vault does not have is made.
        """
        self.add_many(community, [NewEntry(name, kind, value, note, expires)])

    def add_many(self, community: str, entries: Iterable[NewEntry]) -> int:
        """All of them in one transaction, or none; gives how many. Raises what `add` raises."""
        community = saving.clean_community(community)
        new = []
        for entry in entries:
            saving.check_name(entry.name)
            saving.check_note(entry.note)
            saving.check_expiry(entry.expires)
            new.append((entry, saving.value_bytes(entry.value)))
        ledger = self._ledger
        with ledger.writing():
            at = now()
            owner = ledger.find_community(community) or self._new_community(community, at)
            key = ledger.next_id("entry")
            for fresh, data in new:
                existing = ledger.find_entry(owner, fresh.name)
                if existing is not None:
                    raise saving.duplicate(fresh.name, community, existing.kind)
                row = EntryRow(
                    key, owner.id, fresh.name, fresh.kind.value, 1, fresh.note, fresh.expires, at, at, ""
                )
                ledger.insert_entry(owner, row, data)
                ledger.audit(at, Action.ADD, community, row.name, row.kind, entry=row.id, version=1)
                key += 1
        return len(new)

    def set(
        self,
        community: str,
        name: str,
        value: SecretValue | None = None,
        note: str | None = None,
        expires: str | None = None,
    ) -> None:
        """Changes what is not None. A new value is a new version; the earlier ones are kept, sealed."""
        data = None if value is None else saving.value_bytes(value)
        if note is not None:
            saving.check_note(note)
        if expires is not None:
            saving.check_expiry(expires)
        with self._ledger.writing():
            owner = self._ledger.community(community)
            entry = self._ledger.entry(owner, name)
            self._store(owner, entry, data, note, expires)

    def _store(
        self, owner: CommunityRow, entry: EntryRow, data: bytes | None, note: str | None, expires: str | None
    ) -> None:
        ledger, at = self._ledger, now()
        changed = entry._replace(
            note=entry.note if note is None else note,
            expires=entry.expires if expires is None else expires,
            changed=at,
            version=entry.version + (data is not None),
        )
        if data is not None:
            ledger.seal_plain(owner, entry)
            ledger.put_version(owner, changed, changed.version, at, data, live=True)
            ledger.drop_versions(entry.id, changed.version - ledger.header.history_limit)
        ledger.put_entry(changed)
        action = Action.DESCRIBE if data is None else Action.SET
        ledger.audit(at, action, owner.name, entry.name, entry.kind, entry=entry.id, version=changed.version)

    def rename(self, community: str, old: str, new: str) -> None:
        """Gives `old` another name; its history comes along. Raises InvalidName, DuplicateName, UnknownName."""
        saving.check_name(new)
        ledger = self._ledger
        with ledger.writing():
            owner = ledger.community(community)
            entry = ledger.entry(owner, old)
            taken = ledger.find_entry(owner, new)
            if taken is not None and new != old:
                raise saving.duplicate(new, community, taken.kind)
            at = now()
            renamed = entry._replace(name=new, changed=at)
            ledger.reseal(owner, entry, owner, renamed)
            ledger.audit(at, Action.RENAME, community, new, entry.kind, entry=entry.id, version=entry.version)

    def delete(self, community: str, name: str) -> None:
        """Takes the name away; `undelete` brings the newest deleted one back. Its values stay, sealed."""
        ledger = self._ledger
        with ledger.writing():
            owner = ledger.community(community)
            entry = ledger.entry(owner, name)
            at = now()
            for row in ledger.deleted_entries(owner, name):
                ledger.remove_entry(row.id)
                ledger.audit(at, Action.PURGE, community, name, row.kind, entry=row.id)
            ledger.seal_plain(owner, entry)
            ledger.put_entry(entry._replace(deleted=at, changed=at))
            ledger.audit(
                at, Action.DELETE, community, name, entry.kind, entry=entry.id, version=entry.version
            )

    # --- history

    def history(self, community: str, name: str) -> tuple[Version, ...]:
        """The versions that are kept, newest first."""
        ledger = self._ledger
        with ledger.reading():
            owner = ledger.community(community)
            entry = ledger.entry(owner, name)
            return tuple(
                Version(number, created, number == entry.version)
                for number, created in ledger.connection.execute(
                    "SELECT version, created FROM version WHERE entry = ? ORDER BY version DESC", (entry.id,)
                )
            )

    def get_version(self, community: str, name: str, number: int) -> SecretValue:
        """The value of an earlier version, of a secret or a variable."""
        ledger = self._ledger
        with ledger.reading():
            kind = Kind(ledger.entry(ledger.community(community), name).kind)
            return SecretValue(self._value(community, name, kind, number))

    def restore(self, community: str, name: str, number: int) -> None:
        """Makes an earlier value the current one again, as a new version."""
        ledger = self._ledger
        with ledger.writing():
            owner = ledger.community(community)
            entry = ledger.entry(owner, name)
            data = ledger.open_version(owner, entry, ledger.version(owner, entry, number))
            self._store(owner, entry, data, None, None)

    def deleted(self, community: str) -> tuple[tuple[str, Kind, str], ...]:
        """What `undelete` can bring back: name, kind and when it was deleted, newest first."""
        ledger = self._ledger
        with ledger.reading():
            rows = ledger.deleted_entries(ledger.community(community))
            return tuple((row.name, Kind(row.kind), row.deleted) for row in rows)

    def undelete(self, community: str, name: str) -> None:
        """Brings a deleted name back with its history. Raises DuplicateName where the name was used again."""
        ledger = self._ledger
        with ledger.writing():
            owner = ledger.community(community)
            taken = ledger.find_entry(owner, name)
            if taken is not None:
                raise saving.duplicate(name, community, taken.kind)
            gone = ledger.deleted_entries(owner, name)
            if not gone:
                raise UnknownName(f"No deleted {name!r} is kept in {community}.", "Add it again.")
            at = now()
            entry = gone[0]._replace(deleted="", changed=at)
            data = ledger.open_version(owner, entry, ledger.version(owner, entry, entry.version))
            created = ledger.version(owner, entry, entry.version).created
            ledger.put_version(owner, entry, entry.version, created, data, live=True)
            ledger.put_entry(entry)
            ledger.audit(
                at, Action.UNDELETE, community, name, entry.kind, entry=entry.id, version=entry.version
            )

    # --- communities

    def add_community(self, name: str) -> None:
        """Raises `InvalidField` or DuplicateCommunity."""
        name = saving.clean_community(name)
        with self._ledger.writing():
            self._refuse_taken(name)
            self._new_community(name, now())

    def use_community(self, name: str) -> None:
        """Makes `name` the one that commands use when none is named. Raises `UnknownCommunity`."""
        ledger = self._ledger
        with ledger.writing():
            community = ledger.community(name)
            ledger.header = ledger.header._replace(current=community.id)
            ledger.audit(now(), Action.USE_COMMUNITY, name)

    def rename_community(self, old: str, new: str) -> None:
        """Everything in it is sealed again under the new name. Raises DuplicateCommunity or InvalidField."""
        new = saving.clean_community(new)
        ledger = self._ledger
        with ledger.writing():
            community = ledger.community(old)
            if new != old:
                self._refuse_taken(new)
            renamed = community._replace(name=new)
            for entry in ledger.all_entries(community):
                ledger.reseal(community, entry, renamed, entry)
            ledger.put_community(renamed)
            ledger.audit(now(), Action.RENAME_COMMUNITY, new, detail=old)

    def delete_community(self, name: str) -> None:
        """Takes the community away with all that it holds, history included: this has no undo."""
        ledger = self._ledger
        with ledger.writing():
            community = ledger.community(name)
            for entry in ledger.all_entries(community):
                ledger.remove_entry(entry.id)
            ledger.connection.execute("DELETE FROM community WHERE id = ?", (community.id,))
            if ledger.header.current == community.id:
                ledger.header = ledger.header._replace(current=0)
            ledger.audit(now(), Action.DELETE_COMMUNITY, name)

    def _refuse_taken(self, name: str) -> None:
        if self._ledger.find_community(name) is not None:
            raise DuplicateCommunity(f"There is a community named {name} already.", "Choose another name.")

    def _new_community(self, name: str, at: str) -> CommunityRow:
        community = CommunityRow(self._ledger.next_id("community"), name, at)
        self._ledger.put_community(community)
        self._ledger.audit(at, Action.ADD_COMMUNITY, name)
        return community

    # --- slots

    def slots(self) -> tuple[SlotInfo, ...]:
        """The ways in, oldest first."""
        with self._ledger.reading():
            found = unlocking.read_slots(self._ledger.connection)
            return tuple(SlotInfo(slot.slot_id.hex(), slot.kind, slot.label, slot.created) for slot in found)

    def add_slot(self, way: Way) -> str:
        """Adds a way in, proved by opening with it before it counts; gives its id."""
        ledger = self._ledger
        slot = unlocking.make_slot(way, ledger.header.store_id, ledger.header.epoch, ledger.master, now())
        with ledger.writing():
            ledger.put_slot(slot)
            ledger.audit(slot.created, Action.ADD_SLOT, name=slot.kind, detail=slot.slot_id.hex())
        return slot.slot_id.hex()

    def remove_slot(self, slot_id: str) -> None:
        """Takes a way in away. Raises `LastSlot` for the last one, UnknownName for one that is not there."""
        ledger = self._ledger
        with ledger.writing():
            found = {slot.slot_id.hex(): slot for slot in unlocking.read_slots(ledger.connection)}
            if slot_id not in found:
                raise UnknownName(f"The vault has no slot {slot_id!r}.", "See `strongroom vault slots`.")
            if len(found) == 1:
                raise LastSlot("The last way into a vault cannot be removed.", "Add another one first.")
            ledger.connection.execute("DELETE FROM slot WHERE slot_id = ?", (found[slot_id].slot_id,))
            ledger.audit(now(), Action.REMOVE_SLOT, name=found[slot_id].kind, detail=slot_id)


def _concerns(ledger: Ledger, remembered: seen.Seen | None) -> list[Concern]:
    """What is to be told about a vault that was just unlocked; remembers it where all is well."""
    try:
        with ledger.reading():
            _, root = manifest.read_header(ledger.connection)
    except VaultAltered as error:
        return [Concern("altered", error.message, error.way_out)]
    header = ledger.header
    fresh = seen.Seen(header.store_id, header.generation, root)
    if remembered is None or remembered.store_id != header.store_id:
        seen.write_seen(ledger.path, fresh)
        return []
    forked = header.generation == remembered.generation and root != remembered.root
    if header.generation < remembered.generation or forked or remembered.doubted:
        ledger.rolled_back = True
        seen.write_seen(ledger.path, remembered._replace(doubted=True))
        return [
            Concern(
                "rolled-back",
                f"{ledger.path} is older than it was: this machine has seen its change {remembered.generation}, "
                f"and the file is at {header.generation}.",
                "If you restored a backup, accept it; if not, somebody put an old file in its place.",
            )
        ]
    if header.generation > remembered.generation:
        seen.write_seen(ledger.path, fresh)
    return []
