"""Find the code of a project's widgets, and the connectors that it may call.

A project is a folder with `connectors_registry.json` or with files `widgets/*/connectors.json`. Code outside of one is
not read. Nor is what a build makes: folders such as `dist` beside a `package.json` or a folder `src`, and files with
lines longer than a person writes. A `dist` with neither beside it holds the sources of a widget that nobody builds.
"""

# os.path, because pathlib costs 5 ms at every start of `check`.

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from strongroom.platform.project import REGISTRY, WIDGET_FILE, WIDGETS_FOLDER
from strongroom.text.expressions import expression
from strongroom.widgets.scripts import SCRIPTS, is_widget_path
from strongroom.workspace.files import (
    UnreadableFile,
    is_connector_path,
    read_bytes,
    read_text,
    walk_connector_files,
)

if TYPE_CHECKING:
    from strongroom.widgets.code import WidgetCode
    from strongroom.widgets.known import KnownConnector, KnownConnectors

_OUTPUTS: Final = frozenset(("dist", "build", "out", "output", "coverage"))
"""The folders that builds write into, if one of `_SOURCES` is beside them."""
_SOURCES: Final = ("package.json", "src")
"""The names that show that a folder holds sources."""
_LONGEST_LINE: Final = 5_000
"""The length in characters of a line that no person writes."""
_LARGEST_MODULE: Final = 200_000
"""The size in bytes from which a module is not read for its constants."""
_QUOTED: Final = expression(r"[\"'`]([a-z0-9]+(?:-[a-z0-9]+)*)[\"'`]")


def is_wanted(name: str) -> bool:
    """Return True for the names of connector files and of code."""
    return is_connector_path(name) or is_widget_path(name)


class WidgetProjects:
    """Find the project of each file of code, and read each project's connectors once."""

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}
        self._outputs: dict[str, bool] = {}
        self._known: dict[str, KnownConnectors] = {}

    def folder_of(self, path: str) -> str:
        """Return the folder of the project that a file is in; "" without one."""
        return self.around(os.path.dirname(os.path.abspath(path)))

    def around(self, folder: str) -> str:
        """Return the folder of the project that a folder is in; "" without one.

        `folder` is an absolute path.
        """
        if folder not in self._folders:
            above = os.path.dirname(folder)
            found = folder if _has_connectors(folder) else "" if above == folder else self.around(above)
            self._folders[folder] = found
        return self._folders[folder]

    def is_made(self, path: str) -> bool:
        """Return True if a file of a project is in a folder that a build writes into."""
        project = self.folder_of(path)
        folder = os.path.dirname(os.path.abspath(path))
        while project and len(folder) > len(project):
            if self._is_output(folder):
                return True
            folder = os.path.dirname(folder)
        return False

    def has_source(self, path: str) -> bool:
        """Return True if a file is code of a project that people write."""
        return bool(self.folder_of(path)) and not self.is_made(path)

    def _is_output(self, folder: str) -> bool:
        if folder not in self._outputs:
            above, name = os.path.split(folder)
            self._outputs[folder] = name in _OUTPUTS and any(
                os.path.exists(os.path.join(above, source)) for source in _SOURCES
            )
        return self._outputs[folder]

    def connectors(self, path: str) -> "KnownConnectors | None":
        """Return the connectors that the code at `path` may call; None outside a project."""
        folder = self.folder_of(path)
        if not folder:
            return None
        if folder not in self._known:
            self._known[folder] = read_connectors(folder)
        return self._known[folder]

    def with_calls(self, paths: Iterable[str]) -> Iterator[str]:
        """Yield the files of code that belong to a project and may call a connector.

        A file that cannot be read is left out: it has no connector whose mistakes would be missed.
        """
        for path in paths:
            if self.has_source(path) and may_hold_calls(path):
                yield path


class WatchedConnectors:
    """Hold the connectors that code may call, and notice when their files change."""

    def __init__(self) -> None:
        self._projects = WidgetProjects()
        self._asked: dict[str, str] = {}
        """Folder of code -> its project."""
        self._stamps: dict[str, tuple[object, ...]] = {}

    def of(self, path: str) -> "KnownConnectors | None":
        """Return the connectors that the code at `path` may call.

        Code outside of any project, and code that a build made, gives None.
        """
        folder = self._projects.folder_of(path)
        self._asked[os.path.dirname(os.path.abspath(path))] = folder
        if folder and folder not in self._stamps:
            self._stamps[folder] = _stamp(folder)
        return self._projects.connectors(path) if self._projects.has_source(path) else None

    def refresh(self) -> bool:
        """Read again what has changed, and return True if anything has."""
        projects = WidgetProjects()
        has_moved = any(projects.around(folder) != project for folder, project in self._asked.items())
        if not has_moved and all(_stamp(folder) == stamp for folder, stamp in self._stamps.items()):
            return False
        self._projects, self._asked, self._stamps = projects, {}, {}
        return True


def _stamp(folder: str) -> tuple[object, ...]:
    """Return a value that changes with the connector files of a project."""
    found: list[object] = []
    for path in connector_files(folder):
        try:
            status = os.stat(path)
        except OSError:
            continue
        found.append((path, status.st_ino, status.st_size, status.st_mtime_ns))
    return tuple(found)


def may_hold_calls(path: str) -> bool:
    """Return True if a file of code was written by people and has the words of a call."""
    try:
        data = read_bytes(path)
    except UnreadableFile:
        return False
    if b"execute" not in data or (b"connectors" not in data and b"permalink" not in data):
        return False
    return max(map(len, data.split(b"\n"))) < _LONGEST_LINE


def read_code(path: str, text: str) -> "WidgetCode":
    """Return the code in a file, with the constants imported from files beside it."""
    from strongroom.widgets.code import WidgetCode

    return WidgetCode(path, text, lambda name: _module_text(path, name))


def module_path(path: str, name: str) -> str | None:
    """Return the file of a module that the file at `path` imports by a relative name."""
    if not name.startswith("."):
        return None
    place = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(path)), name))
    stem = os.path.splitext(place)[0] if place.endswith((".js", ".mjs", ".jsx")) else place
    for found in (
        place,
        *(f"{stem}{suffix}" for suffix in SCRIPTS),
        *(f"{place}/index{one}" for one in SCRIPTS),
    ):
        if found.endswith(SCRIPTS) and os.path.isfile(found) and os.path.getsize(found) < _LARGEST_MODULE:
            return found
    return None


def _module_text(path: str, name: str) -> str | None:
    found = module_path(path, name)
    try:
        return read_text(found) if found is not None else None
    except UnreadableFile:
        return None


def code_with_calls(folder: str) -> "Iterator[WidgetCode]":
    """Yield a project's code that may call a connector, as it is on the disk."""
    projects = WidgetProjects()
    paths = walk_connector_files(folder, is_wanted=is_widget_path)
    for path in projects.with_calls(path for path in paths if path is not None):
        try:
            yield read_code(path, read_text(path))
        except UnreadableFile:
            continue


def read_connectors(folder: str) -> "KnownConnectors":
    """Return the connectors in the files of the project in a folder.

    They are those of the registry, and those of widgets that the registry may not have yet.
    """
    from strongroom.document import Document
    from strongroom.validator.calls.connectors import known_connectors

    documents, is_complete = [], True
    for path in connector_files(folder):
        try:
            documents.append(Document.parse(read_text(path)))
        except UnreadableFile:
            is_complete = False
    found = known_connectors(documents)
    return found if is_complete else found.incomplete()


def connector_files(folder: str) -> Iterator[str]:
    """Yield the files of the project in a folder that hold its connectors."""
    registry = os.path.join(folder, REGISTRY)
    if os.path.exists(registry):
        yield registry
    for name in _widgets(folder):
        path = os.path.join(folder, WIDGETS_FOLDER, name, WIDGET_FILE)
        if os.path.exists(path):
            yield path


def uncalled(folder: str) -> "list[KnownConnector]":
    """Return a project's connectors whose permalink no code has between quotes.

    What builds make counts as well: a widget may be there without its sources.
    """
    quoted: set[str] = set()
    for path in walk_connector_files(folder, is_wanted=is_widget_path):
        if path is not None:
            quoted |= _quoted_in(path)
    found = {(one.is_composite, one.permalink): one for one in reversed(read_connectors(folder).all())}
    return sorted(
        (one for one in found.values() if one.permalink not in quoted), key=lambda one: one.permalink
    )


def _quoted_in(path: str) -> set[str]:
    try:
        return set(_QUOTED.findall(read_bytes(path).decode("utf-8", "replace")))
    except UnreadableFile:
        return set()


def _has_connectors(folder: str) -> bool:
    return any(True for _ in connector_files(folder))


def _widgets(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(os.path.join(folder, WIDGETS_FOLDER)))
    except OSError:
        return []
