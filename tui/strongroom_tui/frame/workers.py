"""Starting what takes time, one coroutine of a group at a time; and ending it before its widgets go."""

from collections.abc import Callable, Coroutine
from enum import Enum
from functools import partial
from typing import Any, Final, cast

from textual.dom import DOMNode
from textual.worker import NoActiveWorker, Worker, get_current_worker

from strongroom_tui.frame.key_queue import HasKeyQueue, KeyQueue


class Group(Enum):
    """What runs beside the screen. True: a second start is ignored; False: it ends the first; None: both run."""

    BEGIN = "begin", True
    DIALOG = "dialog", True  # whatever asks a person: two dialogs of one key press would be stacked
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
"""The groups whose work decides where the next key belongs: in a dialog that it opens, or behind one that it closes."""


def start(
    node: DOMNode, group: Group, work: Callable[..., Coroutine[Any, Any, None]], *args: object
) -> Worker[None] | None:
    """Run `work(*args)` beside the screen; None where one of its group goes first, or the app is being left."""
    name, waits = group.value
    if not node.app.is_running or (waits and is_under_way(node, group)):
        return None
    if group in KEYS_WAIT:
        work = partial(_as_flow, cast("HasKeyQueue", node.app).key_queue, work)
    # The coroutine is made inside the worker: one that is cancelled before it began would warn otherwise.
    runnable = cast("Callable[[], Coroutine[None, None, None]]", partial(work, *args))
    return node.run_worker(runnable, group=name, exclusive=waits is False)


def is_under_way(node: DOMNode, group: Group) -> bool:
    """Return whether something of the group runs for `node`, or is about to."""
    return any(w.group == group.value[0] and w.node is node and not w.is_finished for w in node.workers)


async def _as_flow(queue: KeyQueue, work: Callable[..., Coroutine[Any, Any, None]], *args: object) -> None:
    with queue.flow():
        await work(*args)


def end(node: DOMNode) -> None:
    """Cancel what runs for `node`, which is about to go; only what asks for this may come to its own end."""
    try:
        asking = get_current_worker()
    except NoActiveWorker:
        asking = None
    for worker in node.workers:
        if worker.node is node and worker is not asking:
            worker.cancel()
