"""What is left of a crash: a report with places and types, and nothing that a variable held."""

import os
import platform
import tempfile
import traceback
from datetime import datetime
from types import TracebackType

from strongroom.version import __version__


def report(error: BaseException, now: datetime) -> str:
    """The text of a crash report.

    It names the exception's type and the places it went through (file, line, function). No message, no source
    line and no local variable is in it: any of them could hold a value.
    """
    lines = [
        "Strongroom crash report",
        f"version {__version__}, Python {platform.python_version()}, {platform.system()}",
        now.strftime("%Y-%m-%d %H:%M:%S %Z").strip(),
        "",
    ]
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines.append(f"{type(current).__module__}.{type(current).__qualname__}")
        lines += [f"  {place}" for place in _places(current.__traceback__)]
        current = current.__cause__ or current.__context__
    return "\n".join(lines) + "\n"


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.walk_tb(trace)
    return [f"{_short(frame.f_code.co_filename)}:{line} in {frame.f_code.co_name}" for frame, line in frames]


def _short(path: str) -> str:
    """A path without the folders above the package: they can hold a person's name."""
    parts = path.replace("\\", "/").split("/")
    known = [i for i, part in enumerate(parts) if part.startswith("strongroom") or part == "site-packages"]
    return "/".join(parts[known[-1] :] if known else parts[-2:])


def write_report(error: BaseException, now: datetime) -> str:
    """Write the report to a new private file in the temporary folder and give its path."""
    descriptor, path = tempfile.mkstemp(prefix="strongroom-crash-", suffix=".txt")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(report(error, now))
    return path
