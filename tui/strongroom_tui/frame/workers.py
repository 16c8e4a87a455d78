"""Start slow work beside the screen, and end it before its widgets go."""

from collections.abc import Callable, Coroutine
from enum import Enum
from functools import partial
from typing import Any, Final, cast

from textual.dom import DOMNode
from textual.worker import NoActiveWorker, Worker, get_current_worker

from strongroom_tui.frame.key_queue import HasKeyQueue, KeyQueue


class Group(Enum):
    """Name a group of work.

    True ignores a second start, False ends the first, None runs both.
    """

    BEGIN = "begin", True
    DIALOG = "dialog", True  # work that asks a person: two starts by one key press would stack two dialogs
    RUN = "run", True
    KEEP = "keep", None
    FIX = "fix", True
    HINTS = "hints", False
    REVEAL = "reveal", True
    POLL = "poll", True
    SCAN = "scan", False
    CHOOSE = "choose", False
    TRY = "try", True
    DETAILS = "details", False
    FIND = "find", False


KEYS_WAIT: Final = frozenset((Group.DIALOG, Group.FIX, Group.TRY))
"""The groups whose work opens or closes a dialog, which the next key is for."""


def start(
    node: DOMNode, group: Group, work: Callable[..., Coroutine[Any, Any, None]], *args: object
) -> Worker[None] | None:
    """Run `work(*args)` beside the screen. Return None if nothing was started."""
    name, waits = group.value
    if not node.app.is_running or (waits and is_under_way(node, group)):
        return None
    if group in KEYS_WAIT:
        work = partial(_as_flow, cast("HasKeyQueue", node.app).key_queue, work)
    # The coroutine is made inside the worker: one that is cancelled before it began would warn otherwise.
    runnable = cast("Callable[[], Coroutine[None, None, None]]", partial(work, *args))
    return node.run_worker(runnable, group=name, exclusive=waits is False)


def is_under_way(node: DOMNode, group: Group) -> bool:
    """Return True while work of the group runs for `node`, or is about to."""
    return any(w.group == group.value[0] and w.node is node and not w.is_finished for w in node.workers)


async def _as_flow(queue: KeyQueue, work: Callable[..., Coroutine[Any, Any, None]], *args: object) -> None:
    with queue.flow():
        await work(*args)


def end(node: DOMNode) -> None:
    """Cancel the work of `node`, which is about to go.

    The work that calls this goes on.
    """
    try:
        asking = get_current_worker()
    except NoActiveWorker:
        asking = None
    for worker in node.workers:
        if worker.node is node and worker is not asking:
            worker.cancel()
