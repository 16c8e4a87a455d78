"""Start the terminal app on the current folder, for bare `strongroom`."""

import os
import sys

from strongroom.errors import StrongroomError


def run_app(
    folder: str = os.curdir, vault: str | None = None, community: str | None = None, *, tour: bool = False
) -> int:
    """Start the app and return its exit status.

    Raises `StrongroomError` without a terminal.
    """
    if not can_draw_screen():
        raise StrongroomError(
            "The app needs a terminal, and there is none here.",
            "Without one there are the commands: see `strongroom --help`.",
        )
    from strongroom_tui.app import run

    return run(folder, vault, community, tour=tour)


def can_draw_screen() -> bool:
    """Return True if a screen can be drawn and keys can be read."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
