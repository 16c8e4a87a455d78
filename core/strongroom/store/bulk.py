"""Many entries at once: all values of a community from one state of the file, and many saves in one transaction.

For import and export (`strongroom.transfer`). Like `Vault`'s own methods these are all or nothing, and what is
read is verified.
"""

from collections.abc import Sequence
from typing import NamedTuple

from strongroom.names import Kind
from strongroom.store.errors import EntryChanged
from strongroom.store.format.audit import Action
from strongroom.store.format.manifest import EntryRow
from strongroom.store.rows import history, saving
from strongroom.store.rows.communities import new_community
from strongroom.store.rows.expected import Saved, live_entry, saved, tag_of
from strongroom.store.rows.transactions import now
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue


class Held(NamedTuple):
    """One entry with its value. `version` counts the values it has had, from 1; `tag` is as in `Entry`."""

    name: str
    kind: Kind
    value: SecretValue
    note: str
    expires: str
    version: int
    tag: bytes = b""

    def seen(self) -> Saved:
        """Return what a save compares with."""
        return Saved(self.name, self.version, self.note, self.expires, self.tag)


class Put(NamedTuple):
    """One save. None leaves what is there; a new entry needs a value.

    `seen` is the entry as the caller saw it, None where the name was free.
    """

    name: str
    kind: Kind
    value: SecretValue | None
    note: str | None
    expires: str | None
    seen: Saved | None = None


def read_all(vault: Vault, community: str) -> dict[str, Held]:
    """Every live entry of `community` by name; none where the vault has no such community.

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
            data = ledger.open_version(owner, entry, ledger.version(owner, entry, entry.version))
            value = SecretValue(saving.value_text(data))
            found[entry.name] = Held(
                entry.name,
                Kind(entry.kind),
                value,
                entry.note,
                entry.expires,
                entry.version,
                tag_of(ledger, entry),
            )
        return dict(sorted(found.items()))


def put_many(vault: Vault, community: str, puts: Sequence[Put]) -> list[Saved]:
    """All of `puts` in one transaction, or none. A community that the vault does not have is made.

    Gives the entries as they are then. Raises what `Vault.add` and `Vault.set` raise, and `EntryChanged` where an
    entry is no longer the one that the caller saw.
    """
    community = saving.clean_community(community)
    prepared = [(put, _checked(put)) for put in puts]
    ledger = vault._ledger
    written = []
    with ledger.writing():
        at = now()
        owner = ledger.find_community(community) or new_community(ledger, community, at)
        key = ledger.next_id("entry")
        for put, data in prepared:
            if put.seen:
                entry = live_entry(ledger, owner, put.name, put.seen.tag)
                written.append(
                    saved(ledger, history.store(ledger, owner, entry, data, put.note, put.expires))
                )
                continue
            taken = ledger.find_or_free(owner, put.name)
            if taken is not None:
                raise EntryChanged(put.name, community, "added", taken.changed)
            row = EntryRow(
                key, owner.id, put.name, put.kind.value, 1, put.note or "", put.expires or "", at, at, ""
            )
            ledger.insert_entry(owner, row, data or b"")
            ledger.audit(at, Action.ADD, community, row.name, row.kind, entry=row.id, version=1)
            written.append(saved(ledger, row))
            key += 1
    return written


def _checked(put: Put) -> bytes | None:
    saving.check_name(put.name)
    saving.check_note(put.note or "")
    saving.check_expiry(put.expires or "")
    if put.value is None and put.seen:
        return None
    return saving.value_bytes(put.value or SecretValue(""))
