"""Keeps what runs found out, so that one can be looked at again and two can be compared.

Captures are reports: literals stand where secrets stood, echoes are masked. Cookies and credentials that an
API issued by itself are masked here too, since they are nobody's to keep. Folders are for their owner only.
"""

import contextlib
import datetime
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from strongroom.resolver.report import Report
from strongroom.secret_value import MASK

FOLDER: Final = ".strongroom/captures"
"""Below the workspace."""

KEPT: Final = 200
"""How many captures are kept; the oldest go first."""

_CREDENTIAL_HEADERS: Final = re.compile(
    r"cookie|authorization|authentication-info|token|secret|api-?key", re.IGNORECASE
)
_UNSAFE: Final = re.compile(r"[^a-z0-9]+")


def save_capture(
    workspace: str | os.PathLike[str], report: Report, *, community: str = "", keep: int = KEPT
) -> str:
    """Writes a report below `workspace` and gives the file's path. OSError where that cannot be."""
    folder = _private_folders(Path(workspace))
    now = datetime.datetime.now(datetime.UTC)
    slug = _UNSAFE.sub("-", report.connector.lower()).strip("-")[:60] or "connector"
    data = {"saved": now.isoformat(timespec="milliseconds"), "community": community, **report.to_json()}
    data["headers"] = _redacted(report.headers)
    data["debug"] = _redacted_debug(report.debug)
    path = folder / f"{now:%Y%m%dT%H%M%S}{now.microsecond:06d}Z-{slug}.json"
    _write(path, json.dumps(data, indent=2, ensure_ascii=False) + "\n")
    for old in captures(workspace)[keep:]:
        Path(old).unlink(missing_ok=True)
    return str(path)


def _redacted(headers: Mapping[str, str]) -> dict[str, str]:
    return {key: MASK if _CREDENTIAL_HEADERS.search(key) else value for key, value in headers.items()}


def _redacted_debug(debug: Mapping[str, Any]) -> dict[str, Any]:
    """The debug object without credentials that a caller gave, or that are written out in the connector.

    Template text stays: it tells which secret was used, and holds none.
    """
    redacted = dict(debug)
    if "headers" in debug:
        templates = {key: value for key, value in debug["headers"].items() if "get_secret(" in value}
        redacted["headers"] = _redacted(debug["headers"]) | templates
    if "steps" in debug:
        redacted["steps"] = [_redacted_debug(step) for step in debug["steps"]]
    return redacted


def captures(workspace: str | os.PathLike[str]) -> list[str]:
    """The paths of the captures below `workspace`, the newest first."""
    return sorted((str(path) for path in (Path(workspace) / FOLDER).glob("*.json")), reverse=True)


def load_capture(path: str | os.PathLike[str]) -> dict[str, Any]:
    """A capture as data. OSError or ValueError where it is none."""
    data = json.loads(Path(path).read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        raise ValueError("not a capture")
    return data


def _private_folders(workspace: Path) -> Path:
    """`.strongroom/captures`, for the owner only, and kept out of git."""
    folder = workspace / FOLDER
    for path in (folder.parent, folder):
        with contextlib.suppress(FileExistsError):
            path.mkdir(0o700)
        if path.is_symlink():
            raise NotADirectoryError(f"{path} is a link; captures are kept in a folder of their own")
    folder.chmod(0o700)
    with contextlib.suppress(FileExistsError):
        _write(folder.parent / ".gitignore", "*\n")
    return folder


def _write(path: Path, text: str) -> None:
    """A new file for the owner only; FileExistsError where something is there."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
        file.write(text)
