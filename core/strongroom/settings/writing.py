"""Change one key of a `strongroom.toml`.

Comments, order and spacing stay as they are.
"""

import os
from typing import Any

from strongroom.errors import StrongroomError
from strongroom.files.writing import put_in_place, remove_leftovers, stage
from strongroom.settings.reading import SettingsError, read_settings_file


def write_setting(path: str, table: str, name: str, value: str | int | list[str] | None) -> None:
    """Set `name` in `table` of the file `path`, or remove it if `value` is None.

    `table` "" is the top. A missing file is made. The new text is read as settings before it takes the file's place.
    Raises `SettingsError` if it cannot be used or written; then the file is as it was.
    """
    text = _changed(path, table, name, value)
    target = os.path.realpath(path)
    try:
        temporary = stage(target, text.encode())
        try:
            read_settings_file(temporary)
        except StrongroomError as error:
            remove_leftovers(temporary)
            raise SettingsError(error.message.replace(temporary, path), error.way_out) from None
        put_in_place(temporary, target)
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be written: {error.strerror}.",
            "Nothing was changed: check the folder and the disk.",
        ) from error


def _changed(path: str, table: str, name: str, value: str | int | list[str] | None) -> str:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        with open(path, encoding="utf-8", newline="") as file:
            document: Any = tomlkit.parse(file.read())
    except FileNotFoundError:
        document = tomlkit.document()
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise SettingsError(f"{path} cannot be read as settings.", "Mend it in an editor.") from error
    place = document
    if table and table in document:
        place = document[table]
    elif table:
        place = tomlkit.table()
        if value is not None:
            document[table] = place
    if value is None:
        place.pop(name, None)
    else:
        place[name] = value
    return tomlkit.dumps(document)
