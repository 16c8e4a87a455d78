"""The connector files of a folder as the screens see them: text, connectors, findings, uses of names.

Plain Python, made in a worker thread. A scan reuses what an earlier one read from unchanged files.
"""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from strongroom.errors import StrongroomError
from strongroom.names import Kind, Knowledge, Names
from strongroom.platform.naming import is_valid_name
from strongroom.settings import Settings, find_above, find_settings_file
from strongroom.workspace import NAMES_FILE, Source, UseIndex, find_connector_files, read_source

if TYPE_CHECKING:
    from strongroom.document import Connector, Document
    from strongroom.validator import Finding

Stamp = tuple[int, int]


class ConnectorFile(NamedTuple):
    """One file as it was read. A file that cannot be read has a `problem` and no document."""

    path: str
    shown: str
    """The path below the folder, with `/` between."""
    stamp: Stamp
    source: Source | None
    document: "Document | None"
    findings: "tuple[Finding, ...]"
    problem: str = ""


class Target(NamedTuple):
    """A connector that a test can run."""

    name: str
    permalink: str
    file: str
    is_composite: bool
    data: Mapping[str, Any]


class WorkspaceView(NamedTuple):
    """All connector files below one folder, as they were at one moment."""

    folder: str
    files: tuple[ConnectorFile, ...] = ()
    uses: Mapping[str, tuple[str, ...]] = {}
    """Name -> the connectors that use it, each once."""
    missing: tuple[tuple[str, Kind], ...] = ()
    """Names that connectors use and that are not known; empty where the list of names is not the whole truth."""
    knowledge: Knowledge = Knowledge.NONE
    """How much was known: calls of names that are not in a complete list fail, those of others may not."""
    problem: str = ""

    @property
    def targets(self) -> tuple[Target, ...]:
        """Every connector, in the order of files and text."""
        return tuple(
            Target(c.name, c.permalink or "", file.shown, c.is_composite, c.data)
            for file in self.files
            if file.document is not None
            for c in file.document.connectors
            if isinstance(c.data, Mapping)
        )

    @property
    def stamps(self) -> dict[str, Stamp]:
        """What a look at the folder is compared with."""
        return {file.path: file.stamp for file in self.files}


def stamp_of(path: str) -> Stamp:
    """Return the time and size of a file; zeros where it cannot be asked."""
    try:
        status = os.stat(path)
    except OSError:
        return (0, 0)
    return status.st_mtime_ns, status.st_size


def settings_stamps(folder: str, settings: Settings) -> dict[str, Stamp]:
    """Return the settings file and the names files that hold for `folder`, each with its time and size."""
    usual = (find_settings_file(folder), find_above(settings.folder, NAMES_FILE))
    return {path: stamp_of(path) for path in (*usual, *settings.names_files) if path}


def scan(
    folder: str, settings: Settings, names: Names, before: WorkspaceView | None = None, *, again: bool = False
) -> WorkspaceView:
    """Read and check every connector file below `folder`.

    A file whose time and size are those in `before` is not read again (unless `again`), but always checked:
    the known names may be others. Never raises for what a person's files hold.
    """
    try:
        paths = find_connector_files([folder])
    except StrongroomError as error:
        return WorkspaceView(folder, problem=str(error))
    known = {} if again or before is None else {file.path: file for file in before.files}
    files = tuple(_read(folder, path, settings, names, known.get(path)) for path in paths)
    index = UseIndex({file.path: file.document for file in files if file.document is not None})
    uses = {name: tuple(dict.fromkeys(use.connector for use in index.uses(name))) for name in index.names}
    missing: list[tuple[str, Kind]] = []
    if names.knowledge is not Knowledge.PARTIAL:
        missing = [
            (name, index.uses(name)[0].kind)
            for name in index.names
            if names.get(name) is None and is_valid_name(name)
        ]
    return WorkspaceView(folder, files, uses, tuple(missing), names.knowledge)


def _read(
    folder: str, path: str, settings: Settings, names: Names, before: ConnectorFile | None
) -> ConnectorFile:
    from strongroom.document import Document
    from strongroom.validator import validate

    shown = os.path.relpath(path, folder).replace(os.sep, "/")
    stamp = stamp_of(path)
    if before is not None and before.stamp == stamp and before.source is not None and before.document:
        source, document = before.source, before.document
    else:
        try:
            source = read_source(path)
        except StrongroomError as error:
            return ConnectorFile(path, shown, stamp, None, None, (), str(error))
        document = Document.parse(source.text)
    try:
        levels = settings.levels_for(path)
    except StrongroomError as error:
        return ConnectorFile(path, shown, stamp, source, document, (), str(error))
    return ConnectorFile(path, shown, stamp, source, document, tuple(validate(document, names, levels)))


def place_of(file: ConnectorFile, offset: int) -> tuple[int, int]:
    """Line and column of an offset, counted from 1."""
    if file.document is None:
        return 1, 1
    line, column = file.document.lines.position(offset)
    return line + 1, column + 1


def connector_at(file: ConnectorFile, offset: int) -> "Connector | None":
    """The connector that `offset` lies in."""
    connectors = file.document.connectors if file.document else ()
    return next((c for c in connectors if c.start <= offset < c.end), None)
