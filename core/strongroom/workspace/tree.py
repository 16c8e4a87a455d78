"""Keep the files of a workspace by folder, so that another look costs little.

A folder's own time changes when an entry is put into it, taken out of it or renamed in it. So a second look asks each
known folder for its time and reads only those that differ. A client's news of changes is not enough: an editor reports
a moved folder, and not the files in it.
"""

# os.path, because pathlib would cost a part of the server's start-up.

import os
import time
from collections.abc import Callable, Generator, Iterable
from typing import Final, NamedTuple

from strongroom.settings.loading import FILE_NAME
from strongroom.workspace.belonging import Folder, PathFilter

_SETTLED: Final = 2_000_000_000
"""Nanoseconds after which a folder's time can be trusted.

A folder that changed so shortly before it was read may change again without another time.
"""

_RULES: Final = (".gitignore", FILE_NAME)
"""The files that say which paths belong."""

Stamp = tuple[int, int, int]


class _Read(NamedTuple):
    """Hold one folder as it was read."""

    stamp: Stamp
    """Device, inode and time of the last change."""
    is_settled: bool
    files: tuple[str, ...]
    folders: tuple[tuple[str, Folder], ...]
    rules: tuple[str, ...]
    """The files in it that say which paths belong."""


class FileTree:
    """Hold the files below some folders that belong and are wanted.

    `PathFilter` decides which files belong, and `is_wanted` takes their names.
    """

    def __init__(self, roots: Iterable[str], is_wanted: Callable[[str], bool]) -> None:
        self.roots = tuple(roots)
        self._is_wanted = is_wanted
        self._filter = PathFilter(self.roots)
        self._read: dict[str, _Read] = {}
        self._rules: dict[str, Stamp | None] | None = None

    def look(self) -> Generator[None, None, tuple[str, ...]]:
        """Look at the folders again, with a pause after each.

        The result is the files in the order of their folders.
        """
        while True:
            files = yield from self._look()
            before, self._rules = self._rules, self._rule_stamps()
            if before is None or before == self._rules:
                return files
            self._filter, self._read = PathFilter(self.roots), {}  # other files may belong

    def belongs(self, path: str) -> bool:
        """Return True if a file of any name belongs, by the folders that it is in."""
        return self._filter.belongs(path, lambda _name: True)

    def _look(self) -> Generator[None, None, tuple[str, ...]]:
        seen: dict[str, _Read] = {}
        files: list[str] = []
        waiting = [(root, self._filter.root(root)) for root in reversed(self.roots)]
        while waiting:
            path, rules = waiting.pop()
            if path in seen:
                continue
            read = self._folder(path, rules)
            if read is not None:
                seen[path] = read
                files += read.files
                waiting += reversed(read.folders)
            yield
        self._read = seen
        return tuple(files)

    def _folder(self, path: str, rules: Folder) -> _Read | None:
        """Return the folder as it is now, or None if it is missing.

        It is read only if it has changed.
        """
        stamp = _stamp(path)
        if stamp is None:
            return None
        known = self._read.get(path)
        if known is not None and known.is_settled and known.stamp == stamp:
            return known
        is_settled = time.time_ns() - stamp[2] > _SETTLED
        try:
            with os.scandir(path) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            return None
        if path not in self.roots and any(entry.name == "pyvenv.cfg" for entry in listed):
            return _Read(stamp, is_settled, (), (), ())  # it has become a Python environment
        files, folders = [], []
        for entry in listed:
            if entry.is_dir(follow_symlinks=False):
                if (below := self._filter.child(rules, entry.name)) is not None:
                    folders.append((os.path.join(path, entry.name), below))
            elif rules.takes(entry.name, self._is_wanted) and not entry.is_dir():
                files.append(os.path.join(path, entry.name))
        here = tuple(os.path.join(path, entry.name) for entry in listed if entry.name in _RULES)
        return _Read(stamp, is_settled, tuple(files), tuple(folders), here)

    def _rule_stamps(self) -> dict[str, Stamp | None]:
        """Return the times of the files that say which paths belong.

        These files are below the roots and above them.
        """
        above = {
            os.path.join(folder, name) for root in self.roots for folder in _above(root) for name in _RULES
        }
        below = (rule for read in self._read.values() for rule in read.rules)
        return {path: _stamp(path) for path in sorted(above.union(below))}


def _above(folder: str) -> Iterable[str]:
    """Yield the folders above one, up to the top of the repository."""
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        folder = parent
        yield folder


def _stamp(path: str) -> Stamp | None:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino, status.st_mtime_ns
