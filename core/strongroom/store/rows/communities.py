"""Add, choose, rename and delete communities of an unlocked vault."""

from strongroom.store.errors import DuplicateCommunity
from strongroom.store.format.audit import AuditAction
from strongroom.store.format.manifest import CommunityRow
from strongroom.store.rows import saving
from strongroom.store.rows.ledger import Ledger
from strongroom.store.rows.transactions import now


def add_community(ledger: Ledger, name: str) -> None:
    """See `Vault.add_community`."""
    name = saving.clean_community(name)
    with ledger.writing():
        _refuse_taken(ledger, name)
        new_community(ledger, name, now())


def use_community(ledger: Ledger, name: str) -> None:
    """See `Vault.use_community`."""
    with ledger.writing():
        community = ledger.community(name)
        ledger.vault_row = ledger.vault_row._replace(current=community.id)
        ledger.audit(now(), AuditAction.USE_COMMUNITY, name)


def rename_community(ledger: Ledger, old: str, new: str) -> None:
    """See `Vault.rename_community`.

    All values are sealed again, bound to the new name.
    """
    new = saving.clean_community(new)
    with ledger.writing():
        community = ledger.community(old)
        if new != old:
            _refuse_taken(ledger, new)
        renamed = community._replace(name=new)
        for entry in ledger.all_entries(community):
            ledger.reseal(community, entry, renamed, entry)
        ledger.put_community(renamed)
        ledger.audit(now(), AuditAction.RENAME_COMMUNITY, new, detail=old)


def delete_community(ledger: Ledger, name: str) -> None:
    """See `Vault.delete_community`."""
    with ledger.writing():
        community = ledger.community(name)
        for entry in ledger.all_entries(community):
            ledger.remove_entry(entry.id)
        ledger.remove_community(community.id)
        ledger.rewrite_values()
        if ledger.vault_row.current == community.id:
            ledger.vault_row = ledger.vault_row._replace(current=0)
        ledger.audit(now(), AuditAction.DELETE_COMMUNITY, name)


def new_community(ledger: Ledger, name: str, at: str) -> CommunityRow:
    """Write a community of this (cleaned, free) name, inside a transaction."""
    community = CommunityRow(ledger.next_id("community"), name, at)
    ledger.put_community(community)
    ledger.audit(at, AuditAction.ADD_COMMUNITY, name)
    return community


def _refuse_taken(ledger: Ledger, name: str) -> None:
    if ledger.find_community(name) is not None:
        raise DuplicateCommunity(f"The vault has a community named {name} already.", "Choose another name.")
