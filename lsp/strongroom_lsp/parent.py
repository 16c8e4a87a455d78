"""End the server when the editor that started it is gone."""

import asyncio
import os
from collections.abc import Callable
from typing import Final

INTERVAL: Final = 3.0
"""Seconds between two looks. Usually standard input ends before."""


def watch_parent(loop: asyncio.AbstractEventLoop, process: int | None, on_gone: Callable[[], object]) -> None:
    """Call `on_gone` when the process of this id is gone.

    The id is the client's `processId` (LSP 3.17). pygls knows it and does nothing with it. A process that cannot be
    seen at the start, as from inside a container, is not watched. Neither is one on Windows, because asking whether a
    process runs could end it there. The end of standard input ends the server then.
    """
    if process is None or process <= 0 or os.name == "nt" or not _is_alive(process):
        return

    def look() -> None:
        if _is_alive(process):
            loop.call_later(INTERVAL, look)
        else:
            on_gone()

    loop.call_later(INTERVAL, look)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True  # it runs, and belongs to another user
    return True
