"""Make a vault, and find its master key by the ways that were given."""

# ruff: noqa: S608  # table and column names come from this package's own row types, never from outside

import os
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from strongroom.files.writing import remove_leftovers
from strongroom.store.errors import DuplicateSlot, NoKey, VaultAltered, VaultDamaged, VaultExists, WrongKey
from strongroom.store.file import connection as sqlite
from strongroom.store.file import files, mounts
from strongroom.store.format import crypto, manifest, slots
from strongroom.store.format.audit import AuditAction
from strongroom.store.format.manifest import VaultRow
from strongroom.store.format.schema import APPLICATION_ID, CREATE, FORMAT
from strongroom.store.format.slots import Slot, SlotKind
from strongroom.store.keys import ways
from strongroom.store.keys.ways import KeyFile, Passphrase, PublicKey, RememberedKey, Way
from strongroom.store.rows.ledger import Ledger
from strongroom.store.rows.transactions import now

HISTORY_LIMIT = 10
"""The versions of a value that a new vault keeps, the current one included."""


def create_file(path: str, given: Sequence[Way]) -> bytes:
    """Make the vault at `path` with a slot for each way. Return its master key.

    The file is built under another name in the same folder, and only a finished vault gets its name, without
    ever overwriting. Raises VaultExists, NoKey, VaultExposed, VaultStorage and whatever a way raises.
    """
    refuse_existing(path)
    if not given:
        raise NoKey(
            "A vault needs a way in.",
            "Give it a key file (--key-file FILE) or a passphrase.",
        )
    mounts.refuse_network(path)
    folder = os.path.dirname(path)
    files.make_private_folder(folder)
    files.check_private_folder(folder)
    store_id, master = os.urandom(16), os.urandom(crypto.KEY_BYTES)
    at = now()
    new: list[Slot] = []
    for way in given:
        new.append(make_slot(way, store_id, 1, master, at, new))
    temporary = f"{path}.new-{os.urandom(6).hex()}"
    try:
        files.create_private(temporary, b"")
        with sqlite.explained(path):
            _fill(temporary, store_id, master, new, at)
        files.publish(temporary, path)
    except FileExistsError:
        raise exists(path) from None
    except OSError as error:
        raise files.storage_error(path, error) from None
    finally:
        remove_leftovers(temporary, temporary + "-journal")
    return master


def refuse_existing(path: str) -> None:
    """Raise `VaultExists` if anything at all is at `path`."""
    if os.path.lexists(path):
        raise exists(path)


def exists(path: str) -> VaultExists:
    """Return the refusal to overwrite."""
    return VaultExists(
        f"{path} already exists, and Strongroom never overwrites a file.",
        "Use it, move it away, or name another path with --vault or STRONGROOM_VAULT.",
    )


def make_slot(  # noqa: PLR0917  # what a slot is made of
    way: Way, store_id: bytes, epoch: int, master: bytes, at: str, there: Sequence[Slot]
) -> Slot:
    """Return a proved slot for `way`.

    Raises `DuplicateSlot` if `way` opens one that is `there` already.
    """
    secret = way.new_secret(store_id)
    if isinstance(way, PublicKey):
        if any(slots.public_key(slot) == way.public for slot in there):
            raise _duplicate(way)
        return slots.slot_for(store_id, epoch, way.label, at, way.public, master)
    # The keyring holds one key for a vault: each keyring slot opens with the same key.
    for slot in there if way.kind is not SlotKind.KEYRING else ():
        if slot.kind == way.kind.value and _try(store_id, slot, way, secret) is not None:
            raise _duplicate(way)
    return slots.new_slot(store_id, epoch, way.kind, way.label, at, way.stretching(), secret, master)


def _duplicate(way: Way) -> DuplicateSlot:
    return DuplicateSlot(
        f"{way.subject[0].upper()}{way.subject[1:]} opens this vault already.",
        "Give another way: a second slot for this one would not add a way in.",
    )


class FoundMaster(NamedTuple):
    """Hold the master key, and the slot that gave it; None for a key kept in memory."""

    master: bytes
    slot: Slot | None

    def __repr__(self) -> str:
        return f"Found({self.slot!r})"


def _fill(path: str, store_id: bytes, master: bytes, new: Sequence[Slot], at: str) -> None:
    connection = sqlite.open_database(path)
    try:
        connection.execute("PRAGMA page_size=4096")
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={FORMAT}")
        for statement in CREATE:
            connection.execute(statement)
        base = os.urandom(32)
        keys = crypto.derive_subkeys(master, store_id, 1)
        vault_row = VaultRow(store_id, at, 1, 0, 0, HISTORY_LIMIT, base, crypto.key_check(keys, store_id, 1))
        connection.execute(
            f"INSERT INTO vault (id, {manifest.columns(VaultRow)}, root) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*vault_row, b""),
        )
        ledger = Ledger(path, connection, master, vault_row)
        ledger.audit(at, AuditAction.CREATE)
        for slot in new:
            ledger.put_slot(slot)
            ledger.audit(at, AuditAction.ADD_SLOT, name=slot.kind, detail=slot.slot_id.hex())
        ledger.write_root()
        connection.execute("COMMIT")
    finally:
        connection.close()


def read_slots(connection: sqlite3.Connection) -> list[Slot]:
    """Return the slots in the file, in the order they were added.

    Raises VaultDamaged or sqlite3.Error.
    """
    rows = connection.execute(f"SELECT {slots.COLUMNS} FROM slot ORDER BY id").fetchall()
    found = [Slot(*row) for row in rows]
    for slot in found:
        if [type(part) for part in slot] != [bytes, str, str, str, int, str, str, bytes, bytes]:
            raise VaultDamaged("A slot of the vault is damaged.", sqlite.RESTORE)
    return found


def find_master(
    path: str, vault_row: VaultRow, found: Sequence[Slot], given: Sequence[Way | RememberedKey]
) -> FoundMaster:
    """Return the master key, by the first given way that the vault has a slot for.

    Raises `WrongKey` if that way does not fit (the ways after it are not tried: nothing falls back silently),
    and `NoKey` if none of the given ways has a slot.
    """
    skipped = []
    for way in given:
        if isinstance(way, RememberedKey):
            master = way.master(vault_row.store_id)
            if master is not None and _is_master(vault_row, master):
                return FoundMaster(master, None)
            continue
        fitting = [slot for slot in found if ways.opens(way, slot.kind)]
        if fitting:
            try:
                return _open_one(path, vault_row, fitting, way)
            except WrongKey:
                has_slot = any(slot.kind == way.kind.value for slot in fitting)
                if has_slot and not (isinstance(way, KeyFile) and not way.is_named):
                    raise
        skipped.append(way.subject)
    kinds = [slot.kind for slot in found]
    tried = f" This vault has no slot for {' or '.join(skipped)}." if skipped else ""
    if not kinds:
        raise VaultAltered(f"Every way into {path} was taken out of the file.", sqlite.RESTORE)
    raise NoKey(f"{path} opens with {ways.describe(kinds)}, and none was given.{tried}", ways.ways_out(kinds))


def fitting_slot(path: str, vault_row: VaultRow, found: Sequence[Slot], way: Way, secret: bytes) -> Slot:
    """Return the slot among `found` that `way` opens with `secret`.

    Raises `WrongKey`.
    """
    for slot in found:
        if ways.opens(way, slot.kind) and _try(vault_row.store_id, slot, way, secret) is not None:
            return slot
    raise _wrong(path, way)


def _open_one(path: str, vault_row: VaultRow, fitting: Sequence[Slot], way: Way) -> FoundMaster:
    for _ in range(way.tries if isinstance(way, Passphrase) else 1):
        secret = way.secret(vault_row.store_id)
        for slot in fitting:
            master = _try(vault_row.store_id, slot, way, secret)
            if master is None:
                continue
            if _is_master(vault_row, master):
                return FoundMaster(master, slot)
            raise VaultAltered(
                f"A slot of {path} belongs to another master key than its values do.", sqlite.RESTORE
            )
    raise _wrong(path, way)


def _is_master(vault_row: VaultRow, master: bytes) -> bool:
    keys = crypto.derive_subkeys(master, vault_row.store_id, vault_row.epoch)
    return crypto.same(crypto.key_check(keys, vault_row.store_id, vault_row.epoch), vault_row.key_check)


def _try(store_id: bytes, slot: Slot, way: Way, secret: bytes) -> bytes | None:
    try:
        return slots.open_slot(store_id, slot, ways.secret_for(way, slot.kind, secret))
    except crypto.Tampered:
        return None


_OTHER_WAYS = (
    "No other way was tried; if the vault has a recovery code, `strongroom vault recover` opens it with that."
)


def _wrong(path: str, way: Way) -> WrongKey:
    return WrongKey(
        f'{way.subject[0].upper()}{way.subject[1:]} does not open "{path}".',
        f"Give the right one. {_OTHER_WAYS}",
    )
