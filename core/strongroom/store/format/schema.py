"""Hold the marks and tables of the vault file, explained in docs/vault-format.md."""

import sqlite3
from typing import Final

APPLICATION_ID: Final = 0x5354524D
"""SQLite's application_id: the letters STRM."""

FORMAT: Final = 1
"""SQLite's user_version: the format that this module writes, and the newest that it reads."""

CREATE: Final = (
    """CREATE TABLE vault (
        id            INTEGER PRIMARY KEY CHECK (id = 1),
        store_id      BLOB NOT NULL,     -- 16 random bytes: which vault this is
        created       TEXT NOT NULL,
        epoch         INTEGER NOT NULL,  -- counts master keys
        generation    INTEGER NOT NULL,  -- counts committed changes
        current       INTEGER NOT NULL,  -- the community that `community use` chose, or 0
        history_limit INTEGER NOT NULL,  -- how many versions of a value are kept
        audit_base    BLOB NOT NULL,     -- the link before the oldest audit row
        key_check     BLOB NOT NULL,     -- proves the master key
        root          BLOB NOT NULL      -- the manifest: an HMAC over every row
    )""",
    """CREATE TABLE slot (
        id      INTEGER PRIMARY KEY,
        slot_id BLOB NOT NULL UNIQUE,
        kind    TEXT NOT NULL,           -- key-file, passphrase, keyring, recovery-code
        label   TEXT NOT NULL,
        created TEXT NOT NULL,
        epoch   INTEGER NOT NULL,
        kdf     TEXT NOT NULL,           -- hkdf-sha256, argon2id, scrypt
        params  TEXT NOT NULL,
        salt    BLOB NOT NULL,
        wrapped BLOB NOT NULL,           -- nonce, master key, GCM tag
        tag     BLOB NOT NULL
    )""",
    """CREATE TABLE community (
        id      INTEGER PRIMARY KEY,
        name    TEXT NOT NULL UNIQUE,
        created TEXT NOT NULL,
        tag     BLOB NOT NULL
    )""",
    # The tag is early and the values are in a table of their own, so that verifying ten thousand
    # entries reads no value at all.
    """CREATE TABLE entry (
        id        INTEGER PRIMARY KEY,
        tag       BLOB NOT NULL,
        community INTEGER NOT NULL REFERENCES community (id),
        name      TEXT NOT NULL,
        kind      TEXT NOT NULL,         -- secret, variable
        version   INTEGER NOT NULL,      -- of the current value
        note      TEXT NOT NULL,
        expires   TEXT NOT NULL,         -- YYYY-MM-DD or empty
        created   TEXT NOT NULL,
        changed   TEXT NOT NULL,
        deleted   TEXT NOT NULL          -- when, or empty
    )""",
    "CREATE UNIQUE INDEX entry_name ON entry (community, name) WHERE deleted = ''",
    """CREATE TABLE version (
        id      INTEGER PRIMARY KEY,
        entry   INTEGER NOT NULL REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
        version INTEGER NOT NULL,
        tag     BLOB NOT NULL,
        created TEXT NOT NULL,
        epoch   INTEGER NOT NULL,
        sealed  INTEGER NOT NULL,        -- 0 only for the current value of a variable
        value   BLOB NOT NULL
    )""",
    "CREATE UNIQUE INDEX version_of ON version (entry, version)",
    """CREATE TABLE audit (
        id        INTEGER PRIMARY KEY,
        at        TEXT NOT NULL,
        action    TEXT NOT NULL,
        entry     INTEGER NOT NULL,      -- or 0
        version   INTEGER NOT NULL,      -- or 0
        community TEXT NOT NULL,
        name      TEXT NOT NULL,
        detail    TEXT NOT NULL,
        link      BLOB NOT NULL          -- HMAC over the link before and this row
    )""",
)


STATISTICS: Final = (
    ("table", "sqlite_stat1", "sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)"),
    ("table", "sqlite_stat4", "sqlite_stat4", "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)"),
)
"""The rows that `ANALYZE` adds to the schema.

The rows only help to choose between ways of finding the same rows.
"""


def find_schema_problems(connection: sqlite3.Connection) -> list[str]:
    """Return all problems that `compare_schema` finds, in one list."""
    strange, missing = compare_schema(connection)
    return strange + missing


def compare_schema(connection: sqlite3.Connection) -> tuple[list[str], list[str]]:
    """Return a sentence for each row of the schema that is foreign or missing.

    All rows are compared, as a list: two objects may have one name, and a trigger could hide behind a table of
    its name. A trigger changes what is saved, a view or another collation what is found: rows with the right
    tags under such a schema prove nothing. Inside a transaction the schema that SQLite goes by is the one that
    was compared. Raises sqlite3.Error.
    """
    connection.execute("SELECT 1 FROM sqlite_master").fetchone()  # from here on nobody else can write
    # SQLite reads the schema again only when a counter in the file changed, which somebody who edits it need not do.
    connection.execute("PRAGMA writable_schema=RESET").close()
    found = connection.execute("SELECT type, name, tbl_name, sql, rootpage FROM sqlite_master").fetchall()
    missing = list(_OURS)
    foreign: list[tuple[object, ...]] = []
    pages: dict[object, object] = {}
    strange = []
    for *row, page in found:
        if tuple(row) not in missing:
            foreign.append(tuple(row))
            continue
        missing.remove(tuple(row))
        if page in pages:
            strange.append(f"The {row[0]} {row[1]!r} is kept in the same place as {pages[page]!r}.")
        pages[page] = row[1]
    foreign = _without_statistics(foreign)
    gone = []
    for kind, name, *_ in missing:
        changed = next((row for row in foreign if row[1] == name), None)
        if changed is None:
            gone.append(f"The {kind} {name!r} was taken out of the file.")
        else:
            foreign.remove(changed)
            strange.append(f"The {kind} {name!r} is not made as Strongroom makes it.")
    strange += [f"The {row[0]} {row[1]!r} was put into the file by something else." for row in foreign]
    return strange, gone


def _without_statistics(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Return `rows` without SQLite's own statistics, each of which may be there once."""
    return [row for at, row in enumerate(rows) if row not in STATISTICS or row in rows[:at]]


def _made_by(statement: str) -> tuple[str, str, str, str]:
    """Return the row of the schema that a statement of `CREATE` makes."""
    kind, name, *rest = statement.removeprefix("CREATE ").removeprefix("UNIQUE ").split()
    return kind.lower(), name, rest[1] if kind == "INDEX" else name, statement


_OURS: Final = (
    *map(_made_by, CREATE),
    ("index", "sqlite_autoindex_slot_1", "slot", None),  # SQLite's own, behind UNIQUE
    ("index", "sqlite_autoindex_community_1", "community", None),
)
