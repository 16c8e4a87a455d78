"""Read a community as it is shared with other vaults.

The shared form has the deletions, the former names and the versions of each value.

A version is known everywhere by the time at which it was made, to the microsecond, and keeps that time when another
vault imports it. Because of that, two vaults can tell which of two values came after the other without a word on the
values themselves.
"""

from typing import Final, NamedTuple

from strongroom.names import Kind
from strongroom.store.format.manifest import AuditRow, CommunityRow, EntryRow
from strongroom.store.rows.expected import Saved, saved
from strongroom.store.rows.ledger import Ledger
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue

MOST_VERSIONS: Final = 100
MOST_NAMES: Final = 20


class SharedEntry(NamedTuple):
    """Hold what is known of one name.

    `value` is None for a deleted one. `versions` are the times at which its values were made, oldest first; a deletion
    is the last of them. `former` are the names that it had before, oldest first. `seen` is the entry as this vault has
    it, and None for one that is deleted or comes from elsewhere.
    """

    name: str
    kind: Kind
    value: SecretValue | None
    note: str = ""
    expires: str = ""
    versions: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    seen: Saved | None = None


class SharedState(NamedTuple):
    """Hold a community in one state of the vault.

    `vault` is the vault's id in hexadecimal digits, `generation` counts its changes.
    """

    vault: str
    generation: int
    entries: tuple[SharedEntry, ...]


class Imported(NamedTuple):
    """Hold what the audit trail says of a bundle that was imported.

    `sealed` is the time at which the bundle was sealed.
    """

    vault: str
    generation: int
    sealed: str

    def __str__(self) -> str:
        return f"{self.vault} {self.generation} {self.sealed}"

    @classmethod
    def of_row(cls, row: AuditRow) -> "Imported":
        """Return what `str` wrote into the detail of a row."""
        vault, generation, sealed = row.detail.split(" ")
        return cls(vault, int(generation), sealed)


def read_shared(vault: Vault, community: str) -> SharedState:
    """Return the community as it is now, deleted names too.

    It is empty where the vault has no such community. Raises `VaultAltered`.
    """
    ledger = vault._ledger
    with ledger.reading():
        owner = ledger.find_community(community)
        former = _former_names(ledger.audit_rows())
        groups: dict[str, list[EntryRow]] = {}
        for row in ledger.all_entries(owner) if owner else ():
            groups.setdefault(row.name, []).append(row)
        entries = [_entry(ledger, owner, groups[name], former) for name in sorted(groups) if owner]
        return SharedState(ledger.vault_row.store_id.hex(), ledger.vault_row.generation, tuple(entries))


def find_imported(vault: Vault, community: str, source: str) -> Imported | None:
    """Return the newest bundle of vault `source` imported into `community`, or None."""
    rows = [row for row in vault.audit() if row.action == "import-bundle" and row.community == community]
    found = [Imported.of_row(row) for row in rows]
    return max((one for one in found if one.vault == source), key=lambda one: one.generation, default=None)


def _entry(
    ledger: Ledger, owner: CommunityRow, group: list[EntryRow], former: dict[int, tuple[str, ...]]
) -> SharedEntry:
    """Return the entries of one name as one entry.

    The versions are in one line, whatever was deleted in between.
    """
    versions: list[str] = []
    for row in sorted(group, key=lambda row: (not row.deleted, row.deleted, row.id)):
        versions += [ledger.version(owner, row, number).created for number in sorted(ledger.versions(row.id))]
        versions += [row.deleted] if row.deleted else []
        last = row
    names = former.get(last.id, ())[:-1][-MOST_NAMES:]
    known = (tuple(versions[-MOST_VERSIONS:]), names)
    if last.deleted:
        return SharedEntry(last.name, Kind(last.kind), None, "", "", *known)
    value = SecretValue(ledger.value(owner, last, last.version))
    return SharedEntry(
        last.name, Kind(last.kind), value, last.note, last.expires, *known, saved(ledger, last)
    )


def _former_names(trail: list[AuditRow]) -> dict[int, tuple[str, ...]]:
    """Return the names that each entry had, and the one it has, by id, oldest first."""
    names: dict[int, list[str]] = {}
    for row in trail:
        if row.entry and names.setdefault(row.entry, [""])[-1] != row.name:
            names[row.entry].append(row.name)
    return {key: tuple(found[1:]) for key, found in names.items()}
