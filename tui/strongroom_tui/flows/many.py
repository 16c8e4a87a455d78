"""Change several entries one after the other, and stop at the first refusal."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from strongroom.errors import StrongroomError
from strongroom.store.errors import EntryChanged
from strongroom_tui.flows.conflicts import Mine, ask_for_many, write_or_ask
from strongroom_tui.model.secrets.undo import Move

if TYPE_CHECKING:
    from strongroom.store.rows.expected import Saved
    from strongroom_tui.host import Host
    from strongroom_tui.model.secrets.name_row import NameRow

SAID_EVERY: Final = 10
"""Changes from one notice of the progress to the next."""

Write = Callable[["NameRow", bytes], Awaitable["Saved"]]
"""Changes one entry, if it has this tag."""


async def change_rows(
    host: "Host", verbs: tuple[str, str], mine: Mine, rows: "Sequence[NameRow]", write: Write
) -> list[Move]:
    """Change each entry and return the changes.

    `verbs` is such as ("deleting", "delete"). An entry that another program changed meanwhile is written only if
    the person chooses that. A later refusal is shown, and the changes before it stay. Raises the refusal of the
    very first entry.
    """
    if len(rows) == 1:
        move = await write_or_ask(host, rows[0], mine, partial(write, rows[0]))
        return [] if move is None else [move]
    doing, do = verbs
    done, refused = await _write(host, doing, mine.community, rows, write)
    if refused and await ask_for_many(host, do, refused):
        names = {error.name for error in refused}
        await host.refresh_vault()
        now = {entry.name: entry for entry in host.snapshot.entries if entry.name in names}
        again = [row.as_now(now[row.name]) for row in rows if row.name in now]
        done += (await _write(host, doing, mine.community, again, write))[0]
    return done


async def _write(
    host: "Host", doing: str, community: str, rows: "Sequence[NameRow]", write: Write
) -> tuple[list[Move], list[EntryChanged]]:
    """Write each entry over the state that was seen. Return changes and refusals."""
    done: list[Move] = []
    refused: list[EntryChanged] = []
    for row in rows:
        try:
            done.append(Move(community, row.seen(), await write(row, row.tag)))
        except EntryChanged as error:
            refused.append(error)
        except StrongroomError as error:
            if not done:
                raise
            host.complain(StrongroomError(f"Stopped after {len(done)} of {len(rows)}. {error}"))
            break
        if len(done) % SAID_EVERY == 0 and 0 < len(done) < len(rows):
            host.say(f"{doing} {len(done)} of {len(rows)} …")
    return done, refused
