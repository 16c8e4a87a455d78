"""Keep the names of a community that an engine holds, for work without the engine.

One small file for each place is in the state folder, outside every repository and readable for its owner only. It has
names, kinds, notes and dates, and no value, neither a secret's nor a variable's. `check`, the language server and the
app read it, so this module imports no engine and no library of one.
"""

import os
from collections.abc import Iterable, Mapping
from typing import Any, Final

from strongroom.backends.place import EnginePlace
from strongroom.files.writing import write_whole
from strongroom.names import Kind, Knowledge, Name, Names
from strongroom.store.file import files
from strongroom.store.file.places import state_folder

VERSION: Final = 1


def cache_path(place: EnginePlace) -> str:
    """Return the file with the names of a place. It may be missing."""
    import hashlib  # late: most runs have no such community

    name = hashlib.sha256(place.key.encode()).hexdigest()[:32]
    return os.path.join(state_folder(), "names", f"{name}.json")


def write_cached(place: EnginePlace, names: Iterable[Name]) -> None:
    """Keep the names as they were read just now."""
    import time

    _write(place, int(time.time()), {one.name: _row(one) for one in names})


def change_cached(place: EnginePlace, *, changed: Name | None = None, removed: str = "") -> None:
    """Change the kept names as a write of our own changed the community.

    The names keep their age.
    """
    data = _read(place)
    if data is None:
        return
    rows = {row[0]: row for row in data["names"]}
    rows.pop(removed, None)
    if changed is not None:
        rows[changed.name] = _row(changed)
    _write(place, data["read"], rows)


def _row(name: Name) -> list[str]:
    return [name.name, name.kind.value, name.note, name.expires]


def _write(place: EnginePlace, read: int, rows: Mapping[str, list[str]]) -> None:
    """Write the file.

    A folder that cannot be written is not an error, because the names can be read again.
    """
    import json

    data = {"version": VERSION, "read": read, "names": [rows[name] for name in sorted(rows)]}
    path = cache_path(place)
    try:
        files.make_private_folder(os.path.dirname(path))
        write_whole(path, json.dumps(data).encode(), mode=0o600, durable=False)
    except OSError:
        return


_KINDS: Final = {kind.value: kind for kind in Kind}


def _read(place: EnginePlace) -> dict[str, Any] | None:
    """Return the content of the file, or None if it is missing or damaged."""
    import json

    try:
        with open(cache_path(place), "rb") as stream:
            data = json.load(stream)
        rows = data["names"]
        is_sound = data["version"] == VERSION and isinstance(data["read"], int)
        if is_sound and all(len(row) == 4 and row[1] in _KINDS for row in rows):
            return {"read": data["read"], "names": rows}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return None


def read_cached(place: EnginePlace) -> Names:
    """Return the names as they were read last, with the time of that in `source`.

    Without a file, or with a damaged one, nothing is known.
    """
    data = _read(place)
    if data is None:
        looked = f"the names of {place.words}, which were not read yet"
        return Names(Knowledge.NONE, community=place.community, looked=(looked,))
    by_name = {name: Name(name, _KINDS[kind], note, expires) for name, kind, note, expires in data["names"]}
    source = f"{place.words}, read {moment(data['read'])}"
    return Names(Knowledge.COMPLETE, by_name, place.community, source)


def moment(seconds: int) -> str:
    """Return a time (seconds since 1970) as "2026-11-30 10:02 UTC".

    An age would be wrong after a while, because editors show the text for hours.
    """
    import time

    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))


def cached_age(place: EnginePlace) -> str:
    """Return the age of the kept names, such as "3 hours ago"; "" if none are kept."""
    import time

    from strongroom.text.phrases import counted

    data = _read(place)
    if data is None:
        return ""
    seconds = max(0, int(time.time()) - data["read"])
    for length, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= length:
            return f"{counted(seconds // length, unit)} ago"
    return "just now"
