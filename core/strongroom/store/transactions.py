"""Transactions on an unlocked vault: each begins by finding the file as it was left."""

# ruff: noqa: S608  # table and column names come from this package's own row types, never from outside

import os
import sqlite3
import time
from _thread import RLock  # threading's own lock, without its millisecond of import
from collections.abc import Iterator
from contextlib import contextmanager

from strongroom.store import connection as sqlite
from strongroom.store import crypto, manifest
from strongroom.store.errors import VaultAltered, VaultClosed, VaultStorage
from strongroom.store.manifest import Header
from strongroom.store.schema import find_schema_problems
from strongroom.store.seen import Seen, write_seen

VERIFY = (
    "Run `strongroom vault verify`, which names each change, or restore a backup; the file was left as it is."
)


class Transactions:
    """The connection and the keys, and the rules for using both. From any thread, one at a time."""

    def __init__(self, path: str, connection: sqlite3.Connection, master: bytes, header: Header) -> None:
        self.path = path
        self.connection = connection
        self.master = master
        self.header = header
        self.keys = crypto.derive_subkeys(master, header.store_id, header.epoch)
        self.own_changes = 0
        self.rolled_back = False
        self._epoch = header.epoch
        self._newest = header.generation
        self._file = _identity(path)
        self._verified = -1  # the data_version at which the root was last found right
        self._lock = RLock()

    # --- transactions

    @contextmanager
    def reading(self, *, verified: bool = True) -> Iterator[None]:
        """One consistent state of the file. Raises `VaultAltered` where its root is not right."""
        with self._lock, sqlite.explained(self.path):
            self._check_file()
            self.connection.execute("BEGIN")
            try:
                root = self._read_header()
                version: int = self.connection.execute("PRAGMA data_version").fetchone()[0]
                if verified and version != self._verified:
                    self.check_root(root)
                    self._verified = version
                yield
            finally:
                if self.connection.in_transaction:
                    self.connection.execute("COMMIT")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All or nothing: what the block wrote is committed with a new root, or none of it is."""
        with self._lock, sqlite.explained(self.path):
            self._check_file()
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                self._check_file()  # again: it may have been replaced while this waited for its turn
                self.check_root(self._read_header())
                yield
                self.finish()
                self.header = self.header._replace(generation=self.header.generation + 1)
                root = self.write_root()
                self.connection.execute("COMMIT")
            except BaseException:
                self._verified = -1
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
            self.own_changes += 1
            self._newest = self.header.generation
            self._epoch = self.header.epoch
            self._remember(root)

    def finish(self) -> None:
        """What belongs to every write, done last inside its transaction."""

    def _read_header(self) -> bytes:
        """Reads the header anew; gives the root beside it. Raises VaultClosed or VaultAltered."""
        self.header, root = manifest.read_header(self.connection)
        if self.header.epoch != self._epoch:
            raise VaultClosed(
                f"{self.path} was given a new master key by another process.", "Unlock it again."
            )
        if self.header.generation < self._newest:
            raise altered(f"{self.path} went back to an older state while it was open.")
        self._newest = self.header.generation
        return root

    def forget_keys(self) -> None:
        """Drops the keys. Python may keep copies: nothing is promised about memory."""
        self.master = b""
        self.keys = crypto.Subkeys(b"", b"", b"", b"", b"")

    def check_root(self, root: bytes) -> None:
        """Raises `VaultAltered` where the rows are not the ones that were last sealed."""
        if not self.root_is_right(root):
            raise altered(self.first_problem())

    def root_is_right(self, root: bytes) -> bool:
        """Whether the rows add up to `root`, in tables that are Strongroom's own."""
        if find_schema_problems(self.connection):
            return False
        try:
            return crypto.same(manifest.compute_root(self.connection, self.keys, self.header), root)
        except TypeError:
            return False  # a column of a type that was never written, in a file that something destroyed

    def first_problem(self) -> str:
        """What the message of a wrong root says."""
        return "The vault was changed by something other than Strongroom."

    def write_root(self) -> bytes:
        """Seals the rows as they are now; gives the new root."""
        root = manifest.compute_root(self.connection, self.keys, self.header)
        values = (*self.header, root)
        assignments = ", ".join(f"{field} = ?" for field in (*Header._fields, "root"))
        self.connection.execute(f"UPDATE vault SET {assignments} WHERE id = 1", values)
        return root

    def _remember(self, root: bytes) -> None:
        if not self.rolled_back:
            write_seen(self.path, Seen(self.header.store_id, self.header.generation, root))

    def _check_file(self) -> None:
        """A restored backup has the same path and is another file: a write to the old one would be lost."""
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
    """`VaultAltered` with the way out that all of them share."""
    return VaultAltered(sentence, VERIFY)


def now() -> str:
    """The present moment, ISO 8601 in UTC, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
