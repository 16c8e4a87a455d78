"""Taking changes back and doing them again; what another program has changed since is left as it is."""

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from strongroom.errors import StrongroomError
from strongroom.store.errors import SaveRefused, UnknownCommunity, UnknownName
from strongroom.text.phrases import counted
from strongroom_tui.model.secrets.undo import Change, Move, Undo

if TYPE_CHECKING:
    from strongroom.store.rows.expected import Saved
    from strongroom_tui.host import Host
    from strongroom_tui.places.secrets import SecretsPane

REFUSED = (SaveRefused, UnknownCommunity, UnknownName)
"""The errors of an entry that is not in the state that the change left it in."""

NAMED = 3
"""As many of the entries that were left alone are named."""


class Outcome(NamedTuple):
    """What became of the moves that were tried: the new state of each, None where it was refused."""

    results: "list[Saved | None]"
    refused: list[str]
    problem: StrongroomError | None = None
    """What ended the work early, such as a full disk."""


class FilesRefused(StrongroomError):  # noqa: N818 - reads as what it says
    """A file is not as the change left it: the entries are as before."""


async def take_back(pane: "SecretsPane") -> None:
    """Take the last change back."""
    host = pane.host
    if host.undo.last is None:
        host.say("nothing to take back")
    elif await host.ensure_unlocked():
        await _turn(pane, again=False)


async def do_again(pane: "SecretsPane") -> None:
    """Do again what was taken back last."""
    host = pane.host
    if host.undo.next is None:
        host.say("nothing to do again")
    elif await host.ensure_unlocked():
        await _turn(pane, again=True)


async def _turn(pane: "SecretsPane", *, again: bool) -> None:
    host = pane.host
    said = await turn(host, host.undo, again=again)
    change = host.undo.last if again else host.undo.next
    await host.refresh_vault()
    if said and change is not None and any(row.name == change.name for row in pane.state.rows):
        pane.go_to(change.name)
    if said:
        host.say(said)


async def turn(host: "Host", undo: Undo, *, again: bool) -> str:
    """Take the last change of `undo` back, or do the next one again; gives the sentence that says so.

    What was refused is told, and the sentence is empty where nothing was done.
    """
    change = undo.next if again else undo.last
    assert change is not None
    try:
        outcome = await _move_with_files(host, change, again=again)
    except FilesRefused as error:
        (undo.forget_next if again else undo.forget_last)()
        host.complain(StrongroomError(error.message, error.way_out))
        return ""
    (undo.did_again if again else undo.took_back)(outcome.results)
    _tell(host, change, outcome, again=again)
    if change.moves and not any(outcome.results):
        return ""
    return f"✓ {'done again' if again else 'taken back'}: {change.said}"


async def _move_with_files(host: "Host", change: Change, *, again: bool) -> Outcome:
    """Move the entries and write the files that belong to them, or neither. Raises `FilesRefused`."""
    if change.files is None:
        return await _move_all(host, change, again=again)
    try:
        work = await host.in_thread(partial(change.files.begin, again=again))
    except StrongroomError as error:
        raise FilesRefused(error.message, error.way_out) from error
    outcome = await _move_all(host, change, again=again)
    if outcome.refused or outcome.problem is not None:
        await host.in_thread(work.cancel)
        return outcome
    try:
        await host.in_thread(work.write)
    except StrongroomError as error:
        await _move_back(host, change, outcome.results, again=again)
        await host.in_thread(work.cancel)
        raise FilesRefused(error.message, error.way_out) from error
    return outcome


def _ends(move: Move, *, again: bool) -> "tuple[Saved, Saved | None]":
    """Return the state that an entry should be in, and the one that it should come to."""
    if not again:
        return move.after, move.before
    assert move.before is not None  # taking it back has left the entry in a state
    return move.before, move.after


async def _move_all(host: "Host", change: Change, *, again: bool) -> Outcome:
    outcome = Outcome([], [])
    for move in change.moves:
        now, wanted = _ends(move, again=again)
        try:
            moved = await host.vault_call(host.session.move, move.community, now, wanted)
        except REFUSED:
            outcome.results.append(None)
            outcome.refused.append(now.name)
        except StrongroomError as error:
            return outcome._replace(problem=error)
        else:
            outcome.results.append(moved)
    return outcome


async def _move_back(host: "Host", change: Change, results: "list[Saved | None]", *, again: bool) -> None:
    """Undo the moves: the files that belong to them could not be written."""
    for move, result in zip(change.moves, results, strict=True):
        if result is not None:
            await host.vault_call(host.session.move, move.community, result, _ends(move, again=again)[0])


def _tell(host: "Host", change: Change, outcome: Outcome, *, again: bool) -> None:
    """Say what was left alone, and what ended the work early."""
    if outcome.problem is not None:
        done = f"{len(outcome.results)} of {counted(len(change.moves), 'entry', 'entries')}"
        before = f"Stopped after {done}. " if outcome.results else ""
        host.complain(StrongroomError(f"{before}{outcome.problem.message}", outcome.problem.way_out))
    if outcome.refused:
        verb = "done again" if again else "taken back"
        named = ", ".join(outcome.refused[:NAMED])
        more = f" and {len(outcome.refused) - NAMED} more" if len(outcome.refused) > NAMED else ""
        host.complain(
            StrongroomError(
                f"Not {verb}: {named}{more} {'was' if len(outcome.refused) == 1 else 'were'} changed by another "
                "program since.",
                "h shows the earlier values.",
            )
        )
