"""Choose the vault's write that brings an entry from one state to another."""

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from strongroom.store.rows.expected import Saved


class EntryWrite(Enum):
    """Name a write of the vault."""

    DELETE = "delete"
    UNDELETE = "undelete"
    RENAME = "rename"
    RESTORE = "restore"
    DESCRIBE = "describe"


def write_for(now: "Saved", wanted: "Saved | None") -> EntryWrite:
    """Return the write that brings an entry from state `now` to state `wanted`.

    The entry had the wanted state before or after the present one.
    """
    if wanted is None or wanted.is_deleted:
        return EntryWrite.DELETE
    if now.is_deleted:
        return EntryWrite.UNDELETE
    if now.name != wanted.name:
        return EntryWrite.RENAME
    return EntryWrite.DESCRIBE if now.version == wanted.version else EntryWrite.RESTORE
