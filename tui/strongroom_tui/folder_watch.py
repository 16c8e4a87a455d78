"""Notice that connector files below a folder changed, at a cost that stays small however many they are.

A file that is added, removed or renamed changes the time of its folder. Because of that a look asks each known folder
and file for its time and walks the tree again only where a folder's time is another one. The more a look costs, the
longer is the pause until the next.
"""

import os
import time
from collections.abc import Callable
from typing import Final

from strongroom.workspace.files import find_connector_files
from strongroom_tui.workspace_view import Stamp, stamp_of

SHARE: Final = 0.01
"""The part of one processor core that looking may cost."""

SETTLED_NS: Final = 2_000_000_000
"""A folder that changed this recently may change again without another time: file systems count in coarse steps."""


class FolderWatch:
    """The connector files below one folder. `seconds` is the pause that is due after the last look."""

    def __init__(self, folder: str, clock: Callable[[], float] = time.thread_time) -> None:
        self.folder = folder
        self._clock = clock
        self.seconds = 0.0
        self._folders: dict[str, int] = {}
        self._files: list[str] = []

    def look(self) -> dict[str, Stamp]:
        """Return every connector file with its time and size. Raises `StrongroomError` where the folder is gone."""
        began = self._clock()
        is_same = all(_time(path) == known for path, known in self._folders.items())
        found = {path: stamp_of(path) for path in self._files}
        self.seconds = (self._clock() - began) / SHARE
        if self._folders and is_same:
            return found
        # Not counted: it is done only where something changed.
        self._walk()
        return {path: stamp_of(path) for path in self._files}

    def _walk(self) -> None:
        self._folders = {}
        now = time.time_ns()
        self._files = find_connector_files([self.folder], on_folder=lambda path: self._note(path, now))

    def _note(self, path: str, now: int) -> None:
        changed = _time(path)
        # A time that no folder has: the next look walks again.
        self._folders[path] = changed if now - changed > SETTLED_NS else -1


def _time(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0
