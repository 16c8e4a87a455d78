"""Find the user's key map. Another module reads it, because most starts find none."""

import os
import sys
from collections.abc import Mapping
from typing import Final

FILE_NAME: Final = "keys.toml"


def find_key_map(settings_file: str | None, environment: Mapping[str, str]) -> str | None:
    """Return the path of the user's key map, or None.

    If the configuration folder has none, the one beside the settings counts.
    """
    folders = [config_folder(environment)]
    if settings_file:
        folders.append(os.path.dirname(settings_file))
    paths = [os.path.join(folder, FILE_NAME) for folder in folders]
    return next((path for path in paths if os.path.isfile(path)), None)


def config_folder(environment: Mapping[str, str]) -> str:
    """Return the user's configuration folder (`~/.config/strongroom` on Linux)."""
    home = environment.get("XDG_CONFIG_HOME", "")
    if sys.platform == "linux" and "ANDROID_DATA" not in environment:
        return os.path.join(home or os.path.expanduser("~/.config"), "strongroom")
    import platformdirs

    return platformdirs.user_config_dir("strongroom", appauthor=False)
