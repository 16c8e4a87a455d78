"""Prove that the file has all rows that Strongroom wrote, and no others.

The manifest is a small tree. Each row has a tag, an HMAC over its content; an entry's tag also covers the
tags of its versions. The root, in the one row of the `vault` table, is an HMAC over that row, the head of the
audit trail and the tags of all slots, communities and entries. Unlocking reads the tags alone; giving out a
value checks the path from its version up to the root. So a row that was swapped, edited, taken out, or put
back from earlier is noticed.
"""

# ruff: noqa: S608  # table and column names come from this package's own row types, never from outside

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from strongroom.store.format.crypto import Subkeys, mac, pack
from strongroom.store.format.schema import FORMAT
from strongroom.store.format.slots import Slot


class VaultRow(NamedTuple):
    """Hold the row of the `vault` table, without its root."""

    store_id: bytes
    created: str
    epoch: int
    generation: int
    current: int
    history_limit: int
    audit_base: bytes
    key_check: bytes


class CommunityRow(NamedTuple):
    """Hold a row of `community`, without its tag."""

    id: int
    name: str
    created: str


class EntryRow(NamedTuple):
    """Hold a row of `entry`, without its tag."""

    id: int
    community: int
    name: str
    kind: str
    version: int
    note: str
    expires: str
    created: str
    changed: str
    deleted: str


class VersionRow(NamedTuple):
    """Hold a row of `version`, without its own id and tag.

    `sealed` is 0 for a value that is in clear.
    """

    entry: int
    version: int
    created: str
    epoch: int
    sealed: int
    value: bytes


class AuditRow(NamedTuple):
    """Hold a row of `audit`, without its link."""

    id: int
    at: str
    action: str
    entry: int
    version: int
    community: str
    name: str
    detail: str


def columns(row: type[NamedTuple] | type[tuple[object, ...]], table: str = "") -> str:
    """Return the columns of a row type for a SELECT."""
    prefix = f"{table}." if table else ""
    return ", ".join(prefix + field for field in getattr(row, "_fields"))  # noqa: B009  # any row type


def slot_tag(keys: Subkeys, row: Slot) -> bytes:
    """Return the tag of a slot."""
    return mac(keys.manifest, pack("slot", *row))


def community_tag(keys: Subkeys, row: CommunityRow) -> bytes:
    """Return the tag of a community."""
    return mac(keys.manifest, pack("community", *row))


def version_tag(keys: Subkeys, row: VersionRow) -> bytes:
    """Return the tag of one version of a value."""
    return mac(keys.manifest, pack("version", *row))


def entry_tag(keys: Subkeys, row: EntryRow, version_tags: Iterable[bytes]) -> bytes:
    """Return an entry's tag, over its columns and its versions' tags, oldest first."""
    return mac(keys.manifest, pack("entry", *row, *version_tags))


def audit_link(keys: Subkeys, before: bytes, row: AuditRow) -> bytes:
    """Return the link that chains an audit row to the one before it."""
    return mac(keys.audit, pack("audit", before, *row))


_VAULT_ROW_TYPES = [bytes, str, int, int, int, int, bytes, bytes, bytes]


def read_vault_row(connection: sqlite3.Connection) -> tuple[VaultRow, bytes]:
    """Return the vault's row and its root. Raises sqlite3.Error."""
    row = connection.execute(f"SELECT {columns(VaultRow)}, root FROM vault WHERE id = 1").fetchone()
    if row is None or [type(part) for part in row] != _VAULT_ROW_TYPES:
        raise sqlite3.DatabaseError("the vault's own row is missing or damaged")
    return VaultRow(*row[:-1]), row[-1]


def audit_head(connection: sqlite3.Connection, vault_row: VaultRow) -> tuple[int, bytes]:
    """Return the newest audit row's id and link; 0 and the base for an empty trail."""
    row = connection.execute("SELECT id, CAST(link AS BLOB) FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    return (0, vault_row.audit_base) if row is None else (row[0], row[1])


class Summary(NamedTuple):
    """Hold the end of the audit trail and the tag of each row by its id.

    A root is made from these and the vault's row. A write keeps a summary in step with what it means to
    change, and the new root is made from that.
    """

    head: tuple[int, bytes]
    slot: dict[int, bytes]
    community: dict[int, bytes]
    entry: dict[int, bytes]


_TAGGED = ("slot", "community", "entry")


def read_summary(connection: sqlite3.Connection, vault_row: VaultRow) -> Summary:
    """Return the summary of the rows in the file, in about 5 ms for 10,000 entries.

    Raises ValueError for rows that no write leaves, and sqlite3.Error.
    """
    if connection.execute("SELECT count(*) FROM vault").fetchone()[0] != 1:
        raise ValueError("vault")
    return Summary(audit_head(connection, vault_row), *(_read_tags(connection, table) for table in _TAGGED))


def _read_tags(connection: sqlite3.Connection, table: str) -> dict[int, bytes]:
    rows = connection.execute(f"SELECT id, tag FROM {table} NOT INDEXED ORDER BY id").fetchall()
    tags = dict(rows)
    if len(tags) != len(rows):
        raise ValueError(table)
    return tags


def compute_root(keys: Subkeys, vault_row: VaultRow, summary: Summary) -> bytes:
    """Return the root that `summary` adds up to.

    Raises TypeError for a tag of a type that was never written.
    """
    tables = (summary.slot, summary.community, summary.entry)
    tags = b"".join([tags[key] for tags in tables for key in sorted(tags)])
    counts = map(len, tables)
    return mac(keys.manifest, pack("root", FORMAT, *vault_row, *summary.head, *counts) + tags)
