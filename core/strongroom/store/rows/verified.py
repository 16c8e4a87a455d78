"""Read an unlocked vault's rows, and verify that each is as Strongroom wrote it."""

# ruff: noqa: S608  # table and column names come from this package's own row types, never from outside

import sqlite3
from collections.abc import Callable

from strongroom.store.errors import UnknownCommunity, UnknownName, VaultAltered
from strongroom.store.file.seen import SeenState, row_digest
from strongroom.store.format import crypto, manifest, slots
from strongroom.store.format.manifest import AuditRow, CommunityRow, EntryRow, VaultRow, VersionRow
from strongroom.store.format.slots import Slot
from strongroom.store.rows.transactions import Transactions, altered


class VerifiedRows(Transactions):
    """Read rows and verify them.

    Reads go inside `reading()` or `writing()`.
    """

    def __init__(self, path: str, connection: sqlite3.Connection, master: bytes, vault_row: VaultRow) -> None:
        super().__init__(path, connection, master, vault_row)
        self._checked = (-1, 0)  # the state of the file in which every entry was last found right
        # Of this transaction: the tags of the versions of each entry that was met, and the names in use.
        self._versions: dict[int, dict[int, bytes]] = {}
        self._names: set[tuple[int, str]] | None = None

    def begin_state(self) -> None:
        """Forget what was read in earlier transactions."""
        self._versions.clear()
        self._names = None

    def community(self, name: str) -> CommunityRow:
        """Return the community of this name. Raises `UnknownCommunity` or `VaultAltered`."""
        community = self.find_community(name)
        if community is None:
            raise UnknownCommunity(
                f"The vault has no community named {name!r}.",
                "See `strongroom community list`; a community is made by its first secret or by "
                "`strongroom community add`.",
            )
        return community

    def find_community(self, name: str) -> CommunityRow | None:
        """Return the community of this name, verified, or None."""
        # Communities are few. All are looked at without the index, which could hide one or lead to another.
        return next((community for community in self.all_communities() if community.name == name), None)

    def all_communities(self) -> list[CommunityRow]:
        """Return every community, verified, in the order of their ids."""
        rows = self.connection.execute(
            f"SELECT {manifest.columns(CommunityRow)}, tag FROM community NOT INDEXED ORDER BY id"
        ).fetchall()
        communities = [self.checked_community(row) for row in rows]
        for row in rows:
            self._check_last_written(self.summary.community, row[0], row[-1], f"the community {row[1]!r}")
        return communities

    def _check_last_written(self, tags: dict[int, bytes], key: int, tag: object, what: str) -> None:
        """Compare a row that has a right tag with the state that the root proved.

        The row may be one of an earlier state: somebody who edits pages of the file while it is open need not
        let SQLite know. Raises `VaultAltered`.
        """
        if tags.get(key) != tag:
            raise altered(f"The record of {what} is not the one that was last written.")

    def checked_community(self, row: tuple[object, ...]) -> CommunityRow:
        """Return a community from its columns and its tag. Raises `VaultAltered`."""
        community = CommunityRow(*row[:-1])  # type: ignore[arg-type]  # the tag fits only what was written
        if not self.fits(row[-1], manifest.community_tag, community):
            raise altered(f"The record of the community {community.name!r} was changed outside Strongroom.")
        return community

    def find_entry(self, community: CommunityRow, name: str) -> EntryRow | None:
        """Return the live entry of this name, verified, or None."""
        row = self.connection.execute(
            f"SELECT {manifest.columns(EntryRow)}, tag FROM entry "
            "WHERE community = ? AND name = ? AND deleted = ''",
            (community.id, name),
        ).fetchone()
        if row is None:
            return None
        entry = self.checked_entry(row, community.name)
        self._check_last_written(self.summary.entry, entry.id, row[-1], f"{name!r} in {community.name}")
        if (entry.community, entry.name, entry.deleted) != (community.id, name, ""):
            raise altered(f"The file's index of names leads from {name!r} to {entry.name!r}.")
        return entry

    def find_or_free(self, community: CommunityRow, name: str) -> EntryRow | None:
        """Return the live entry of this name, or None only if the name is certainly free."""
        entry = self.find_entry(community, name)
        if entry is None:
            self.check_absent(community, name)
        return entry

    def entry(self, community: CommunityRow, name: str) -> EntryRow:
        """Return the live entry of this name. Raises `UnknownName` or `VaultAltered`."""
        entry = self.find_or_free(community, name)
        if entry is None:
            raise UnknownName(
                f"The community {community.name} has no secret or variable named {name!r}.",
                f"Names are case-sensitive; see `strongroom names --community {community.name}`.",
            )
        return entry

    def check_absent(self, community: CommunityRow, name: str) -> None:
        """Confirm that a missing name is missing. Raises `VaultAltered` if it is hidden."""
        self.check_entries()
        if self._names is None:
            rows = self.connection.execute("SELECT community, name FROM entry NOT INDEXED WHERE deleted = ''")
            self._names = set(rows)
        if (community.id, name) in self._names:
            raise altered(f"The file's index of names does not lead to {name!r} in {community.name}.")

    def checked_entry(
        self, row: tuple[object, ...], community: str, version_tags: list[bytes] | None = None
    ) -> EntryRow:
        """Return a row of an entry's columns and tag as an entry. Raises `VaultAltered`."""
        entry = EntryRow(*row[:-1])  # type: ignore[arg-type]  # the tag fits only the types that were written
        tags = list(self.versions(entry.id).values()) if version_tags is None else version_tags
        if not self.fits(row[-1], manifest.entry_tag, entry, tags):
            raise altered(f"The record of {entry.name!r} in {community} was changed outside Strongroom.")
        return entry

    def all_entries(self, community: CommunityRow) -> list[EntryRow]:
        """Return every entry of a community, deleted ones too, verified."""
        return self._entries("community = ?", community)

    def deleted_entries(self, community: CommunityRow, name: str | None = None) -> list[EntryRow]:
        """Return the deleted entries that are still kept, newest first, verified.

        With a name, only those of that name.
        """
        found = self._entries("community = ? AND deleted <> ''", community)
        return [entry for entry in reversed(found) if name in (None, entry.name)]

    def _entries(self, condition: str, community: CommunityRow) -> list[EntryRow]:
        rows = self.connection.execute(
            f"SELECT {manifest.columns(EntryRow)}, tag FROM entry WHERE {condition} ORDER BY deleted, id",
            (community.id,),
        ).fetchall()
        entries = [self.checked_entry(row, community.name) for row in rows]
        for entry, row in zip(entries, rows, strict=True):
            self._check_last_written(
                self.summary.entry, entry.id, row[-1], f"{entry.name!r} in {community.name}"
            )
        return entries

    def check_entries(self) -> None:
        """Confirm that each entry, and each value in clear, is as it was written.

        This is done once for each state of the file. Raises `VaultAltered`, naming the first that is not.
        """
        state = (self.vault_row.generation, self._verified)
        if state == self._checked:
            return
        names = {community.id: community.name for community in self.all_communities()}
        tags: dict[int, list[bytes]] = {}
        for key, tag in self.connection.execute("SELECT entry, tag FROM version ORDER BY entry, version"):
            tags.setdefault(key, []).append(tag)
        for row in self.connection.execute(f"SELECT {manifest.columns(EntryRow)}, tag FROM entry"):
            owner = names.get(row[1], "?")
            self.checked_entry(row, owner, tags.get(row[0], []))
            self._check_last_written(self.summary.entry, row[0], row[-1], f"{row[2]!r} in {owner}")
        plain = f"SELECT {manifest.columns(VersionRow)}, tag FROM version WHERE sealed = 0"
        for row in self.connection.execute(plain):
            version = VersionRow(*row[:-1])
            if not self.fits(row[-1], manifest.version_tag, version):
                raise altered(f"The value of variable {version.entry} is not the one Strongroom wrote.")
        self._checked = state

    def versions(self, entry: int) -> dict[int, bytes]:
        """Return the tag of each version of an entry by its number, oldest first.

        The tag of the entry covers them.
        """
        found = self._versions.get(entry)
        if found is None:
            rows = self.connection.execute(
                "SELECT version, tag FROM version WHERE entry = ? ORDER BY version", (entry,)
            )
            found = self._versions[entry] = dict(rows)
        return found

    def version(self, community: CommunityRow, entry: EntryRow, number: int) -> VersionRow:
        """Return a verified version of an entry. Raises `UnknownName` or `VaultAltered`."""
        row = self.connection.execute(
            f"SELECT {manifest.columns(VersionRow)}, tag FROM version WHERE entry = ? AND version = ?",
            (entry.id, number),
        ).fetchone()
        if row is None and number == entry.version:
            raise altered(
                f"The current value of {entry.name!r} in {community.name} cannot be found in the file."
            )
        if row is None:
            raise UnknownName(
                f"{entry.name} in {community.name} has no version {number} any more.",
                f"See `strongroom {entry.kind} history {entry.name}`.",
            )
        version = VersionRow(*row[:-1])
        # The very row whose tag the entry's tag covers, whatever an index leads to.
        is_meant = (version.entry, version.version) == (entry.id, number) and row[-1] == self.versions(
            entry.id
        ).get(number)
        if not is_meant or not self.fits(row[-1], manifest.version_tag, version):
            raise self.not_as_written(community, entry)
        return version

    def open_version(self, community: CommunityRow, entry: EntryRow, version: VersionRow) -> bytes:
        """Return a value's bytes. Raises `VaultAltered` for one sealed for another place."""
        if not version.sealed:
            return version.value
        try:
            return crypto.unseal(self.keys, self._context(community, entry, version), version.value)
        except crypto.Tampered:
            raise self.not_as_written(community, entry) from None

    def value(self, community: CommunityRow, entry: EntryRow, number: int) -> str:
        """Return the value of an entry's version. Raises `UnknownName` or `VaultAltered`."""
        data = self.open_version(community, entry, self.version(community, entry, number))
        return data.decode("utf-8", "surrogatepass")

    def not_as_written(self, community: CommunityRow, entry: EntryRow) -> VaultAltered:
        """Return the error for a value that Strongroom did not write at this place."""
        return altered(
            f"The stored value of {entry.name!r} in {community.name} is not the one Strongroom wrote there."
        )

    def fits(self, tag: object, compute: Callable[..., bytes], *content: object) -> bool:
        """Return True if `tag` is what `compute` makes of `content` with these keys.

        A column of a type that was never written makes it wrong, not an exception.
        """
        try:
            return isinstance(tag, bytes) and crypto.same(tag, compute(self.keys, *content))
        except (TypeError, UnicodeEncodeError):
            return False

    def all_slots(self) -> dict[int, Slot]:
        """Return every way in by the id of its row, verified. Raises `VaultAltered`."""
        found = {}
        for key, *columns, tag in self.connection.execute(
            f"SELECT id, {slots.COLUMNS}, tag FROM slot NOT INDEXED ORDER BY id"
        ):
            slot = Slot(*columns)
            if not self.fits(tag, manifest.slot_tag, slot):
                raise altered(f"The slot for {slot.kind} made {slot.created} was changed outside Strongroom.")
            found[key] = slot
        return found

    def state(self, root: bytes) -> SeenState:
        """Return the state to be remembered, its newest audit row verified.

        Raises `VaultAltered`.
        """
        rows = self.connection.execute(
            f"SELECT {manifest.columns(AuditRow)}, link FROM audit ORDER BY id DESC LIMIT 2"
        ).fetchall()
        state = super().state(root)
        if not rows:
            return state
        newest, before = AuditRow(*rows[0][:-1]), rows[1][-1] if len(rows) > 1 else self.vault_row.audit_base
        if not self.fits(rows[0][-1], manifest.audit_link, before, newest):
            raise altered(f"The audit trail was changed outside Strongroom at row {newest.id}, or before it.")
        return state._replace(row=row_digest(newest), at=newest.at)

    def audit_rows(self) -> list[AuditRow]:
        """Return the audit trail, oldest first."""
        rows = self.connection.execute(f"SELECT {manifest.columns(AuditRow)} FROM audit ORDER BY id")
        return [AuditRow(*row) for row in rows]

    def _context(self, community: CommunityRow, entry: EntryRow, version: VersionRow) -> bytes:
        return crypto.value_context(
            self.vault_row.store_id, community.name, entry.name, entry.kind, version.version, version.epoch
        )
