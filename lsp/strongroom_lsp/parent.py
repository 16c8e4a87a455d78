"""The server ends when the editor that started it is gone."""

import os
from typing import Final

from strongroom_lsp.protocol.loop import Loop

INTERVAL: Final = 3.0
"""Seconds between two looks. Usually the end of standard input tells first."""


def watch_parent(loop: Loop, process: object) -> None:
    """Stop the loop with status 1 when the process of this id is gone (LSP 3.17, `processId`).

    Not done where the process cannot be seen to begin with, as from inside a container, nor on Windows, where
    asking whether a process lives could end it; there the end of standard input has to do.
    """
    if not isinstance(process, int) or isinstance(process, bool) or process <= 0 or os.name == "nt":
        return
    if not _is_alive(process):
        return

    def look() -> None:
        if _is_alive(process):
            loop.call_later(INTERVAL, look)
        else:
            loop.stop(1)

    loop.call_later(INTERVAL, look)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True  # it lives, and belongs to somebody else
    return True
