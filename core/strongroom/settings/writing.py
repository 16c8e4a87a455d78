"""Change a `strongroom.toml`: one key, or the name of an engine's community.

Comments, order and spacing stay as they are.
"""

import os
from collections.abc import Callable, Mapping
from typing import Any

from strongroom.backends.place import default_path
from strongroom.errors import StrongroomError
from strongroom.files.writing import put_in_place, remove_leftovers, stage
from strongroom.settings.reading import SettingsError, read_settings_file

Value = str | int | list[str] | Mapping[str, str]


def write_setting(path: str, table: str, name: str, value: Value | None) -> None:
    """Set `name` in `table` of the file `path`, or remove it if `value` is None.

    `table` "" is the top, and a mapping is a table of its own. A missing file is made. The new text is read as settings
    before it takes the file's place. Raises `SettingsError` if it cannot be used or written; then the file is as it
    was.
    """
    _change(path, lambda document: _set(document, table, name, value))


def rename_engines_community(path: str, old: str, new: str) -> None:
    """Give a community of an engine another name wherever the file has it.

    The place in the engine stays. Raises as `write_setting` does.
    """

    def change(document: Any) -> None:
        table = document["backends"].pop(old)
        table.setdefault("path", default_path(old))
        document["backends"][new] = table
        if document.get("community") == old:
            _set(document, "", "community", new)
        if old in (names := document.get("communities", [])):
            names[names.index(old)] = new

    _change(path, change)


def remove_engines_community(path: str, name: str) -> None:
    """Remove an engine's community wherever the file has it.

    Raises as `write_setting` does.
    """

    def change(document: Any) -> None:
        document["backends"].pop(name)
        if not document["backends"]:
            del document["backends"]
        if document.get("community") == name:
            _set(document, "", "community", None)
        if name in (names := document.get("communities", [])):
            names.pop(names.index(name))

    _change(path, change)


def _change(path: str, change: Callable[[Any], None]) -> None:
    """Change the file, and read it as settings before it is put in place."""
    text = _changed(path, change)
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


def _changed(path: str, change: Callable[[Any], None]) -> str:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        with open(path, encoding="utf-8", newline="") as file:
            document: Any = tomlkit.parse(file.read())
    except FileNotFoundError:
        document = tomlkit.document()
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise SettingsError(f"{path} cannot be read as settings.", "Mend it in an editor.") from error
    change(document)
    return tomlkit.dumps(document)


def _set(document: Any, table: str, name: str, value: Value | None) -> None:
    import tomlkit

    place = document
    if table and table in document:
        place = document[table]
    elif table:
        place = tomlkit.table(is_super_table=isinstance(value, Mapping))
        if value is not None:
            document[table] = place
    if value is None:
        place.pop(name, None)
    else:
        place[name] = value
