"""Compare an entry with the one that a caller saw, inside the write's transaction.

An entry's tag covers all its columns and the tags of its values. So two states of an entry have one tag only
if they are the same in everything.
"""

from typing import NamedTuple

from strongroom.store.errors import EntryChanged
from strongroom.store.format.manifest import CommunityRow, EntryRow
from strongroom.store.rows.ledger import Ledger


class Saved(NamedTuple):
    """Hold one entry as a write left it, without its value.

    `tag` is what the next write may expect.
    """

    name: str
    version: int
    note: str
    expires: str
    tag: bytes
    is_deleted: bool = False


def saved(ledger: Ledger, entry: EntryRow) -> Saved:
    """Return `entry` as it was just written."""
    return Saved(
        entry.name, entry.version, entry.note, entry.expires, tag_of(ledger, entry), bool(entry.deleted)
    )


def tag_of(ledger: Ledger, entry: EntryRow) -> bytes:
    """Return the tag of a verified entry."""
    row = ledger.connection.execute("SELECT tag FROM entry WHERE id = ?", (entry.id,)).fetchone()
    return bytes(row[0])


def live_entry(ledger: Ledger, owner: CommunityRow, name: str, expected: bytes | None) -> EntryRow:
    """Return the live entry of this name. Raises `UnknownName`.

    With `expected`, raises `EntryChanged` if the entry is gone or in another state.
    """
    if expected is None:
        return ledger.entry(owner, name)
    entry = ledger.find_or_free(owner, name)
    if entry is None:
        deleted = next(iter(ledger.deleted_entries(owner, name)), None)
        what = "deleted" if deleted else "taken away"
        raise EntryChanged(name, owner.name, what, deleted.deleted if deleted else "")
    if tag_of(ledger, entry) != expected:
        raise EntryChanged(name, owner.name, "changed", entry.changed)
    return entry


def deleted_entry(ledger: Ledger, owner: CommunityRow, name: str, expected: bytes | None) -> EntryRow | None:
    """Return the newest deleted entry of this name, or None.

    With `expected`, it is the one that has this tag. Raises `EntryChanged` if that one is not kept any more.
    """
    kept = ledger.deleted_entries(owner, name)
    if expected is None:
        return next(iter(kept), None)
    found = next((entry for entry in kept if tag_of(ledger, entry) == expected), None)
    if found is None:
        what = "restored or purged" if ledger.find_entry(owner, name) is None else "made again"
        raise EntryChanged(name, owner.name, what)
    return found
