"""Make the entry that a connector asks for and the vault does not have."""

from typing import TYPE_CHECKING

from strongroom.names import Kind
from strongroom_tui.dialogs.form import Draft, EntryForm
from strongroom_tui.flows.editing import add
from strongroom_tui.model.secrets.undo import Change, Move

if TYPE_CHECKING:
    from strongroom_tui.host import Host


async def make_missing(host: "Host", name: str, kind: Kind, community: str = "") -> bool:
    """Ask for the value of a missing name. Return True once the value is saved.

    `community` is the shown one by default. If the name exists, a notice says so, and nothing is asked.
    """
    if not name or not await host.ensure_unlocked():
        return False
    community = community or host.snapshot.community
    if await host.vault_call(host.session.find, community, name) is not None:
        host.say(f"{name} is in {community} already")
        return False

    moves: list[Move] = []

    async def save(draft: Draft) -> None:
        moves.append(await add(host, community, draft))

    entries = await host.vault_call(host.session.names, community)
    form = EntryForm(community, set(entries.by_name), save, today=host.clock().date(), name=name, kind=kind)
    made = await host.push_screen_wait(form)
    if not made:
        return False
    host.undo.did(Change(f"added {made}", made, tuple(moves)))
    await host.refresh_vault()
    host.say(f"✓ added {made} to {community}")
    return True
