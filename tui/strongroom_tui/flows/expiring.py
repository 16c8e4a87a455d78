"""Set the date on which entries expire."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from strongroom.store.rows.expected import Saved
from strongroom.text.phrases import counted
from strongroom_tui.dialogs.expiry import Expiry
from strongroom_tui.flows.conflicts import Mine
from strongroom_tui.flows.many import change_rows
from strongroom_tui.model.secrets.undo import UndoableChange

if TYPE_CHECKING:
    from strongroom_tui.host import Host
    from strongroom_tui.model.secrets.name_row import NameRow


async def set_expiry(host: "Host", rows: "Sequence[NameRow]") -> UndoableChange | None:
    """Ask for a date and give it to these entries. Return None without a date."""
    if not rows or not await host.ensure_unlocked():
        return None
    what = rows[0].name if len(rows) == 1 else counted(len(rows), "entry", "entries")
    question = f"When {'does' if len(rows) == 1 else 'do'} {what} expire?"
    dialog = Expiry(question, rows[0].expires if len(rows) == 1 else "", host.clock().date())
    expires = await host.push_screen_wait(dialog)
    if expires is None:
        return None
    community = host.snapshot.community

    async def change(row: "NameRow", tag: bytes) -> Saved:
        return await host.vault_call(host.session.change, community, row.name, None, None, expires, tag)

    mine = Mine("overwrite", community, expires=expires)
    done = await change_rows(host, ("setting", "set"), mine, rows, change)
    changed = what if len(done) == len(rows) else counted(len(done), "entry", "entries")
    return UndoableChange(said_of(changed, len(done), expires), rows[0].name, tuple(done))


def said_of(what: str, count: int, expires: str) -> str:
    """Return the sentence that `count` entries, named `what`, got the date `expires`."""
    if expires:
        return f"{what} {'expires' if count == 1 else 'expire'} {expires}"
    return f"{what} {'does' if count == 1 else 'do'} not expire any more"
