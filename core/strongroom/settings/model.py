"""Hold settings as the program sees them: absolute paths, seconds, rule levels.

Importing this module must stay cheap, because `check` starts with it. So paths are handled with os.path: importing
pathlib costs 5 ms.
"""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from strongroom.files.patterns import glob

if TYPE_CHECKING:
    from strongroom.backends.place import EnginePlace
    from strongroom.validator import Levels


class PathRules(NamedTuple):
    """Hold levels for the files of one pattern, as in `[paths."widgets/old/**"]`."""

    pattern: str
    rules: Mapping[str, str]

    def applies_to(self, relative: str) -> bool:
        """Return True if the pattern matches `relative`.

        `relative` is a path below the settings file, with `/`.
        """
        return glob(self.pattern).fullmatch(relative) is not None


class Settings(NamedTuple):
    """Hold the settings for the files below one folder. Paths are absolute."""

    folder: str
    """The folder at which relative paths begin.

    It is that of the settings file, or else the one that was asked about.
    """
    file: str | None = None
    """The `strongroom.toml` that was read, or None."""
    community: str | None = None
    communities: tuple[str, ...] = ()
    """The communities that connectors are checked for at once.

    Empty means only `community`.
    """
    community_source: str = ""
    """The place that `community` came from, in words; "" without a community."""
    vault: str | None = None
    """The vault file to use, or None for the platform's own place."""
    key_file: str | None = None
    names_files: tuple[str, ...] = ()
    rules: Mapping[str, str] = {}
    path_rules: tuple[PathRules, ...] = ()
    exclude: tuple[str, ...] = ()
    """Patterns of the files and folders that are left out."""
    include: tuple[str, ...] = ()
    """Patterns of JSON files that count under any name, and even if git ignores them."""
    baseline: str | None = None
    backends: Mapping[str, "EnginePlace"] = {}
    """The engines of the communities that are not in the vault, by community."""
    allowed_hosts: tuple[str, ...] = ()
    ca_file: str | None = None
    theme: str | None = None
    """The app's theme by its short name, or None if none was chosen."""
    lock_after: int = 600
    """Seconds without a key or a click until the app locks the vault."""
    reveal_for: int = 15
    copy_for: int = 30

    @property
    def levels(self) -> "Levels":
        """Return the rules' levels for a file that no `[paths]` table matches."""
        return levels_of(self.rules)

    def rules_for(self, path: str) -> Mapping[str, str]:
        """Return rule name -> level for the file `path`.

        A later table wins over an earlier one.
        """
        if not self.path_rules:
            return self.rules
        relative = os.path.relpath(os.path.abspath(path), self.folder).replace(os.sep, "/")
        merged = dict(self.rules)
        for table in self.path_rules:
            if table.applies_to(relative):
                merged.update(table.rules)
        return merged

    def levels_for(self, path: str) -> "Levels":
        """Return the rules' levels for the file `path`."""
        return levels_of(self.rules_for(path))


def levels_of(rules: Mapping[str, str]) -> "Levels":
    """Return the validator's levels for the rule names and levels of a settings file."""
    from strongroom.validator import DEFAULT_LEVELS

    return DEFAULT_LEVELS.with_settings(rules) if rules else DEFAULT_LEVELS
