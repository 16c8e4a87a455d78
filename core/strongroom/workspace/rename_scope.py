"""Find the files in which a rename of an entry changes the name.

Such files are under the entry's settings.
"""

# os.path, as in `files`.

import os
from typing import NamedTuple

from strongroom.files.paths import find_above
from strongroom.settings.loading import find_settings_file
from strongroom.settings.model import Settings
from strongroom.workspace.files import find_connector_files
from strongroom.workspace.known_names import NAMES_FILE


class RenameScope(NamedTuple):
    """Hold connector files and names files."""

    connector_files: tuple[str, ...]
    names_files: tuple[str, ...]


def scope_of(settings: Settings) -> RenameScope:
    """Return the files under `settings`.

    A file below with settings of its own is left out, because it belongs to another community.
    """
    files = tuple(
        path
        for path in find_connector_files([settings.folder])
        if find_settings_file(os.path.dirname(os.path.abspath(path))) == settings.file
    )
    return RenameScope(files, names_files_of(settings))


def names_files_of(settings: Settings) -> tuple[str, ...]:
    """Return the names files that are used in place of a vault, such as in CI."""
    if settings.names_files:
        return settings.names_files
    usual = find_above(settings.folder, NAMES_FILE)
    return (usual,) if usual else ()
