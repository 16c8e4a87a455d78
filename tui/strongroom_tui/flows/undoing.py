"""Take changes back and do them again.

An entry or a file that another program has changed since is left as it is.
"""

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from strongroom.errors import StrongroomError
from strongroom.store.errors import SaveRefused, UnknownCommunity, UnknownName
from strongroom.text.phrases import counted
from strongroom_tui.model.secrets.undo import Move, Undo, UndoableChange

if TYPE_CHECKING:
    from strongroom.store.rows.expected import Saved
    from strongroom_tui.host import Host

REFUSED = (SaveRefused, UnknownCommunity, UnknownName)
"""Errors of an entry that is not in the state that the change left it in."""

NAMED = 3
"""Entries that a notice names, of those that were left alone."""


class UndoResult(NamedTuple):
    """Hold the new state of each move that was tried, None for a refused move."""

    results: "list[Saved | None]"
    refused: list[str]
    problem: StrongroomError | None = None
    """The error that ended the work early, such as a full disk."""


class FilesRefused(StrongroomError):  # noqa: N818 - reads as what it says
    """Report that a file is not as the change left it. The entries are as before."""


async def take_back(host: "Host") -> str:
    """Take the last change of entries back. Return the name of its row, or ""."""
    if host.undo.last is None:
        host.say("nothing to take back")
        return ""
    return await _turn(host, again=False)


async def do_again(host: "Host") -> str:
    """Do again what was taken back last. Return the name of its row, or ""."""
    if host.undo.next is None:
        host.say("nothing to do again")
        return ""
    return await _turn(host, again=True)


async def _turn(host: "Host", *, again: bool) -> str:
    if not await host.ensure_unlocked():
        return ""
    said = await turn(host, host.undo, again=again)
    change = host.undo.last if again else host.undo.next
    await host.refresh_vault()
    if said:
        host.say(said)
    return change.name if said and change is not None else ""


async def turn(host: "Host", undo: Undo, *, again: bool) -> str:
    """Take the last change of `undo` back, or do the next change again.

    Return the sentence that says so, or "" if nothing was done. Refusals are shown.
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
    _show_refusals(host, change, outcome, again=again)
    if change.moves and not any(outcome.results):
        return ""
    return f"✓ {'done again' if again else 'taken back'}: {change.said}"


async def _move_with_files(host: "Host", change: UndoableChange, *, again: bool) -> UndoResult:
    """Move the entries and write their files, or neither. Raises `FilesRefused`."""
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
    """Return the state that an entry is expected in, and the state to bring it to."""
    if not again:
        return move.after, move.before
    assert move.before is not None  # taking the change back has left the entry in some state
    return move.before, move.after


async def _move_all(host: "Host", change: UndoableChange, *, again: bool) -> UndoResult:
    outcome = UndoResult([], [])
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


async def _move_back(
    host: "Host", change: UndoableChange, results: "list[Saved | None]", *, again: bool
) -> None:
    """Undo the moves, because the files that belong to them could not be written."""
    for move, result in zip(change.moves, results, strict=True):
        if result is not None:
            await host.vault_call(host.session.move, move.community, result, _ends(move, again=again)[0])


def _show_refusals(host: "Host", change: UndoableChange, outcome: UndoResult, *, again: bool) -> None:
    """Show what was left alone, and what ended the work early."""
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
