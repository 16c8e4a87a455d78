"""Making and changing one entry with the form."""

from typing import TYPE_CHECKING

from strongroom.names import Kind
from strongroom.secret_value import SecretValue
from strongroom_tui.screens.form import Draft, EntryForm

if TYPE_CHECKING:
    from strongroom_tui.screens.secrets import SecretsPane
    from strongroom_tui.state import Row


async def new_entry(pane: "SecretsPane") -> None:
    """Make an entry; with the cursor on a missing name, that one."""
    room, row = pane.room, pane.row
    missing = row if row is not None and row.missing else None
    if not await room.ensure_unlocked():
        return
    community = room.snapshot.community

    async def save(draft: Draft) -> None:
        assert draft.value is not None
        await room.vault_call(
            room.session.add, community, draft.name, draft.kind, draft.value, draft.note, draft.expires
        )

    async def take_back() -> None:
        await room.vault_call(room.session.delete, community, name)

    taken = {entry.name for entry in room.snapshot.entries}
    form = EntryForm(
        community,
        taken,
        save,
        today=pane.state.clock().date(),
        name=missing.name if missing else "",
        kind=missing.kind if missing else Kind.SECRET,
    )
    name = await room.push_screen_wait(form) or ""
    if name:
        await pane.done(f"added {name}", name, take_back)


async def edit_entry(pane: "SecretsPane", row: "Row") -> None:
    """Change value, note and expiry of `row`."""
    room = pane.room
    if not await room.ensure_unlocked():
        return
    community = room.snapshot.community
    changed: list[str] = []

    async def save(draft: Draft) -> None:
        same = row.kind is Kind.VARIABLE and draft.value == SecretValue(row.value or "")
        value = None if same else draft.value
        note = None if draft.note == row.note else draft.note
        expires = None if draft.expires == row.expires else draft.expires
        await room.vault_call(room.session.change, community, row.name, value, note, expires)
        parts = {"value": value, "note": note, "expires": expires}
        changed.extend(part for part, new in parts.items() if new is not None)

    async def take_back() -> None:
        if "value" in changed:
            await room.vault_call(room.session.restore, community, row.name, row.version)
        await room.vault_call(room.session.change, community, row.name, None, row.note, row.expires)

    form = EntryForm(community, (), save, today=pane.state.clock().date(), row=row)
    if not await room.push_screen_wait(form):
        return
    if changed:
        await pane.done(f"saved {row.name}", row.name, take_back)
    else:
        room.say("nothing was changed")
