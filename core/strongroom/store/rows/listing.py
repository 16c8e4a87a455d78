"""List a vault's names, for the reader without a key and for the unlocked vault.

Each function reads in several statements: the caller holds a transaction around it, so that all of them see
one state of the file. All of them raise sqlite3.Error.
"""

# table and column names come from this package's own row types, never from outside

import sqlite3
from typing import NamedTuple

from strongroom.names import Kind, Knowledge, Name, Names

SOURCE = "the vault"


class Entry(NamedTuple):
    """Hold one secret or variable as a list shows it.

    Times are ISO 8601 in UTC, `expires` is YYYY-MM-DD or empty.

    `value` is a variable's plain text and None for a secret; `version` counts the values it has had, from 1.
    `tag` is another one after any change of the entry: what a write may expect (see `expected`).
    """

    name: str
    kind: Kind
    note: str
    expires: str
    value: str | None
    created: str
    changed: str
    version: int
    tag: bytes = b""


class SlotInfo(NamedTuple):
    """Hold a way in, as a list shows it.

    `id` is what `Vault.remove_slot` takes; `created` is ISO 8601 in UTC. `public` is a person's public key in
    hexadecimal digits, and empty for other kinds.
    """

    id: str
    kind: str
    label: str
    created: str
    public: str = ""


def read_communities(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return every community, by name."""
    return tuple(
        row[0] for row in connection.execute("SELECT CAST(name AS TEXT) FROM community ORDER BY name")
    )


def read_current(connection: sqlite3.Connection) -> str | None:
    """Return the chosen community, else the only one, else None."""
    row = connection.execute(
        "SELECT CAST(community.name AS TEXT) FROM vault JOIN community ON community.id = vault.current "
        "WHERE vault.id = 1"
    ).fetchone()
    if row is None:
        rows = connection.execute("SELECT CAST(name AS TEXT) FROM community LIMIT 2").fetchall()
        row = rows[0] if len(rows) == 1 else None
    return None if row is None else str(row[0])


def read_names(connection: sqlite3.Connection, path: str, community: str) -> Names:
    """Return the names of `community`, and beside them those of the others."""
    ids = dict(connection.execute("SELECT CAST(name AS TEXT), id FROM community ORDER BY name").fetchall())
    if community not in ids:
        return Names(Knowledge.NONE, community=community, looked=(f"{SOURCE} {path}",))
    complete = {
        owner: Names(
            Knowledge.COMPLETE,
            {
                name: Name(name, _KINDS[kind], note, expires, None if value is None else _text(value))
                for name, kind, note, expires, value in connection.execute(_NAMES, (key,))
            },
            owner,
            SOURCE,
        )
        for owner, key in ids.items()
    }
    wanted = complete.pop(community)
    return wanted._replace(others=tuple(complete.values()))


def read_entries(connection: sqlite3.Connection, community: str) -> tuple[Entry, ...]:
    """Return the entries of `community` as lists show them, by name."""
    return _entries(connection, f"{_ENTRIES} ORDER BY name", (_id(connection, community),))


def read_entries_from(
    connection: sqlite3.Connection, community: str, first: str, most: int
) -> tuple[Entry, ...]:
    """Return at most `most` of the `read_entries`, from the name `first` on."""
    return _entries(
        connection,
        f"{_ENTRIES} AND name >= ? ORDER BY name LIMIT ?",
        (_id(connection, community), first, most),
    )


def find_entry(connection: sqlite3.Connection, community: str, name: str) -> Entry | None:
    """Return the entry of this name, or None."""
    return next(
        iter(_entries(connection, f"{_ENTRIES} AND name = ?", (_id(connection, community), name))), None
    )


def read_slots(connection: sqlite3.Connection) -> tuple[SlotInfo, ...]:
    """Return the ways in, oldest first."""
    rows = connection.execute(
        "SELECT lower(hex(slot_id)), CAST(kind AS TEXT), CAST(label AS TEXT), CAST(created AS TEXT), "
        "CASE kind WHEN 'public-key' THEN CAST(params AS TEXT) ELSE '' END FROM slot ORDER BY id"
    )
    return tuple(SlotInfo(*row) for row in rows)


def _id(connection: sqlite3.Connection, community: str) -> int | None:
    row = connection.execute("SELECT id FROM community WHERE name = ?", (community,)).fetchone()
    return None if row is None else row[0]


def _entries(connection: sqlite3.Connection, query: str, arguments: tuple[object, ...]) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            name,
            _KINDS[kind],
            note,
            expires,
            None if value is None else _text(value),
            created,
            changed,
            version,
            tag,
        )
        for name, kind, note, expires, value, created, changed, version, tag in connection.execute(
            query, arguments
        )
    )


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise sqlite3.DatabaseError("a variable's value is not text") from None


class _Kinds(dict[str, Kind]):
    def __missing__(self, key: str) -> Kind:
        raise sqlite3.DatabaseError(f"unknown kind {key!r}")


_KINDS = _Kinds({kind.value: kind for kind in Kind})

# The casts make sure of the types whatever somebody wrote into the file. A value is looked up for variables
# only: a join would be tried for each of the secrets too.
_SHOWN = """CAST(name AS TEXT), CAST(kind AS TEXT), CAST(note AS TEXT), CAST(expires AS TEXT),
    CASE kind WHEN 'variable' THEN (
        SELECT CAST(value AS BLOB) FROM version
        WHERE version.entry = entry.id AND version.version = entry.version AND version.sealed = 0
    ) END"""
_LIVE = "FROM entry WHERE community = ? AND deleted = ''"
_NAMES = f"SELECT {_SHOWN} {_LIVE} ORDER BY name"
_ENTRIES = f"""SELECT {_SHOWN}, CAST(created AS TEXT), CAST(changed AS TEXT), CAST(version AS INTEGER),
    CAST(tag AS BLOB) {_LIVE}"""
