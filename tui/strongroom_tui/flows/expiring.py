"""Setting when entries expire, one or many at once."""

from typing import TYPE_CHECKING

from strongroom.store.rows.expected import Saved
from strongroom.text.phrases import counted
from strongroom_tui.dialogs.expiry import Expiry
from strongroom_tui.flows.conflicts import Mine, write_or_ask
from strongroom_tui.flows.many import one_by_one

if TYPE_CHECKING:
    from strongroom_tui.model.secrets.state import Row
    from strongroom_tui.places.secrets import SecretsPane


async def set_expiry(pane: "SecretsPane") -> None:
    """Ask for a date and give it to the selected entries, or to the one under the cursor."""
    host, rows = pane.host, pane.targets
    if not rows or not await host.ensure_unlocked():
        return
    what = rows[0].name if len(rows) == 1 else counted(len(rows), "entry", "entries")
    question = f"When {'does' if len(rows) == 1 else 'do'} {what} expire?"
    dialog = Expiry(question, rows[0].expires if len(rows) == 1 else "", pane.state.clock().date())
    expires = await host.push_screen_wait(dialog)
    if expires is None:
        return
    community = host.snapshot.community

    async def change(row: "Row", tag: bytes) -> Saved:
        return await host.vault_call(host.session.change, community, row.name, None, None, expires, tag)

    if len(rows) == 1:
        mine = Mine("overwrite", community, expires=expires)
        done = [await write_or_ask(host, rows[0], mine, lambda tag: change(rows[0], tag))]
    else:
        done = [*await one_by_one(host, ("setting", "set"), community, rows, change)]
    pane.state.selected.clear()
    if len(done) != len(rows):
        what = counted(len(done), "entry", "entries")
    said = f"{what} expires {expires}" if expires else f"{what} does not expire any more"
    if len(rows) > 1:
        said = said.replace("expires", "expire").replace("does not", "do not")
    await pane.done(said, rows[0].name, done)
