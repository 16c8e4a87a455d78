"""Remember the changes that can be taken back and done again.

A change is a list of moves of entries, each from one state to another. Taking it back moves the entries to the states
before, doing it again to those after. Every move expects the state that the entry was left in, so that the vault
refuses it if another program has changed the entry since. Because a move gives a state a new tag, that tag takes
the place of the old one in all remembered changes. No value is kept: the vault has the versions.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from strongroom.store.rows.expected import Saved

LIMIT: Final = 100
"""Changes that are remembered while the app runs."""


class FileWork(Protocol):
    """Write files together with the moves of a change."""

    def write(self) -> None:
        """Write all files, or none. Raises `StrongroomError`.

        After an error, call `cancel`.
        """

    def cancel(self) -> None:
        """Leave the files as they are."""


class Files(Protocol):
    """Hold the files that a change wrote."""

    def begin(self, *, again: bool) -> FileWork:
        """Prepare to put the files back, or to write them again.

        Raises `StrongroomError` if one is not as the change left it, or found it.
        """


class Move(NamedTuple):
    """Hold one entry before and after a change.

    `before` is None if the name was free.
    """

    community: str
    before: "Saved | None"
    after: "Saved"


class UndoableChange(NamedTuple):
    """Hold one change of a person.

    `said` names the change ("deleted api_key"). `name` is the row to go to.
    """

    said: str
    name: str
    moves: tuple[Move, ...] = ()
    files: Files | None = None


class Undo:
    """Hold the changes to take back and those to do again, the newest last."""

    def __init__(self) -> None:
        self._done: list[UndoableChange] = []
        self._undone: list[UndoableChange] = []

    @property
    def last(self) -> UndoableChange | None:
        """Return the change that is taken back next."""
        return self._done[-1] if self._done else None

    @property
    def next(self) -> UndoableChange | None:
        """Return the change that is done again next."""
        return self._undone[-1] if self._undone else None

    def did(self, change: UndoableChange) -> None:
        """Remember a change. Drop the changes that could be done again."""
        self._done.append(change)
        del self._done[:-LIMIT]
        self._undone.clear()

    def took_back(self, results: "Sequence[Saved | None]") -> None:
        """Take note that `last` was taken back.

        `results` has the state that each move came to, or None for a refused move. Moves beyond `results` were not
        tried, and can still be taken back. Refused moves are forgotten.
        """
        self._settle(self._done, self._undone, "before", results)

    def did_again(self, results: "Sequence[Saved | None]") -> None:
        """Take note that `next` was done again, as `took_back` does."""
        self._settle(self._undone, self._done, "after", results)

    def _settle(
        self,
        come_from: list[UndoableChange],
        go_to: list[UndoableChange],
        side: str,
        results: "Sequence[Saved | None]",
    ) -> None:
        change = come_from.pop()
        tried, left = change.moves[: len(results)], change.moves[len(results) :]
        pairs = list(zip(tried, results, strict=True))
        moved = tuple(_with(move, side, result) for move, result in pairs if result is not None)
        if left:
            come_from.append(change._replace(moves=left))
        if moved or not change.moves:
            go_to.append(change._replace(moves=moved))
        self._retag([(getattr(move, side), result) for move, result in pairs if result is not None])

    def forget_last(self) -> None:
        """Forget the change that would be taken back next."""
        self._done.pop()

    def forget_next(self) -> None:
        """Forget the change that would be done again next."""
        self._undone.pop()

    def _retag(self, pairs: "Sequence[tuple[Saved | None, Saved]]") -> None:
        """Replace each old state by its new form."""
        new = {old.tag: result for old, result in pairs if old is not None}
        for changes in (self._done, self._undone):
            changes[:] = [
                change._replace(moves=tuple(_retagged(move, new) for move in change.moves))
                for change in changes
            ]


def _with(move: Move, side: str, state: "Saved") -> Move:
    return move._replace(before=state) if side == "before" else move._replace(after=state)


def _retagged(move: Move, new: "dict[bytes, Saved]") -> Move:
    before = None if move.before is None else new.get(move.before.tag, move.before)
    return move._replace(before=before, after=new.get(move.after.tag, move.after))
