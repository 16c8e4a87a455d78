"""Make the entry that a connector asks for and the vault does not have."""

from typing import TYPE_CHECKING

from strongroom.names import Kind
from strongroom.values.secret_value import SecretValue
from strongroom_tui.dialogs.form import Draft, EntryForm
from strongroom_tui.flows.editing import add
from strongroom_tui.model.secrets.undo import Move, UndoableChange

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
    return bool(await make_entry(host, community, name, kind))


async def make_entry(
    host: "Host", community: str, name: str, kind: Kind, value: SecretValue | None = None
) -> str:
    """Show the form of a new entry. Return the name that was saved, or ""."""
    moves: list[Move] = []

    async def save(draft: Draft) -> None:
        moves.append(await add(host, community, draft))

    entries = await host.vault_call(host.session.names, community)
    today = host.clock().date()
    form = EntryForm(community, set(entries.by_name), save, today=today, name=name, kind=kind, value=value)
    made = await host.push_screen_wait(form)
    if not made:
        return ""
    host.undo.did(UndoableChange(f"added {made}", made, tuple(moves)))
    await host.refresh_vault()
    host.say(f"✓ added {made} to {community}")
    return made
