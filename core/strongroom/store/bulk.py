"""Read all values of a community, and write many entries.

The values are read from one state of the file; the entries are written in one transaction.

For import and export (`strongroom.transfer`). Like `Vault`'s own methods these are all or nothing, and what is
read is verified.
"""

from collections.abc import Sequence
from typing import NamedTuple

from strongroom.names import Kind
from strongroom.store.errors import EntryChanged
from strongroom.store.format.manifest import EntryRow
from strongroom.store.rows import entries, history, saving
from strongroom.store.rows.communities import new_community
from strongroom.store.rows.expected import Saved, live_entry, saved, tag_of
from strongroom.store.rows.transactions import now
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue


class EntryWithValue(NamedTuple):
    """Hold one entry with its value.

    `version` counts the values that the entry has had, from 1; `tag` is as in `Entry`.
    """

    name: str
    kind: Kind
    value: SecretValue
    note: str
    expires: str
    version: int
    tag: bytes = b""

    def seen(self) -> Saved:
        """Return the state that a save compares with."""
        return Saved(self.name, self.version, self.note, self.expires, self.tag)


class Save(NamedTuple):
    """Hold one save.

    None leaves what is there; a new entry needs a value.

    `seen` is the entry as the caller saw it, None where the name was free.
    """

    name: str
    kind: Kind
    value: SecretValue | None
    note: str | None
    expires: str | None
    seen: Saved | None = None


def read_all(vault: Vault, community: str) -> dict[str, EntryWithValue]:
    """Return every live entry of `community` by name.

    The result is empty where the vault has no such community.

    Raises `VaultAltered`.
    """
    ledger = vault._ledger
    with ledger.reading():
        owner = ledger.find_community(community)
        if owner is None:
            return {}
        found = {}
        for entry in ledger.all_entries(owner):
            if entry.deleted:
                continue
            value = SecretValue(ledger.value(owner, entry, entry.version))
            found[entry.name] = EntryWithValue(
                entry.name,
                Kind(entry.kind),
                value,
                entry.note,
                entry.expires,
                entry.version,
                tag_of(ledger, entry),
            )
        return dict(sorted(found.items()))


def save_many(vault: Vault, community: str, saves: Sequence[Save]) -> list[Saved]:
    """Write all of `saves` in one transaction, or none of them.

    Returns the entries as they are then.

    A community that the vault does not have is made. Raises what `Vault.add` and `Vault.set` raise, and `EntryChanged`
    where an entry is not the one that the caller saw.
    """
    community = saving.clean_community(community)
    prepared = [(save, _checked(save)) for save in saves]
    ledger = vault._ledger
    written = []
    with ledger.writing():
        at = now()
        owner = ledger.find_community(community) or new_community(ledger, community, at)
        key = ledger.next_id("entry")
        for save, data in prepared:
            if save.seen:
                entry = live_entry(ledger, owner, save.name, save.seen.tag)
                changed = history.store(ledger, owner, entry, data, save.note, save.expires)
                written.append(saved(ledger, changed))
                continue
            taken = ledger.find_or_free(owner, save.name)
            if taken is not None:
                raise EntryChanged(save.name, community, "added", taken.changed)
            details = (save.note or "", save.expires or "")
            row = EntryRow(key, owner.id, save.name, save.kind.value, 1, *details, at, at, "")
            written.append(entries.insert(ledger, owner, row, data or b""))
            key += 1
    return written


def _checked(save: Save) -> bytes | None:
    """Return the value's bytes, or None where the value stays.

    Raises what `Vault.add` raises.
    """
    saving.check_name(save.name)
    saving.check_details(save.note, save.expires)
    if save.value is None and save.seen:
        return None
    return saving.value_bytes(save.value or SecretValue(""))
