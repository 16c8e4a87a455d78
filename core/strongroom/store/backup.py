"""Backups of a vault, and putting one back: what was written is read and checked before it counts.

A backup is a vault file like any other: it opens with the ways in that the vault had at that time. Copies are
made by SQLite itself from one state of the file, while other processes go on.

Restoring over a vault that can still be opened writes into that file in one SQLite transaction, under an
exclusive lock: a kill leaves the old vault or the new one, and processes that have it open see the change. A
file that is no vault any more is exchanged for the new one instead. Either way the replaced state stays beside
it under another name.
"""

# pathlib is slow to import

import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from types import TracebackType
from typing import NamedTuple

from strongroom.store import connection as sqlite
from strongroom.store import files, manifest, seen, unlocking
from strongroom.store.checks import find_problems
from strongroom.store.errors import (
    VaultAltered,
    VaultDamaged,
    VaultExists,
    VaultForeign,
    VaultMissing,
    VaultNewer,
)
from strongroom.store.ledger import Ledger
from strongroom.store.manifest import Header
from strongroom.store.schema import find_schema_problems
from strongroom.store.vault import Vault
from strongroom.store.ways import Way
from strongroom.whole_files import remove_leftovers

PAGE_BYTES = 4096


class Contents(NamedTuple):
    """What was found in a checked copy. `opened`: each value was opened with the key; otherwise only the
    structure was looked at. `changed` is when the last change was made, ISO 8601 in UTC.
    """

    communities: int
    entries: int
    generation: int
    changed: str
    opened: bool


def back_up(vault_path: str, target: str, vault: Vault | None = None) -> Contents:
    """Copies the vault to the new file `target`, mode 0600, and checks the copy; with `vault` (the same one,
    unlocked) every value in it too.

    Never overwrites. Raises VaultExists, VaultDamaged, VaultAltered, VaultStorage, VaultExposed, VaultBusy.
    """
    vault_path, target = os.path.abspath(vault_path), os.path.abspath(target)
    if os.path.lexists(target):
        raise _exists(target)
    with _Staged(target) as staged:
        with closing(sqlite.connect(vault_path, write=False)) as source:
            header = _copy(vault_path, source, staged.path, target)
        contents = _check(staged.path, target, vault._ledger.master if vault else None)
        if contents.generation != header.generation:
            raise VaultDamaged(f"The copy of {vault_path} is not the state that was copied.", "Do it again.")
        staged.publish()
    return contents


class Restoration:
    """A backup that was copied next to the vault and checked, ready to take its place. A context manager.

    Raises, on entering, what the backup's file raises when it is opened: VaultMissing, VaultForeign,
    VaultDamaged, VaultAltered, NoKey, WrongKey.
    """

    contents: Contents

    def __init__(self, vault_path: str, backup: str, ways: Sequence[Way] | None) -> None:
        """`ways` open the backup; None looks at its structure only."""
        self.path, self.backup = os.path.abspath(vault_path), os.path.abspath(backup)
        self._ways = ways
        self._staged = _Staged(self.path)
        self._master: bytes | None = None

    def __enter__(self) -> "Restoration":
        if os.path.realpath(self.path) == os.path.realpath(self.backup):
            raise VaultExists(f"{self.backup} is the vault itself.", "Name the file of a backup.")
        if not os.path.lexists(self.backup):
            raise VaultMissing(f"There is no backup at {self.backup}.", "Name the file of a backup.")
        files.make_private_folder(os.path.dirname(self.path))
        self._staged.__enter__()
        try:
            with closing(sqlite.connect(self.backup, write=False)) as source:
                header = _copy(self.backup, source, self._staged.path, self.path)
                with sqlite.explained(self.backup):
                    slots = unlocking.read_slots(source)
            if self._ways is not None:
                self._master = unlocking.find_master(self.backup, header, slots, self._ways)
            self.contents = _check(self._staged.path, self.backup, self._master)
        except BaseException:
            self._staged.remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._staged.remove()

    def apply(self) -> str | None:
        """Puts the backup in the vault's place; gives the file that keeps what was there, or None.

        With the key the restored vault counts as the newest change of all, so that no machine takes it for
        an old file that somebody put there, and the replaced one is noticed if it comes back.
        """
        kept = _free_name(self.path) if os.path.lexists(self.path) else None
        if kept is None:
            self._renew(0)
            self._staged.publish()
        else:
            try:
                live = sqlite.connect(self.path, write=True)
            except (VaultForeign, VaultDamaged, VaultNewer):
                self._renew(0)
                _exchange(self._staged.path, self.path, kept)
            else:
                with closing(live):
                    self._overwrite(live, kept)
        self._remember()
        return kept

    def _overwrite(self, live: sqlite3.Connection, kept: str) -> None:
        with sqlite.explained(self.path):
            # The lock outlives the transaction, so nobody writes between the copy that is kept and the end.
            live.execute("PRAGMA locking_mode=EXCLUSIVE").close()
            live.execute("BEGIN EXCLUSIVE")
            live.execute("COMMIT")
            with _Staged(kept) as copy:
                with closing(sqlite.open_database(copy.path)) as target:
                    live.backup(target)
                copy.publish()
            self._renew(_generation(live))
            with closing(sqlite.open_database(self._staged.path)) as source:
                source.backup(live)
            live.execute("PRAGMA locking_mode=NORMAL").close()
            live.execute("SELECT 1 FROM vault").fetchall()  # the lock is let go at the next read

    def _renew(self, replaced: int) -> None:
        """Counts the restored state as a change after the one it replaces and the newest that was seen."""
        if self._master is None:
            return
        with (
            sqlite.explained(self.path),
            closing(sqlite.open_database(self._staged.path)) as connection,
        ):
            header, _ = manifest.read_header(connection)
            ledger = Ledger(self.path, connection, self._master, header)
            remembered = seen.read_seen(self.path)
            known = remembered.generation if remembered and remembered.store_id == header.store_id else 0
            ledger.rolled_back = True  # the file beside the vault is nothing to remember
            with ledger.writing():
                ledger.header = ledger.header._replace(
                    generation=max(ledger.header.generation, replaced, known)
                )

    def _remember(self) -> None:
        """The older state is what was wanted: it is not reported as a step back."""
        with closing(sqlite.connect(self.path, write=False)) as connection, sqlite.explained(self.path):
            header, root = manifest.read_header(connection)
        seen.write_seen(self.path, seen.Seen(header.store_id, header.generation, root))


class _Staged:
    """A private file with another name in the folder of `final`, which it gets once it is finished."""

    def __init__(self, final: str) -> None:
        self._final = final
        self.path = f"{final}.new-{os.urandom(6).hex()}"

    def __enter__(self) -> "_Staged":
        folder = os.path.dirname(self._final)
        try:
            files.check_private_folder(folder)
            files.create_private(self.path, b"")
        except OSError as error:
            raise files.storage_error(self._final, error) from None
        return self

    def publish(self) -> None:
        """Gives the file its name, on the disk. Raises `VaultExists` or VaultStorage."""
        try:
            descriptor = os.open(self.path, os.O_RDWR)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            files.publish(self.path, self._final)
        except FileExistsError:
            raise _exists(self._final) from None
        except OSError as error:
            raise files.storage_error(self._final, error) from None

    def remove(self) -> None:
        """Leaves nothing behind; once published there is nothing to remove."""
        remove_leftovers(self.path, self.path + "-journal")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()


def _copy(path: str, source: sqlite3.Connection, target: str, shown: str) -> Header:
    """Copies one state of `source`, the file at `path`, into the empty file `target`; gives the header of it.

    Where there is no room for the copy, the message calls it `shown`.
    """
    with sqlite.explained(path):
        # The read lock is taken first: SQLite's own waiting has a limit, that of `backup` has none.
        source.execute("BEGIN")
        header, _ = manifest.read_header(source)
        with closing(sqlite.open_database(target)) as connection:
            try:
                source.backup(connection)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_FULL:
                    raise sqlite.explain(shown, error) from None
                raise
        source.execute("COMMIT")
    return header


def _check(path: str, shown: str, master: bytes | None) -> Contents:
    """Reads the copy again, from its file; messages call it `shown`. Raises VaultDamaged, VaultAltered."""
    with closing(sqlite.connect(path, write=False)) as connection, sqlite.explained(shown):
        problems = [row[0] for row in connection.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
        if problems or connection.execute("PRAGMA foreign_key_check").fetchone():
            raise VaultDamaged(f"SQLite finds damage in {shown}, so it was not used.", "Use another backup.")
        if connection.execute("PRAGMA page_size").fetchone()[0] != PAGE_BYTES:
            raise VaultDamaged(f"{shown} was not written by Strongroom: its pages have another size.")
        header, _ = manifest.read_header(connection)
        unlocking.read_slots(connection)
        found = find_schema_problems(connection)
        if master is not None and not found:
            ledger = Ledger(shown, connection, master, header)
            with ledger.reading(verified=False):
                found = find_problems(ledger)
        if found:
            raise VaultAltered(
                f"{shown} is not as Strongroom wrote it, so it was not used. {found[0]}",
                "Use another backup; `strongroom vault verify` names every change in a vault.",
            )
        count = "SELECT (SELECT count(*) FROM community), (SELECT count(*) FROM entry WHERE deleted = '')"
        communities, entries = connection.execute(count).fetchone()
        changed = connection.execute("SELECT CAST(at AS TEXT) FROM audit ORDER BY id DESC LIMIT 1").fetchone()
        return Contents(
            communities,
            entries,
            header.generation,
            changed[0] if changed else header.created,
            master is not None,
        )


def _generation(connection: sqlite3.Connection) -> int:
    try:
        return manifest.read_header(connection)[0].generation
    except sqlite3.DatabaseError:
        return 0  # what is replaced may be damaged


def _exchange(staged: str, path: str, kept: str) -> None:
    """Puts the file `staged` in the place of `path`, which is kept, with its journal, as `kept`."""
    try:
        os.link(path, kept, follow_symlinks=False)
        if os.path.lexists(path + "-journal"):
            os.replace(path + "-journal", kept + "-journal")
        os.replace(staged, path)
        files.sync_folder(os.path.dirname(path))
    except OSError as error:
        raise files.storage_error(path, error) from None


def _free_name(path: str) -> str:
    """Where the replaced vault is kept: the time is in the name."""
    stem = f"{path}.replaced-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}"
    name, number = stem, 1
    while os.path.lexists(name):
        number += 1
        name = f"{stem}-{number}"
    return name


def _exists(path: str) -> VaultExists:
    return VaultExists(f"{path} exists already, and it is never overwritten.", "Name another file.")
