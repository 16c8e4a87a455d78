"""One change after the other: tells how far it is, and stops at the first that is refused."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Final

from strongroom.errors import StrongroomError
from strongroom.store.errors import EntryChanged
from strongroom_tui.flows.conflicts import ask_for_many
from strongroom_tui.model.secrets.undo import Move

if TYPE_CHECKING:
    from strongroom.store.rows.expected import Saved
    from strongroom_tui.host import Host
    from strongroom_tui.model.secrets.state import Row

TOLD_EVERY: Final = 10
"""After so many changes the bottom line tells how many are done."""

Write = Callable[["Row", bytes], Awaitable["Saved"]]
"""Changes one entry, where it has this tag."""


async def one_by_one(
    host: "Host", verbs: tuple[str, str], community: str, rows: "Sequence[Row]", write: Write
) -> list[Move]:
    """Change each entry; gives what was changed. `verbs`: what is being done, and the word for doing it.

    Entries that another program changed meanwhile are left alone until the person has said yes to them. A refusal is
    told, and those before it stay and can be taken back. Raises the refusal of the very first one.
    """
    done, refused = await _write(host, verbs[0], community, rows, write)
    if not refused:
        return done
    if await ask_for_many(host, verbs[1], refused):
        names = {error.name for error in refused}
        await host.refresh_vault()
        now = {entry.name: entry for entry in host.snapshot.entries if entry.name in names}
        again = [row.as_now(now[row.name]) for row in rows if row.name in now]
        done += (await _write(host, verbs[0], community, again, write))[0]
    return done


async def _write(
    host: "Host", doing: str, community: str, rows: "Sequence[Row]", write: Write
) -> tuple[list[Move], list[EntryChanged]]:
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
        if len(done) % TOLD_EVERY == 0 and 0 < len(done) < len(rows):
            host.say(f"{doing} {len(done)} of {len(rows)} …")
    return done, refused
