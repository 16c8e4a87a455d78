"""Resolve paths as a settings file means them, and find a file above a folder."""

# os.path, because pathlib costs 5 ms at every start of `check`: ruff: noqa: PTH

import os


def absolute(folder: str, path: str) -> str:
    """Return `path` as an absolute one that begins at `folder`.

    `~` is the home folder.
    """
    return os.path.normpath(os.path.join(folder, os.path.expanduser(path)))


def find_above(folder: str, name: str, known: dict[tuple[str, str], str | None] | None = None) -> str | None:
    """Return the nearest file `name` at or above `folder`, or None.

    The search goes no higher than the top of the repository. `known` remembers the answers, for a caller that asks
    about many folders.
    """
    answers = {} if known is None else known
    current = os.path.abspath(folder)
    passed = []
    while (current, name) not in answers:
        passed.append(current)
        candidate = os.path.join(current, name)
        parent = os.path.dirname(current)
        if os.path.isfile(candidate):
            answers[current, name] = candidate
        elif parent == current or os.path.exists(os.path.join(current, ".git")):
            answers[current, name] = None
        else:
            current = parent
    found = answers[current, name]
    answers.update(((below, name), found) for below in passed)
    return found
