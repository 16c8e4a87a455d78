"""List the deleted entries. Restore one, or purge it from the vault."""

from typing import TYPE_CHECKING

from strongroom.store.errors import UnknownCommunity
from strongroom.store.rows.expected import Saved
from strongroom.store.rows.history import Deleted
from strongroom_tui.dialogs.confirm import Confirm
from strongroom_tui.dialogs.deleted import DeletedEntries, Wish
from strongroom_tui.model.secrets.undo import Move, UndoableChange

if TYPE_CHECKING:
    from strongroom_tui.host import Host

PURGE_LINES = (
    "Its value, its earlier values and its note are taken out of the vault's file.",
    "Nothing brings them back: neither z nor the history. Backups keep them.",
    "",
)


async def show_deleted(host: "Host") -> UndoableChange | None:
    """List the deleted entries of the shown community. Purge or restore one.

    Return the change if an entry was restored.
    """
    if not await host.ensure_unlocked():
        return None
    community = host.snapshot.community
    while entries := await _deleted(host, community):
        chosen = await host.push_screen_wait(DeletedEntries(community, entries, host.clock))
        if chosen is None:
            return None
        if chosen.wish is Wish.RESTORE:
            return await _restore(host, community, chosen.entry)
        await _purge(host, community, chosen.entry)
    host.say(f"nothing deleted is kept in {community}")
    return None


async def _deleted(host: "Host", community: str) -> tuple[Deleted, ...]:
    try:
        return await host.vault_call(host.session.deleted, community)
    except UnknownCommunity:
        return ()


async def _restore(host: "Host", community: str, entry: Deleted) -> UndoableChange:
    saved = await host.keyed_call(host.session.undelete, community, entry.name, entry.tag)
    before = Saved(entry.name, saved.version, saved.note, saved.expires, entry.tag, is_deleted=True)
    return UndoableChange(f"restored {entry.name}", entry.name, (Move(community, before, saved),))


async def _purge(host: "Host", community: str, entry: Deleted) -> None:
    question = Confirm(f"Purge {entry.name} for good?", PURGE_LINES, "purge it")
    if await host.push_screen_wait(question):
        await host.keyed_call(host.session.purge, community, entry.name, entry.tag)
        host.say(f"✓ purged {entry.name}: nothing of it is kept")
