"""The server's event loop: one thread, a queue of calls and a heap of timers.

Why not asyncio: importing it costs more than everything else that stands between the start of the server and
its first diagnostics, and nothing here awaits.
"""

import heapq
import itertools
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, Final

from strongroom_lsp.protocol.transport import ClientGone

_OVERDUE: Final = 0.05
"""Seconds a timer waits behind queued calls before it runs all the same, so that a flood cannot starve it."""


class Timer:
    """A call that is due at `due` (seconds of the loop's clock). `cancel()` takes it back."""

    __slots__ = ("call", "due")

    def __init__(self, due: float, call: Callable[[], object]) -> None:
        self.due = due
        self.call: Callable[[], object] | None = call

    def cancel(self) -> None:
        self.call = None


class Loop:
    """Runs calls in the order they came, and timers when nothing is queued.

    Queued calls go first because they are what the client has already said: diagnostics, which run from a
    timer, are then computed once for the last of many edits.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._queue: SimpleQueue[tuple[Callable[..., object], tuple[Any, ...]]] = SimpleQueue()
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()
        self._status: int | None = None
        self.on_error: Callable[[], object] | None = None
        """Told, inside the handling of it, of an exception that a call or timer raised; None lets it end the loop."""

    def now(self) -> float:
        """Seconds of the loop's clock."""
        return self._clock()

    def call_soon(self, call: Callable[..., object], *arguments: Any) -> None:
        """Queue a call. The one method that other threads may use."""
        self._queue.put((call, arguments))

    def call_later(self, seconds: float, call: Callable[[], object]) -> Timer:
        """Run `call` after `seconds`, once the calls that are queued by then have run."""
        timer = Timer(self._clock() + seconds, call)
        heapq.heappush(self._timers, (timer.due, next(self._order), timer))
        return timer

    def stop(self, status: int) -> None:
        """End `run` with this exit status. The first one given counts."""
        if self._status is None:
            self._status = status

    def run(self) -> int:
        """Run until `stop`; gives its exit status."""
        while self._status is None:
            self.run_once()
        return self._status

    def run_once(self, wait: bool = True) -> bool:
        """Run one call or one due timer. False when there was none (only without `wait`)."""
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
