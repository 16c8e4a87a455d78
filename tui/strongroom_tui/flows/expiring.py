"""Setting when entries expire, one or many at once."""

from typing import TYPE_CHECKING

from strongroom.store.vault import Vault
from strongroom_tui.screens.expiry import Expiry
from strongroom_tui.words import count

if TYPE_CHECKING:
    from strongroom_tui.screens.secrets import SecretsPane


async def set_expiry(pane: "SecretsPane") -> None:
    """Ask for a date and give it to the selected entries, or to the one under the cursor."""
    room, rows = pane.room, pane.targets
    if not rows or not await room.ensure_unlocked():
        return
    what = rows[0].name if len(rows) == 1 else count(len(rows), "entry", "entries")
    question = f"When {'does' if len(rows) == 1 else 'do'} {what} expire?"
    dialog = Expiry(question, rows[0].expires if len(rows) == 1 else "", pane.state.clock().date())
    expires = await room.push_screen_wait(dialog)
    if expires is None:
        return
    community = room.snapshot.community
    before = [(row.name, row.expires) for row in rows]

    async def take_back() -> None:
        await room.vault_call(room.session.do, _set_each, community, before)

    await room.vault_call(room.session.do, _set_each, community, [(name, expires) for name, _ in before])
    pane.state.selected.clear()
    said = f"{what} expires {expires}" if expires else f"{what} does not expire any more"
    await pane.done(said if len(rows) == 1 else said.replace("expires", "expire"), rows[0].name, take_back)


def _set_each(vault: Vault, community: str, dates: list[tuple[str, str]]) -> None:
    for name, expires in dates:
        vault.set(community, name, expires=expires)
