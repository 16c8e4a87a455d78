"""Writing a file whole: all of it or nothing, whatever fails, and the first failure is the one that is raised."""

import os
import stat


def write_whole(path: str, data: bytes, *, mode: int | None = None, durable: bool = True) -> None:
    """Put `data` in the place of the file `path`, all of it or nothing. Raises OSError.

    As `stage` writes it; a link keeps pointing where it did.
    """
    target = os.path.realpath(path)
    put_in_place(stage(target, data, mode=mode, durable=durable), target)


def stage(path: str, data: bytes, *, mode: int | None = None, durable: bool = True) -> str:
    """Write `data` to a new file beside `path`, which the caller puts in its place. Gives its name. Raises OSError.

    It has the permissions `mode`; None means those of `path`, or for a new file those that the system gives.
    `durable` False spares the wait for the disk, for what can be made again.
    """
    temporary = f"{path}.new-{os.getpid()}-{os.urandom(4).hex()}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(temporary, flags, 0o666 if mode is None else mode)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        if mode is None and os.path.exists(path):
            os.chmod(temporary, stat.S_IMODE(os.stat(path).st_mode))
    except BaseException:
        remove_leftovers(temporary)
        raise
    return temporary


def put_in_place(temporary: str, path: str) -> None:
    """Give a staged file the name `path`; where that fails, nothing is left of it. Raises OSError."""
    try:
        os.replace(temporary, path)
    except BaseException:
        remove_leftovers(temporary)
        raise


def remove_leftovers(*paths: str) -> None:
    """Remove our own unfinished files where that can be done.

    A clean-up raises nothing: it would take the place of the error that it cleans up after. What stays has a name
    of its own.
    """
    for path in paths:
        try:
            os.unlink(path)
        except OSError:
            continue
