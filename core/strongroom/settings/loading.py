"""Load a folder's settings: environment, nearest `strongroom.toml`, defaults.

The environment wins over the file, and the file over the defaults. A flag on the command line wins over all
of them and is not known here. The file is the nearest `strongroom.toml` at or above the folder, no higher
than the top of the repository (the folder that holds `.git`). So a file in a shared folder above cannot steer
a project.

Most runs of `check` have no settings file, so the reader of one is imported only if there is one.
"""

# os.path, because pathlib costs 5 ms at every start of `check`.

import os
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from strongroom.files.paths import absolute, find_above
from strongroom.settings.model import Settings

FILE_NAME: Final = "strongroom.toml"

OF_TRUSTED_FOLDERS: Final = ("community", "communities", "vault", "backends", "allowed_hosts", "ca_file")
"""The settings that only a trusted folder can set.

They decide which secrets are meant and where the secrets may go.
"""


class EnvironmentVariable(NamedTuple):
    """Describe one environment variable, and the setting that it becomes."""

    name: str
    field: str
    read: Callable[[str], object]


def _from_here(path: str) -> str:
    return absolute(os.getcwd(), path)


VARIABLES: Final = (
    EnvironmentVariable("STRONGROOM_VAULT", "vault", _from_here),
    EnvironmentVariable("STRONGROOM_KEY_FILE", "key_file", _from_here),
    EnvironmentVariable("STRONGROOM_COMMUNITY", "community", str),
)
"""Every variable that becomes a setting.

An empty one counts as absent.
"""


def load_settings(folder: str, environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings for `folder`, or for the folder of the file that it names.

    Raises `SettingsError` for a settings file that cannot be read, or has an unknown key or a wrong type.
    """
    start = os.path.abspath(folder)
    if not os.path.isdir(start):
        start = os.path.dirname(start)
    return settings_from(find_settings_file(start), start, environ)


def find_settings_file(folder: str) -> str | None:
    """Return the `strongroom.toml` that holds for `folder`, or None."""
    return find_above(folder, FILE_NAME)


def settings_from(
    file: str | None, folder: str, environ: Mapping[str, str] | None = None, *, is_trusted: bool = True
) -> Settings:
    """Return the settings that `file` gives under the environment, or the defaults.

    `OF_TRUSTED_FOLDERS` do not count in a file that is not trusted.
    """
    environment = os.environ if environ is None else environ
    found: dict[str, Any] = {"folder": os.path.dirname(file) if file else folder, "file": file}
    if file:
        from strongroom.settings.reading import read_settings_file

        read = read_settings_file(file)
        found.update((key, read[key]) for key in read if is_trusted or key not in OF_TRUSTED_FOLDERS)
        if "community" in found:
            found["community_source"] = file
    for variable in VARIABLES:
        if value := environment.get(variable.name):
            found[variable.field] = variable.read(value)
            if variable.field == "community":
                found["community_source"] = variable.name
                found["communities"] = ()
    return Settings(**found)
