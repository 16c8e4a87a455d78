"""Changing one key of a `strongroom.toml` and nothing else: comments, order and spacing stay as they are."""

import os
from contextlib import suppress
from typing import Any

from strongroom.errors import StrongroomError
from strongroom.settings_file import SettingsError, read_settings_file


def write_setting(path: str, table: str, name: str, value: str | int | list[str] | None) -> None:
    """Set `name` in `table` ("" for the top) of the file `path`, which is made where there is none; None removes it.

    The new text is read back as settings before it takes the file's place. Raises `SettingsError` where it could
    not be used, or cannot be written; then the file is as it was.
    """
    text = _changed(path, table, name, value)
    temporary = f"{path}.new-{os.getpid()}"
    try:
        with open(temporary, "x", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            os.chmod(temporary, os.stat(path).st_mode & 0o777)
        read_settings_file(temporary)
        os.replace(temporary, os.path.realpath(path))
    except StrongroomError as error:
        raise SettingsError(error.message.replace(temporary, path), error.way_out) from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        with suppress(FileNotFoundError):
            os.unlink(temporary)


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
