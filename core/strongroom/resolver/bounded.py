"""Runs a computation with a limit on its time, so that a hostile template cannot hang its caller.

A thread cannot be killed, but CPython can raise an exception in it at its next bytecode, which ends loops of
any depth. What it cannot end is one long call inside C; the sandbox refuses the operations that could become
one. Where neither works the thread is left behind as a daemon and the caller is told all the same.

Threads are kept for the next computation, since making one costs more than most computations do.
"""

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, Final, TypeVar

T = TypeVar("T")

_GRACE_SECONDS: Final = 1.0
"""How long a computation may take to notice that it was stopped."""

_MOST_IDLE: Final = 8


class TooSlow(Exception):  # noqa: N818 - what happened, not a kind of error
    """The computation was stopped at its limit."""


class _Stop(BaseException):
    """Raised inside the thread. A BaseException, so that no filter's own handling swallows it."""


class _Worker:
    """A daemon thread that computes one thing after another."""

    def __init__(self) -> None:
        self._tasks: SimpleQueue[Callable[[], Any] | None] = SimpleQueue()
        self._results: SimpleQueue[tuple[Any, BaseException | None]] = SimpleQueue()
        self.thread = threading.Thread(target=self._work, name="strongroom-render", daemon=True)
        self.thread.start()

    def _work(self) -> None:
        # A stop may arrive when the computation is over already; then too this thread is not used again.
        with contextlib.suppress(_Stop):
            while self._compute_one():
                pass

    def _compute_one(self) -> bool:
        """In a frame of its own: nothing of a computation, which may lead to values, is held while waiting."""
        task = self._tasks.get()
        if task is None:
            return False
        result = _computed(task)
        self._results.put(result)
        return not isinstance(result[1], _Stop)

    def compute(self, task: Callable[[], T], seconds: float) -> tuple[T, BaseException | None]:
        """The result or the error; `queue.Empty` after `seconds`."""
        self._tasks.put(task)
        return self._results.get(timeout=seconds)

    def end(self) -> None:
        """Lets the thread go once it has nothing to do."""
        self._tasks.put(None)


def _computed(task: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    try:
        return task(), None
    except BaseException as error:  # handed over to the caller
        return None, error


_IDLE: Final[deque[_Worker]] = deque()
"""Threads without work. Appending and popping are atomic."""


def _idle_worker() -> _Worker:
    while True:
        try:
            worker = _IDLE.pop()
        except IndexError:
            return _Worker()
        if worker.thread.is_alive():  # it is not in a process that was forked
            return worker


def bounded(compute: Callable[[], T], seconds: float) -> T:
    """The result of `compute`, or its exception; `TooSlow` after `seconds`."""
    worker = _idle_worker()
    try:
        value, error = worker.compute(compute, seconds)
    except Empty:
        _stop(worker.thread)
        raise TooSlow(f"stopped after {seconds:g} seconds") from None
    if len(_IDLE) < _MOST_IDLE:
        _IDLE.append(worker)
    else:
        worker.end()
    if error is None:
        return value
    if isinstance(error, Exception):
        raise error
    raise TooSlow("stopped")


def _stop(thread: threading.Thread) -> None:
    """Asks the thread to end until it does, or until the grace is over."""
    import ctypes
    import time

    deadline = time.monotonic() + _GRACE_SECONDS
    while thread.is_alive() and time.monotonic() < deadline:
        if thread.ident is not None and hasattr(ctypes, "pythonapi"):
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(_Stop))
        thread.join(0.05)
