"""Bare `strongroom`: the terminal app on the current folder."""

import os
import sys

from strongroom.errors import StrongroomError


def run_app(
    folder: str = os.curdir, vault: str | None = None, community: str | None = None, *, tour: bool = False
) -> int:
    """Start the app and give its exit status. Raises `StrongroomError` where there is no terminal."""
    if not has_terminal():
        raise StrongroomError(
            "The app needs a terminal, and there is none here.",
            "Without one there are the commands: see `strongroom --help`.",
        )
    from strongroom_tui.app import run

    return run(folder, vault, community, tour=tour)


def has_terminal() -> bool:
    """Whether a screen can be drawn and keys be read."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
