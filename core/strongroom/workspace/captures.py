"""What was seen in test runs, kept beside the workspace: `.strongroom/captures`, which git ignores.

A capture is a report, which never holds a secret's value; headers that carry credentials of their own (a
session cookie that the API set) are redacted besides. Only the newest `KEPT` captures stay.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

FOLDER: Final = ".strongroom"
KEPT: Final = 100
REDACTED: Final = "(redacted)"
SENSITIVE_HEADERS: Final = frozenset(
    {
        "authorization",
        "cookie",
        "proxy-authorization",
        "set-cookie",
        "set-cookie2",
        "x-api-key",
        "x-auth-token",
    }
)


def save_capture(folder: str, report: Mapping[str, Any], now: datetime | None = None) -> Path:
    """Write one report (`Report.to_json()`) below the workspace `folder` and give the file.

    Raises OSError where the folder cannot be written.
    """
    when = now or datetime.now(UTC)
    captures = Path(folder) / FOLDER / "captures"
    captures.mkdir(parents=True, exist_ok=True)
    ignore = captures.parent / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    name = "".join(c if c.isascii() and c.isalnum() else "-" for c in str(report.get("connector", "")))[:60]
    # Times first, so that the names sort as the runs came; to the microsecond, so that none meets another.
    file = captures / f"{when:%Y%m%dT%H%M%S.%fZ}-{name.strip('-').lower() or 'connector'}.json"
    text = json.dumps({"time": f"{when:%Y-%m-%dT%H:%M:%SZ}", **_redacted(report)}, indent=2) + "\n"
    file.touch(mode=0o600)
    file.write_text(text, encoding="utf-8")
    for old in sorted(captures.glob("*.json"))[:-KEPT]:
        old.unlink(missing_ok=True)
    return file


def _redacted(report: Mapping[str, Any]) -> dict[str, Any]:
    headers = report.get("headers")
    if not isinstance(headers, Mapping):
        return dict(report)
    kept = {key: REDACTED if key.lower() in SENSITIVE_HEADERS else value for key, value in headers.items()}
    return {**report, "headers": kept}
