"""Notice that a vault file has changed, been replaced, appeared or gone.

This is asked several times a second.
"""

import os
from typing import TYPE_CHECKING

from strongroom.errors import StrongroomError

if TYPE_CHECKING:
    from strongroom.store.reader import NamesReader


class VaultWatch:
    """Watch the vault at `path` through one open reader, which needs no key.

    The reader stays open, because asking an open database for its change counter takes microseconds, and because
    closing the file by other means than SQLite's would drop the locks of this process.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._reader: NamesReader | None = None
        self._openings = 0  # the counters of two readers are not comparable

    def stamp(self) -> tuple[object, ...] | None:
        """Return a value that changes with the vault, or None for a missing one."""
        try:
            status = os.stat(self._path)
        except (OSError, ValueError):
            self.close()
            return None
        try:
            reader = self._open()
            return self._openings, reader.change_counter()
        except StrongroomError:
            self.close()
            # The file cannot be read. Any change of it, its mode included, is a reason to try again.
            return status.st_dev, status.st_ino, status.st_mode, status.st_size, status.st_mtime_ns

    def _open(self) -> "NamesReader":
        if self._reader is None:
            from strongroom.store.reader import NamesReader

            self._reader = NamesReader.open(self._path)
            self._openings += 1
        return self._reader

    def close(self) -> None:
        """Close the file."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None
