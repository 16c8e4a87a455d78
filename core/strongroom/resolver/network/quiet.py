"""Keep the HTTP library's own logging from writing what a run sends.

httpx2 logs each URL, query included, and httpcore2 logs each answer's headers. Both are silenced while a run
is under way, in the task that runs it and in its children; requests that other code makes are logged as ever.

Imports the HTTP library when it is first used: a logger that does not exist yet cannot be silenced.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Final

_IN_RUN: Final[ContextVar[bool]] = ContextVar("strongroom_in_run", default=False)
_LIBRARIES: Final = ("httpx2", "httpcore2", "h11", "h2", "hpack", "anyio")


class _OnlyOutside(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002 - the interface's own
        return not _IN_RUN.get()


_FILTER: Final = _OnlyOutside()


@lru_cache(maxsize=1)
def _silence(_loggers: int) -> None:
    """Silence the libraries' loggers, again only if there are more than before."""
    names = [name for name in list(logging.root.manager.loggerDict) if name.partition(".")[0] in _LIBRARIES]
    for name in names:
        # Adding a filter that is already there does nothing.
        logging.getLogger(name).addFilter(_FILTER)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the HTTP library from logging in this task until the end of the block."""
    import httpcore2  # noqa: F401
    import httpx2  # noqa: F401

    _silence(len(logging.root.manager.loggerDict))
    token = _IN_RUN.set(True)
    try:
        yield
    finally:
        _IN_RUN.reset(token)
