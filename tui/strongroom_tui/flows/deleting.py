"""Deleting entries, after saying what would stop working."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from strongroom_tui.flows.many import one_by_one
from strongroom_tui.screens.confirm import Confirm
from strongroom_tui.words import count, one_line

if TYPE_CHECKING:
    from strongroom_tui.screens.secrets import SecretsPane
    from strongroom_tui.state import Row

SHOWN = 6
"""Lines of consequences that are listed before "and N more"."""


async def delete_entries(pane: "SecretsPane") -> None:
    """Delete the selected entries, or the one under the cursor."""
    room, rows = pane.room, pane.targets
    if not rows or not await room.ensure_unlocked():
        return
    what = rows[0].name if len(rows) == 1 else count(len(rows), "entry", "entries")
    yes = "delete it" if len(rows) == 1 else "delete them"
    if not await room.push_screen_wait(Confirm(f"Delete {what}?", delete_lines(rows), yes)):
        return
    community = room.snapshot.community

    async def delete(name: str) -> None:
        await room.vault_call(room.session.delete, community, name)

    async def undelete(name: str) -> None:
        await room.vault_call(room.session.undelete, community, name)

    async def take_back() -> None:
        await one_by_one(room, "bringing back", deleted, undelete)

    deleted = await one_by_one(room, "deleting", [row.name for row in rows], delete)
    pane.state.selected.clear()
    said = what if len(deleted) == len(rows) else count(len(deleted), "entry", "entries")
    await pane.done(f"deleted {said}", deleted[0], take_back)


def delete_lines(rows: "Sequence[Row]") -> list[str]:
    """What deleting these entries does, in sentences."""
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
    lines = [f"{count(len(connectors), 'connector')} would stop working:", ""]
    lines += [f"  · {line}" for line in broken[:SHOWN]]
    if len(broken) > SHOWN:
        lines.append(f"  … and {len(broken) - SHOWN} more")
    return [*lines, "", back]
