"""Read the names in a vault without a key.

`check`, `names` and the language server read them so. Nothing here can reach a secret's value, and nothing
here imports cryptography or keyring. Without the key, the list cannot be authenticated. Somebody who can
write to the file can change what this module says, but can never make `Vault` give out a wrong value.
"""

import os
import sqlite3
from _thread import RLock  # threading's own lock, without its millisecond of import
from types import TracebackType

from strongroom.names import Names
from strongroom.store.errors import VaultAltered, VaultMissing
from strongroom.store.file import connection as sqlite
from strongroom.store.format.schema import compare_schema
from strongroom.store.rows import listing
from strongroom.store.rows.listing import Entry, SlotInfo


class NamesReader:
    """Read a vault without a key.

    Any thread may use the reader; one waits for the other.
    """

    def __init__(self, path: str, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._file = _identity(path)
        self._reopened = 0
        self._lock = RLock()

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> "NamesReader":
        """Open the names of a vault.

        Raises VaultMissing, VaultForeign, VaultNewer, VaultDamaged, VaultExposed or VaultBusy.
        """
        text = os.fspath(path)
        return cls(text, sqlite.connect(text, write=False))

    def store_id(self) -> bytes:
        """Return the 16 bytes that distinguish this vault from every other."""
        with self._state() as connection:
            found: bytes = connection.execute(
                "SELECT CAST(store_id AS BLOB) FROM vault WHERE id = 1"
            ).fetchone()[0]
            return found

    def slots(self) -> tuple[SlotInfo, ...]:
        """Return the ways in, oldest first. Nothing that opens anything is in it."""
        with self._state() as connection:
            return listing.read_slots(connection)

    def communities(self) -> tuple[str, ...]:
        """Return every community, by name."""
        with self._state() as connection:
            return listing.read_communities(connection)

    def current_community(self) -> str | None:
        """Return the community that `community use` chose, else the only one, else None."""
        with self._state() as connection:
            return listing.read_current(connection)

    def names(self, community: str) -> Names:
        """Return the complete list of a community; `Knowledge.NONE` for an unknown one."""
        with self._state() as connection:
            return listing.read_names(connection, self.path, community)

    def entries(self, community: str) -> tuple[Entry, ...]:
        """Return what `community` holds, by name; nothing for an unknown community."""
        with self._state() as connection:
            return listing.read_entries(connection, community)

    def entries_from(self, community: str, first: str, most: int) -> tuple[Entry, ...]:
        """Return at most `most` entries from the name `first` on, enough for one screen."""
        with self._state() as connection:
            return listing.read_entries_from(connection, community, first, most)

    def find(self, community: str, name: str) -> Entry | None:
        """Return the entry of exactly this name, or None."""
        with self._state() as connection:
            return listing.find_entry(connection, community, name)

    def change_counter(self) -> int:
        """Return a number that differs after any change of the vault, by any process.

        The change may be another file in the vault's place. Costs about 10 us: meant to be asked several
        times a second.
        """
        file = _identity(self.path)
        with self._lock, sqlite.explained(self.path):
            if file != self._file:
                self._connection.close()
                self._connection = sqlite.connect(self.path, write=False)
                self._file = file
                self._reopened += 1
            version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
            return (self._reopened << 32) + version

    def _state(self) -> "_State":
        return _State(self)

    def close(self) -> None:
        """Let the file go. Closing twice does nothing."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> "NamesReader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _State:
    """Hold one state of the file for several statements, and explain SQLite's errors."""

    __slots__ = ("_connection", "_explained", "_reader")

    def __init__(self, reader: NamesReader) -> None:
        self._reader = reader
        self._explained = sqlite.explained(reader.path)

    def __enter__(self) -> sqlite3.Connection:
        self._reader._lock.acquire()
        try:
            self._connection = self._reader._connection
            with self._explained:
                self._connection.execute("BEGIN")
        except BaseException:
            self._reader._lock.release()
            raise
        try:
            with self._explained:
                self._check_schema()
        except BaseException:
            self._leave()
            raise
        return self._connection

    def _check_schema(self) -> None:
        strange, missing = compare_schema(self._connection)
        if missing:
            raise sqlite.damaged(self._reader.path)
        if strange:
            raise VaultAltered(
                f"{self._reader.path} cannot be read: {strange[0][0].lower()}{strange[0][1:]}",
                "Run `strongroom vault verify`, or restore a backup; the file was left as it is.",
            )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._explained:
            self._leave()
        self._explained.__exit__(kind, error, trace)

    def _leave(self) -> None:
        try:
            if self._connection.in_transaction:
                self._connection.execute("COMMIT")
        finally:
            self._reader._lock.release()


def _identity(path: str) -> tuple[int, int]:
    """Return the identity of the file at `path` now, which a restored backup changes."""
    try:
        found = os.stat(path)
    except OSError:
        raise VaultMissing(
            f"There is no vault at {path} any more.", "Restore it, or make one with `strongroom vault init`."
        ) from None
    return found.st_dev, found.st_ino
