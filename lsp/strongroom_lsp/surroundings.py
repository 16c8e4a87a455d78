"""What holds for a file besides its text: the settings nearest to it, and the names of its community.

Everything is read without a key. What was read is kept by folder, beside stamps of all it was read from; asking
whether the stamps still hold is cheap enough to do several times a second, which is how a secret that is added
elsewhere reaches the screen. No file watcher of the client is relied on: the vault lies outside its folders.
"""

# os.path, because pathlib would cost a part of the start-up: ruff: noqa: PTH

import os
from typing import NamedTuple

from strongroom.errors import StrongroomError
from strongroom.names import NO_NAMES, Names
from strongroom.settings import FILE_NAME, Settings, find_settings_file, settings_from
from strongroom.validator import DEFAULT_LEVELS, Levels
from strongroom.workspace import NAMES_FILE, resolve_names

from .vault_watch import VaultWatch

Stamp = tuple[object, ...]


class Options(NamedTuple):
    """What the client set, by initializationOptions or a configuration change; it wins over strongroom.toml."""

    community: str | None = None
    vault: str | None = None
    diagnostics: bool = True

    @classmethod
    def of(cls, data: object) -> "Options":
        """Read them from the client's JSON. Null, other keys and values of a wrong type count as absent."""
        if not isinstance(data, dict):
            return cls()
        community, vault, diagnostics = (data.get(key) for key in cls._fields)
        return cls(
            community=community if isinstance(community, str) and community else None,
            vault=os.path.expanduser(vault) if isinstance(vault, str) and vault else None,
            diagnostics=diagnostics is not False,
        )


class Surroundings(NamedTuple):
    """The settings and names for the files of one folder, and what was wrong while reading them."""

    settings: Settings
    names: Names
    problems: tuple[str, ...] = ()

    def levels_for(self, path: str | None) -> Levels:
        """The rules' levels for the file at `path`; the defaults where the settings cannot be used."""
        if path is None:
            return self.settings.levels
        return self.settings.levels_for(path) if self.settings.file else DEFAULT_LEVELS


class _Kept(NamedTuple):
    surroundings: Surroundings
    stamp: Stamp


class AllSurroundings:
    """The surroundings of every folder that was asked about, kept until what they were read from changes."""

    def __init__(self, options: Options, home: str) -> None:
        self._options = options
        self._home = home
        self._by_folder: dict[str, _Kept] = {}
        self._vaults: dict[str, VaultWatch] = {}

    def of(self, path: str | None) -> Surroundings:
        """The surroundings of the file at `path`, or of the workspace for a buffer that has no file."""
        folder = os.path.dirname(path) if path else self._home
        kept = self._by_folder.get(folder)
        if kept is None:
            kept = self._by_folder[folder] = self._read(folder)
        return kept.surroundings

    def refresh(self) -> bool:
        """Read anew what has changed. True when anything is not what it was."""
        stale = [
            folder
            for folder, kept in self._by_folder.items()
            if self._stamp(folder, kept.surroundings.settings) != kept.stamp
        ]
        for folder in stale:
            self._by_folder[folder] = self._read(folder)
        return bool(stale)

    def configure(self, options: Options) -> bool:
        """Take other options. True when they differ from those before."""
        if options == self._options:
            return False
        self._options = options
        self.forget()
        return True

    def forget(self) -> None:
        """Let go of everything, open vaults included; it is read anew when it is asked for."""
        self._by_folder.clear()
        for watch in self._vaults.values():
            watch.close()
        self._vaults.clear()

    def _read(self, folder: str) -> _Kept:
        problems: list[str] = []
        file = find_settings_file(folder)
        try:
            settings = settings_from(file, folder)
        except StrongroomError as error:
            problems.append(str(error))
            settings = settings_from(None, folder)
        # Before the names are read: what changes between the two is then seen at the next refresh.
        stamp = self._stamp(folder, settings)
        try:
            names = resolve_names(settings, self._options.vault, self._options.community)
        except StrongroomError as error:
            problems.append(str(error))
            names = NO_NAMES
        return _Kept(Surroundings(settings, names, tuple(problems)), stamp)

    def _stamp(self, folder: str, settings: Settings) -> Stamp:
        """Differs when the settings, a names file or the vault is not what it was."""
        file = find_settings_file(folder)
        names_files = settings.names_files or (os.path.join(settings.folder, NAMES_FILE),)
        return (
            file,
            file_stamp(file or os.path.join(folder, FILE_NAME)),
            tuple(file_stamp(name) for name in names_files),
            self._vault(settings).stamp(),
        )

    def _vault(self, settings: Settings) -> VaultWatch:
        from strongroom.store.reader import default_vault_path

        path = self._options.vault or settings.vault or str(default_vault_path())
        watch = self._vaults.get(path)
        if watch is None:
            watch = self._vaults[path] = VaultWatch(path)
        return watch


def file_stamp(path: str) -> Stamp | None:
    """Differs when the file is another or was written; None where there is none."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
