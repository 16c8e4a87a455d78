"""Copy one state of a vault's file, and check the copy before it counts."""

# os.path, because pathlib is slow to import.

import os
import sqlite3
import tempfile
from contextlib import closing, suppress
from types import TracebackType
from typing import NamedTuple

from strongroom.errors import StrongroomError
from strongroom.files.writing import remove_leftovers
from strongroom.store.errors import VaultAltered, VaultDamaged, VaultExists
from strongroom.store.file import connection as sqlite
from strongroom.store.file import files, mounts
from strongroom.store.format import manifest
from strongroom.store.format.manifest import VaultRow
from strongroom.store.format.schema import find_schema_problems
from strongroom.store.rows import unlocking
from strongroom.store.rows.checks import find_problems
from strongroom.store.rows.ledger import Ledger

PAGE_BYTES = 4096


class VaultContents(NamedTuple):
    """Hold what was found in a checked copy.

    With `opened`, each value was opened with the key; otherwise only the structure was looked at. `changed`
    is when the last change was made, ISO 8601 in UTC.
    """

    communities: int
    entries: int
    generation: int
    changed: str
    opened: bool


class Staged:
    """Hold a private file beside `final`, which gets that name once it is finished.

    Where others can write to that folder, or where files have no modes, a `sealed` one is made in a private
    folder elsewhere and copied when it is finished.
    """

    def __init__(self, final: str, *, sealed: bool = False) -> None:
        self._final = final
        self._sealed = sealed
        self._elsewhere = ""
        self.path = f"{final}.new-{os.urandom(6).hex()}"

    def __enter__(self) -> "Staged":
        folder = os.path.dirname(self._final)
        try:
            if self._sealed and not _is_private_place(folder):
                self._elsewhere = tempfile.mkdtemp(prefix="strongroom-")
                self.path = os.path.join(self._elsewhere, os.path.basename(self.path))
            else:
                files.check_private_folder(folder)
            files.create_private(self.path, b"")
        except OSError as error:
            raise files.storage_error(self._final, error) from None
        return self

    def publish(self) -> None:
        """Give the file its name, on the disk. Raises `VaultExists` or VaultStorage."""
        try:
            if self._elsewhere:
                with open(self.path, "rb") as file:
                    content = file.read()
                files.write_new(self._final, content)
                return
            descriptor = os.open(self.path, os.O_RDWR)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            files.publish(self.path, self._final)
        except FileExistsError:
            raise exists(self._final) from None
        except OSError as error:
            raise files.storage_error(self._final, error) from None

    def remove(self) -> None:
        """Remove what is left of the file, which is nothing after `publish`."""
        remove_leftovers(self.path, self.path + "-journal")
        if self._elsewhere:
            with suppress(OSError):
                os.rmdir(self._elsewhere)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()


def _is_private_place(folder: str) -> bool:
    try:
        files.check_private_folder(folder)
        mounts.refuse_network(folder)
    except StrongroomError:
        return False
    return mounts.keeps_modes(folder)


def copy_state(path: str, source: sqlite3.Connection, target: str, shown: str) -> VaultRow:
    """Copy one state of `source`, the file at `path`, into the empty file `target`.

    Return the vault row of `source`. If the disk is too full for the copy, the message calls the copy
    `shown`.
    """
    with sqlite.explained(path):
        # The read lock is taken first: SQLite's own waiting has a limit, that of `backup` has none.
        source.execute("BEGIN")
        vault_row, _ = manifest.read_vault_row(source)
        with closing(sqlite.open_database(target)) as connection:
            try:
                source.backup(connection)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_FULL:
                    raise sqlite.explain(shown, error) from None
                raise
        source.execute("COMMIT")
    return vault_row


def check_copy(path: str, shown: str, master: bytes | None) -> VaultContents:
    """Read the copy again, from its file. Raises VaultDamaged or VaultAltered.

    Messages call the copy `shown`.
    """
    with closing(sqlite.connect(path, write=False)) as connection, sqlite.explained(shown):
        problems = [row[0] for row in connection.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
        if problems or connection.execute("PRAGMA foreign_key_check").fetchone():
            raise VaultDamaged(f"SQLite finds damage in {shown}, so it was not used.", "Use another backup.")
        if connection.execute("PRAGMA page_size").fetchone()[0] != PAGE_BYTES:
            raise VaultDamaged(f"{shown} was not written by Strongroom: its pages have another size.")
        vault_row, _ = manifest.read_vault_row(connection)
        unlocking.read_slots(connection)
        found = find_schema_problems(connection)
        if master is not None and not found:
            ledger = Ledger(shown, connection, master, vault_row)
            with ledger.reading(verified=False):
                found = find_problems(ledger)
        if found:
            raise VaultAltered(
                f"{shown} is not as Strongroom wrote it, so it was not used. {found[0]}",
                "Use another backup; `strongroom vault verify` names every change in a vault.",
            )
        return describe(connection, vault_row, opened=master is not None)


def describe(connection: sqlite3.Connection, vault_row: VaultRow, *, opened: bool) -> VaultContents:
    """Return what the file holds, by its tables alone. Raises sqlite3.Error."""
    count = "SELECT (SELECT count(*) FROM community), (SELECT count(*) FROM entry WHERE deleted = '')"
    communities, entries = connection.execute(count).fetchone()
    changed = connection.execute("SELECT CAST(at AS TEXT) FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    return VaultContents(
        communities, entries, vault_row.generation, changed[0] if changed else vault_row.created, opened
    )


def exists(path: str) -> VaultExists:
    return VaultExists(f"{path} exists already, and it is never overwritten.", "Name another file.")
