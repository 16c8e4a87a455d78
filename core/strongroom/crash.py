"""Write a crash report for a fault of Strongroom's own, without values.

A traceback can hold a secret in an exception's message, in a source line and in local variables. So a report has only
the types of the exceptions, and the lines and functions that they passed through.
"""

import os
import platform
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from strongroom.errors import related
from strongroom.version import __version__

KEPT: Final = 10
"""The number of crash reports that stay in the state folder."""


def write_crash(error: BaseException, activity: str) -> str:
    """Write a crash report to the state folder and return a sentence with its path.

    `activity` describes the work of Strongroom at that time, without anything that a user typed.
    """
    text = "\n".join(describe(error, activity)) + "\n"
    try:
        path = _write(text)
    except OSError as problem:
        return (
            f"internal error ({type(error).__name__}); no crash report could be written: {problem.strerror}."
        )
    return f'internal error ({type(error).__name__}). A crash report without any value is in "{path}".'


def describe(error: BaseException, activity: str) -> Iterator[str]:
    """Yield the lines of a crash report."""
    yield f"strongroom {__version__}, Python {platform.python_version()}, {platform.platform()}"
    yield f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    yield f"during: {activity}"
    for each in related(error):
        yield f"{type(each).__module__}.{type(each).__qualname__}"
        trace = each.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            yield f"  {_shortened(code.co_filename)}:{trace.tb_lineno} in {code.co_qualname}"
            trace = trace.tb_next


def _shortened(file: str) -> str:
    """Return the path below the folder of installed packages.

    A user's own folders are private.
    """
    for folder in sorted(filter(None, sys.path), key=len, reverse=True):
        if file.startswith(folder + os.sep):
            return file[len(folder) + 1 :]
    return Path(file).name


def _write(text: str) -> str:
    from strongroom.files.writing import write_whole
    from strongroom.store.file.places import state_folder

    folder = Path(state_folder())
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / f"crash-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}.txt"
    write_whole(str(file), text.encode(), mode=0o600, durable=False)
    # An editor may run a faulty command on every save. That must not fill the disk.
    for old in sorted(folder.glob("crash-*.txt"))[:-KEPT]:
        old.unlink(missing_ok=True)
    return str(file)
