"""Run the server's events: one thread, a queue of calls and a heap of timers.

It is not asyncio, because importing asyncio takes longer than everything else between the start of the server and its
first diagnostics, and because nothing here awaits.
"""

import heapq
import itertools
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, Final

from strongroom_lsp.protocol.transport import ClientGone

_OVERDUE: Final = 0.05
"""Seconds that a timer waits behind queued calls before it runs, so that many messages cannot starve it."""


class Timer:
    """Hold a call that is due at a time of the loop's clock, until `cancel()`."""

    __slots__ = ("call", "due")

    def __init__(self, due: float, call: Callable[[], object]) -> None:
        self.due = due
        self.call: Callable[[], object] | None = call

    def cancel(self) -> None:
        """Drop the call."""
        self.call = None


class Loop:
    """Run calls in their order, and timers when no call is queued.

    Queued calls go first, because they are messages of the client. So diagnostics, which run from a timer, are
    computed once for the last of many edits.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._queue: SimpleQueue[tuple[Callable[..., object], tuple[Any, ...]]] = SimpleQueue()
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()
        self._status: int | None = None
        self.on_error: Callable[[], object] | None = None
        """Called while an exception of a call or timer is handled. Without it the exception ends the loop."""

    def now(self) -> float:
        """Return the seconds of the loop's clock."""
        return self._clock()

    def call_soon(self, call: Callable[..., object], *arguments: Any) -> None:
        """Queue a call. Other threads may use this method, and no other one."""
        self._queue.put((call, arguments))

    def call_later(self, seconds: float, call: Callable[[], object]) -> Timer:
        """Run `call` after `seconds`, behind the calls that are queued by then."""
        timer = Timer(self._clock() + seconds, call)
        heapq.heappush(self._timers, (timer.due, next(self._order), timer))
        return timer

    def stop(self, status: int) -> None:
        """End `run` with this exit status. The first status counts."""
        if self._status is None:
            self._status = status

    def run(self) -> int:
        """Run until `stop`, and return its exit status."""
        while self._status is None:
            self.run_once()
        return self._status

    def run_once(self, wait: bool = True) -> bool:
        """Run one call or one due timer, and return True.

        Without `wait`, return False if there was neither.
        """
        due = self._next_due()
        late = due is not None and self._clock() - due > _OVERDUE
        if not late:
            try:
                pause = 0.0 if not wait else None if due is None else max(0.0, due - self._clock())
                call, arguments = self._queue.get(True, pause) if pause != 0.0 else self._queue.get_nowait()
            except Empty:
                pass
            else:
                self._run(call, arguments)
                return True
        return self._run_due_timer()

    def _next_due(self) -> float | None:
        while self._timers and self._timers[0][2].call is None:
            heapq.heappop(self._timers)
        return self._timers[0][0] if self._timers else None

    def _run_due_timer(self) -> bool:
        due = self._next_due()
        if due is None or due > self._clock():
            return False
        call = heapq.heappop(self._timers)[2].call
        if call is not None:
            self._run(call, ())
        return True

    def _run(self, call: Callable[..., object], arguments: tuple[Any, ...]) -> None:
        try:
            call(*arguments)
        except ClientGone:
            raise
        except Exception:
            if self.on_error is None:
                raise
            self.on_error()
