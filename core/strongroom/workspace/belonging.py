"""Decide which paths belong to a workspace.

The decision is the same for a walk, an event and the name of a file. Below a folder that is looked through,
connector files count by their name. Left out are the paths that `exclude` in `strongroom.toml` matches, and
repositories inside a repository, such as submodules. Left out are also, unless `include` matches them, the
paths that git ignores, hidden folders, and folders with other people's files (`node_modules`, Python
environments). The folder itself is wanted, whatever its name is.
"""

# os.path, because pathlib costs 5 ms at every start of `check`.

import os
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from strongroom.errors import StrongroomError
from strongroom.files.paths import find_above
from strongroom.files.patterns import glob, may_be_below
from strongroom.settings.loading import FILE_NAME
from strongroom.workspace.ignored import IgnoreFile

_SKIPPED: Final = frozenset({"node_modules", "__pycache__", "venv"})


class Patterns(NamedTuple):
    """Hold the patterns of paths left out and put in, and the folder they begin at."""

    folder: str
    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ()

    def excludes(self, path: str) -> bool:
        """Return True if the path, or a folder that it is in, is left out."""
        return bool(self.exclude) and _matches(self.exclude, below(self.folder, path))

    def includes(self, path: str) -> bool:
        """Return True if the path is put in."""
        return bool(self.include) and _matches(self.include, below(self.folder, path))

    def may_include_below(self, folder: str) -> bool:
        """Return True if something in this folder may be put in."""
        return bool(self.include) and any(
            may_be_below(pattern, below(self.folder, folder)) for pattern in self.include
        )


def _matches(patterns: Iterable[str], relative: str) -> bool:
    return any(glob(pattern).fullmatch(relative) for pattern in patterns)


class Folder(NamedTuple):
    """Describe a folder that is looked through.

    If it is not wanted itself, only the paths that are put in are taken from it. `path` is absolute; `ignore_files` are
    those that hold in it, the nearest last. `is_in_repository` is True if git knows the folder that is looked through.
    """

    path: str
    is_wanted: bool
    is_in_repository: bool
    patterns: tuple[Patterns, ...]
    ignore_files: tuple[IgnoreFile, ...]

    def takes(self, name: str, counts: Callable[[str], bool]) -> bool:
        """Return True if a file in it belongs.

        `counts` says if a file of this name is looked for at all.
        """
        path = os.path.join(self.path, name)
        if self.excludes(path):
            return False
        if name.endswith(".json") and any(patterns.includes(path) for patterns in self.patterns):
            return True
        return self.is_wanted and counts(name) and not self.ignores(path, is_folder=False)

    def excludes(self, path: str) -> bool:
        """Return True if a path in it is left out."""
        return any(patterns.excludes(path) for patterns in self.patterns)

    def ignores(self, path: str, *, is_folder: bool) -> bool:
        """Return True if git ignores a path in it."""
        for file in reversed(self.ignore_files):
            says = file.says(path, is_folder=is_folder)
            if says is not None:
                return says
        return False


class PathFilter:
    """Decide which paths belong, for the folders `roots` that are looked through.

    `exclude` and `include` are patterns of the command line, which begin at the current folder. Settings and
    `.gitignore` are read once and kept: make another filter when they may have changed.
    """

    def __init__(
        self, roots: Sequence[str] = (), exclude: Sequence[str] = (), include: Sequence[str] = ()
    ) -> None:
        self._roots = sorted(map(os.path.abspath, roots), key=len, reverse=True)
        self._given = (Patterns(os.getcwd(), tuple(exclude), tuple(include)),) if exclude or include else ()
        self._folders: dict[str, Folder | None] = {}
        self._settings: dict[str, Patterns] = {}
        self._found: dict[tuple[str, str], str | None] = {}

    def belongs(self, path: str, counts: Callable[[str], bool]) -> bool:
        """Return True if the file at `path` belongs.

        `counts` says if a file of this name is looked for at all.
        """
        folder, name = os.path.split(os.path.abspath(path))
        found = self._folder(folder, next((root for root in self._roots if _is_in(folder, root)), folder))
        return found is not None and found.takes(name, counts)

    def leaves_out(self, path: str) -> bool:
        """Return True if `exclude` matches a path, even if a person names or opens it."""
        path = os.path.abspath(path)
        while True:
            patterns = self._patterns(os.path.dirname(path))
            if any(found.excludes(path) for found in patterns):
                return True
            top = patterns[-1].folder
            if top == path or not _is_in(path, top) or os.path.exists(os.path.join(top, ".git")):
                return False
            path = top

    def root(self, folder: str) -> Folder:
        """Return a folder that a person named.

        It is wanted, whatever its name is.
        """
        path = os.path.abspath(folder)
        top = self._top(path)
        above = [path]
        while above[-1] != top:
            above.append(os.path.dirname(above[-1]))
        files = [file for parent in reversed(above) if (file := IgnoreFile.read(parent)) is not None]
        is_in_repository = os.path.exists(os.path.join(top, ".git"))
        return Folder(path, True, is_in_repository, self._patterns(path), tuple(files))

    def child(self, parent: Folder, name: str) -> Folder | None:
        """Return a folder in another one; None if it is not looked into."""
        path = os.path.join(parent.path, name)
        if parent.excludes(path):
            return None
        is_foreign = _is_foreign(path) or (
            parent.is_in_repository and os.path.exists(os.path.join(path, ".git"))
        )
        is_wanted = parent.is_wanted and not is_foreign and not parent.ignores(path, is_folder=True)
        if not is_wanted and not any(patterns.may_include_below(path) for patterns in parent.patterns):
            return None
        file = IgnoreFile.read(path) if is_wanted else None
        files = (*parent.ignore_files, file) if file is not None else parent.ignore_files
        return Folder(path, is_wanted, parent.is_in_repository, self._patterns(path), files)

    def _folder(self, path: str, root: str) -> Folder | None:
        if path not in self._folders:
            if path == root:
                self._folders[path] = self.root(path)
            else:
                parent = self._folder(os.path.dirname(path), root)
                self._folders[path] = self.child(parent, os.path.basename(path)) if parent else None
        return self._folders[path]

    def _patterns(self, folder: str) -> tuple[Patterns, ...]:
        """Return the command line's patterns, and last those of the folder's settings."""
        file = find_above(folder, FILE_NAME, self._found)
        key = file or folder
        if key not in self._settings:
            self._settings[key] = _read(file) if file else Patterns(folder)
        return (*self._given, self._settings[key])

    def _top(self, folder: str) -> str:
        """Return the folder of the first `.gitignore` that counts.

        The folder is the top of the repository or of the settings.
        """
        current = folder
        while not os.path.exists(os.path.join(current, ".git")):
            parent = os.path.dirname(current)
            if parent == current:
                file = find_above(folder, FILE_NAME, self._found)
                return os.path.dirname(file) if file else folder
            current = parent
        return current


def below(folder: str, path: str) -> str:
    """Return `path` as it is seen from `folder`, with `/` between."""
    lead = folder if folder.endswith(os.sep) else folder + os.sep
    relative = path[len(lead) :] if path.startswith(lead) else os.path.relpath(path, folder)
    return relative.replace(os.sep, "/")


def _read(file: str) -> Patterns:
    from strongroom.settings.reading import read_settings_file

    try:
        found = read_settings_file(file)
    except StrongroomError:
        found = {}  # the reader of the settings reports it
    exclude, include = found.get("exclude", ()), found.get("include", ())
    assert isinstance(exclude, tuple)
    assert isinstance(include, tuple)
    return Patterns(os.path.dirname(file), exclude, include)


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder if folder.endswith(os.sep) else folder + os.sep)


def _is_foreign(path: str) -> bool:
    name = os.path.basename(path)
    return name.startswith(".") or name in _SKIPPED or os.path.exists(os.path.join(path, "pyvenv.cfg"))
