"""Read all values of a community, and write many entries, wherever they are."""

from collections.abc import Sequence

from strongroom.store.opened import OpenStore
from strongroom.store.rows.expected import Saved
from strongroom.store.rows.many import AuditSource, EntryWithValue, Over, Save

__all__ = ["AuditSource", "EntryWithValue", "Over", "Save", "read_all", "save_many"]


def read_all(vault: OpenStore, community: str) -> dict[str, EntryWithValue]:
    """See `Vault.read_all`."""
    return vault.read_all(community)


def save_many(
    vault: OpenStore, community: str, saves: Sequence[Save], source: AuditSource | None = None
) -> list[Saved]:
    """See `Vault.save_many`."""
    return vault.save_many(community, saves, source)
