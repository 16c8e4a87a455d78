"""Pass a key on once everything that the key before it caused has happened.

Textual gives a key to the focused widget at once, and runs its binding later, from the queue of another widget. In
a burst (a slow line, a paste without brackets, a password manager that types) the characters would overtake the
keys between them. Here each key and each paste waits for its turn, whatever widget, dialog or flow takes it. No
widget has to keep the order itself.
"""

import asyncio
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, Protocol, runtime_checkable

from textual import events
from textual.app import App
from textual.message_pump import MessagePump

LONGEST_SECONDS: Final = 3.0
"""Seconds that a key waits at most.

A keyring may ask a person, and an API may be slow. Escape must work then.
"""


@runtime_checkable
class TakesText(Protocol):
    """Name the keys of a widget that only change its own text.

    Such keys do not wait for one another.
    """

    def edits(self, event: events.Key) -> bool: ...


class HasKeyQueue(Protocol):
    """Describe an app whose keys wait for one another."""

    @property
    def key_queue(self) -> "KeyQueue":
        """Return the waiting keys."""


class KeyQueue:
    """Hold the waiting keys, and what they wait for."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._waiting: deque[events.Key | events.Paste] = deque()
        self._passed: deque[events.Key | events.Paste] = deque()
        self._path: list[MessagePump] = []
        self._task: asyncio.Task[None] | None = None
        self._flows = 0
        # By task, not by context: a dialog would inherit the context of the flow that opened it.
        self._tasks: set[asyncio.Task[Any] | None] = set()
        self._busy_since = 0.0
        self._changed = asyncio.Event()

    def holds(self, event: events.Key | events.Paste) -> bool:
        """Keep `event` until its turn. Return False if its turn is now."""
        if self._passed and event is self._passed[0]:
            self._passed.popleft()
        elif self._task is not None:
            self._waiting.append(event)
            return True
        else:
            self._task = asyncio.create_task(self._pass_on())
        self._path = self._path_now()
        return False

    @contextmanager
    def flow(self) -> Iterator[None]:
        """Let keys wait while a flow opens its dialog or does the dialog's work."""
        task = asyncio.current_task()
        if task in self._tasks:  # a flow inside another flow counts as part of it
            yield
            return
        self._tasks.add(task)
        self._count(1)
        try:
            yield
        finally:
            self._tasks.discard(task)
            self._count(-1)

    @contextmanager
    def dialog(self) -> Iterator[None]:
        """Let keys through while the flow itself waits for its dialog."""
        counted = int(asyncio.current_task() in self._tasks)
        self._count(-counted)
        try:
            yield
        finally:
            self._count(counted)

    def _count(self, by: int) -> None:
        self._flows += by
        self._busy_since = time.monotonic()
        self._changed.set()

    def drop(self) -> None:
        """Forget the waiting keys, which must not answer a question that came later."""
        self._waiting.clear()

    def end(self) -> None:
        """Stop passing keys on."""
        self.drop()
        if self._task is not None:
            self._task.cancel()

    async def _pass_on(self) -> None:
        try:
            await self._settle()
            while self._waiting and self._app.is_running:
                self._pass()
                # A paste without brackets has thousands of characters that change nothing but the text of one field.
                while self._waiting and self._is_text(self._passed[-1]) and self._is_text(self._waiting[0]):
                    self._pass()
                await self._settle()
        finally:
            self._task = None

    def _pass(self) -> None:
        self._passed.append(self._waiting.popleft())
        self._app.post_message(self._passed[-1])

    def _is_text(self, event: events.Key | events.Paste) -> bool:
        """Return True for a key that only changes the text of the focused field."""
        focused: object = self._app.focused
        return isinstance(event, events.Key) and isinstance(focused, TakesText) and focused.edits(event)

    def _path_now(self) -> list[MessagePump]:
        if not self._app.screen_stack:
            return [self._app]
        return [*(self._app.focused or self._app.screen).ancestors_with_self]

    async def _settle(self) -> None:
        """Wait until everything that the last key caused has happened, up to a limit."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_SECONDS):
                await _echo(self._app)
                while not await self._is_settled():
                    pass

    async def _is_settled(self) -> bool:
        path = self._path
        for pump in path:
            await _echo(pump)
        await self._flows_done()
        self._path = self._path_now()
        return self._path == path and not any(pump.message_queue_size for pump in path)

    async def _flows_done(self) -> None:
        while self._flows and time.monotonic() < self._busy_since + LONGEST_SECONDS:
            self._changed.clear()
            await self._changed.wait()


async def _echo(pump: MessagePump) -> None:
    """Wait until `pump` has handled everything that is in its queue now."""
    reached = asyncio.Event()
    if pump.call_later(reached.set):
        await reached.wait()
