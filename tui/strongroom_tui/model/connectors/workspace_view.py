"""Read and check the connector files of a folder.

A worker thread makes the view. A scan reuses what an earlier one read from unchanged files.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from strongroom.errors import StrongroomError
from strongroom.files.paths import find_above
from strongroom.names import NO_NAMES, Kind, Knowledge, Names
from strongroom.platform.naming import is_valid_name
from strongroom.settings.loading import find_settings_file
from strongroom.settings.model import Settings
from strongroom.workspace import (
    NAMES_FILE,
    Source,
    find_connector_files,
    read_source,
    resolve_names,
)
from strongroom.workspace.baseline import Baseline
from strongroom.workspace.index import WorkspaceIndex
from strongroom.workspace.published import Published
from strongroom.workspace.references import Symbol, SymbolKind

if TYPE_CHECKING:
    from strongroom.document import Connector, Document
    from strongroom.validator import Finding, Validators
    from strongroom.validator.publication import Publication

Stamp = tuple[int, int]


class ConnectorFile(NamedTuple):
    """Hold one file as it was read.

    An unreadable file has a `problem` and no document.
    """

    path: str
    shown: str
    """The path below the folder, with `/` between."""
    stamp: Stamp
    source: Source | None
    document: "Document | None"
    findings: "tuple[Finding, ...]"
    problem: str = ""


class RunTarget(NamedTuple):
    """Name a connector that a test can run."""

    name: str
    permalink: str
    file: str
    is_composite: bool
    data: Mapping[str, Any]
    number: int = 0
    """The connector's number among those of its name in the file, from 0."""

    @property
    def key(self) -> tuple[str, str, int]:
        """Return a key that stays the same when the connector's text changes."""
        return self.file, self.name, self.number


class WorkspaceView(NamedTuple):
    """Hold all connector files below one folder at one moment."""

    folder: str
    files: tuple[ConnectorFile, ...] = ()
    uses: Mapping[str, tuple[str, ...]] = {}
    """Name -> the connectors that use it, each once."""
    places: Mapping[str, tuple[tuple[str, int], ...]] = {}
    """Name -> the path and the offset of each use."""
    missing: tuple[tuple[str, Kind], ...] = ()
    """Unknown names that connectors use.

    Empty if the list of names is not complete.
    """
    knowledge: Knowledge = Knowledge.NONE
    """The completeness of the known names.

    Calls of unknown names fail only if the names are complete.
    """
    problem: str = ""

    @property
    def targets(self) -> tuple[RunTarget, ...]:
        """Return every connector, in the order of files and text."""
        return tuple(target for file in self.files for target in _targets(file))

    def users(self, name: str) -> tuple[RunTarget, ...]:
        """Return the connectors that use a name, in the order of files and text."""
        places = self.places.get(name, ())
        return tuple(
            target
            for file in self.files
            for target, connector in _targets_with_places(file)
            if any(path == file.path and connector.start <= at < connector.end for path, at in places)
        )

    @property
    def stamps(self) -> dict[str, Stamp]:
        """Return the times and sizes that a look at the folder is compared with."""
        return {file.path: file.stamp for file in self.files}


def _targets(file: ConnectorFile) -> Iterator[RunTarget]:
    return (target for target, _ in _targets_with_places(file))


def _targets_with_places(file: ConnectorFile) -> "Iterator[tuple[RunTarget, Connector]]":
    from strongroom.testcases.connectors import as_published

    names: Counter[str] = Counter()
    for c in file.document.connectors if file.document is not None else ():
        if isinstance(c.data, Mapping):
            data = as_published(c.data, is_composite=c.is_composite)
            yield RunTarget(c.name, c.permalink or "", file.shown, c.is_composite, data, names[c.name]), c
            names[c.name] += 1


def stamp_of(path: str) -> Stamp:
    """Return the time and size of a file, or zeros if it cannot be read."""
    try:
        status = os.stat(path)
    except OSError:
        return (0, 0)
    return status.st_mtime_ns, status.st_size


def settings_stamps(folder: str, settings: Settings) -> dict[str, Stamp]:
    """Return the times and sizes of settings, names files and baseline."""
    usual = (find_settings_file(folder), find_above(settings.folder, NAMES_FILE))
    return {path: stamp_of(path) for path in (*usual, *settings.names_files, settings.baseline) if path}


class Checks:
    """Check documents as `check` does, for each community and with the baseline."""

    def __init__(
        self, settings: Settings, lists: tuple[Names, ...] = (NO_NAMES,), baseline: Baseline | None = None
    ) -> None:
        self.settings = settings
        self._lists = lists
        self._baseline = baseline
        self._validators: Validators | None = None
        self.problems: tuple[StrongroomError, ...] = ()

    @classmethod
    def read(
        cls, settings: Settings, names: Names, vault_path: str, before: "Checks | None" = None
    ) -> "Checks":
        """Read the baseline, and the names of the other communities of the settings.

        No key is needed. `names` are those of the community that is shown. `problems` says what cannot be read.
        If all names are those of `before`, its validators are used again.
        """
        lists = [names]
        problems: list[StrongroomError] = []
        baseline = None
        for community in dict.fromkeys(settings.communities):
            try:
                if community != lists[0].community:
                    lists.append(resolve_names(settings, vault_path, community))
            except StrongroomError as error:
                problems.append(error)
        try:
            baseline = Baseline.read(settings.baseline) if settings.baseline else None
        except StrongroomError as error:
            problems.append(error)
        found = cls(settings, tuple(lists), baseline)
        found.problems = tuple(problems)
        if before is not None and before._lists == found._lists:
            found._validators = before._validators
        return found

    def findings(
        self, document: "Document", path: str, publication: "Publication | None" = None
    ) -> "list[Finding]":
        """Return the findings of a document as the file at `path` of this project.

        Raises `StrongroomError` for levels of the settings that cannot be used.
        """
        if self._validators is None:
            from strongroom.validator import Validators

            self._validators = Validators(self._lists)
        levels = self.settings.levels_for(path)
        return self.new(path, self._validators.of(levels).findings(document, publication))

    def new(self, path: str, findings: "list[Finding]") -> "list[Finding]":
        """Return those of a file's findings that the baseline does not have."""
        return self._baseline.new(path, findings)[0] if self._baseline is not None else findings


def scan(
    folder: str, checks: Checks, names: Names, before: WorkspaceView | None = None, *, again: bool = False
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
    published = Published()
    files = tuple(_read(folder, path, checks, published, known.get(path)) for path in paths)
    index = WorkspaceIndex.of({file.path: file.document for file in files if file.document is not None})
    placed = {name: list(index.places(Symbol(SymbolKind.NAME, name))) for name in index.names()}
    found = {name: [place.occurrence for _, place in places] for name, places in placed.items()}
    uses = {name: tuple(dict.fromkeys(one.connector for one in users)) for name, users in found.items()}
    places = {
        name: tuple((path, place.occurrence.start) for path, place in places)
        for name, places in placed.items()
    }
    missing: list[tuple[str, Kind]] = []
    if names.knowledge is not Knowledge.PARTIAL:
        missing = [
            (name, kind)
            for name, users in found.items()
            if (kind := users[0].kind) is not None
            and names.get(name) is None
            and is_valid_name(name)
            and not all(one.may_miss for one in users)
        ]
    return WorkspaceView(folder, files, uses, places, tuple(missing), names.knowledge)


def _read(
    folder: str, path: str, checks: Checks, published: Published, before: ConnectorFile | None
) -> ConnectorFile:
    from strongroom.document import Document

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
        findings = checks.findings(document, path, published.publication(path))
        return ConnectorFile(path, shown, stamp, source, document, tuple(findings))
    except StrongroomError as error:
        return ConnectorFile(path, shown, stamp, source, document, (), str(error))


def place_of(file: ConnectorFile, offset: int) -> tuple[int, int]:
    """Return line and column of an offset, counted from 1."""
    if file.document is None:
        return 1, 1
    line, column = file.document.lines.position(offset)
    return line + 1, column + 1


def connector_at(file: ConnectorFile, offset: int) -> "Connector | None":
    """Return the connector that `offset` is in."""
    connectors = file.document.connectors if file.document else ()
    return next((c for c in connectors if c.start <= offset < c.end), None)
