"""Read a project's other files: its registry, and its widgets' connector files.

A project is the folder of `connectors_registry.json`, or of `widgets` with files `widgets/*/connectors.json`.
"""

# os.path, because pathlib costs 5 ms at every start of `check`.

import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from strongroom.platform.project import (
    BUILD_SCRIPT,
    PROJECT_FILE,
    REGISTRY,
    REGISTRY_IS_WRITTEN_FROM,
    WIDGET_FILE,
    WIDGETS_FOLDER,
)
from strongroom.workspace.files import UnreadableFile, read_text

if TYPE_CHECKING:
    from strongroom.validator.permalinks import Key
    from strongroom.validator.publication import ConnectorTable, Convention, Publication

Stamp = tuple[int, int, int, int] | None


def project_of(path: str) -> str | None:
    """Return the project's folder that a connector file is published with, or None.

    A registry without a folder `widgets` beside it has no files that it could differ from.
    """
    folder, name = os.path.split(os.path.abspath(path))
    if name == REGISTRY:
        return folder if os.path.isdir(os.path.join(folder, WIDGETS_FOLDER)) else None
    above, parent = os.path.split(os.path.dirname(folder))
    return above if name == WIDGET_FILE and parent == WIDGETS_FOLDER else None


class _Read(NamedTuple):
    stamp: Stamp
    table: "ConnectorTable | None"


class _Project(NamedTuple):
    convention: "Convention"
    registry: _Read
    widgets: dict[str, _Read]
    """Path below the project -> file, in the order of the paths."""
    first: "dict[Key, str]"
    """Key -> the first of these files that has such a connector."""


class Published:
    """Hold the connectors of projects, as their files on the disk have them.

    A file is read again only if it has changed.
    """

    def __init__(self) -> None:
        self._projects: dict[str, _Project] = {}

    def publication(self, path: str) -> "Publication | None":
        """Return a file's project, with the file's place in it; None without a project."""
        folder = project_of(path)
        if folder is None:
            return None
        from strongroom.validator.publication import Publication

        project = self._project(folder)
        return Publication(_below(folder, path), project.registry.table, project.first, project.convention)

    def own(self, path: str) -> "ConnectorTable":
        """Return the connectors of a file of a project, as the disk has them."""
        folder = project_of(path)
        if folder is None:
            return {}
        project = self._project(folder)
        read = project.widgets.get(_below(folder, path), project.registry)
        return read.table or {}

    def _project(self, folder: str) -> _Project:
        found = self._projects.get(folder)
        if found is None:
            found = self._projects[folder] = _read(folder, None)
        return found

    def refresh(self) -> bool:
        """Read the changed files again. Return True if a project has changed."""
        has_changed = False
        for folder, before in self._projects.items():
            now = self._projects[folder] = _read(folder, before)
            has_changed = has_changed or now != before
        return has_changed


def _read(folder: str, before: _Project | None) -> _Project:
    from strongroom.validator.publication import first_files

    known = before.widgets if before is not None else {}
    widgets = {}
    for name in _widgets(folder):
        read = _file(os.path.join(folder, name), known.get(name))
        if read.stamp is not None:
            widgets[name] = read
    convention = convention_of(folder)
    registry = _file(os.path.join(folder, REGISTRY), before.registry if before is not None else None)
    if registry.stamp is None and convention.value == "written":
        registry = registry._replace(table={})
    tables = [(name, read.table) for name, read in widgets.items() if read.table is not None]
    return _Project(convention, registry, widgets, first_files(tables))


def _below(folder: str, path: str) -> str:
    return os.path.relpath(os.path.abspath(path), folder).replace(os.sep, "/")


def _widgets(folder: str) -> list[str]:
    try:
        names = os.listdir(os.path.join(folder, WIDGETS_FOLDER))
    except OSError:
        return []
    return [f"{WIDGETS_FOLDER}/{name}/{WIDGET_FILE}" for name in sorted(names)]


def _file(path: str, before: _Read | None) -> _Read:
    """Return a file's connectors.

    A missing file has no stamp. A file that cannot be read has no table.
    """
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return _Read(None, None)
    stamp = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
    if before is not None and before.stamp == stamp:
        return before
    try:
        return _Read(stamp, _table(read_text(path)))
    except UnreadableFile:
        return _Read(stamp, None)


def _table(text: str) -> "ConnectorTable":
    from strongroom.document import Document
    from strongroom.validator.publication import table_of

    return table_of(Document.parse(text))


def convention_of(folder: str) -> "Convention":
    """Return the origin of the registry of the project in this folder (PLATFORM §9).

    Without a sign, or with signs of both conventions, it is unknown.
    """
    from strongroom.validator.publication import Convention

    version = _gsds_version(os.path.join(folder, PROJECT_FILE))
    is_written = version >= REGISTRY_IS_WRITTEN_FROM
    is_built = os.path.exists(os.path.join(folder, BUILD_SCRIPT)) or () < version < REGISTRY_IS_WRITTEN_FROM
    if is_written == is_built:
        return Convention.UNKNOWN
    return Convention.WRITTEN if is_written else Convention.BUILT


def _gsds_version(path: str) -> tuple[int, ...]:
    """Return the numbers of a project's gsds version, `cliVersion`; empty if unknown."""
    try:
        text = read_text(path)
        import json  # A millisecond, and most checked files are in no project of gsds.

        data: Any = json.loads(text)
    except (UnreadableFile, ValueError, RecursionError):
        return ()
    version = data.get("cliVersion") if isinstance(data, dict) else None
    found = re.match(r"\D{0,2}(\d{1,6})\.(\d{1,6})", version) if isinstance(version, str) else None
    return tuple(map(int, found.groups())) if found else ()
