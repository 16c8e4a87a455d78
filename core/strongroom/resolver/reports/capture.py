"""Keep reports of runs, to look at one again and to compare two.

Captures are reports: literals are in place of secrets, echoes are masked. Cookies and credentials that an API
issued by itself are masked here too, since nobody is to keep them. Folders are for their owner only.
"""

import contextlib
import datetime
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from strongroom.files.own_folder import NAME, make_own_folder
from strongroom.files.writing import create
from strongroom.resolver.reports.report import Report
from strongroom.resolver.terms.credential_headers import holds_credential
from strongroom.values.secret_value import MASK

FOLDER: Final = "captures"
"""The folder of captures, below the workspace."""

KEPT: Final = 200
"""The captures that are kept; the oldest go first."""

KEPT_BYTES: Final = 64 * 1024 * 1024
"""The bytes that kept captures may take together."""

LONGEST_BODY: Final = 1024 * 1024
"""The characters of a body that are kept."""

_UNSAFE: Final = re.compile(r"[^a-z0-9]+")


def save_capture(
    workspace: str | os.PathLike[str],
    report: Report,
    *,
    community: str = "",
    test: str = "",
    outcome: str = "",
    run: Mapping[str, Any] | None = None,
    keep: int | None = KEPT,
) -> str:
    """Write a report below `workspace` and return the file's path.

    Raises OSError if it cannot be written. `test` is the test case that it was a run of, and `outcome`
    "passed" or "failed" by its expectations. `run` tells a screen which connector and inputs it was of, and
    has to be free of values. With `keep` None nothing old is removed: many runs in a row do that once, with
    `prune_captures`.
    """
    folder = Path(make_own_folder(os.fspath(workspace), FOLDER))
    now = datetime.datetime.now(datetime.UTC)
    data = {
        "saved": now.isoformat(timespec="milliseconds"),
        "community": community,
        "test": test,
        "outcome": outcome,
        "run": dict(run or {}),
        **report.to_json(),
        "headers": _redacted(report.headers),
        "debug": _redacted_debug(report),
    }
    if isinstance(data["body"], str) and len(data["body"]) > LONGEST_BODY:
        data |= {"body": data["body"][:LONGEST_BODY], "body_is_cut": True}
    stem = f"{now:%Y%m%dT%H%M%S}{now.microsecond:06d}Z-{_slug(report.connector)}"
    path = _write_new(folder, stem, json.dumps(data, indent=2, ensure_ascii=False) + "\n")
    if keep is not None:
        prune_captures(workspace, keep)
    return str(path)


def _slug(connector: str) -> str:
    return _UNSAFE.sub("-", connector.lower()).strip("-")[:60] or "connector"


def _write_new(folder: Path, stem: str, text: str) -> Path:
    for number in range(100):
        path = folder / (f"{stem}-{number}.json" if number else f"{stem}.json")
        # Two runs of one connector may end in the same microsecond.
        with contextlib.suppress(FileExistsError):
            create(str(path), text.encode("utf-8", "backslashreplace"), mode=0o600, durable=False)
            return path
    raise FileExistsError(f"{stem}.json is there already")


def prune_captures(workspace: str | os.PathLike[str], keep: int = KEPT, size: int = KEPT_BYTES) -> None:
    """Remove the oldest captures until at most `keep` are left, in `size` bytes."""
    total = 0
    for number, path in enumerate(captures(workspace)):
        with contextlib.suppress(OSError):
            total += os.stat(path).st_size
            if number >= keep or (number and total > size):
                os.unlink(path)


def _redacted(headers: Mapping[str, str]) -> dict[str, str]:
    return {key: MASK if holds_credential(key) else value for key, value in headers.items()}


def _redacted_debug(report: Report) -> dict[str, Any]:
    """Return the debug object without credentials that are written out.

    A caller or the connector wrote them. Template text stays: it says which secret was used, and holds no
    value.
    """
    debug = dict(report.debug)
    if "steps" in debug:
        kept = zip(debug["steps"], report.kept_headers, strict=True)
        return debug | {"steps": [_without_credentials(step, names) for step, names in kept]}
    return _without_credentials(debug, report.kept_headers[0]) if debug else debug


def _without_credentials(debug: Mapping[str, Any], kept: frozenset[str]) -> dict[str, Any]:
    headers = {key: value if key in kept else MASK for key, value in debug["headers"].items()}
    return {**debug, "headers": headers}


def captures(workspace: str | os.PathLike[str]) -> list[str]:
    """Return the paths of the captures below `workspace`, the newest first."""
    return sorted((str(path) for path in (Path(workspace) / NAME / FOLDER).glob("*.json")), reverse=True)


class CaptureEntry(NamedTuple):
    """Hold what a list of captures shows of one capture.

    `saved` is in UTC, as ISO 8601; `milliseconds` is the whole run.
    """

    path: str
    saved: str
    connector: str
    status: int | None
    passed: bool
    """The result by the test's expectations, or None if the run was not one of a test."""
    milliseconds: float
    community: str
    test: str
    """The test case that the capture is a run of, or ""."""
    is_composite: bool = False


def recent_captures(
    workspace: str | os.PathLike[str],
    connector: str | None = None,
    limit: int = 50,
    *,
    is_composite: bool | None = None,
) -> list[CaptureEntry]:
    """Return the newest captures, the newest first.

    They are those of one connector (by its name), of one test case, or all; and those of one kind of
    connector, or of both. A file that is not a capture is passed over.
    """
    found: list[CaptureEntry] = []
    for path in captures(workspace):
        if len(found) >= limit:
            break
        with contextlib.suppress(OSError, ValueError):
            entry = _entry(path)
            is_kind = is_composite in (None, entry.is_composite) or entry.test == connector
            if is_kind and (connector is None or connector in (entry.connector, entry.test)):
                found.append(entry)
    return found


def _entry(path: str) -> CaptureEntry:
    data = load_capture(path)
    return CaptureEntry(
        path,
        str(data.get("saved", "")),
        str(data.get("connector", "")),
        data.get("status") if isinstance(data.get("status"), int) else None,
        data["outcome"] == "passed" if data.get("outcome") else data.get("passed") is True,
        float((data.get("server_timing") or {}).get("total", 0.0)),
        str(data.get("community", "")),
        str(data.get("test", "")),
        is_of_composite(data),
    )


def is_of_composite(data: Mapping[str, Any]) -> bool:
    """Return True if a capture is of a composite: its debug object has steps."""
    debug = data.get("debug")
    return isinstance(debug, Mapping) and "steps" in debug


def load_capture(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return a capture as data. Raises OSError or ValueError for any other file."""
    data = json.loads(Path(path).read_text(encoding="utf-8"))
    if not isinstance(data, dict) or "connector" not in data:
        raise ValueError("not a capture")
    return data
