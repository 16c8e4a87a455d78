"""The rows of an unlocked vault: each that is read is verified, each that is written is tagged."""

# ruff: noqa: S608  # table and column names come from this package's own row types, never from outside

from collections.abc import Callable

from strongroom.names import Kind
from strongroom.store import crypto, manifest, slots
from strongroom.store.audit import Action, Replay
from strongroom.store.errors import UnknownCommunity, UnknownName, VaultAltered
from strongroom.store.manifest import AuditRow, CommunityRow, EntryRow, VersionRow
from strongroom.store.transactions import Transactions, altered

MOST_AUDIT_ROWS = 10_000
"""How long the audit trail may grow (and by two rows for each entry) before its older half is shortened."""


class Ledger(Transactions):
    """Reads go inside `reading()` or `writing()`, writes inside `writing()`."""

    _checked = (-1, 0)  # the state of the file in which every entry was last found right

    def first_problem(self) -> str:
        """The first thing that is wrong, by name."""
        from strongroom.store.checks import find_problems

        return find_problems(self)[0]

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
            # They are few: without the index, which could hide one or lead to another.
            f"SELECT {manifest.columns(CommunityRow)}, tag FROM community NOT INDEXED WHERE name = ?",
            (name,),
        ).fetchone()
        return None if row is None else self.checked_community(row)

    def checked_community(self, row: tuple[object, ...]) -> CommunityRow:
        """`row` (the columns of a community and its tag) once its tag was found right."""
        community = CommunityRow(*row[:-1])  # type: ignore[arg-type]  # the tag fits only what was written
        if not self.fits(row[-1], manifest.community_tag, community):
            raise altered(f"The record of the community {community.name!r} was changed outside Strongroom.")
        return community

    def find_entry(self, community: CommunityRow, name: str) -> EntryRow | None:
        """The live entry of this name, verified, or None."""
        row = self.connection.execute(
            f"SELECT {manifest.columns(EntryRow)}, tag FROM entry "
            "WHERE community = ? AND name = ? AND deleted = ''",
            (community.id, name),
        ).fetchone()
        if row is None:
            return None
        entry = self.checked_entry(row, community.name)
        if (entry.community, entry.name) != (community.id, name):
            raise altered(f"The file's index of names leads from {name!r} to {entry.name!r}.")
        return entry

    def entry(self, community: CommunityRow, name: str) -> EntryRow:
        """Raises `UnknownName` or `VaultAltered`."""
        entry = self.find_entry(community, name)
        if entry is None:
            self.check_absent(community, name)
            raise UnknownName(
                f"The community {community.name} has no secret or variable named {name!r}.",
                f"Names are case-sensitive; see `strongroom names --community {community.name}`.",
            )
        return entry

    def check_absent(self, community: CommunityRow, name: str) -> None:
        """Before a name is said not to be there: somebody may have hidden it. Raises `VaultAltered`."""
        self.check_entries()
        hidden = self.connection.execute(
            "SELECT 1 FROM entry NOT INDEXED WHERE community = ? AND name = ? AND deleted = ''",
            (community.id, name),
        )
        if hidden.fetchone() is not None:
            raise altered(f"The file's index of names does not lead to {name!r} in {community.name}.")

    def checked_entry(
        self, row: tuple[object, ...], community: str, version_tags: list[bytes] | None = None
    ) -> EntryRow:
        """`row` (the columns of an entry and its tag) once its tag was found right."""
        entry = EntryRow(*row[:-1])  # type: ignore[arg-type]  # the tag fits only the types that were written
        tags = self.version_tags(entry.id) if version_tags is None else version_tags
        if not self.fits(row[-1], manifest.entry_tag, entry, tags):
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
        """Finds each entry, and each value that stands in clear, as it was written.

        Done once for each state of the file. Raises `VaultAltered`, naming the first that is not.
        """
        state = (self.header.generation, self._verified)
        if state == self._checked:
            return
        names: dict[int, str] = {}
        for row in self.connection.execute(f"SELECT {manifest.columns(CommunityRow)}, tag FROM community"):
            community = self.checked_community(row)
            names[community.id] = community.name
        tags: dict[int, list[bytes]] = {}
        for key, tag in self.connection.execute("SELECT entry, tag FROM version ORDER BY entry, version"):
            tags.setdefault(key, []).append(tag)
        for row in self.connection.execute(f"SELECT {manifest.columns(EntryRow)}, tag FROM entry"):
            self.checked_entry(row, names.get(row[1], "?"), tags.get(row[0], []))
        plain = f"SELECT {manifest.columns(VersionRow)}, tag FROM version WHERE sealed = 0"
        for row in self.connection.execute(plain):
            version = VersionRow(*row[:-1])
            if not self.fits(row[-1], manifest.version_tag, version):
                raise altered(f"The value of variable {version.entry} is not the one Strongroom wrote.")
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
        is_meant = (version.entry, version.version) == (entry.id, number)
        if not is_meant or not self.fits(row[-1], manifest.version_tag, version):
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

    def fits(self, tag: object, compute: Callable[..., bytes], *content: object) -> bool:
        """Whether `tag` is what `compute` makes of `content` with these keys.

        A column of a type that was never written makes it wrong, not an exception.
        """
        try:
            return isinstance(tag, bytes) and crypto.same(tag, compute(self.keys, *content))
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
        self._put("version", version, manifest.version_tag(self.keys, version), "entry, version")

    def insert_entry(self, community: CommunityRow, entry: EntryRow, value: bytes) -> None:
        """A new entry with its first version."""
        self.put_version(community, entry, entry.version, entry.created, value, live=True)
        self.put_entry(entry)

    def seal_plain(self, community: CommunityRow, entry: EntryRow) -> None:
        """Seals the current value of a variable: only a live current value stands in clear in the file."""
        version = self.version(community, entry, entry.version)
        if not version.sealed:
            self.put_version(community, entry, entry.version, version.created, version.value, live=False)

    def reseal(
        self,
        community: CommunityRow,
        entry: EntryRow,
        new_community: CommunityRow,
        new_entry: EntryRow,
        new_keys: crypto.Subkeys | None = None,
    ) -> None:
        """Moves an entry with all its versions to another name, community name or key."""
        old_keys = self.keys
        for number in self.version_numbers(entry.id):
            version = self.version(community, entry, number)
            value = self.open_version(community, entry, version)
            self.keys = new_keys or old_keys
            self.put_version(
                new_community, new_entry, number, version.created, value, live=not version.sealed
            )
            self.keys = old_keys
        self.keys = new_keys or old_keys
        self.put_entry(new_entry)
        self.keys = old_keys

    def community_names(self) -> list[str]:
        """Every community's name."""
        return [row[0] for row in self.connection.execute("SELECT name FROM community ORDER BY id")]

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
        self._link(before, AuditRow(last + 1, at, action.value, entry, version, community, name, detail))

    def audit_rows(self) -> list[AuditRow]:
        """The audit trail, oldest first."""
        rows = self.connection.execute(f"SELECT {manifest.columns(AuditRow)} FROM audit ORDER BY id")
        return [AuditRow(*row) for row in rows]

    def finish(self) -> None:
        """Shortens an audit trail that has grown too long (see `audit`)."""
        last, _ = manifest.audit_head(self.connection, self.header)
        if last <= MOST_AUDIT_ROWS:
            return
        entries: int = self.connection.execute("SELECT count(*) FROM entry").fetchone()[0]
        # What stands for the dropped rows is itself a row for each entry: it has to be worth it.
        if last <= MOST_AUDIT_ROWS + 2 * entries:
            return
        trail = self.audit_rows()
        old, recent = trail[: -MOST_AUDIT_ROWS // 2], trail[-MOST_AUDIT_ROWS // 2 :]
        note = AuditRow(0, recent[-1].at, Action.PRUNE.value, 0, 0, "", "", f"{len(old)} rows")
        shorter = [*Replay(old).rows(old[-1].at), *recent, note]
        self.relink_audit([row._replace(id=number) for number, row in enumerate(shorter, 1)])

    def relink_audit(self, trail: list[AuditRow]) -> None:
        """Chains the trail anew, with these keys."""
        self.connection.execute("DELETE FROM audit")
        before = self.header.audit_base
        for row in trail:
            before = self._link(before, row)

    def _link(self, before: bytes, row: AuditRow) -> bytes:
        link = manifest.audit_link(self.keys, before, row)
        self.connection.execute(
            f"INSERT INTO audit ({manifest.columns(AuditRow)}, link) VALUES ({_marks(len(row) + 1)})",
            (*row, link),
        )
        return link

    def _put(self, table: str, row: tuple[object, ...], tag: bytes, key: str = "id") -> None:
        """Inserts the row, or writes over the one with its key (and over no other: names stay unique)."""
        fields = (*getattr(row, "_fields"), "tag")  # noqa: B009  # any of the row types
        changes = ", ".join(f"{field} = excluded.{field}" for field in fields)
        self.connection.execute(
            f"INSERT INTO {table} ({', '.join(fields)}) VALUES ({_marks(len(fields))}) "
            f"ON CONFLICT ({key}) DO UPDATE SET {changes}",
            (*row, tag),
        )

    def _context(self, community: CommunityRow, entry: EntryRow, version: VersionRow) -> bytes:
        return crypto.value_context(
            self.header.store_id, community.name, entry.name, entry.kind, version.version, version.epoch
        )


def _marks(count: int) -> str:
    return ", ".join("?" * count)
