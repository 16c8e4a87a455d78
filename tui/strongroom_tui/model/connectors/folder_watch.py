"""Notice changed connector files below a folder.

The cost stays small for any number of files. A look asks each known folder and file for its time and reads again
only the folders whose time is another one (`FileTree`). The more a look costs, the longer is the pause until the
next.
"""

import os
import time
from collections.abc import Callable
from typing import Final

from strongroom.workspace.files import is_connector_path
from strongroom.workspace.tree import FileTree
from strongroom_tui.model.connectors.workspace_view import Stamp

SHARE: Final = 0.01
"""The share of one processor core that looking may cost."""


class FolderWatch:
    """Watch the connector files below one folder.

    `seconds` is the pause after the last look.
    """

    def __init__(self, folder: str, clock: Callable[[], float] = time.thread_time) -> None:
        self.seconds = 0.0
        self._clock = clock
        self._tree = FileTree((folder,), is_connector_path)
        self._files: tuple[str, ...] = ()

    def look(self) -> dict[str, Stamp]:
        """Return every connector file with its time and size."""
        began = self._clock()
        files = self._walk()
        found = _stamps(files)
        cost = self._clock() - began
        # A look that found other files has read folders, which the next look will not.
        self.seconds = cost / SHARE if files == self._files else 0.0
        self._files = files
        return found

    def _walk(self) -> tuple[str, ...]:
        looking = self._tree.look()
        while True:
            try:
                next(looking)
            except StopIteration as end:
                files: tuple[str, ...] = end.value
                return files


def _stamps(files: tuple[str, ...]) -> dict[str, Stamp]:
    """Return the time and size of each file.

    A file that has two paths counts once, as in a scan.
    """
    found: dict[str, Stamp] = {}
    seen: set[tuple[int, int]] = set()
    for path in files:
        try:
            status = os.stat(path)
        except OSError:
            found[path] = (0, 0)
            continue
        identity = (status.st_dev, status.st_ino)
        if not status.st_ino or identity not in seen:
            found[path] = (status.st_mtime_ns, status.st_size)
        seen.add(identity)
    return found
