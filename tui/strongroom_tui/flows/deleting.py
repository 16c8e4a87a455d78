"""Delete entries, after saying which connectors would stop working."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from strongroom.store.rows.expected import Saved
from strongroom.text.phrases import counted
from strongroom_tui.dialogs.confirm import Confirm
from strongroom_tui.flows.conflicts import Mine
from strongroom_tui.flows.many import change_rows
from strongroom_tui.model.secrets.undo import UndoableChange
from strongroom_tui.model.text.words import one_line

if TYPE_CHECKING:
    from strongroom_tui.host import Host
    from strongroom_tui.model.secrets.name_row import NameRow

SHOWN = 6
"""Lines of consequences that are listed before "and N more"."""


async def delete_entries(host: "Host", rows: "Sequence[NameRow]") -> UndoableChange | None:
    """Delete these entries after a question. Return None without a yes."""
    if not rows or not await host.ensure_unlocked():
        return None
    what = rows[0].name if len(rows) == 1 else counted(len(rows), "entry", "entries")
    yes = "delete it" if len(rows) == 1 else "delete them"
    if not await host.push_screen_wait(Confirm(f"Delete {what}?", delete_lines(rows), yes)):
        return None
    community = host.snapshot.community

    async def delete(row: "NameRow", tag: bytes) -> Saved:
        return await host.vault_call(host.session.delete, community, row.name, tag)

    mine = Mine("delete", community, "to be deleted", "", "")
    done = await change_rows(host, ("deleting", "delete"), mine, rows, delete)
    said = what if len(done) == len(rows) else counted(len(done), "entry", "entries")
    return UndoableChange(f"deleted {said}", rows[0].name, tuple(done))


def delete_lines(rows: "Sequence[NameRow]") -> list[str]:
    """Return sentences that say what deleting these entries does."""
    used = [row for row in rows if row.uses]
    back = "z takes it back afterwards."
    if not used:
        these = f"this {rows[0].kind.value}" if len(rows) == 1 else "any of them"
        return [f"No connector in this folder uses {these}.", "", back]
    if len(rows) == 1:
        broken = [one_line(use) for use in rows[0].uses]
    else:
        broken = [f"{row.name}: {', '.join(one_line(use) for use in row.uses)}" for row in used]
    connectors = {use for row in used for use in row.uses}
    lines = [f"{counted(len(connectors), 'connector')} would stop working:", ""]
    lines += [f"  · {line}" for line in broken[:SHOWN]]
    if len(broken) > SHOWN:
        lines.append(f"  … and {len(broken) - SHOWN} more")
    return [*lines, "", back]
