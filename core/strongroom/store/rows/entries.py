"""Add, change and rename the secrets and variables of an unlocked vault."""

from strongroom.names import Kind
from strongroom.store.format.audit import AuditAction
from strongroom.store.format.manifest import CommunityRow, EntryRow
from strongroom.store.rows import saving
from strongroom.store.rows.communities import new_community
from strongroom.store.rows.expected import Saved, live_entry, saved
from strongroom.store.rows.history import store
from strongroom.store.rows.ledger import Ledger
from strongroom.store.rows.transactions import now
from strongroom.values.secret_value import SecretValue


def add(  # noqa: PLR0917  # what may be left out comes last
    ledger: Ledger, community: str, name: str, kind: Kind, value: SecretValue, note: str, expires: str
) -> Saved:
    """See `Vault.add`."""
    community = saving.clean_community(community)
    saving.check_name(name)
    saving.check_details(note, expires)
    data = saving.value_bytes(value)
    with ledger.writing():
        at = now()
        owner = ledger.find_community(community) or new_community(ledger, community, at)
        existing = ledger.find_or_free(owner, name)
        if existing is not None:
            raise saving.duplicate(name, community, existing.kind)
        row = EntryRow(ledger.next_id("entry"), owner.id, name, kind.value, 1, note, expires, at, at, "")
        return insert(ledger, owner, row, data)


def insert(ledger: Ledger, owner: CommunityRow, row: EntryRow, data: bytes, made: str = "") -> Saved:
    """Write a new entry with its first value, inside a transaction.

    `made` is when the value was made, if that was elsewhere.
    """
    ledger.insert_entry(owner, row, data, made or row.created)
    ledger.audit(
        row.created, AuditAction.ADD, owner.name, row.name, row.kind, entry=row.id, version=row.version
    )
    return saved(ledger, row)


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
    saving.check_details(note, expires)
    with ledger.writing():
        owner = ledger.community(community)
        entry = live_entry(ledger, owner, name, expected)
        return saved(ledger, store(ledger, owner, entry, data, note, expires))


def rename(ledger: Ledger, community: str, old: str, new: str, expected: bytes | None) -> Saved:
    """See `Vault.rename`. All versions are sealed again, bound to the new name."""
    saving.check_name(new)
    with ledger.writing():
        owner = ledger.community(community)
        entry = live_entry(ledger, owner, old, expected)
        taken = ledger.find_or_free(owner, new)
        if taken is not None and new != old:
            raise saving.duplicate(new, community, taken.kind)
        return saved(ledger, rename_entry(ledger, owner, entry, new))


def rename_entry(ledger: Ledger, owner: CommunityRow, entry: EntryRow, new: str) -> EntryRow:
    """Give an entry a free name, inside a transaction, and return the renamed entry."""
    at = now()
    renamed = entry._replace(name=new, changed=at)
    ledger.reseal(owner, entry, owner, renamed)
    ledger.audit(at, AuditAction.RENAME, owner.name, new, entry.kind, entry=entry.id, version=entry.version)
    return renamed
