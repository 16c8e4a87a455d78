"""One change after the other: tells how far it is, and stops at the first that is refused."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

from strongroom.errors import StrongroomError

if TYPE_CHECKING:
    from strongroom_tui.app import StrongroomApp

T = TypeVar("T")

TOLD_EVERY: Final = 10
"""After so many changes the bottom line tells how many are done."""


async def one_by_one(
    room: "StrongroomApp", verb: str, items: Sequence[T], change: Callable[[T], Awaitable[None]]
) -> list[T]:
    """Make each change; gives what was changed. A refusal is told, and those before it stay and can be taken back.

    Raises the refusal of the very first one: then nothing was changed.
    """
    done: list[T] = []
    for item in items:
        try:
            await change(item)
        except StrongroomError as error:
            if not done:
                raise
            room.complain(StrongroomError(f"Stopped after {len(done)} of {len(items)}. {error}"))
            break
        done.append(item)
        if len(done) % TOLD_EVERY == 0 and len(done) < len(items):
            room.say(f"{verb} {len(done)} of {len(items)} …")
    return done
