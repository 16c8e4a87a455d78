"""Make an entry, or change one, with the form."""

from typing import TYPE_CHECKING

from strongroom.names import Kind
from strongroom.store.errors import UnknownCommunity
from strongroom.store.rows.expected import Saved
from strongroom.values.secret_value import SecretValue
from strongroom_tui.dialogs.form import Draft, EntryForm
from strongroom_tui.flows.conflicts import Mine, Revival, write_or_ask
from strongroom_tui.model.secrets.undo import Move, UndoableChange

if TYPE_CHECKING:
    from strongroom_tui.host import Host
    from strongroom_tui.model.secrets.name_row import NameRow


async def new_entry(host: "Host", missing: "NameRow | None") -> UndoableChange | None:
    """Ask for a new entry and return what was added.

    The form has the name and kind of `missing`, if there is one.
    """
    if not await host.ensure_unlocked():
        return None
    community = host.snapshot.community
    made: list[Move] = []

    async def save(draft: Draft) -> None:
        made.append(await add(host, community, draft))

    taken = {entry.name for entry in host.snapshot.entries}
    form = EntryForm(
        community,
        taken,
        save,
        today=host.clock().date(),
        name=missing.name if missing else "",
        kind=missing.kind if missing else Kind.SECRET,
    )
    name = await host.push_screen_wait(form)
    return UndoableChange(f"added {name}", name, tuple(made)) if name else None


async def add(host: "Host", community: str, draft: Draft) -> Move:
    """Save a new entry."""
    assert draft.value is not None
    saved = await host.keyed_call(
        host.session.add, community, draft.name, draft.kind, draft.value, draft.note, draft.expires
    )
    return Move(community, None, saved)


async def edit_entry(host: "Host", row: "NameRow") -> UndoableChange | None:
    """Ask for a new value, note and expiry of `row`. Return what was changed."""
    if not await host.ensure_unlocked():
        return None
    community = host.snapshot.community
    made: list[Move | None] = []

    async def save(draft: Draft) -> None:
        mine = _changes(community, row, draft)
        if mine.value is None and mine.note is None and mine.expires is None:
            return
        made.append(await _save(host, community, row, draft, mine))

    form = EntryForm(community, (), save, today=host.clock().date(), row=row)
    if not await host.push_screen_wait(form):
        return None
    if not made:
        host.say("nothing was changed")
    return UndoableChange(f"saved {row.name}", row.name, tuple(move for move in made if move is not None))


def _changes(community: str, row: "NameRow", draft: Draft) -> Mine:
    """Return what the draft changes of the entry as it was seen."""
    same = row.kind is Kind.VARIABLE and draft.value == SecretValue(row.value or "")
    value = None if same else draft.value
    # A variable is shown in full.
    shown = value.reveal() if value is not None and row.kind is Kind.VARIABLE else value
    note = None if draft.note == row.note else draft.note
    expires = None if draft.expires == row.expires else draft.expires
    return Mine("overwrite", community, shown, note, expires)


async def _save(host: "Host", community: str, row: "NameRow", draft: Draft, mine: Mine) -> Move | None:
    value = None if mine.value is None else draft.value

    async def write(tag: bytes) -> Saved:
        return await host.keyed_call(
            host.session.change, community, row.name, value, mine.note, mine.expires, tag
        )

    async def can_revive() -> bool:
        return value is not None or await host.vault_call(_deleted, host, community, row) is not None

    async def revive() -> Move:
        """Save over the deleted entry, which keeps its history.

        Save a new entry if no deleted one is kept.
        """
        gone = await host.vault_call(_deleted, host, community, row)
        if gone is None:
            return await add(host, community, draft)
        back = await host.vault_call(host.session.undelete, community, row.name, gone.tag)
        return Move(community, gone, await write(back.tag))

    return await write_or_ask(host, row, mine, write, Revival(can_revive, revive))


def _deleted(host: "Host", community: str, row: "NameRow") -> Saved | None:
    """Return the newest deleted entry of the same name and kind."""
    try:
        kept = host.session.deleted(community)
    except UnknownCommunity:
        return None
    found = next((one for one in kept if (one.name, one.kind) == (row.name, row.kind)), None)
    return None if found is None else Saved(row.name, row.version, row.note, row.expires, found.tag, True)
