"""Draw a progress bar on standard error, for a terminal only."""

import os
import shutil
import sys
from typing import Final, TextIO

from strongroom.text.terminal import visible
from strongroom_cli.terminal.style import cells

_WIDTH: Final = 24


class ProgressBar:
    """Count the tests that have ended, in a bar if there are several and a terminal."""

    def __init__(self, total: int, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._total = total
        self._done = 0
        self._failed = 0
        self._drawn = ""
        self._is_shown = (
            total > 1 and self._stream.isatty() and os.environ.get("TERM", "") not in ("", "dumb")
        )

    def show(self, name: str) -> None:
        """Draw the bar with the name of the test that began last."""
        if not self._is_shown:
            return
        filled = _WIDTH * self._done // self._total
        failed = f", {self._failed} failed" if self._failed else ""
        text = f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {self._done}/{self._total}{failed}  "
        room = shutil.get_terminal_size().columns - cells(text) - 1
        shown = visible(name)
        while shown and cells(shown) > room:
            shown = shown[:-1]
        self._draw(text + shown)

    def step(self, *, is_failure: bool) -> None:
        """Count one more test that has ended."""
        self._done += 1
        self._failed += is_failure
        self.show("")

    def clear(self) -> None:
        """Remove the bar."""
        if self._drawn:
            self._draw("")

    def _draw(self, text: str) -> None:
        # The line is filled up and not erased, because some terminals flicker.
        self._stream.write("\r" + text + " " * max(0, cells(self._drawn) - cells(text)))
        if not text:
            self._stream.write("\r")
        self._stream.flush()
        self._drawn = text
