"""List, add and remove an unlocked vault's ways in, and exchange its master key."""

import os
from collections.abc import Sequence

from strongroom.store.errors import LastSlot, UnknownName
from strongroom.store.format import crypto, slots
from strongroom.store.format.audit import Actor, AuditAction
from strongroom.store.format.slots import Slot
from strongroom.store.keys import remembered
from strongroom.store.keys.ways import Way
from strongroom.store.rows import unlocking
from strongroom.store.rows.checks import find_problems
from strongroom.store.rows.ledger import Ledger
from strongroom.store.rows.listing import SlotInfo
from strongroom.store.rows.transactions import altered, now


def info(slot: Slot) -> SlotInfo:
    """Return the part of a slot that may be shown."""
    return SlotInfo(slot.slot_id.hex(), slot.kind, slot.label, slot.created, slots.public_key(slot).hex())


def actor(slot: Slot | None) -> Actor:
    """Return a way in as the audit trail names it: a slot, or the key kept in memory."""
    if slot is None:
        return Actor("kept key", "")
    return Actor(f"{slot.kind} {slot.label}".rstrip(), slot.slot_id.hex())


def add_slot(ledger: Ledger, way: Way) -> str:
    """See `Vault.add_slot`."""
    with ledger.reading():
        there = list(ledger.all_slots().values())
    vault_row = ledger.vault_row
    slot = unlocking.make_slot(way, vault_row.store_id, vault_row.epoch, ledger.master, now(), there)
    with ledger.writing():
        _add(ledger, slot)
    return slot.slot_id.hex()


def remove_slot(ledger: Ledger, slot_id: str) -> None:
    """See `Vault.remove_slot`."""
    with ledger.writing():
        found = ledger.all_slots()
        key = next((key for key, slot in found.items() if slot.slot_id.hex() == slot_id), None)
        if key is None:
            raise UnknownName(f"The vault has no slot {slot_id!r}.", "See `strongroom vault slots`.")
        if len(found) == 1:
            raise LastSlot("The last way into a vault cannot be removed.", "Add another one first.")
        _drop(ledger, key, found[key], now())


def rotate(ledger: Ledger, given: Sequence[Way], new: Sequence[Way] = ()) -> tuple[SlotInfo, ...]:
    """See `Vault.rotate`.

    Everything is read with the old keys and written with the new ones, row by row.
    """
    before = (ledger.master, ledger.keys, ledger.actor)
    try:
        with ledger.writing():
            problems = find_problems(ledger)
            if problems:
                raise altered(problems[0])
            dropped = _rotate(ledger, given)
            for way in new:
                slot = unlocking.make_slot(
                    way, ledger.vault_row.store_id, ledger.vault_row.epoch, ledger.master, now(), ()
                )
                _add(ledger, slot)
    except BaseException:
        ledger.master, ledger.keys, ledger.actor = before
        raise
    remembered.forget(ledger.vault_row.store_id)  # the old master key would open every older copy
    return dropped


def _rotate(ledger: Ledger, given: Sequence[Way]) -> tuple[SlotInfo, ...]:
    store_id, epoch, at = ledger.vault_row.store_id, ledger.vault_row.epoch + 1, now()
    rows = ledger.all_slots()
    found = list(rows.values())
    master = os.urandom(crypto.KEY_BYTES)
    renewed: dict[bytes, Slot] = {}
    for way in given:
        secret = way.secret(store_id)
        old = unlocking.fitting_slot(ledger.path, ledger.vault_row, found, way, secret)
        if not slots.public_key(old):
            renewed[old.slot_id] = slots.new_slot(
                store_id, epoch, way.kind, old.label, at, way.stretching(), secret, master
            )
    if not given:
        raise LastSlot("A vault with a new master key needs a way in.", "Give at least one of its ways.")
    for old in found:
        if public := slots.public_key(old):
            renewed[old.slot_id] = slots.slot_for(store_id, epoch, old.label, at, public, master)
    old_keys, new_keys = ledger.keys, crypto.derive_subkeys(master, store_id, epoch)
    communities = ledger.all_communities()
    trail = ledger.audit_rows()
    ledger.vault_row = ledger.vault_row._replace(
        epoch=epoch, key_check=crypto.key_check(new_keys, store_id, epoch)
    )
    for community in communities:
        ledger.keys = old_keys
        for entry in ledger.all_entries(community):
            ledger.reseal(community, entry, community, entry, new_keys)
        ledger.keys = new_keys
        ledger.put_community(community)
    ledger.master, ledger.keys = master, new_keys
    ledger.rewrite_values()
    ledger.relink_audit(trail)
    for key, slot in rows.items():
        _drop(ledger, key, slot, at)
    for slot in renewed.values():
        _add(ledger, slot)
    ledger.audit(at, AuditAction.ROTATE)
    if ledger.actor and (mine := renewed.get(bytes.fromhex(ledger.actor.slot))):
        ledger.actor = actor(mine)
    return tuple(info(slot) for slot in found if slot.slot_id not in renewed)


def _add(ledger: Ledger, slot: Slot) -> None:
    ledger.put_slot(slot)
    ledger.audit(slot.created, AuditAction.ADD_SLOT, name=slot.kind, detail=slot.slot_id.hex())


def _drop(ledger: Ledger, key: int, slot: Slot, at: str) -> None:
    ledger.remove_slot(key)
    ledger.audit(at, AuditAction.REMOVE_SLOT, name=slot.kind, detail=slot.slot_id.hex())
