"""What can be taken back: the last changes, each with the way back. Holds no value: versions bring those back."""

from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

LIMIT: Final = 100
"""How many changes are remembered while the app runs."""


class Undoable(NamedTuple):
    """One change that was made. `said` names it ("deleted api_key"); `name` is the row to go to afterwards."""

    said: str
    name: str
    take_back: Callable[[], Awaitable[None]]


class UndoStack:
    """The changes that can be taken back, the newest last."""

    def __init__(self) -> None:
        self._done: list[Undoable] = []

    def __len__(self) -> int:
        return len(self._done)

    def push(self, said: str, name: str, take_back: Callable[[], Awaitable[None]]) -> None:
        """Remember a change and the way back."""
        self._done.append(Undoable(said, name, take_back))
        del self._done[:-LIMIT]

    def pop(self) -> Undoable | None:
        """The newest change, which is forgotten by this; None where there is none."""
        return self._done.pop() if self._done else None
