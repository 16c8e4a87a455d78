"""What is kept of a fault of our own: types and places, never a value.

A traceback can hold a secret in an exception's message, in a line of arguments, in locals. So the crash file
has none of these: only which exceptions, and which lines of which functions they passed through.
"""

import os
import platform
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from strongroom.version import __version__

KEPT = 10
"""How many crash files stay."""


def write_crash(error: BaseException, command: str) -> str:
    """Write the crash file and return one sentence that says where it is. `command` is the command's name."""
    text = "\n".join(describe(error, command)) + "\n"
    try:
        place = _write(text)
    except OSError as problem:
        return f"internal error ({type(error).__name__}); no crash file could be written: {problem.strerror}."
    return f'internal error ({type(error).__name__}). What is known, without any value, is in "{place}".'


def describe(error: BaseException, command: str) -> Iterator[str]:
    """Yield the crash file's lines."""
    yield f"strongroom {__version__}, Python {platform.python_version()}, {platform.platform()}"
    yield f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    # Of the command line only the command: what follows may be anything.
    yield f"command: {command}"
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        current = waiting.pop(0)
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield f"{type(current).__module__}.{type(current).__qualname__}"
        trace = current.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            yield f"  {_shortened(code.co_filename)}:{trace.tb_lineno} in {code.co_qualname}"
            trace = trace.tb_next
        # What runs at the same time fails as a group, which says nothing by itself.
        waiting += current.exceptions if isinstance(current, BaseExceptionGroup) else ()
        waiting.append(current.__cause__ or current.__context__)


def _shortened(file: str) -> str:
    """The path below the folder of installed packages: a user's own folders are nobody's business."""
    for folder in sorted(filter(None, sys.path), key=len, reverse=True):
        if file.startswith(folder + os.sep):
            return file[len(folder) + 1 :]
    return Path(file).name


def _write(text: str) -> str:
    from strongroom.store.file.places import state_folder

    folder = Path(state_folder())
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / f"crash-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}.txt"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    # A fault in a command that an editor runs on every save must not fill the disk.
    for old in sorted(folder.glob("crash-*.txt"))[:-KEPT]:
        old.unlink(missing_ok=True)
    return str(file)
