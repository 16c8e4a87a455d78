"""Show both sides of a refused write, and write the side that is chosen.

The vault refuses a write if another program has changed the entry since the person saw it.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from strongroom.names import Kind
from strongroom.store.errors import EntryChanged
from strongroom.store.rows.expected import Saved
from strongroom.values.secret_value import SecretValue
from strongroom_tui.dialogs.confirm import Confirm
from strongroom_tui.dialogs.conflict import Answer, ComparedField, Conflict, Sides
from strongroom_tui.model.secrets.undo import Move
from strongroom_tui.model.text.words import age

if TYPE_CHECKING:
    from strongroom.store.rows.listing import Entry
    from strongroom_tui.host import Host
    from strongroom_tui.model.secrets.name_row import NameRow

NAMED = 8
"""Changed entries that a question names."""

Write = Callable[[bytes], Awaitable[Saved]]
"""Makes the change over the state of the entry that has this tag."""


class Revival(NamedTuple):
    """Make the change of an entry that was deleted meanwhile, if `can` allows it."""

    can: Callable[[], Awaitable[bool]]
    make: Callable[[], Awaitable[Move]]


class Mine(NamedTuple):
    """Hold the person's own side of a conflict, and the verb for writing it.

    A part that is None was not touched.
    """

    verb: str
    community: str
    value: SecretValue | str | None = None
    note: str | None = None
    expires: str | None = None


async def write_or_ask(
    host: "Host", row: "NameRow", mine: Mine, write: Write, revival: Revival | None = None
) -> Move | None:
    """Make a change over what was seen, or over what the person chooses to overwrite.

    Return None if the other program's side is kept. Raises `EntryChanged` if the person leaves without a choice.
    """
    before = row.seen()
    while True:
        try:
            return Move(mine.community, before, await write(before.tag))
        except EntryChanged as error:
            theirs = await host.vault_call(host.session.find, mine.community, row.name)
            can_revive = theirs is None and revival is not None and await revival.can()
            sides = await _sides(host, row, mine, theirs, error, can_revive=can_revive)
            answer = await host.push_screen_wait(Conflict(sides, host.reveal_seconds))
            if answer is None:
                raise
            if answer is Answer.THEIRS:
                await host.refresh_vault()
                host.say(f"{row.name} is left as the other program made it")
                return None
            if theirs is not None:
                before = Saved(theirs.name, theirs.version, theirs.note, theirs.expires, theirs.tag)
            elif revival is not None:
                return await revival.make()


async def _sides(
    host: "Host",
    row: "NameRow",
    mine: Mine,
    theirs: "Entry | None",
    error: EntryChanged,
    *,
    can_revive: bool,
) -> Sides:
    name = row.name
    overwrite, why = mine.verb, ""
    if theirs is None:
        overwrite, why = ("save again", "") if can_revive else ("", f"{name} is not there any more.")
    elif theirs.kind is not row.kind:
        overwrite, why = "", f"{name} is a {theirs.kind.value} now, and a kind cannot be changed."
    ago = age(error.changed, host.clock()) if error.changed else ""
    when = {"": "", "now": " a moment ago"}.get(ago, f" {ago} ago")
    message = f"It was {error.what} by another program{when}. Nothing was saved yet."
    return Sides(f"{name}: two changes", message, await _parts(host, mine, theirs), overwrite, why)


async def _parts(host: "Host", mine: Mine, theirs: "Entry | None") -> list[ComparedField]:
    untouched = "as it was"
    own = [untouched if side is None else side for side in (mine.value, mine.note, mine.expires)]
    if theirs is None:
        other: list[str | SecretValue] = ["not there any more", "", ""]
    else:
        value: str | SecretValue = theirs.value or ""
        if theirs.kind is Kind.SECRET:
            value = await host.vault_call(host.session.value, mine.community, theirs.name)
        other = [value, theirs.note or "–", theirs.expires or "–"]
    labels = ("value", "note", "expires")
    return [
        ComparedField(label, side or "–", theirs_)
        for label, side, theirs_ in zip(labels, own, other, strict=True)
    ]


async def ask_for_many(host: "Host", verb: str, refused: Sequence[EntryChanged]) -> bool:
    """Name the entries that another program changed. Ask if they are written too."""
    lines = [str(error.message) for error in refused[:NAMED]]
    if len(refused) > NAMED:
        lines.append(f"… and {len(refused) - NAMED} more")
    heading = f"{len(refused)} of them changed since you looked"
    answer = await host.push_screen_wait(Confirm(heading, [*lines, ""], f"{verb} too", "leave them"))
    return bool(answer)
