"""Resolve paths as a settings file means them, and find a file above a folder."""

# os.path, because pathlib costs 5 ms at every start of `check`.

import os


def absolute(folder: str, path: str) -> str:
    """Return `path` as an absolute one that begins at `folder`.

    `~` is the home folder.
    """
    return os.path.normpath(os.path.join(folder, os.path.expanduser(path)))


def find_above(folder: str, name: str, known: dict[tuple[str, str], str | None] | None = None) -> str | None:
    """Return the nearest file `name` at or above `folder`, or None.

    The search goes no higher than the top of the repository. A file above that belongs to another user does
    not count, unless `folder` is that user's or the file is root's: in a folder that several users share,
    anybody could choose the settings of all others. `known` remembers the answers, for a caller that asks
    about many folders.
    """
    return _find_above(os.path.abspath(folder), name, {} if known is None else known)


def find_foreign_above(folder: str, name: str) -> str | None:
    """Return the file of another user that `find_above` passes over, or None."""
    current = os.path.abspath(folder)
    while find_above(current, name) is None:
        parent = os.path.dirname(current)
        if parent == current or os.path.exists(os.path.join(current, ".git")):
            return None
        current = parent
    found = find_above(current, name)
    return found if find_above(folder, name) is None else None


def _find_above(current: str, name: str, answers: dict[tuple[str, str], str | None]) -> str | None:
    if (current, name) not in answers:
        candidate = os.path.join(current, name)
        parent = os.path.dirname(current)
        if os.path.isfile(candidate):
            answers[current, name] = candidate
        elif parent == current or os.path.exists(os.path.join(current, ".git")):
            answers[current, name] = None
        else:
            found = _find_above(parent, name, answers)
            answers[current, name] = found if found is None or _counts_in(current, found) else None
    return answers[current, name]


def _counts_in(folder: str, file: str) -> bool:
    """Return True if the file is this user's, root's, or of the owner of `folder`."""
    if not hasattr(os, "geteuid"):
        return True
    return _owner(file) in (os.geteuid(), 0, _owner(folder))


def _owner(path: str) -> int:
    try:
        return os.stat(path).st_uid
    except OSError:
        return -1
