"""Keep earlier values and deleted names of an unlocked vault, all of them sealed.

Only a variable's live current value is in clear.
"""

from typing import NamedTuple

from strongroom.names import Kind
from strongroom.store.errors import EntryChanged, UnknownName
from strongroom.store.format.audit import AuditAction
from strongroom.store.format.manifest import CommunityRow, EntryRow
from strongroom.store.rows import saving
from strongroom.store.rows.expected import Saved, deleted_entry, live_entry, saved, tag_of
from strongroom.store.rows.ledger import Ledger
from strongroom.store.rows.transactions import now
from strongroom.values.secret_value import SecretValue


class Version(NamedTuple):
    """Hold one value that a name has or had, without the value itself.

    `created` is ISO 8601 in UTC.
    """

    number: int
    created: str
    is_current: bool


class Deleted(NamedTuple):
    """Hold a deleted name that `undelete` can bring back.

    `deleted` is ISO 8601 in UTC; `tag` is as in `Entry`.
    """

    name: str
    kind: Kind
    deleted: str
    tag: bytes = b""


def versions(ledger: Ledger, community: str, name: str) -> tuple[Version, ...]:
    """See `Vault.history`."""
    with ledger.reading():
        owner = ledger.community(community)
        entry = ledger.entry(owner, name)
        rows = [ledger.version(owner, entry, number) for number in sorted(ledger.versions(entry.id))]
        return tuple(
            Version(row.version, row.created, row.version == entry.version) for row in reversed(rows)
        )


def value_of(ledger: Ledger, community: str, name: str, number: int) -> SecretValue:
    """See `Vault.get_version`."""
    with ledger.reading():
        owner = ledger.community(community)
        entry = ledger.entry(owner, name)
        return SecretValue(ledger.value(owner, entry, number))


def restore(  # noqa: PLR0917  # what may be left out comes last
    ledger: Ledger,
    community: str,
    name: str,
    number: int,
    note: str | None,
    expires: str | None,
    expected: bytes | None,
) -> Saved:
    """See `Vault.restore`."""
    saving.check_details(note, expires)
    with ledger.writing():
        owner = ledger.community(community)
        entry = live_entry(ledger, owner, name, expected)
        data = ledger.open_version(owner, entry, ledger.version(owner, entry, number))
        return saved(ledger, store(ledger, owner, entry, data, note, expires, action=AuditAction.RESTORE))


def store(  # noqa: PLR0917  # what may be left out comes last
    ledger: Ledger,
    owner: CommunityRow,
    entry: EntryRow,
    data: bytes | None,
    note: str | None = None,
    expires: str | None = None,
    action: AuditAction = AuditAction.SET,
    *,
    made: str = "",
) -> EntryRow:
    """Write what is not None, inside a transaction, and return the changed entry.

    A new value is a new version. `action` is how the audit trail calls it. `made` is when the value was made,
    if that was elsewhere.
    """
    at = now()
    changed = entry._replace(
        note=entry.note if note is None else note,
        expires=entry.expires if expires is None else expires,
        changed=at,
        version=entry.version + (data is not None),
    )
    if data is not None:
        ledger.seal_plain(owner, entry)
        ledger.put_version(owner, changed, changed.version, made or at, data, live=True)
        ledger.drop_versions(entry.id, changed.version - ledger.vault_row.history_limit)
    ledger.put_entry(changed)
    action = AuditAction.DESCRIBE if data is None else action
    ledger.audit(at, action, owner.name, entry.name, entry.kind, entry=entry.id, version=changed.version)
    return changed


def delete(ledger: Ledger, community: str, name: str, expected: bytes | None) -> Saved:
    """See `Vault.delete`.

    For each name, as many deleted entries are kept as a value may have versions.
    """
    with ledger.writing():
        owner = ledger.community(community)
        return delete_entry(ledger, owner, live_entry(ledger, owner, name, expected))


def delete_entry(ledger: Ledger, owner: CommunityRow, entry: EntryRow, made: str = "") -> Saved:
    """Delete an entry, inside a transaction.

    `made` is the time of a deletion that was made elsewhere.
    """
    at = now()
    kept = ledger.deleted_entries(owner, entry.name)
    _remove(ledger, owner, kept[ledger.vault_row.history_limit - 1 :], at)
    ledger.seal_plain(owner, entry)
    gone = entry._replace(deleted=made or at, changed=at)
    ledger.put_entry(gone)
    ledger.audit(
        at, AuditAction.DELETE, owner.name, entry.name, entry.kind, entry=entry.id, version=entry.version
    )
    return saved(ledger, gone)


def deleted(ledger: Ledger, community: str) -> tuple[Deleted, ...]:
    """See `Vault.deleted`."""
    with ledger.reading():
        rows: dict[str, EntryRow] = {}
        for row in ledger.deleted_entries(ledger.community(community)):
            rows.setdefault(row.name, row)
        return tuple(
            Deleted(row.name, Kind(row.kind), row.deleted, tag_of(ledger, row)) for row in rows.values()
        )


def undelete(ledger: Ledger, community: str, name: str, expected: bytes | None) -> Saved:
    """See `Vault.undelete`."""
    with ledger.writing():
        owner = ledger.community(community)
        taken = ledger.find_or_free(owner, name)
        if taken is not None:
            raise saving.duplicate(name, community, taken.kind)
        at = now()
        entry = _newest_deleted(ledger, owner, name, expected)._replace(deleted="", changed=at)
        version = ledger.version(owner, entry, entry.version)
        data = ledger.open_version(owner, entry, version)
        ledger.put_version(owner, entry, entry.version, version.created, data, live=True)
        ledger.put_entry(entry)
        ledger.audit(
            at, AuditAction.UNDELETE, community, name, entry.kind, entry=entry.id, version=entry.version
        )
        return saved(ledger, entry)


def purge(ledger: Ledger, community: str, name: str, *, live: bool, expected: bytes | None) -> None:
    """See `Vault.purge`."""
    with ledger.writing():
        owner, at = ledger.community(community), now()
        entry = ledger.find_or_free(owner, name) if live else None
        if entry is not None:
            _remove(ledger, owner, [entry], at)
        else:
            newest = _newest_deleted(ledger, owner, name, expected)
            gone = ledger.deleted_entries(owner, name)
            if newest != gone[0]:
                raise EntryChanged(name, owner.name, "deleted again", gone[0].deleted)
        _remove(ledger, owner, ledger.deleted_entries(owner, name), at)
        ledger.rewrite_values()


def _newest_deleted(ledger: Ledger, owner: CommunityRow, name: str, expected: bytes | None) -> EntryRow:
    gone = deleted_entry(ledger, owner, name, expected)
    if gone is None:
        raise UnknownName(f"The community {owner.name} has no deleted {name}.", "Add it again.")
    return gone


def _remove(ledger: Ledger, owner: CommunityRow, gone: list[EntryRow], at: str) -> None:
    for row in gone:
        ledger.remove_entry(row.id)
        ledger.audit(at, AuditAction.PURGE, owner.name, row.name, row.kind, entry=row.id)
