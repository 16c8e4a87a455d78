"""Show long work in the editor: a bar with a title and a message."""

import asyncio
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final

from lsprotocol import types
from pygls.progress import Progress as Bars

LONG: Final = 0.5
"""Seconds of work from which a bar is shown. The bar of a quicker one would only flicker."""


class Progress:
    """Report one piece of long work on pygls' progress object.

    `token` is the one of the client's request, whose bar begins at once. Without a token the client is asked
    to make a bar once the work is long. Nothing is sent if `is_shown` is False, because the client shows no
    progress.
    """

    def __init__(
        self,
        bars: Bars,
        title: str,
        token: types.ProgressToken | None,
        on_cancel: Callable[[], object] | None,
        *,
        is_shown: bool,
    ) -> None:
        self._bars = bars
        self._on_cancel = on_cancel
        self._token: types.ProgressToken = str(uuid.uuid4()) if token is None else token
        self._is_open = self._is_over = False
        self._value = types.WorkDoneProgressBegin(title, cancellable=on_cancel is not None, percentage=0)
        self._timer: asyncio.TimerHandle | None = None
        if token is not None:
            self._begin()
        elif is_shown:
            self._timer = asyncio.get_running_loop().call_later(LONG, self._create)

    def report(self, message: str, done: int, total: int) -> None:
        """Show how much is done."""
        self._value.message, self._value.percentage = message, 100 * done // max(total, 1)
        if self._is_open:
            value = types.WorkDoneProgressReport(message=message, percentage=self._value.percentage)
            self._bars.report(self._token, value)

    def end(self, message: str = "") -> None:
        """Close the bar. A second call does nothing."""
        self._is_over = True
        if self._timer is not None:
            self._timer.cancel()
        if self._is_open:
            self._is_open = False
            self._bars.end(self._token, types.WorkDoneProgressEnd(message=message or None))
            # pygls keeps the token of every bar that there was.
            self._bars.tokens.pop(self._token, None)

    def _create(self) -> None:
        self._bars.create(self._token).add_done_callback(self._created)

    def _created(self, answer: "Future[Any]") -> None:
        if not self._is_over and not answer.cancelled() and answer.exception() is None:
            self._begin()

    def _begin(self) -> None:
        self._is_open = True
        self._bars.begin(self._token, self._value)
        self._bars.tokens[self._token].add_done_callback(self._was_cancelled)

    def _was_cancelled(self, bar: "Future[Any]") -> None:
        if self._on_cancel is not None and bar.cancelled():
            self._on_cancel()
