"""What a vault file looks like inside: its marks and its tables. docs/vault-format.md explains them."""

import sqlite3
from typing import Final

APPLICATION_ID: Final = 0x5354524D
"""SQLite's application_id: the letters STRM."""

FORMAT: Final = 1
"""SQLite's user_version: the format that this module writes, and the newest it can read."""

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
    # The tag stands early and the values in a table of their own, so that verifying ten thousand
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


def find_schema_problems(connection: sqlite3.Connection) -> list[str]:
    """Each table or index that is not the one made here, and whatever else stands in the schema, as a sentence.

    A trigger changes what is saved, a view or another collation what is found: rows with the right tags under
    such a schema prove nothing. Raises sqlite3.Error.
    """
    found = {
        name: (kind, sql)
        for kind, name, sql in connection.execute("SELECT type, name, sql FROM sqlite_master")
        if not _is_sqlites_own(kind, name, sql)
    }
    problems = []
    for statement in CREATE:
        kind, name = _made_by(statement)
        if name not in found:
            problems.append(f"The {kind} {name!r} was taken out of the file.")
        elif found.pop(name) != (kind, statement):
            problems.append(f"The {kind} {name!r} is not made as Strongroom makes it.")
    problems += [
        f"The {kind} {name!r} was put into the file by something else." for name, (kind, _) in found.items()
    ]
    return problems


def _is_sqlites_own(kind: str, name: str, sql: str | None) -> bool:
    """Whether SQLite itself added this: the index behind UNIQUE, or statistics that somebody asked for."""
    return (kind == "index" and sql is None) or (kind == "table" and name.startswith("sqlite_stat"))


def _made_by(statement: str) -> tuple[str, str]:
    """What a statement of `CREATE` makes: its kind and name."""
    words = statement.removeprefix("CREATE ").removeprefix("UNIQUE ").split(maxsplit=2)
    return words[0].lower(), words[1]
