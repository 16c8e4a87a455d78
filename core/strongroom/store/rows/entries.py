"""Adding, changing and renaming the secrets and variables of an unlocked vault."""

from collections.abc import Iterable

from strongroom.store.format.audit import Action
from strongroom.store.format.manifest import EntryRow
from strongroom.store.rows import saving
from strongroom.store.rows.communities import new_community
from strongroom.store.rows.expected import Saved, live_entry, saved
from strongroom.store.rows.history import store
from strongroom.store.rows.ledger import Ledger
from strongroom.store.rows.new_entry import NewEntry
from strongroom.store.rows.transactions import now
from strongroom.values.secret_value import SecretValue


def add_many(ledger: Ledger, community: str, entries: Iterable[NewEntry]) -> list[Saved]:
    """See `Vault.add_many`."""
    community = saving.clean_community(community)
    new = []
    for entry in entries:
        saving.check_name(entry.name)
        saving.check_note(entry.note)
        saving.check_expiry(entry.expires)
        new.append((entry, saving.value_bytes(entry.value)))
    added = []
    with ledger.writing():
        at = now()
        owner = ledger.find_community(community) or new_community(ledger, community, at)
        key = ledger.next_id("entry")
        for fresh, data in new:
            existing = ledger.find_or_free(owner, fresh.name)
            if existing is not None:
                raise saving.duplicate(fresh.name, community, existing.kind)
            row = EntryRow(
                key, owner.id, fresh.name, fresh.kind.value, 1, fresh.note, fresh.expires, at, at, ""
            )
            ledger.insert_entry(owner, row, data)
            ledger.audit(at, Action.ADD, community, row.name, row.kind, entry=row.id, version=1)
            added.append(saved(ledger, row))
            key += 1
    return added


def change(  # noqa: PLR0917  # what may be left out comes last
    ledger: Ledger,
    community: str,
    name: str,
    value: SecretValue | None,
    note: str | None,
    expires: str | None,
    expected: bytes | None,
) -> Saved:
    """See `Vault.set`."""
    data = None if value is None else saving.value_bytes(value)
    if note is not None:
        saving.check_note(note)
    if expires is not None:
        saving.check_expiry(expires)
    with ledger.writing():
        owner = ledger.community(community)
        entry = live_entry(ledger, owner, name, expected)
        return saved(ledger, store(ledger, owner, entry, data, note, expires))


def rename(ledger: Ledger, community: str, old: str, new: str, expected: bytes | None) -> Saved:
    """See `Vault.rename`. A value is bound to its name, so all its versions are sealed again."""
    saving.check_name(new)
    with ledger.writing():
        owner = ledger.community(community)
        entry = live_entry(ledger, owner, old, expected)
        taken = ledger.find_or_free(owner, new)
        if taken is not None and new != old:
            raise saving.duplicate(new, community, taken.kind)
        at = now()
        renamed = entry._replace(name=new, changed=at)
        ledger.reseal(owner, entry, owner, renamed)
        ledger.audit(at, Action.RENAME, community, new, entry.kind, entry=entry.id, version=entry.version)
        return saved(ledger, renamed)
