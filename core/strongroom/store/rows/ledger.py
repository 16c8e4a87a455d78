"""Write to an unlocked vault: each row with its tag, and the whole as meant."""

# ruff: noqa: S608  # table and column names come from this package's own row types, never from outside

import sqlite3
from collections.abc import Callable
from typing import Any, Final

from strongroom.names import Kind
from strongroom.store.format import crypto, manifest, slots
from strongroom.store.format.audit import Actor, AuditAction, Replay
from strongroom.store.format.manifest import AuditRow, CommunityRow, EntryRow, VaultRow, VersionRow
from strongroom.store.format.slots import Slot
from strongroom.store.rows.checks import find_problems
from strongroom.store.rows.transactions import altered
from strongroom.store.rows.verified import VerifiedRows

MOST_AUDIT_ROWS = 10_000
"""The most rows of the audit trail, with two more for each entry.

A longer trail gets its older half shortened.
"""

_ROWS: Final[dict[str, tuple[type[Any], Callable[..., bytes]]]] = {
    "slot": (Slot, manifest.slot_tag),
    "community": (CommunityRow, manifest.community_tag),
    "entry": (EntryRow, manifest.entry_tag),
}
"""The tables whose rows have a tag in the summary, with their row types and tag functions."""


class Ledger(VerifiedRows):
    """Write rows with their tags.

    Reads go inside `reading()` or `writing()`, writes inside `writing()`.
    """

    def __init__(self, path: str, connection: sqlite3.Connection, master: bytes, vault_row: VaultRow) -> None:
        super().__init__(path, connection, master, vault_row)
        # What this transaction means to leave, beside `summary` and the versions of each entry.
        self._written: set[tuple[str, int]] = set()
        self._values: set[tuple[int, int]] = set()
        self._trail: list[tuple[object, ...]] = []
        self._rows_before = 0
        self.actor: Actor | None = None  # who opened the vault, where that is known
        self._has_said_who = False  # in this transaction

    def first_problem(self) -> str:
        """Return a sentence on the first thing that is wrong in the file."""
        return find_problems(self)[0]

    def begin_changes(self) -> None:
        """Prepare to note what this transaction means to change."""
        self._written.clear()
        self._values.clear()
        self._trail.clear()
        self._rows_before = self.connection.total_changes
        self.changed_rows = 0
        self._has_said_who = False

    def check_written(self, root: bytes) -> None:
        """Read again what was written, and compare all tags with what was meant.

        The rows that changed are counted. A trigger, an index that leads elsewhere or two tables in one place
        of the file can come between a statement and the rows, and is found here before it counts. Raises
        `VaultAltered`.
        """
        meant = dict(self._versions)
        self._versions.clear()  # from here on the versions are read from the file
        if not (
            self.connection.total_changes - self._rows_before == self.changed_rows
            and manifest.read_vault_row(self.connection) == (self.vault_row, root)
            and manifest.read_summary(self.connection, self.vault_row) == self.summary
            and all(self.versions(entry) == tags for entry, tags in meant.items())
            and all(self._version_is_written(*key) for key in self._values)
            and all(self._row_is_written(table, key) for table, key in self._written)
            and self._trail_is_written()
        ):
            raise altered("What is in the file is not what was to be written there, so nothing was changed.")

    def _row_is_written(self, table: str, key: int) -> bool:
        row_type, compute = _ROWS[table]
        tag = getattr(self.summary, table).get(key)
        row = self.connection.execute(
            f"SELECT {manifest.columns(row_type)} FROM {table} NOT INDEXED WHERE id = ?", (key,)
        ).fetchone()
        if row is None or tag is None:
            return row is None and tag is None
        content: list[object] = [row_type(*row)]
        if table == "entry":
            content.append(list(self.versions(key).values()))
        return self.fits(tag, compute, *content)

    def _version_is_written(self, entry: int, number: int) -> bool:
        tag = self.versions(entry).get(number)
        if tag is None:
            return True  # the version was dropped later in this transaction
        row = self.connection.execute(
            f"SELECT {manifest.columns(VersionRow)} FROM version WHERE entry = ? AND version = ?",
            (entry, number),
        ).fetchone()
        return row is not None and self.fits(tag, manifest.version_tag, VersionRow(*row))

    def _trail_is_written(self) -> bool:
        first = self._trail[0][0] if self._trail else self.summary.head[0] + 1
        rows = self.connection.execute(
            f"SELECT {manifest.columns(AuditRow)}, link FROM audit WHERE id >= ? ORDER BY id", (first,)
        )
        return rows.fetchall() == self._trail

    def put_community(self, community: CommunityRow) -> None:
        """Insert or replace the community."""
        tag = manifest.community_tag(self.keys, community)
        self._put("community", community, tag)
        self._note("community", community.id, tag)

    def put_entry(self, entry: EntryRow) -> None:
        """Insert or replace the entry, after its versions, whose tags its own tag covers."""
        versions = self.versions(entry.id)
        tag = manifest.entry_tag(self.keys, entry, [versions[number] for number in sorted(versions)])
        if entry.id in self.summary.entry:
            self._names = None  # the entry may have another name, or be deleted now
        elif self._names is not None:
            self._names.add((entry.community, entry.name))
        self._put("entry", entry, tag)
        self._note("entry", entry.id, tag)

    def put_version(
        self, community: CommunityRow, entry: EntryRow, number: int, created: str, value: bytes, *, live: bool
    ) -> None:
        """Write `value` as this version of the entry.

        The value is sealed unless it is the live value of a variable.
        """
        plain = live and entry.kind == Kind.VARIABLE.value
        version = VersionRow(entry.id, number, created, self.vault_row.epoch, 0 if plain else 1, value)
        if not plain:
            version = version._replace(
                value=crypto.seal(self.keys, self._context(community, entry, version), value)
            )
        tag = manifest.version_tag(self.keys, version)
        self._put("version", version, tag, "entry, version")
        self.versions(entry.id)[number] = tag
        self._values.add((entry.id, number))

    def insert_entry(self, community: CommunityRow, entry: EntryRow, value: bytes, made: str) -> None:
        """Write a new entry with its first version, which was made at `made`."""
        self._versions[entry.id] = {}  # and no others, whatever is in the file
        self.put_version(community, entry, entry.version, made, value, live=True)
        self.put_entry(entry)

    def seal_plain(self, community: CommunityRow, entry: EntryRow) -> None:
        """Seal the current value of a variable, which is in clear only while it is live."""
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
        """Move an entry with all its versions to another name, community name or key."""
        old_keys = self.keys
        for number in sorted(self.versions(entry.id)):
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

    def drop_versions(self, entry: int, newest: int) -> None:
        """Forget the versions of an entry up to `newest`."""
        self.change("DELETE FROM version WHERE entry = ? AND version <= ?", (entry, newest))
        kept = {number: tag for number, tag in self.versions(entry).items() if number > newest}
        self._versions[entry] = kept

    def remove_entry(self, entry: int) -> None:
        """Take an entry out of the file with all its versions."""
        self.change("DELETE FROM version WHERE entry = ?", (entry,))
        self.change("DELETE FROM entry WHERE id = ?", (entry,))
        self._versions[entry] = {}
        self._names = None
        self._note("entry", entry, None)

    def rewrite_values(self) -> None:
        """Write every kept value again, so that the file has nothing left of removed ones.

        SQLite overwrites a row where the row was last. If SQLite moved rows between pages before, it may have
        left copies in parts of pages that are not used. Pages that are given up are overwritten as a whole.
        """
        columns = f"id, {manifest.columns(VersionRow)}, tag"
        every = f"SELECT {columns} FROM version NOT INDEXED ORDER BY id"
        rows = self.connection.execute(every).fetchall()
        self.change("DELETE FROM version")
        for row in rows:
            self.change(f"INSERT INTO version ({columns}) VALUES ({_marks(len(row))})", row)
        if self.connection.execute(every).fetchall() != rows:
            raise altered("The values could not be written again, so nothing was changed.")

    def remove_community(self, community: int) -> None:
        """Take a community without entries out of the file."""
        self.change("DELETE FROM community WHERE id = ?", (community,))
        self._note("community", community, None)

    def put_slot(self, slot: Slot) -> None:
        """Add a slot."""
        key, tag = self.next_id("slot"), manifest.slot_tag(self.keys, slot)
        self.change(
            f"INSERT INTO slot (id, {slots.COLUMNS}, tag) VALUES ({_marks(len(slot) + 2)})", (key, *slot, tag)
        )
        self._note("slot", key, tag)

    def remove_slot(self, key: int) -> None:
        """Take the slot in this row out of the file."""
        self.change("DELETE FROM slot WHERE id = ?", (key,))
        self._note("slot", key, None)

    def next_id(self, table: str) -> int:
        """Return an id that no row of `table` has."""
        return max(getattr(self.summary, table), default=0) + 1

    def _note(self, table: str, key: int, tag: bytes | None) -> None:
        """Note the tag that this transaction means a row to have; None for no row."""
        tags: dict[int, bytes] = getattr(self.summary, table)
        if tag is None:
            tags.pop(key, None)
        else:
            tags[key] = tag
        self._written.add((table, key))

    def audit(
        self,
        at: str,
        action: AuditAction,
        community: str = "",
        name: str = "",
        detail: str = "",
        *,
        entry: int = 0,
        version: int = 0,
    ) -> None:
        """Add a row to the audit trail. No value is ever in it.

        If somebody else made the last change, a row before it says who makes the changes from now on.
        """
        is_first, self._has_said_who = not self._has_said_who, True
        if is_first and self.actor is not None and self.actor.slot != self._last_actor():
            self._link(AuditRow(self.summary.head[0] + 1, at, AuditAction.BY.value, 0, 0, "", *self.actor))
        number = self.summary.head[0] + 1
        self._link(AuditRow(number, at, action.value, entry, version, community, name, detail))

    def _last_actor(self) -> str | None:
        """Return the slot of the last change, or None in a vault without a slot."""
        newest = "SELECT detail FROM audit WHERE action = 'by' ORDER BY id DESC LIMIT 1"
        first = "SELECT detail FROM audit WHERE action = 'add-slot' ORDER BY id LIMIT 1"
        row = self.connection.execute(newest).fetchone() or self.connection.execute(first).fetchone()
        return None if row is None else str(row[0])

    def finish(self) -> None:
        """Shorten an audit trail that has grown too long (see `audit`)."""
        last = self.summary.head[0]
        # The dropped rows are replaced by a row for each entry: dropping has to be worth that.
        if last <= MOST_AUDIT_ROWS + 2 * len(self.summary.entry):
            return
        trail = self.audit_rows()
        old, recent = trail[: -MOST_AUDIT_ROWS // 2], trail[-MOST_AUDIT_ROWS // 2 :]
        note = AuditRow(0, recent[-1].at, AuditAction.PRUNE.value, 0, 0, "", "", f"{len(old)} rows")
        shorter = [*Replay(old).rows(old[-1].at), *recent, note]
        self.relink_audit([row._replace(id=number) for number, row in enumerate(shorter, 1)])

    def relink_audit(self, trail: list[AuditRow]) -> None:
        """Chain the trail again, with these keys."""
        self.change("DELETE FROM audit")
        self._trail.clear()
        self.summary = self.summary._replace(head=(0, self.vault_row.audit_base))
        for row in trail:
            self._link(row)

    def _link(self, row: AuditRow) -> None:
        link = manifest.audit_link(self.keys, self.summary.head[1], row)
        self.change(
            f"INSERT INTO audit ({manifest.columns(AuditRow)}, link) VALUES ({_marks(len(row) + 1)})",
            (*row, link),
        )
        self._trail.append((*row, link))
        self.summary = self.summary._replace(head=(row.id, link))

    def _put(self, table: str, row: tuple[object, ...], tag: bytes, key: str = "id") -> None:
        """Insert the row, or write over the one with its key. Names stay unique."""
        fields = (*getattr(row, "_fields"), "tag")  # noqa: B009  # any of the row types
        changes = ", ".join(f"{field} = excluded.{field}" for field in fields)
        self.change(
            f"INSERT INTO {table} ({', '.join(fields)}) VALUES ({_marks(len(fields))}) "
            f"ON CONFLICT ({key}) DO UPDATE SET {changes}",
            (*row, tag),
        )


def _marks(count: int) -> str:
    return ", ".join("?" * count)
