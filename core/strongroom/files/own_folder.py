"""Make `.strongroom` below a person's files, a private folder kept out of git."""

# os.path, because pathlib would cost a part of the start of each face.

import errno
import os
from contextlib import suppress
from typing import Final

from strongroom.files.writing import create

NAME: Final = ".strongroom"


def make_own_folder(workspace: str, *below: str) -> str:
    """Make `.strongroom` in `workspace`, with the folders `below` inside each other.

    Return the last path. Raises OSError, also if one of the folders is a link, because a person who shares
    the files could make a link to a place that others read.
    """
    path = workspace
    for name in (NAME, *below):
        path = os.path.join(path, name)
        with suppress(FileExistsError):
            os.mkdir(path, 0o700)
        if os.path.islink(path):
            raise NotADirectoryError(errno.ENOTDIR, "it is a link, and must be a folder", path)
    os.chmod(path, 0o700)
    with suppress(FileExistsError):
        create(os.path.join(workspace, NAME, ".gitignore"), b"*\n", mode=0o600, durable=False)
    return path
