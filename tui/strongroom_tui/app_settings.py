"""The settings as the settings screen shows and changes them. Plain Python, no screen."""

import os
from collections.abc import Mapping
from typing import NamedTuple

from strongroom.settings import FILE_NAME, VARIABLES, Settings
from strongroom.settings_file import KEYS, Key, SettingsError, read_settings_file
from strongroom.settings_writing import write_setting

TABLES = ("rules", "path rules")
"""The shapes that are tables of their own: those are written in an editor."""

LISTS = ("texts", "paths", "patterns")
"""The shapes that are lists: typed with commas between."""


class Shown(NamedTuple):
    """One setting. `text` is its value as it is typed; `source` says where that comes from.

    `in_force` is what counts where nothing is typed: what the app found by itself.
    """

    key: Key
    text: str
    source: str
    in_force: str = ""

    @property
    def title(self) -> str:
        """Table and name."""
        return f"{self.key.table}.{self.key.name}" if self.key.table else self.key.name


def shown_settings(
    settings: Settings, environment: Mapping[str, str], in_force: Mapping[str, str] | None = None
) -> list[Shown]:
    """Every setting that is one value, in the order of the documentation. `in_force` by field."""
    written = read_settings_file(settings.file) if settings.file else {}
    variables = {variable.field: variable.name for variable in VARIABLES}
    found = []
    for key in KEYS:
        if key.shape in TABLES:
            continue
        variable = variables.get(key.field, "")
        if variable and environment.get(variable):
            source = variable
        else:
            source = FILE_NAME if key.field in written else "default"
        found.append(
            Shown(key, _text(getattr(settings, key.field)), source, (in_force or {}).get(key.field, ""))
        )
    return found


def _text(value: object) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def settings_path(settings: Settings) -> str:
    """The file that is changed; it may not be there yet."""
    return settings.file or os.path.join(settings.folder, FILE_NAME)


def change_setting(path: str, key: Key, text: str) -> None:
    """Write `text` as the value of `key`; nothing removes it. Raises `SettingsError`."""
    text = text.strip()
    value: str | int | list[str] | None = text or None
    if text and key.shape == "seconds":
        if not text.isdecimal():
            raise SettingsError(f'"{key.name}" must be a whole number of seconds, not "{text}".')
        value = int(text)
    elif text and key.shape in LISTS:
        value = [part.strip() for part in text.split(",") if part.strip()]
    try:
        write_setting(path, key.table, key.name, value)
    except SettingsError as error:
        # The screen says which file it writes; the whole path again would fill the dialog.
        raise SettingsError(error.message.replace(path, os.path.basename(path)), error.way_out) from None
