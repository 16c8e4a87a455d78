"""Find Strongroom's own files that are left over.

They are replaced vaults, and unfinished files. An unfinished file has a name of its own beside the one that
it was to get. The process that writes it holds a lock on it where the system has such locks. So an unfinished
file without a lock is known to be left behind.
"""

import os
import re
import stat

from strongroom.files.writing import remove_leftovers
from strongroom.store.file import files

_UNFINISHED = re.compile(r".+\.(?:new|exporting)-[0-9a-f]{12}(?:-journal)?", re.DOTALL)
_EXPORTING = re.compile(r".+\.exporting-[0-9a-f]{12}", re.DOTALL)


def find_replaced(vault_path: str) -> list[str]:
    """Return the vaults that restorations replaced, oldest first.

    Each opens with the ways in that it had.
    """
    folder, name = os.path.split(os.path.abspath(vault_path))
    return [os.path.join(folder, other) for other in _names(folder) if other.startswith(f"{name}.replaced-")]


def find_unfinished(folder: str) -> list[str]:
    """Return the unfinished files in `folder` that nobody writes now."""
    return [path for path in _own(folder, _UNFINISHED) if not is_held(path)]


def sweep_exports(folder: str) -> None:
    """Remove the unfinished exports in `folder` that nobody writes now.

    They may hold values in clear.
    """
    remove_leftovers(*(path for path in _own(folder, _EXPORTING) if not is_held(path)))


def exporting_name(path: str) -> str:
    """Return the name of an unfinished export that is to become `path`."""
    return f"{path}.exporting-{os.urandom(6).hex()}"


def hold(descriptor: int) -> None:
    """Mark the open file as being written until it is closed or the process ends."""
    if files.IS_POSIX:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def is_held(path: str) -> bool:
    """Return True if a process says it writes this file; False without such locks."""
    if not files.IS_POSIX:
        return False
    import fcntl

    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return True  # the file is gone, or this user may not read it
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _own(folder: str, pattern: re.Pattern[str]) -> list[str]:
    """Return the ordinary, private files of this user in `folder` with such a name."""
    found = []
    for name in _names(folder):
        path = os.path.join(folder, name)
        if pattern.fullmatch(name) and _is_private(path):
            found.append(path)
    return found


def _is_private(path: str) -> bool:
    try:
        found = os.lstat(path)
    except OSError:
        return False
    if not files.IS_POSIX:
        return stat.S_ISREG(found.st_mode)
    return stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder or "."))
    except OSError:
        return []
