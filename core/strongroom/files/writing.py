"""Write a file whole: all of it or nothing, even if something fails.

Of several failures the first is raised.
"""

import errno
import os
import stat
from contextlib import suppress


def write_whole(path: str, data: bytes, *, mode: int | None = None, durable: bool = True) -> None:
    """Put `data` in the place of the file `path`, all of it or nothing.

    Raises OSError.

    Without `mode` the file is a person's: it keeps its permissions and all its names, and a new one gets the
    permissions that the system gives. With `mode` it is a file of our own: a new file of that mode takes its place. A
    symbolic link keeps its target. A path that is not a regular file (a pipe, a device) is written to.

    `durable` waits for the disk. It is False for data that can be made again.
    """
    if _is_stream(path):
        with open(path, "wb") as stream:
            stream.write(data)
        return
    target = os.path.realpath(path)
    temporary = stage(target, data, mode=mode, durable=durable)
    put_in_place(temporary, target, keeps_names=mode is None)


def create(
    path: str, data: bytes, *, mode: int = 0o666, like: str | None = None, durable: bool = True
) -> None:
    """Write a new file.

    Raises FileExistsError if anything is at `path`, a link too, and OSError.

    It gets `mode` without the bits of the umask, or exactly the permissions of the file `like`.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags, mode)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        if like is not None:
            os.chmod(path, stat.S_IMODE(os.stat(like).st_mode))
    except BaseException:
        remove_leftovers(path)
        raise


def stage(path: str, data: bytes, *, mode: int | None = None, durable: bool = True) -> str:
    """Write `data` to a new file beside `path` and return its name.

    The caller puts it in place. Raises OSError.

    The permissions are those that `write_whole` gives.
    """
    temporary = f"{path}.new-{os.getpid()}-{os.urandom(4).hex()}"
    like = path if mode is None and os.path.exists(path) else None
    create(temporary, data, mode=0o666 if mode is None else mode, like=like, durable=durable)
    return temporary


def put_in_place(temporary: str, path: str, *, keeps_names: bool = True) -> None:
    """Give a staged file the name `path`, or remove it. Raises OSError.

    A file with several names is overwritten instead, unless `keeps_names` is False, because a new file would
    have only one of the names.
    """
    try:
        if keeps_names and has_several_names(path):
            with open(temporary, "rb") as staged:
                overwrite(path, staged.read())
            os.unlink(temporary)
        else:
            os.replace(temporary, path)
    except BaseException:
        remove_leftovers(temporary)
        raise


def has_several_names(path: str) -> bool:
    """Return True if hard links give the file more than one name."""
    try:
        return os.stat(path).st_nlink > 1
    except FileNotFoundError:
        return False


def overwrite(path: str, data: bytes) -> None:
    """Replace the content of a file that stays the same file. Raises OSError.

    If that fails, the old content is put back.
    """
    with open(path, "r+b", buffering=0) as file:
        before = file.read()
        try:
            _fill(file.fileno(), data)
        except BaseException:
            with suppress(OSError):
                _fill(file.fileno(), before)
            raise


def remove_leftovers(*paths: str) -> None:
    """Remove our own unfinished files as far as possible; raises nothing.

    An error here would hide the error that is being cleaned up after. A file that stays has a name of its
    own.
    """
    for path in paths:
        try:
            os.unlink(path)
        except OSError:
            continue


def _fill(descriptor: int, data: bytes) -> None:
    # One call of the system for the whole content, so that a kill does not leave half of it.
    os.lseek(descriptor, 0, os.SEEK_SET)
    if os.write(descriptor, data) != len(data):
        raise OSError(errno.ENOSPC, "the content was not written whole")
    os.ftruncate(descriptor, len(data))
    os.fsync(descriptor)


def _is_stream(path: str) -> bool:
    try:
        return not stat.S_ISREG(os.stat(path).st_mode)
    except OSError:
        return False
