"""Run everything that touches the vault on one thread.

A SQLite connection belongs to one thread, and a key derivation must not stop the screen.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from strongroom_tui.backend.session import VaultSession

T = TypeVar("T")


class VaultThread:
    """Hold the one thread of a `VaultSession`."""

    def __init__(self, session: VaultSession) -> None:
        self.session = session
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="vault")

    def submit(self, work: Callable[..., T], *args: object) -> "Future[T]":
        """Run `work(*args)` on the thread."""
        return self._pool.submit(work, *args)

    def close(self) -> None:
        """Lock the vault and end the thread."""
        self._pool.submit(self.session.close)
        self._pool.shutdown(wait=True)
