"""The identity of a file: equal for all paths of one file, through links and in other spellings."""

# pathlib costs 5 ms at every start of `check`, and os.path does all that is needed here: ruff: noqa: PTH

import os

FileId = tuple[int, int] | str
"""Device and inode, or the real path if the file system has no inodes or the file is missing."""


def file_id(path: str) -> FileId:
    """Return the identity of the file at `path`. Links are followed."""
    try:
        return status_id(os.stat(path), path)
    except (OSError, ValueError):
        return os.path.normcase(os.path.realpath(path))


def status_id(status: os.stat_result, path: str) -> FileId:
    """Return the identity of the file at `path`, whose status is known."""
    # Windows' st_ino may be 0 on some file systems.
    return (status.st_dev, status.st_ino) if status.st_ino else os.path.normcase(os.path.realpath(path))
