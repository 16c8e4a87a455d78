"""The names in a vault, without any key: what `check`, `names` and the language server see.

Nothing here can reach a secret's value, and nothing here imports cryptography or keyring. The other side of
that: without the key the list cannot be authenticated. Whoever can write to the file can change what this
module says; they can never make `Vault` give out a wrong value.
"""

# ruff: noqa: S608  # table and column names come from this package's own row types, never from outside

import os
import sqlite3
from types import TracebackType
from typing import NamedTuple

from strongroom.names import Kind, Knowledge, Name, Names
from strongroom.store import connection as sqlite
from strongroom.store.errors import VaultMissing
from strongroom.store.places import default_vault_path

__all__ = [
    "Entry",
    "NamesReader",
    "default_vault_path",
    "read_communities",
    "read_current",
    "read_entries",
    "read_names",
]

SOURCE = "the vault"


class Entry(NamedTuple):
    """One secret or variable as a list shows it. Times are ISO 8601 in UTC, `expires` is YYYY-MM-DD or empty.

    `value` is a variable's plain text and None for a secret; `version` counts the values it has had, from 1.
    """

    name: str
    kind: Kind
    note: str
    expires: str
    value: str | None
    created: str
    changed: str
    version: int


class NamesReader:
    """A vault opened without a key. May be used from any thread, from one at a time."""

    def __init__(self, path: str, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._file = _identity(path)
        self._reopened = 0

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> "NamesReader":
        """Raises VaultMissing, VaultForeign, VaultNewer, VaultDamaged, VaultExposed or VaultBusy."""
        text = os.fspath(path)
        return cls(text, sqlite.connect(text, write=False))

    def store_id(self) -> bytes:
        """The 16 bytes that tell this vault from every other."""
        with sqlite.explained(self.path):
            found: bytes = self._connection.execute("SELECT CAST(store_id AS BLOB) FROM vault").fetchone()[0]
            return found

    def communities(self) -> tuple[str, ...]:
        """Every community, by name."""
        with sqlite.explained(self.path):
            return read_communities(self._connection)

    def current_community(self) -> str | None:
        """The community that `community use` chose, else the only one, else None."""
        with sqlite.explained(self.path):
            return read_current(self._connection)

    def names(self, community: str) -> Names:
        """The complete list of one community. A community the vault does not have: `Knowledge.NONE`."""
        with sqlite.explained(self.path):
            return read_names(self._connection, self.path, community)

    def entries(self, community: str) -> tuple[Entry, ...]:
        """What `community` holds, by name; empty for a community the vault does not have."""
        with sqlite.explained(self.path):
            return read_entries(self._connection, community)

    def change_counter(self) -> int:
        """A number that differs after any process changed the vault, or put another file in its place.

        Costs about 10 us: meant to be asked several times a second.
        """
        file = _identity(self.path)
        if file != self._file:
            self._connection.close()
            self._connection = sqlite.connect(self.path, write=False)
            self._file = file
            self._reopened += 1
        with sqlite.explained(self.path):
            version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        return (self._reopened << 32) + version

    def close(self) -> None:
        """Lets the file go. Closing twice does nothing."""
        self._connection.close()

    def __enter__(self) -> "NamesReader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _identity(path: str) -> tuple[int, int]:
    """Which file is at `path` now: a restored backup has the same path and is another file."""
    try:
        found = os.stat(path)
    except OSError:
        raise VaultMissing(
            f"There is no vault at {path} any more.", "Restore it, or make one with `strongroom vault init`."
        ) from None
    return found.st_dev, found.st_ino


def read_communities(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Every community, by name. Raises sqlite3.Error."""
    return tuple(
        row[0] for row in connection.execute("SELECT CAST(name AS TEXT) FROM community ORDER BY name")
    )


def read_current(connection: sqlite3.Connection) -> str | None:
    """The chosen community, else the only one, else None. Raises sqlite3.Error."""
    row = connection.execute(
        "SELECT CAST(community.name AS TEXT) FROM vault JOIN community ON community.id = vault.current"
    ).fetchone()
    if row is None:
        rows = connection.execute("SELECT CAST(name AS TEXT) FROM community LIMIT 2").fetchall()
        row = rows[0] if len(rows) == 1 else None
    return None if row is None else str(row[0])


def read_names(connection: sqlite3.Connection, path: str, community: str) -> Names:
    """The names of `community`, with those of the other communities beside it. Raises sqlite3.Error."""
    lists: dict[str, dict[str, Name]] = {name: {} for name in read_communities(connection)}
    if community not in lists:
        return Names(Knowledge.NONE, community=community, looked=(f"{SOURCE} {path}",))
    for owner, name, kind, note, expires, value in connection.execute(_NAMES):
        lists.setdefault(owner, {})[name] = Name(name, _KINDS[kind], note, expires, _text(value))
    complete = {owner: Names(Knowledge.COMPLETE, by_name, owner, SOURCE) for owner, by_name in lists.items()}
    wanted = complete.pop(community)
    return wanted._replace(others=tuple(complete.values()))


def read_entries(connection: sqlite3.Connection, community: str) -> tuple[Entry, ...]:
    """What lists show of `community`, by name. Raises sqlite3.Error."""
    return tuple(
        Entry(name, _KINDS[kind], note, expires, _text(value), created, changed, version)
        for name, kind, note, expires, value, created, changed, version in connection.execute(
            _ENTRIES, (community,)
        )
    )


def _text(value: bytes | None) -> str | None:
    if value is None:
        return None
    try:
        return value.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise sqlite3.DatabaseError("a variable's value is not text") from None


class _Kinds(dict[str, Kind]):
    def __missing__(self, key: str) -> Kind:
        raise sqlite3.DatabaseError(f"unknown kind {key!r}")


_KINDS = _Kinds({kind.value: kind for kind in Kind})

# The casts make sure of the types whatever somebody wrote into the file.
_PLAIN = """LEFT JOIN version ON entry.kind = 'variable' AND version.entry = entry.id
            AND version.version = entry.version AND version.sealed = 0"""
_SHOWN = """CAST(entry.name AS TEXT), CAST(kind AS TEXT), CAST(note AS TEXT), CAST(expires AS TEXT),
            CAST(value AS BLOB)"""
_NAMES = f"""SELECT CAST(community.name AS TEXT), {_SHOWN}
    FROM entry JOIN community ON community.id = entry.community {_PLAIN}
    WHERE deleted = '' ORDER BY entry.name"""
_ENTRIES = f"""SELECT {_SHOWN}, CAST(entry.created AS TEXT), CAST(entry.changed AS TEXT),
           CAST(entry.version AS INTEGER)
    FROM entry JOIN community ON community.id = entry.community {_PLAIN}
    WHERE deleted = '' AND community.name = ? ORDER BY entry.name"""
