"""Keep the names of a community that an engine holds, for work without the engine.

One small file for each place is in the state folder, outside every repository and readable for its owner only. It has
names, kinds, notes and dates, and no value, neither a secret's nor a variable's. `check`, the language server and the
app read it, so this module imports no engine and no library of one.
"""

import os
from collections.abc import Iterable
from typing import Final

from strongroom.backends.place import Place
from strongroom.files.writing import write_whole
from strongroom.names import Kind, Knowledge, Name, Names
from strongroom.store.file import files
from strongroom.store.file.places import state_folder

VERSION: Final = 1


def cache_path(place: Place) -> str:
    """Return the file with the names of a place. It may be missing."""
    import hashlib  # late: most runs have no such community

    name = hashlib.sha256(place.key.encode()).hexdigest()[:32]
    return os.path.join(state_folder(), "names", f"{name}.json")


def write_cached(place: Place, names: Iterable[Name]) -> None:
    """Keep the names as they were read just now.

    A folder that cannot be written is not an error, because the names can be read again.
    """
    import json
    import time

    rows = [[one.name, one.kind.value, one.note, one.expires] for one in names]
    data = {"version": VERSION, "read": int(time.time()), "names": rows}
    path = cache_path(place)
    try:
        files.make_private_folder(os.path.dirname(path))
        write_whole(path, json.dumps(data).encode(), mode=0o600, durable=False)
    except OSError:
        return


def read_cached(place: Place) -> Names:
    """Return the names as they were read last, with the time of that in `source`.

    Without a file, or with a damaged one, nothing is known.
    """
    import json

    try:
        with open(cache_path(place), "rb") as stream:
            data = json.load(stream)
        if data["version"] != VERSION:
            raise ValueError(data["version"])
        by_name = {
            str(name): Name(str(name), _KINDS[kind], str(note), str(expires))
            for name, kind, note, expires in data["names"]
        }
        source = f"{place.words}, read {moment(int(data['read']))}"
    except (OSError, ValueError, KeyError, TypeError):
        looked = f"the names of {place.words}, which were not read yet"
        return Names(Knowledge.NONE, community=place.community, looked=(looked,))
    return Names(Knowledge.COMPLETE, by_name, place.community, source)


def moment(seconds: int) -> str:
    """Return a time (seconds since 1970) as "2026-11-30 10:02 UTC".

    An age would be wrong after a while, because editors show the text for hours.
    """
    import time

    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))


def cached_age(place: Place) -> str:
    """Return the time since the names were read, such as "3 hours ago"; "" if they never were."""
    import time

    from strongroom.text.phrases import counted

    try:
        seconds = max(0, int(time.time() - os.stat(cache_path(place)).st_mtime))
    except OSError:
        return ""
    for length, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= length:
            return f"{counted(seconds // length, unit)} ago"
    return "just now"


_KINDS: Final = {kind.value: kind for kind in Kind}
