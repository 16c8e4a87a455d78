"""Identify a file by a value that is equal for all its paths, links and spellings."""

# pathlib costs 5 ms at every start of `check`, and os.path does all that is needed here.

import os

FileId = tuple[int, int] | str
"""The identity of a file: its device and inode, or else its real path.

The real path is used if the file system has no inodes or the file is missing.
"""


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
