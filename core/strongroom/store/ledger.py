"""Reading and writing the rows of an unlocked vault, each read verified and each write sealed into the manifest."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock
from typing import NamedTuple

from strongroom.names import Kind
from strongroom.store import connection as sqlite
from strongroom.store import crypto, manifest, slots
from strongroom.store.errors import UnknownCommunity, UnknownName, VaultAltered, VaultStorage
from strongroom.store.audit import Action
from strongroom.store.manifest import AuditRow, CommunityRow, EntryRow, Header, VersionRow
from strongroom.store.seen import Seen, write_seen

VERIFY = (
    "Run `strongroom vault verify`, which names each change, or restore a backup; the file was left as it is."
)


class Concern(NamedTuple):
    """Something to tell (and to ask) a person about a vault that was unlocked. `code` tells concerns apart."""

    code: str
    message: str
    way_out: str


class Ledger:
    """The connection, the keys and the rules for using both. One transaction at a time, from any thread."""

    def __init__(self, path: str, connection: sqlite3.Connection, master: bytes, header: Header) -> None:
        self.path = path
        self.connection = connection
        self.master = master
        self.header = header
        self.keys = crypto.derive_subkeys(master, header.store_id, header.epoch)
        self.own_changes = 0
        self.rolled_back = False
        self._file = _identity(path)
        self._verified = -1  # the data_version at which the root was last found right
        self._checked = (-1, 0)
        self._lock = RLock()

    # --- transactions

    @contextmanager
    def reading(self, *, verified: bool = True) -> Iterator[None]:
        """One consistent state of the file. Raises `VaultAltered` where its root is not right."""
        with self._lock, sqlite.explained(self.path):
            self._check_file()
            self.connection.execute("BEGIN")
            try:
                self.header, root = manifest.read_header(self.connection)
                version: int = self.connection.execute("PRAGMA data_version").fetchone()[0]
                if verified and version != self._verified:
                    self.check_root(root)
                    self._verified = version
                yield
            finally:
                if self.connection.in_transaction:
                    self.connection.execute("COMMIT")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All or nothing: what the block wrote is committed with a new root, or none of it is."""
        with self._lock, sqlite.explained(self.path):
            self._check_file()
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                before, root = manifest.read_header(self.connection)
                self.header = before
                self.check_root(root)
                yield
                self.header = self.header._replace(generation=before.generation + 1)
                root = self.write_root()
                self.connection.execute("COMMIT")
            except BaseException:
                self._verified = -1
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
            self.own_changes += 1
            self._remember(root)

    def forget_keys(self) -> None:
        """Drops the keys. Python may keep copies: nothing is promised about memory."""
        self.master = b""
        self.keys = crypto.Subkeys(b"", b"", b"", b"", b"")

    def check_root(self, root: bytes) -> None:
        """Raises `VaultAltered` where the rows are not the ones that were last sealed."""
        if not self.root_is_right(root):
            raise altered(self._first_problem())

    def root_is_right(self, root: bytes) -> bool:
        """Whether the rows add up to `root`."""
        return crypto.same(manifest.compute_root(self.connection, self.keys, self.header), root)

    def _first_problem(self) -> str:
        from strongroom.store.checks import find_problems

        return find_problems(self)[0]

    def write_root(self) -> bytes:
        """Seals the rows as they are now; gives the new root."""
        root = manifest.compute_root(self.connection, self.keys, self.header)
        values = (*self.header, root)
        assignments = ", ".join(f"{field} = ?" for field in (*Header._fields, "root"))
        self.connection.execute(f"UPDATE vault SET {assignments} WHERE id = 1", values)
        return root

    def _remember(self, root: bytes) -> None:
        if not self.rolled_back:
            write_seen(self.path, Seen(self.header.store_id, self.header.generation, root))

    def _check_file(self) -> None:
        """A restored backup has the same path and is another file: writing to the old one would lose the change."""
        if _identity(self.path) != self._file:
            raise VaultStorage(
                f"{self.path} was replaced by another file or taken away since it was unlocked.",
                "Unlock it again; nothing was changed.",
            )

    # --- verified reads

    def community(self, name: str) -> CommunityRow:
        """Raises `UnknownCommunity` or `VaultAltered`."""
        community = self.find_community(name)
        if community is None:
            raise UnknownCommunity(
                f"The vault has no community named {name!r}.",
                "See `strongroom community list`; a community is made by its first secret or by "
                "`strongroom community add`.",
            )
        return community

    def find_community(self, name: str) -> CommunityRow | None:
        """The community of this name, verified, or None."""
        row = self.connection.execute(
            f"SELECT {manifest.columns(CommunityRow)}, tag FROM community WHERE name = ?", (name,)
        ).fetchone()
        if row is None:
            return None
        community = CommunityRow(*row[:-1])
        if not self.fits(row[-1], lambda: manifest.community_tag(self.keys, community)):
            raise altered(f"The record of the community {name!r} was changed outside Strongroom.")
        return community

    def find_entry(self, community: CommunityRow, name: str) -> EntryRow | None:
        """The live entry of this name, verified, or None."""
        row = self.connection.execute(
            f"SELECT {manifest.columns(EntryRow)}, tag FROM entry WHERE community = ? AND name = ? AND deleted = ''",
            (community.id, name),
        ).fetchone()
        return None if row is None else self.checked_entry(row, community.name)

    def entry(self, community: CommunityRow, name: str) -> EntryRow:
        """Raises `UnknownName` or `VaultAltered`."""
        entry = self.find_entry(community, name)
        if entry is None:
            raise UnknownName(
                f"The community {community.name} has no secret or variable named {name!r}.",
                f"Names are case-sensitive; see `strongroom names --community {community.name}`.",
            )
        return entry

    def checked_entry(self, row: tuple[object, ...], community: str) -> EntryRow:
        """`row` (the columns of an entry and its tag) once its tag was found right."""
        entry = EntryRow(*row[:-1])  # type: ignore[arg-type]  # the tag fits only the types that were written
        if not self.fits(row[-1], lambda: manifest.entry_tag(self.keys, entry, self.version_tags(entry.id))):
            raise altered(f"The record of {entry.name!r} in {community} was changed outside Strongroom.")
        return entry

    def all_entries(self, community: CommunityRow) -> list[EntryRow]:
        """Every entry of a community, deleted ones too, verified."""
        return self._entries("community = ?", community)

    def deleted_entries(self, community: CommunityRow, name: str | None = None) -> list[EntryRow]:
        """The deleted entries (of one name) that are still kept, newest first, verified."""
        found = self._entries("community = ? AND deleted <> ''", community)
        return [entry for entry in reversed(found) if name in (None, entry.name)]

    def _entries(self, condition: str, community: CommunityRow) -> list[EntryRow]:
        rows = self.connection.execute(
            f"SELECT {manifest.columns(EntryRow)}, tag FROM entry WHERE {condition} ORDER BY deleted, id",
            (community.id,),
        ).fetchall()
        return [self.checked_entry(row, community.name) for row in rows]

    def check_entries(self) -> None:
        """Finds each entry as it was written, and each value that stands in clear; once for each state of the file.

        Raises `VaultAltered`, naming the first that is not.
        """
        state = (self._verified, self.own_changes)
        if state == self._checked:
            return
        tags: dict[int, list[bytes]] = {}
        for entry, tag in self.connection.execute("SELECT entry, tag FROM version ORDER BY entry, version"):
            tags.setdefault(entry, []).append(tag)
        for row in self.connection.execute(f"SELECT {manifest.columns(EntryRow)}, tag FROM entry").fetchall():
            found = EntryRow(*row[:-1])
            if not self.fits(row[-1], lambda: manifest.entry_tag(self.keys, found, tags.get(found.id, ()))):
                raise altered(f"The record of {found.name!r} was changed outside Strongroom.")
        plain = f"SELECT {manifest.columns(VersionRow)}, tag FROM version WHERE sealed = 0"
        for row in self.connection.execute(plain).fetchall():
            version = VersionRow(*row[:-1])
            if not self.fits(row[-1], lambda: manifest.version_tag(self.keys, version)):
                raise altered("The value of a variable is not the one Strongroom wrote there.")
        for row in self.connection.execute(f"SELECT {manifest.columns(CommunityRow)}, tag FROM community"):
            community = CommunityRow(*row[:-1])
            if not self.fits(row[-1], lambda: manifest.community_tag(self.keys, community)):
                raise altered(
                    f"The record of the community {community.name!r} was changed outside Strongroom."
                )
        self._checked = state

    def version_tags(self, entry: int) -> list[bytes]:
        """The tags of an entry's versions, oldest first."""
        rows = self.connection.execute("SELECT tag FROM version WHERE entry = ? ORDER BY version", (entry,))
        return [row[0] for row in rows]

    def version(self, community: CommunityRow, entry: EntryRow, number: int) -> VersionRow:
        """One version of an entry, verified. Raises `UnknownName` or `VaultAltered`."""
        row = self.connection.execute(
            f"SELECT {manifest.columns(VersionRow)}, tag FROM version WHERE entry = ? AND version = ?",
            (entry.id, number),
        ).fetchone()
        if row is None:
            raise UnknownName(
                f"{entry.name} in {community.name} has no version {number} any more.",
                f"See `strongroom {entry.kind} history {entry.name}`.",
            )
        version = VersionRow(*row[:-1])
        if not self.fits(row[-1], lambda: manifest.version_tag(self.keys, version)):
            raise self.not_as_written(community, entry)
        return version

    def open_version(self, community: CommunityRow, entry: EntryRow, version: VersionRow) -> bytes:
        """The value's bytes. Raises `VaultAltered` where it was sealed for anything but this very place."""
        if not version.sealed:
            return version.value
        try:
            return crypto.unseal(self.keys, self._context(community, entry, version), version.value)
        except crypto.Tampered:
            raise self.not_as_written(community, entry) from None

    def not_as_written(self, community: CommunityRow, entry: EntryRow) -> VaultAltered:
        """The error for a value that is not the one Strongroom wrote at this place."""
        return altered(
            f"The stored value of {entry.name!r} in {community.name} is not the one Strongroom wrote there."
        )

    @staticmethod
    def fits(tag: object, compute: Callable[[], bytes]) -> bool:
        """Whether `tag` is right; a column of a type that was never written makes it wrong, not an exception."""
        try:
            return isinstance(tag, bytes) and crypto.same(tag, compute())
        except (TypeError, UnicodeEncodeError):
            return False

    # --- writes, inside `writing()`

    def put_community(self, community: CommunityRow) -> None:
        """Inserts or replaces the community."""
        self._put("community", community, manifest.community_tag(self.keys, community))

    def put_entry(self, entry: EntryRow) -> None:
        """Inserts or replaces the entry; after its versions, whose tags its own covers."""
        self._put("entry", entry, manifest.entry_tag(self.keys, entry, self.version_tags(entry.id)))

    def put_version(
        self, community: CommunityRow, entry: EntryRow, number: int, created: str, value: bytes, *, live: bool
    ) -> None:
        """Writes `value` as this version of the entry, sealed unless it is the live value of a variable."""
        plain = live and entry.kind == Kind.VARIABLE.value
        version = VersionRow(entry.id, number, created, self.header.epoch, 0 if plain else 1, value)
        if not plain:
            version = version._replace(
                value=crypto.seal(self.keys, self._context(community, entry, version), value)
            )
        self.connection.execute("DELETE FROM version WHERE entry = ? AND version = ?", (entry.id, number))
        self.connection.execute(
            f"INSERT INTO version ({manifest.columns(VersionRow)}, tag) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*version, manifest.version_tag(self.keys, version)),
        )

    def insert_entry(self, community: CommunityRow, entry: EntryRow, value: bytes) -> None:
        """A new entry with its first version."""
        self._put("entry", entry, b"")  # the version refers to it; the tag follows, once it has a version
        self.put_version(community, entry, entry.version, entry.created, value, live=True)
        self.put_entry(entry)

    def seal_plain(self, community: CommunityRow, entry: EntryRow) -> None:
        """Seals the current value of a variable: only a live current value stands in clear in the file."""
        version = self.version(community, entry, entry.version)
        if not version.sealed:
            self.put_version(community, entry, entry.version, version.created, version.value, live=False)

    def reseal(
        self, community: CommunityRow, entry: EntryRow, new_community: CommunityRow, new_entry: EntryRow
    ) -> None:
        """Moves an entry with all its versions to another name, community name or key."""
        for number in self.version_numbers(entry.id):
            version = self.version(community, entry, number)
            value = self.open_version(community, entry, version)
            self.put_version(
                new_community, new_entry, number, version.created, value, live=not version.sealed
            )
        self.put_entry(new_entry)

    def version_numbers(self, entry: int) -> list[int]:
        """Which versions of an entry are kept, oldest first."""
        rows = self.connection.execute(
            "SELECT version FROM version WHERE entry = ? ORDER BY version", (entry,)
        )
        return [row[0] for row in rows]

    def drop_versions(self, entry: int, newest: int) -> None:
        """Forgets the versions of an entry up to `newest`."""
        self.connection.execute("DELETE FROM version WHERE entry = ? AND version <= ?", (entry, newest))

    def remove_entry(self, entry: int) -> None:
        """Takes an entry out of the file with all its versions."""
        self.connection.execute("DELETE FROM version WHERE entry = ?", (entry,))
        self.connection.execute("DELETE FROM entry WHERE id = ?", (entry,))

    def put_slot(self, slot: slots.Slot) -> None:
        """Adds a slot."""
        self.connection.execute(
            f"INSERT INTO slot ({slots.COLUMNS}, tag) VALUES ({_marks(len(slot) + 1)})",
            (*slot, manifest.slot_tag(self.keys, slot)),
        )

    def next_id(self, table: str) -> int:
        """An id that no row of `table` has."""
        found: int = self.connection.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()[0]
        return found

    def audit(
        self,
        at: str,
        action: Action,
        community: str = "",
        name: str = "",
        detail: str = "",
        *,
        entry: int = 0,
        version: int = 0,
    ) -> None:
        """Adds a row to the audit trail. No value is ever in it."""
        last, before = manifest.audit_head(self.connection, self.header)
        row = AuditRow(last + 1, at, action.value, entry, version, community, name, detail)
        self.connection.execute(
            f"INSERT INTO audit ({manifest.columns(AuditRow)}, link) VALUES ({_marks(len(row) + 1)})",
            (*row, manifest.audit_link(self.keys, before, row)),
        )

    def _put(self, table: str, row: tuple[object, ...], tag: bytes) -> None:
        """Inserts the row, or writes over the one with its id (and over no other: names stay unique)."""
        fields = (*getattr(row, "_fields"), "tag")  # noqa: B009  # any of the row types
        changes = ", ".join(f"{field} = excluded.{field}" for field in fields[1:])
        self.connection.execute(
            f"INSERT INTO {table} ({', '.join(fields)}) VALUES ({_marks(len(fields))}) "
            f"ON CONFLICT (id) DO UPDATE SET {changes}",
            (*row, tag),
        )

    def _context(self, community: CommunityRow, entry: EntryRow, version: VersionRow) -> bytes:
        return crypto.value_context(
            self.header.store_id, community.name, entry.name, entry.kind, version.version, version.epoch
        )


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _identity(path: str) -> tuple[int, int]:
    try:
        found = os.stat(path)
    except OSError:
        return (0, 0)
    return found.st_dev, found.st_ino


def altered(sentence: str) -> VaultAltered:
    """`VaultAltered` with the way out that all of them share."""
    return VaultAltered(sentence, VERIFY)


def now() -> str:
    """This moment, ISO 8601 in UTC, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
