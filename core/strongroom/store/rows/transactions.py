"""Run transactions on an unlocked vault.

Each transaction first finds the file as it was left.
"""

# ruff: noqa: S608  # table and column names come from this package's own row types, never from outside

import os
import sqlite3
import time
from _thread import RLock  # threading's own lock, without its millisecond of import
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from strongroom.store.errors import VaultAltered, VaultClosed, VaultStorage
from strongroom.store.file import connection as sqlite
from strongroom.store.file.seen import SeenState, write_seen
from strongroom.store.format import crypto, manifest
from strongroom.store.format.manifest import VaultRow
from strongroom.store.format.schema import find_schema_problems

VERIFY = (
    "Run `strongroom vault verify`, which names each change, or restore a backup; the file was left as it is."
)


class Transactions:
    """Hold the connection and the keys, and the rules for using both.

    Any thread may use them, one at a time.
    """

    def __init__(self, path: str, connection: sqlite3.Connection, master: bytes, vault_row: VaultRow) -> None:
        self.path = path
        self.connection = connection
        self.master = master
        self.vault_row = vault_row
        self.keys = crypto.derive_subkeys(master, vault_row.store_id, vault_row.epoch)
        self.own_changes = 0
        self.doubted = False  # while True, no write is remembered as the newest state
        self.summary = manifest.Summary((0, vault_row.audit_base), {}, {}, {})
        self.changed_rows = 0
        self._key_check = vault_row.key_check
        self._newest = vault_row.generation
        self._file = _identity(path)
        self._verified = -1  # the data_version at which the root was last found right
        self._lock = RLock()

    # --- transactions

    @contextmanager
    def reading(self, *, verified: bool = True) -> Iterator[None]:
        """Hold one consistent state of the file. Raises `VaultAltered` for a wrong root."""
        with self._lock, sqlite.explained(self.path):
            self._check_file()
            self.connection.execute("BEGIN")
            try:
                self._begin(verified=verified)
                yield
            finally:
                if self.connection.in_transaction:
                    self.connection.execute("COMMIT")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Commit what the block wrote with a new root, or none of it.

        The root is made from the rows that were proved at the start and the changes that were meant, never from
        what is in the file afterwards; and the file is compared with what was meant before it is committed.
        """
        with self._lock, sqlite.explained(self.path):
            self._check_file()
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                self._check_file()  # again: the file may have been replaced during the wait
                self._verified = -1
                self._begin(verified=True)
                self.begin_changes()
                yield
                self.finish()
                self.vault_row = self.vault_row._replace(generation=self.vault_row.generation + 1)
                root = self.write_root()
                self.check_written(root)
                state = self.state(root)
                self.connection.execute("COMMIT")
            except BaseException:
                self._verified = -1
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
            self.own_changes += 1
            self._newest = self.vault_row.generation
            self._key_check = self.vault_row.key_check
            self._remember(state)

    def _begin(self, *, verified: bool) -> None:
        """Check that the file is as it was left: its schema, its vault row and its root.

        The root is compared only if the file has changed since.
        """
        self.begin_state()
        version: int = self.connection.execute("PRAGMA data_version").fetchone()[0]  # holds the read lock
        if not verified or version == self._verified:
            self._read_vault_row()
            return
        problems = find_schema_problems(self.connection)
        if problems:
            raise altered(problems[0])
        self.check_root(self._read_vault_row())
        self._verified = version

    def begin_state(self) -> None:
        """Forget what was read in earlier transactions."""

    def begin_changes(self) -> None:
        """Prepare to note what this transaction means to change."""

    def finish(self) -> None:
        """Do what belongs to every write, last inside its transaction."""

    def state(self, root: bytes) -> SeenState:
        """Return the state with this root, as it is to be remembered."""
        return SeenState(self.vault_row.store_id, self.vault_row.generation, root)

    def check_written(self, root: bytes) -> None:
        """Compare the file with what was meant to be written. Raises `VaultAltered`."""

    def _read_vault_row(self) -> bytes:
        """Read the vault's row again; return the root beside it.

        Raises VaultClosed or VaultAltered.
        """
        self.vault_row, root = manifest.read_vault_row(self.connection)
        if self.vault_row.key_check != self._key_check:
            raise VaultClosed(
                f"{self.path} was given a new master key by another process.", "Unlock it again."
            )
        if self.vault_row.generation < self._newest:
            raise altered(f"{self.path} went back to an older state while it was open.")
        self._newest = self.vault_row.generation
        return root

    def forget_keys(self) -> None:
        """Drop the keys. Python may keep copies: nothing is promised about memory."""
        self.master = b""
        self.keys = crypto.Subkeys(b"", b"", b"", b"", b"")

    def check_root(self, root: bytes) -> None:
        """Take the rows' summary.

        Raises `VaultAltered` unless the root covers these very rows.
        """
        if not self.root_is_right(root):
            raise altered(self.first_problem())

    def root_is_right(self, root: bytes) -> bool:
        """Return True if the rows add up to `root`; `summary` is then theirs."""
        try:
            self.summary = manifest.read_summary(self.connection, self.vault_row)
            return crypto.same(manifest.compute_root(self.keys, self.vault_row, self.summary), root)
        except (TypeError, ValueError):
            return False  # rows or types that Strongroom never writes

    def first_problem(self) -> str:
        """Return the reason for a wrong root, as a part of its message."""
        return "The vault was changed by something other than Strongroom."

    def write_root(self) -> bytes:
        """Seal the rows as they were meant to be; return the new root."""
        root = manifest.compute_root(self.keys, self.vault_row, self.summary)
        assignments = ", ".join(f"{field} = ?" for field in (*VaultRow._fields, "root"))
        self.change(f"UPDATE vault SET {assignments} WHERE id = 1", (*self.vault_row, root))
        return root

    def change(self, statement: str, arguments: Sequence[object] = ()) -> None:
        """Run a statement that changes rows, and count each row that it changes itself."""
        self.changed_rows += self.connection.execute(statement, arguments).rowcount

    def _remember(self, state: SeenState) -> None:
        if not self.doubted:
            write_seen(self.path, state)

    def _check_file(self) -> None:
        """Raise `VaultStorage` if another file is at the path.

        Writes would be lost then.
        """
        if _identity(self.path) != self._file:
            raise VaultStorage(
                f"{self.path} was replaced by another file or taken away since it was unlocked.",
                "Unlock it again; nothing was changed.",
            )


def _identity(path: str) -> tuple[int, int]:
    try:
        found = os.stat(path)
    except OSError:
        return (0, 0)
    return found.st_dev, found.st_ino


def altered(sentence: str) -> VaultAltered:
    """Return `VaultAltered` with the way out that all of them share."""
    return VaultAltered(sentence, VERIFY)


def now() -> str:
    """Return the present moment, ISO 8601 in UTC, to the microsecond.

    So no two machines make the same row of an audit trail, and a copy that was changed elsewhere is
    distinguished from the vault itself.
    """
    seconds, microseconds = divmod(time.time_ns() // 1000, 1_000_000)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{microseconds:06}Z"
