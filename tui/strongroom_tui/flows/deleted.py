"""The deleted entries: bringing one back, and taking one out of the vault for good."""

from typing import TYPE_CHECKING

from strongroom.store.errors import UnknownCommunity
from strongroom.store.rows.expected import Saved
from strongroom.store.rows.history import Deleted
from strongroom_tui.dialogs.confirm import Confirm
from strongroom_tui.dialogs.deleted import DeletedEntries, Wish
from strongroom_tui.model.secrets.undo import Move

if TYPE_CHECKING:
    from strongroom_tui.host import Host
    from strongroom_tui.places.secrets import SecretsPane

PURGE_LINES = (
    "Its value, its earlier values and its note are taken out of the vault's file.",
    "Nothing brings them back: neither z nor the history. Backups keep them.",
    "",
)


async def show_deleted(pane: "SecretsPane") -> None:
    """List what was deleted from the shown community; restore or purge what is chosen, until it is left."""
    host = pane.host
    if not await host.ensure_unlocked():
        return
    community = host.snapshot.community
    while entries := await _deleted(host, community):
        chosen = await host.push_screen_wait(DeletedEntries(community, entries, pane.state.clock))
        if chosen is None:
            return
        if chosen.wish is Wish.RESTORE:
            await _restore(pane, community, chosen.entry)
            return
        await _purge(host, community, chosen.entry)
    host.say(f"nothing deleted is kept in {community}")


async def _deleted(host: "Host", community: str) -> tuple[Deleted, ...]:
    try:
        return await host.vault_call(host.session.deleted, community)
    except UnknownCommunity:
        return ()


async def _restore(pane: "SecretsPane", community: str, entry: Deleted) -> None:
    host = pane.host
    saved = await host.keyed_call(host.session.undelete, community, entry.name, entry.tag)
    before = Saved(entry.name, saved.version, saved.note, saved.expires, entry.tag, is_deleted=True)
    await pane.done(f"restored {entry.name}", entry.name, [Move(community, before, saved)])


async def _purge(host: "Host", community: str, entry: Deleted) -> None:
    question = Confirm(f"Purge {entry.name} for good?", PURGE_LINES, "purge it")
    if await host.push_screen_wait(question):
        await host.keyed_call(host.session.purge, community, entry.name, entry.tag)
        host.say(f"✓ purged {entry.name}: nothing of it is kept")
