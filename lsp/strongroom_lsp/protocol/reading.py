"""Read the client's messages ahead of the work, and hand them to pygls' loop.

It replaces pygls' `StdinAsyncReader` as the reader of `pygls.io_.run_async`. Without it one bad header makes the
server deaf for good, because pygls knows `Content-Length: N` in exactly this spelling only and keeps the first length
until a body follows; each message costs three tasks of a thread pool; a cancellation is read after the work that it
cancels; and every edit of a burst is checked.
"""

import asyncio
import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import BinaryIO, Final

LONGEST: Final = 256 * 1024 * 1024
"""Bytes. A longer message is noise: nobody would wait for it."""

LONGEST_RUN: Final = 0.05
"""Seconds for which messages go before everything else, so that many of them cannot starve the loop."""

_LENGTH: Final = re.compile(rb"(?<![\w-])content-length[ \t]*:[ \t]*([0-9]{1,12})\Z", re.IGNORECASE)
"""A length at the end of a line. The text before it is the rest of a message whose length was not usable."""

_CANCEL: Final = b'"$/cancelRequest"'
_LONGEST_CANCEL: Final = 1000
"""Bytes of the longest message in which a cancellation is looked for."""


def read_bodies(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the bodies of the messages on `stream`, until it ends.

    Header names may have any case, lines may end in a bare line feed, unknown headers are ignored, and a header block
    without a usable length is noise, not an end (LSP 3.17, "Base Protocol"). The body after such a block is noise too.
    Because no line break ends the body, the next message's header is on its last line.
    """
    length: int | None = None
    while header := stream.readline():
        if line := header.strip():
            found = _LENGTH.search(line)
            length = int(found.group(1)) if found else length
            continue
        if length is None or length > LONGEST:
            length = None
            continue
        body = stream.read(length)
        if len(body) < length:
            return
        length = None
        yield body


class Inbox:
    """Queue message bodies from a thread, and be the reader that pygls reads from.

    Reading does not give the loop a turn while a message is queued. So whatever else the loop has to do, diagnostics
    above all, is done once for the last of many edits. `on_cancel` gets the id of each request that is cancelled, as
    soon as the cancellation arrives.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, on_cancel: Callable[[object], object]) -> None:
        self._loop = loop
        self._on_cancel = on_cancel
        self._bodies: deque[bytes] = deque()
        self._lines: list[bytes] = []
        self._body = b""
        self._waiting: asyncio.Future[None] | None = None
        self._has_ended = False
        self._last_turn = loop.time()

    # -- the thread that reads ---------------------------------------------------------------------------------

    def read(self, bodies: Iterable[bytes]) -> None:
        """Queue bodies until there are no more."""
        with suppress(OSError, ValueError):  # ValueError: the stream was closed
            for body in bodies:
                self.put(body)
        self.end()

    def put(self, body: bytes) -> None:
        """Queue one body."""
        if len(body) < _LONGEST_CANCEL and _CANCEL in body:
            with suppress(ValueError, TypeError, KeyError):
                self._on_cancel(json.loads(body)["params"]["id"])
        self._bodies.append(body)
        self._wake()

    def end(self) -> None:
        """Let the reader find the end, behind what is queued."""
        self._has_ended = True
        self._wake()

    def _wake(self) -> None:
        if self._waiting is not None:
            with suppress(RuntimeError):  # the loop is closed
                self._loop.call_soon_threadsafe(self._woken)

    # -- the loop ----------------------------------------------------------------------------------------------

    @property
    def is_empty(self) -> bool:
        """Return True if no message waits."""
        return not self._bodies

    async def readline(self) -> bytes:
        """Return the next line of a header as pygls knows it, or nothing at the end."""
        if self._lines:
            return self._lines.pop()
        if not await self._has_next():
            return b""
        self._body = self._bodies.popleft()
        self._lines.append(b"\r\n")
        return b"Content-Length: %d\r\n" % len(self._body)

    async def readexactly(self, _length: int) -> bytes:
        """Return the body whose header was read."""
        return self._body

    async def _has_next(self) -> bool:
        if self._bodies and self._loop.time() - self._last_turn > LONGEST_RUN:
            await asyncio.sleep(0)
            self._last_turn = self._loop.time()
        while not self._bodies:
            self._waiting = self._loop.create_future()
            # The thread looks at `_waiting` after it has queued a body, so no body is missed.
            if not self._bodies and not self._has_ended:
                await self._waiting
            self._waiting = None
            self._last_turn = self._loop.time()
            if self._has_ended and not self._bodies:
                return False
        return True

    def _woken(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)
