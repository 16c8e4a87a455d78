"""Note renames that have begun and not ended.

Each note is a file of the state folder, until vault and files agree. A note is locked as long as the process that wrote
it lives, whatever ends that process. A note that no process holds is of an interrupted rename, which `rename_recovery`
ends. A note holds names and paths, never a value or a text.
"""

# os.path, as everything that runs beside the vault.

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

from strongroom.errors import StrongroomError
from strongroom.files.writing import remove_leftovers
from strongroom.store.file import files, places
from strongroom.workspace.staged_files import StagedFile

VERSION: Final = 1


class JournaledRename(NamedTuple):
    """Describe a rename of an entry, and the files that change with it."""

    vault: str
    community: str
    old: str
    new: str
    files: tuple[StagedFile, ...] = ()
    is_held: bool = False
    """True if an editor changes the files.

    Without the editor's answer the entry gets its old name back.
    """


class Note:
    """Hold a rename that is noted, and the lock on its note."""

    def __init__(self, path: str, descriptor: int, rename: JournaledRename) -> None:
        self._path = path
        self._descriptor = descriptor
        self.rename = rename

    def close(self, *, keep: bool = False) -> None:
        """Forget the rename, or leave the note for a recovery."""
        if not keep:
            with suppress(OSError):
                os.unlink(self._path)
        with suppress(OSError):
            os.close(self._descriptor)


def note(rename: JournaledRename) -> Note | None:
    """Note a rename before it begins.

    Return None if that cannot be done. Then a crash is not mended.
    """
    path = os.path.join(folder(), f"{os.urandom(8).hex()}.json")
    text = json.dumps(
        {"version": VERSION, **rename._asdict(), "files": [one._asdict() for one in rename.files]}
    )
    try:
        files.make_private_folder(folder())
        descriptor = os.open(path + ".new", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except (OSError, StrongroomError):
        return None
    try:
        if not try_lock(descriptor):
            raise OSError(0, "no lock")
        os.write(descriptor, text.encode())
        os.fsync(descriptor)
        os.rename(path + ".new", path)
        files.sync_folder(folder())
    except OSError:
        os.close(descriptor)
        remove_leftovers(path + ".new", path)
        return None
    return Note(path, descriptor, rename)


def interrupted() -> Iterator[Note]:
    """Yield every note that no process holds, locked for the caller."""
    try:
        names = sorted(os.listdir(folder()))
    except OSError:
        return
    for name in names:
        path = os.path.join(folder(), name)
        if not name.endswith(".json"):
            continue
        try:
            descriptor = os.open(path, os.O_RDWR)
        except OSError:
            continue
        if try_lock(descriptor) and (rename := _read(descriptor)) is not None:
            yield Note(path, descriptor, rename)
        else:
            os.close(descriptor)


def is_any_interrupted() -> bool:
    """Return True if a rename was interrupted and not ended since."""
    found = next(interrupted(), None)
    if found is not None:
        found.close(keep=True)
    return found is not None


def folder() -> str:
    """Return the folder of the notes."""
    return os.path.join(places.state_folder(), "renames")


def try_lock(descriptor: int) -> bool:
    """Try to lock a file for this process. Return True if it is locked.

    It is not if another process holds it, or if the system has no such locks.
    """
    try:
        import fcntl
    except ImportError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _read(descriptor: int) -> JournaledRename | None:
    os.lseek(descriptor, 0, os.SEEK_SET)
    with os.fdopen(os.dup(descriptor), "rb") as stream:
        content = stream.read()
    try:
        data: dict[str, Any] = json.loads(content)
        if data.pop("version") != VERSION:
            return None
        staged: Sequence[dict[str, str]] = data.pop("files")
        return JournaledRename(**data, files=tuple(StagedFile(**one) for one in staged))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
