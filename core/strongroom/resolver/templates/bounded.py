"""Run a computation beside its caller, with a limit on its time.

So no template can hang its caller. A thread cannot be killed, but CPython can raise an exception in it at its
next bytecode, which ends loops of any depth. What it cannot end is one long call inside C; `limits` refuses
the operations that could become one. If neither works the thread is left behind, and the caller gets an
answer all the same.

The threads are daemons: a program that is interrupted ends without waiting for them. They are kept for the
next computation, because making one costs more than most computations do.
"""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, Final, TypeVar

T = TypeVar("T")

_GRACE_SECONDS: Final = 1.0
"""The seconds that a computation may take to notice that it was stopped."""

_MOST_IDLE: Final = 8

_Outcome = tuple[Any, BaseException | None]
_Deliver = Callable[[_Outcome], None]


class TooSlow(Exception):  # noqa: N818 - what happened, not a kind of error
    """Report that the computation was stopped at its limit."""


class _Stop(BaseException):
    """End the computation, raised inside its thread.

    The exception is a BaseException, so that no filter's own handling swallows it.
    """


class _Worker:
    """Compute one thing after another in a daemon thread, until it is ended."""

    def __init__(self) -> None:
        self._tasks: SimpleQueue[tuple[Callable[[], Any], _Deliver] | None] = SimpleQueue()
        self.thread = threading.Thread(target=self._work, name="strongroom-compute", daemon=True)
        self.thread.start()

    def _work(self) -> None:
        # A stop may arrive after the end of the computation. This thread is not used again then, either.
        with contextlib.suppress(_Stop):
            while self._compute_one():
                pass

    def _compute_one(self) -> bool:
        """Compute one thing in a frame of its own, so that waiting holds nothing of it."""
        given = self._tasks.get()
        if given is None:
            return False
        task, deliver = given
        outcome = _computed(task)
        deliver(outcome)
        return not isinstance(outcome[1], _Stop)

    def compute(self, task: Callable[[], Any], deliver: _Deliver) -> None:
        """Compute `task` in the thread, and call `deliver` with the result or the error."""
        self._tasks.put((task, deliver))

    def end(self) -> None:
        """Let the thread go once it has nothing to do."""
        self._tasks.put(None)

    def stop(self) -> None:
        """Ask the thread to end until it does, or until the grace is over.

        Blocks the caller.
        """
        import ctypes
        import time

        self.end()
        deadline = time.monotonic() + _GRACE_SECONDS
        while self.thread.is_alive() and time.monotonic() < deadline:
            if self.thread.ident is not None and hasattr(ctypes, "pythonapi"):
                ident = ctypes.c_ulong(self.thread.ident)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(_Stop))
            self.thread.join(0.05)

    def stop_beside(self) -> None:
        """Do the same as `stop`, without blocking the caller."""
        threading.Thread(target=self.stop, name="strongroom-stop", daemon=True).start()


def _computed(task: Callable[[], Any]) -> _Outcome:
    try:
        return task(), None
    except BaseException as error:  # the caller raises the error
        return None, error


_IDLE: Final[deque[_Worker]] = deque()
"""The threads without work.

Appending and popping are atomic.
"""


def _idle_worker() -> _Worker:
    while True:
        try:
            worker = _IDLE.pop()
        except IndexError:
            return _Worker()
        if worker.thread.is_alive():  # a forked process does not have the thread
            return worker


def bounded(compute: Callable[[], T], seconds: float) -> T:
    """Return what `compute` returns, or raise what it raises.

    Raises TooSlow after `seconds`. Blocks the caller.
    """
    worker = _idle_worker()
    outcomes: SimpleQueue[_Outcome] = SimpleQueue()
    worker.compute(compute, outcomes.put)
    try:
        outcome = outcomes.get(timeout=seconds)
    except Empty:
        worker.stop()
        raise TooSlow(f"stopped after {seconds:g} seconds") from None
    result: T = _result(worker, outcome)
    return result


async def beside(compute: Callable[[], T], seconds: float | None = None) -> T:
    """Return what `bounded` returns, without blocking the event loop.

    Without a limit the work is Strongroom's own, and is never stopped. A task that is cancelled does not wait
    for the computation.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[_Outcome] = loop.create_future()

    def tell(outcome: _Outcome) -> None:
        if not future.done():  # the caller may have stopped waiting
            future.set_result(outcome)

    def deliver(outcome: _Outcome) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(tell, outcome)

    worker = _idle_worker()
    worker.compute(compute, deliver)
    try:
        await asyncio.wait([future], timeout=seconds)
    finally:
        if not future.done():
            end = worker.end if seconds is None else worker.stop_beside
            end()
    if not future.done():
        raise TooSlow(f"stopped after {seconds or 0:g} seconds")
    result: T = _result(worker, future.result())
    return result


def _result(worker: _Worker, outcome: _Outcome) -> Any:
    """Keep the worker for the next computation, and return or raise the outcome."""
    value, error = outcome
    if isinstance(error, _Stop):
        raise TooSlow("stopped")
    if len(_IDLE) < _MOST_IDLE:
        _IDLE.append(worker)
    else:
        worker.end()
    if error is None:
        return value
    if isinstance(error, Exception):
        raise error
    raise TooSlow("stopped")
