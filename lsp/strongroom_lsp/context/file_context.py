"""Find the settings and names of a file: the nearest settings, its community.

Everything is read without a key. What was read is kept by folder, with stamps of all it was read from. Comparing the
stamps is cheap enough to do several times a second, which is how a secret that is added elsewhere reaches the screen.
The client's file watcher would not do, because the vault is outside its folders.
"""

# os.path, because pathlib would cost a part of the start-up.

import itertools
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from strongroom.backends.names_cache import cache_path
from strongroom.document import Document
from strongroom.errors import StrongroomError
from strongroom.files.paths import find_above
from strongroom.names import NO_NAMES, Names
from strongroom.settings.loading import FILE_NAME, settings_from
from strongroom.settings.model import Settings
from strongroom.validator import Finding, Levels, Validator, Validators
from strongroom.validator.publication import Publication
from strongroom.workspace import NAMES_FILE, PathFilter, resolve_all_names
from strongroom.workspace.baseline import Baseline
from strongroom.workspace.published import Published
from strongroom.workspace.widget_files import WatchedConnectors
from strongroom_lsp.context.options import Options
from strongroom_lsp.context.vault_watch import VaultWatch

if TYPE_CHECKING:
    from strongroom.widgets.code import WidgetCode
    from strongroom.widgets.known import KnownConnectors

Stamp = tuple[object, ...]


class FileContext:
    """Hold the settings and names for the files of one folder, and their problems.

    `communities` are the names of each community that connectors are checked for. `names` are those of the first
    community, which are completed and explained. `number` differs between any two contexts of a session, so that a
    result is known to belong to one of them.
    """

    __slots__ = (
        "_baseline",
        "_connectors",
        "_is_syntax_left",
        "_levels",
        "_published",
        "_validators",
        "communities",
        "is_left_out",
        "names",
        "number",
        "problems",
        "settings",
    )

    def __init__(
        self,
        settings: Settings,
        names: Names | tuple[Names, ...],
        problems: tuple[str, ...] = (),
        number: int = 0,
        *,
        is_syntax_left: bool = False,
        baseline: Baseline | None = None,
        published: Published | None = None,
        connectors: WatchedConnectors | None = None,
    ) -> None:
        self.settings = settings
        self.communities = (names,) if isinstance(names, Names) else names
        self.names = self.communities[0]
        self.problems = problems
        self.number = number
        self._is_syntax_left = is_syntax_left
        self._baseline = baseline
        self._published = published or Published()
        self._connectors = connectors or WatchedConnectors()
        self._levels: dict[str | None, Levels] = {}
        self._validators = Validators(self.communities)
        self.is_left_out = False

    def of_left_out(self) -> "FileContext":
        """Return the context of a file that `exclude` matches, which has no findings."""
        found = FileContext(self.settings, self.communities, self.problems, -self.number)
        found.is_left_out = True
        return found

    def findings(self, document: Document, path: str | None) -> list[Finding]:
        """Return the findings of a document, as `check` does.

        They include those between files, and exclude those of the baseline.
        """
        if self.is_left_out:
            return []
        found = self.validator_for(path).findings(document, self.publication_of(path))
        return self._baseline.new(path, found)[0] if self._baseline is not None and path else found

    def findings_in_code(self, code: "WidgetCode") -> list[Finding]:
        """Return the findings of the code of a widget, as `check` does."""
        if self.is_left_out or not code.calls:
            return []
        from strongroom.validator.call_validator import CallValidator

        found = CallValidator(self.levels_for(code.path)).findings(code, self._connectors.of(code.path))
        return self._baseline.new(code.path, found)[0] if self._baseline is not None else found

    def publication_of(self, path: str | None) -> Publication | None:
        """Return the other files of a file's project, or None."""
        return self._published.publication(path) if path is not None else None

    def leaves_out_findings(self, path: str | None) -> bool:
        """Return True if a baseline or `exclude` leaves out findings of the file."""
        return self.is_left_out or (
            path is not None and self._baseline is not None and self._baseline.knows(path)
        )

    def validator_for(self, path: str | None) -> Validator:
        """Return the rules for the file at `path`.

        The object is always the same, because it keeps what it found.
        """
        return self._validators.of(self.levels_for(path))

    def levels_for(self, path: str | None) -> Levels:
        """Return the rules' levels for the file at `path`."""
        levels = self._levels.get(path)
        if levels is None:
            settings = self.settings
            levels = settings.levels if path is None or not settings.file else settings.levels_for(path)
            if self._is_syntax_left:
                levels = levels.ignore(["json-syntax"])
            self._levels[path] = levels
        return levels


class _Origin(NamedTuple):
    """Name what decides about a folder: its settings file and its names file."""

    settings_file: str | None
    names_file: str | None


class _CachedContext(NamedTuple):
    context: FileContext
    stamp: Stamp


class FileContexts:
    """Keep the contexts of folders until what they were read from changes.

    Folders with the same settings file and names file share a context, because a workspace has thousands of folders
    and few settings, and each list of names is as large as the vault.
    """

    def __init__(self, options: Options, home: str) -> None:
        self.options = options
        self._home = home
        self._numbers = itertools.count(1)
        self._origins: dict[str, _Origin] = {}
        self._found: dict[tuple[str, str], str | None] = {}
        self._kept: dict[_Origin, _CachedContext] = {}
        self._vaults: dict[str, VaultWatch] = {}
        self._published = Published()
        self._connectors = WatchedConnectors()
        self._paths: PathFilter | None = None

    def of(self, path: str | None) -> FileContext:
        """Return the context of the file at `path`, or of the workspace without a path."""
        context = self.shared(path)
        return context.of_left_out() if path is not None and self._leaves_out(path) else context

    def shared(self, path: str | None) -> FileContext:
        """Return the context that the file at `path` shares with others.

        `exclude` has no effect here, even if it matches the file.
        """
        folder = os.path.dirname(path) if path else self._home
        origin = self._origins.get(folder)
        if origin is None:
            origin = self._origins[folder] = self._origin(folder)
        kept = self._kept.get(origin)
        if kept is None:
            kept = self._kept[origin] = self._read(folder, origin)
        return kept.context

    def connectors_of(self, path: str) -> "KnownConnectors | None":
        """Return the connectors that the code at `path` may call.

        Return None outside of any project. Neither settings nor names are read for the connectors.
        """
        return self._connectors.of(path)

    def _leaves_out(self, path: str) -> bool:
        """Return True if `exclude` in the settings matches the file."""
        if self._paths is None:
            self._paths = PathFilter()
        return self._paths.leaves_out(path)

    def refresh(self, paths: Iterable[str | None] = ()) -> bool:
        """Read again what has changed, and return True if anything has.

        The settings file that counts is found again for the files at `paths`, which are the open ones, and for any
        other file when it is asked for.
        """
        before, self._origins, self._found = self._origins, {}, {}
        if self._connectors.refresh() | self._published.refresh():
            self._kept.clear()  # the findings between files have changed
            self._paths = None
            return True
        for folder in {self._home, *(os.path.dirname(path) for path in paths if path)}:
            if folder in before:
                self._origins[folder] = self._origin(folder)
        has_moved = any(before[folder] != origin for folder, origin in self._origins.items())
        stale = [
            origin
            for origin, kept in self._kept.items()
            if self._stamp(origin, kept.context.settings) != kept.stamp
        ]
        for origin in stale:
            del self._kept[origin]
        if has_moved or stale:
            self._paths = None
            return True
        return False

    def configure(self, options: Options) -> bool:
        """Take other options. Return True if they differ from those before."""
        if options == self.options:
            return False
        self.options = options
        self.forget()
        return True

    def forget(self) -> None:
        """Forget everything and close the vaults. All is read again when asked for."""
        self._origins.clear()
        self._found.clear()
        self._kept.clear()
        self._paths = None
        for watch in self._vaults.values():
            watch.close()
        self._vaults.clear()

    def _origin(self, folder: str) -> _Origin:
        settings_file = find_above(folder, FILE_NAME, self._found)
        start = os.path.dirname(settings_file) if settings_file else folder
        return _Origin(settings_file, find_above(start, NAMES_FILE, self._found))

    def _read(self, folder: str, origin: _Origin) -> _CachedContext:
        problems: list[str] = []
        try:
            settings = settings_from(origin.settings_file, folder, is_trusted=self.options.is_trusted)
        except StrongroomError as error:
            problems.append(str(error))
            settings = settings_from(None, folder)
        # The stamp is taken before the names are read, so that a change between is seen at the next refresh.
        stamp = self._stamp(origin, settings)
        chosen = (self.options.community,) if self.options.community else ()
        communities: tuple[Names, ...] = (NO_NAMES,)
        baseline: Baseline | None = None
        try:
            communities = resolve_all_names(settings, self.options.vault, chosen)
        except StrongroomError as error:
            problems.append(str(error))
        try:
            baseline = Baseline.read(settings.baseline) if settings.baseline else None
        except StrongroomError as error:
            problems.append(str(error))
        found = FileContext(
            settings,
            communities,
            tuple(problems),
            next(self._numbers),
            is_syntax_left=not self.options.json_syntax,
            baseline=baseline,
            published=self._published,
            connectors=self._connectors,
        )
        return _CachedContext(found, stamp)

    def _stamp(self, origin: _Origin, settings: Settings) -> Stamp:
        """Return a value that changes with the settings, the names or the vault.

        The names are those of engines and of names files.
        """
        names_files = settings.names_files or ((origin.names_file,) if origin.names_file else ())
        return (
            file_stamp(origin.settings_file) if origin.settings_file else None,
            tuple(file_stamp(name) for name in names_files),
            file_stamp(settings.baseline) if settings.baseline else None,
            self._vault(settings).stamp(),
            tuple(file_stamp(cache_path(place)) for place in settings.backends.values()),
        )

    def _vault(self, settings: Settings) -> VaultWatch:
        from strongroom.store.file.places import default_vault_path

        path = self.options.vault or settings.vault or str(default_vault_path())
        watch = self._vaults.get(path)
        if watch is None:
            watch = self._vaults[path] = VaultWatch(path)
        return watch


def file_stamp(path: str) -> Stamp | None:
    """Return a value that changes with the file, or None for a missing one."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
