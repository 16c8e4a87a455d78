"""Whether a vault file has changed, been replaced, appeared or gone: asked several times a second."""

import os
from typing import TYPE_CHECKING

from strongroom.errors import StrongroomError

if TYPE_CHECKING:
    from strongroom.store.reader import NamesReader


class VaultWatch:
    """Watches the vault at `path` through one open reader, which needs no key.

    The reader is held open because asking an open database for its change counter costs microseconds, and
    because closing the file by other means than SQLite's would drop the locks this process holds on it.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._reader: NamesReader | None = None
        self._openings = 0  # the counters of two readers cannot be compared

    def stamp(self) -> tuple[object, ...] | None:
        """Differs from the one before when the vault is not what it was; None where there is no vault."""
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
            # Unreadable for now: any change of the file, its mode included, is a reason to try again.
            return status.st_dev, status.st_ino, status.st_mode, status.st_size, status.st_mtime_ns

    def _open(self) -> "NamesReader":
        if self._reader is None:
            from strongroom.store.reader import NamesReader

            self._reader = NamesReader.open(self._path)
            self._openings += 1
        return self._reader

    def close(self) -> None:
        """Let go of the file."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None
