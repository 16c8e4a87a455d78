"""Show and change the settings, as text."""

import os
from collections.abc import Mapping
from typing import NamedTuple

from strongroom.settings.keys import KEYS, SettingKey
from strongroom.settings.loading import FILE_NAME, VARIABLES
from strongroom.settings.model import Settings
from strongroom.settings.reading import SettingsError, read_settings_file
from strongroom.settings.writing import write_setting

TABLES = ("rules", "path rules", "backends")
"""The shapes that are tables. A person writes those in an editor."""

LISTS = ("texts", "paths", "patterns")
"""The shapes that are lists, typed with commas between the items."""


DEFAULTS: Mapping[str, str] = {
    "communities": "only the shown one",
    "names_files": "strongroom.names.json, where there is one",
    "baseline": "none",
    "exclude": "nothing",
    "include": "connector files by name",
    "allowed_hosts": "none",
    "ca_file": "the system's own authorities",
}
"""The words for the values of settings that nobody set."""


class SettingChanged(SettingsError):  # noqa: N818 - reads as what it says
    """Report that another program has changed the setting since it was shown."""


class Shown(NamedTuple):
    """Hold one setting.

    `text` is its value as it is typed. `source` names its origin. `written` is the value in the file. `now` is the
    value in force, if that is not `text`.
    """

    key: SettingKey
    text: str
    source: str
    written: object = None
    now: str = ""

    @property
    def title(self) -> str:
        """Return the table and the name."""
        return f"{self.key.table}.{self.key.name}" if self.key.table else self.key.name


def shown_settings(
    settings: Settings, environment: Mapping[str, str], in_force: Mapping[str, str] | None = None
) -> list[Shown]:
    """Return every setting that is one value, in the order of the documentation.

    `in_force` has the values that hold now, by field, if the settings do not say all.
    """
    written = _written(settings.file) if settings.file else {}
    in_force = {**DEFAULTS, **(in_force or {})}
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
        text = _text(getattr(settings, key.field))
        now = in_force.get(key.field, "")
        now = "" if now == text or (text and key.field in DEFAULTS) else now
        if now and text:
            source = "this start"
        found.append(Shown(key, text, source, written.get(key.field), now))
    return found


def _written(path: str) -> dict[str, object]:
    return read_settings_file(path) if os.path.exists(path) else {}


def _text(value: object) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def settings_path(settings: Settings) -> str:
    """Return the path of the file to change. The file may not exist yet."""
    return settings.file or os.path.join(settings.folder, FILE_NAME)


def refuse_changed(path: str, shown: Shown) -> None:
    """Raise `SettingChanged` if the file has another value than the shown one."""
    now = _written(path).get(shown.key.field)
    if now != shown.written:
        what = f'changed to "{_text(now)}"' if now is not None else "removed"
        raise SettingChanged(
            f"{shown.title} was {what} by another program in the meantime.", "⏎ again writes yours over it."
        )


def change_setting(path: str, key: SettingKey, text: str) -> None:
    """Write `text` as the value of `key`. Raises `SettingsError`.

    No text removes the key.
    """
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
