"""Back up a vault, and restore a backup.

Each copy is read again and checked before it counts. A backup is a vault file like any other: it opens with
the ways in that the vault had at that time. Copies are made by SQLite itself from one state of the file,
while other processes go on.

Restoring over a vault that can still be opened writes into that file in one SQLite transaction, under an
exclusive lock: a kill leaves the old vault or the new one, and processes that have it open see the change. A
file that is not a vault any more is exchanged for the new one instead. Either way the replaced state stays
beside it under another name.
"""

# os.path, because pathlib is slow to import.

import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from types import TracebackType
from typing import NamedTuple

from strongroom.store.copying import Staged, VaultContents, check_copy, copy_state, describe, exists
from strongroom.store.errors import (
    NoKey,
    VaultAltered,
    VaultDamaged,
    VaultExists,
    VaultForeign,
    VaultMissing,
    VaultNewer,
    WrongKey,
)
from strongroom.store.file import connection as sqlite
from strongroom.store.file import files, seen
from strongroom.store.file.seen import SeenState
from strongroom.store.format import manifest
from strongroom.store.format.audit import AuditAction
from strongroom.store.format.manifest import AuditRow, VaultRow
from strongroom.store.format.slots import Slot
from strongroom.store.keys.ways import Way
from strongroom.store.rows import unlocking
from strongroom.store.rows.ledger import Ledger
from strongroom.store.rows.transactions import now
from strongroom.store.vault import Vault

__all__ = ["Replaced", "Restoration", "VaultContents", "back_up"]


def back_up(vault_path: str, target: str, vault: Vault | None = None) -> VaultContents:
    """Copy the vault to the new file `target`, mode 0600, and check the copy.

    With `vault` (the same one, unlocked) every value in the copy is checked too.

    Never overwrites. Raises VaultExists, VaultDamaged, VaultAltered, VaultStorage, VaultExposed, VaultBusy.
    """
    vault_path, target = os.path.abspath(vault_path), os.path.abspath(target)
    if os.path.lexists(target):
        raise exists(target)
    with Staged(target, sealed=True) as staged:
        with closing(sqlite.connect(vault_path, write=False)) as source:
            vault_row = copy_state(vault_path, source, staged.path, target)
        contents = check_copy(staged.path, target, vault._ledger.master if vault else None)
        if contents.generation != vault_row.generation:
            raise VaultDamaged(f"The copy of {vault_path} is not the state that was copied.", "Do it again.")
        staged.publish()
    return contents


class Replaced(NamedTuple):
    """Hold what is at the vault's path before a restore.

    The contents of a file that is not a vault are None.
    """

    contents: VaultContents | None
    same_vault: bool


class Restoration:
    """Copy a backup next to the vault and check it, ready to take the vault's place.

    A context manager.

    Raises, on entering, what the backup's file raises when it is opened: VaultMissing, VaultForeign,
    VaultDamaged, VaultAltered, NoKey, WrongKey.
    """

    contents: VaultContents
    replaced: "Replaced | None"

    def __init__(self, vault_path: str, backup: str, ways: Sequence[Way] | None) -> None:
        """Take the ways that open the backup, or None to look at its structure only."""
        self.path, self.backup = os.path.abspath(vault_path), os.path.abspath(backup)
        self._ways = ways
        self._staged = Staged(self.path)
        self._master: bytes | None = None
        self._renewed: SeenState | None = None

    def __enter__(self) -> "Restoration":
        if os.path.realpath(self.path) == os.path.realpath(self.backup):
            raise VaultExists(f"{self.backup} is the vault itself.", "Name the file of a backup.")
        if not os.path.lexists(self.backup):
            raise VaultMissing(f"There is no backup at {self.backup}.", "Name the file of a backup.")
        files.make_private_folder(os.path.dirname(self.path))
        self._staged.__enter__()
        try:
            with closing(sqlite.connect(self.backup, write=False, sealed=True)) as source:
                vault_row = copy_state(self.backup, source, self._staged.path, self.path)
                with sqlite.explained(self.backup):
                    slots = unlocking.read_slots(source)
            if self._ways is not None:
                self._master = self._find_master(vault_row, slots, self._ways)
            self.contents = check_copy(self._staged.path, self.backup, self._master)
            self.replaced = self._what_is_there(vault_row)
        except BaseException:
            self._staged.remove()
            raise
        return self

    def _find_master(self, vault_row: VaultRow, slots: Sequence[Slot], ways: Sequence[Way]) -> bytes:
        """Return the master key. Raises WrongKey or NoKey with the backup's way out."""
        try:
            return unlocking.find_master(self.backup, vault_row, slots, ways).master
        except (WrongKey, NoKey) as error:
            way_out = (
                "A backup opens with the ways in that the vault had when it was made: give one of those, or restore "
                "it with --without-key."
            )
            raise type(error)(error.message, way_out) from None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._staged.remove()

    def apply(self) -> str | None:
        """Put the backup in the vault's place. Return the file that keeps the old one.

        The result is None if nothing was there. With the key the restored vault counts as the newest change
        of all, so that no machine takes it for an old file that somebody put there, and the replaced one is
        noticed if it comes back.
        """
        kept = _free_name(self.path) if os.path.lexists(self.path) else None
        if kept is None:
            self._renew(None)
            self._staged.publish()
        else:
            try:
                live = sqlite.connect(self.path, write=True)
            except (VaultForeign, VaultDamaged, VaultNewer):
                self._renew(None)
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
            with Staged(kept) as copy:
                with closing(sqlite.open_database(copy.path)) as target:
                    live.backup(target)
                copy.publish()
            self._renew(_state(live))
            with closing(sqlite.open_database(self._staged.path)) as source:
                source.backup(live)
            live.execute("PRAGMA locking_mode=NORMAL").close()
            live.execute("SELECT 1 FROM vault").fetchall()  # the lock is let go at the next read

    def _renew(self, replaced: SeenState | None) -> None:
        """Count the restored state as the newest change.

        It follows the replaced state and the newest one that was seen. Its audit trail names both, so that a
        machine that has seen them knows that this one follows.
        """
        if self._master is None:
            return
        with (
            sqlite.explained(self.path),
            closing(sqlite.open_database(self._staged.path)) as connection,
        ):
            vault_row, _ = manifest.read_vault_row(connection)
            ledger = Ledger(self.path, connection, self._master, vault_row)
            ledger.doubted = True  # the staged file is not a state to remember
            before = [
                state
                for state in (replaced, *seen.read_seen(self.path))
                if state is not None and state.store_id == vault_row.store_id
            ]
            with ledger.writing():
                newest = max([ledger.vault_row.generation, *(state.generation for state in before)])
                ledger.vault_row = ledger.vault_row._replace(generation=newest)
                rows = dict.fromkeys(state.row for state in before if state.row)
                ledger.audit(now(), AuditAction.RESTORE_BACKUP, detail=" ".join(rows))
            with ledger.reading():
                self._renewed = ledger.state(manifest.read_vault_row(connection)[1])

    def _remember(self) -> None:
        """Remember the restored state, so that it is not reported as a step back."""
        state = self._renewed
        if state is None:
            with closing(sqlite.connect(self.path, write=False)) as connection, sqlite.explained(self.path):
                vault_row, root = manifest.read_vault_row(connection)
            state = SeenState(vault_row.store_id, vault_row.generation, root)
        seen.write_seen(self.path, state)

    def _what_is_there(self, vault_row: VaultRow) -> "Replaced | None":
        """Return the state that the backup with this row would replace."""
        if not os.path.lexists(self.path):
            return None
        try:
            with closing(sqlite.connect(self.path, write=False)) as live, sqlite.explained(self.path):
                live.execute("BEGIN")
                present, _ = manifest.read_vault_row(live)
                return Replaced(describe(live, present, opened=False), present.store_id == vault_row.store_id)
        except (VaultForeign, VaultDamaged, VaultNewer, VaultAltered):
            return Replaced(None, same_vault=False)


def _state(connection: sqlite3.Connection) -> SeenState | None:
    """Return the state of the file that is replaced, or None where it is damaged.

    Nothing of it is verified.
    """
    try:
        vault_row, root = manifest.read_vault_row(connection)
        row = connection.execute(
            f"SELECT {manifest.columns(AuditRow)} FROM audit ORDER BY id DESC LIMIT 1"  # noqa: S608  # own names
        ).fetchone()
        digest = seen.row_digest(AuditRow(*row)) if row else ""
    except (sqlite3.DatabaseError, TypeError, ValueError):
        return None
    return SeenState(vault_row.store_id, vault_row.generation, root, digest)


def _exchange(staged: str, path: str, kept: str) -> None:
    """Put the file `staged` in the place of `path`, and keep the old one as `kept`.

    The old journal is kept with the old file.
    """
    try:
        os.link(path, kept, follow_symlinks=False)
        if os.path.lexists(path + "-journal"):
            os.replace(path + "-journal", kept + "-journal")
        os.replace(staged, path)
        files.sync_folder(os.path.dirname(path))
    except OSError as error:
        raise files.storage_error(path, error) from None


def _free_name(path: str) -> str:
    """Return the name of the file that keeps the replaced vault, with the time in it."""
    stem = f"{path}.replaced-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}"
    name, number = stem, 1
    while os.path.lexists(name):
        number += 1
        name = f"{stem}-{number}"
    return name
