"""Runs a computation with a limit on its time, so that a hostile template cannot hang its caller.

A thread cannot be killed, but CPython can raise an exception in it at its next bytecode, which ends loops of
any depth. What it cannot end is one long call inside C; the sandbox refuses the operations that could become
one. Where neither works the thread is left behind as a daemon and the caller is told all the same.
"""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

_GRACE_SECONDS = 1.0
"""How long a computation may take to notice that it was stopped."""


class TooSlow(Exception):  # noqa: N818 - what happened, not a kind of error
    """The computation was stopped at its limit."""


class _Stop(BaseException):
    """Raised inside the thread. A BaseException, so that no filter's own handling swallows it."""


class _Outcome(Generic[T]):
    def __init__(self) -> None:
        self.done = threading.Event()
        self.value: T | None = None
        self.error: BaseException | None = None


def bounded(compute: Callable[[], T], seconds: float) -> T:
    """The result of `compute`, or its exception; `TooSlow` after `seconds`."""
    outcome: _Outcome[T] = _Outcome()

    def work() -> None:
        try:
            outcome.value = compute()
        except BaseException as error:  # handed over to the caller below
            outcome.error = error
        finally:
            outcome.done.set()

    thread = threading.Thread(target=work, name="strongroom-render", daemon=True)
    thread.start()
    if not outcome.done.wait(seconds):
        _stop(thread)
        raise TooSlow(f"stopped after {seconds:g} seconds")
    error, outcome.error = outcome.error, None
    if error is not None:
        if isinstance(error, Exception):
            raise error
        raise TooSlow("stopped")
    return outcome.value  # type: ignore[return-value]  # set, since there was no error


def _stop(thread: threading.Thread) -> None:
    """Asks the thread to end until it does, or until the grace is over."""
    import ctypes
    import time

    deadline = time.monotonic() + _GRACE_SECONDS
    while thread.is_alive() and time.monotonic() < deadline:
        if thread.ident is not None and hasattr(ctypes, "pythonapi"):
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(_Stop))
        thread.join(0.05)
