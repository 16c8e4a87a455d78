"""Write the report of a test run as a page.

The page has what was sent, with literals in place of secrets, and what came back.
"""

import json
import os
import re
from typing import Any, Final

from strongroom.errors import StrongroomError
from strongroom.files.own_folder import NAME, make_own_folder
from strongroom.files.writing import write_whole
from strongroom.workspace.uris import uri_of
from strongroom_lsp.features.name_texts import code_block
from strongroom_lsp.protocol.messages import look_up

FOLDER: Final = "reports"
"""The folder of the pages, in `.strongroom` below the folder of the settings."""


def headline_of(connector: str, reports: list[Any]) -> str:
    """Return how a run went, in a sentence."""
    report = reports[0]
    word = "passed" if look_up(report, "passed") is True else "failed"
    status, reason = look_up(report, "status"), look_up(report, "reason")
    what = " ".join(str(part) for part in (status, reason) if part not in (None, ""))
    total = look_up(report, "server_timing", "total")
    timing = f" in {total:.0f} ms" if isinstance(total, (int, float)) else ""
    unresolved = look_up(report, "unresolved")
    missing = f" Not resolved: {', '.join(map(str, unresolved))}." if unresolved else ""
    return f"{connector} {word}{f': {what}' if what else ''}{timing}.{missing}"


def report_page(connector: str, reports: list[Any]) -> str:
    """Return the page, in Markdown."""
    parts = [f"# {connector}"]
    for report in reports:
        parts.append(headline_of(str(look_up(report, "connector") or connector), [report]))
        if lines := look_up(report, "explanation"):
            parts.append("\n".join(f"- {line}" for line in lines))
        parts += _section("Request", look_up(report, "debug"))
        parts += _section("Response headers", look_up(report, "headers"))
        body = look_up(report, "body")
        if isinstance(body, str) and body:
            parts += ["## Response", code_block(body)]
        parts += _section("Timing", look_up(report, "connector_timing"))
    return "\n\n".join(parts) + "\n"


def save_page(folder: str, connector: str, page: str) -> str:
    """Write the page and return its uri.

    Raises `StrongroomError` if it cannot be written.
    """
    name = re.sub(r"[^\w.-]+", "-", connector).strip("-.") or "report"
    path = os.path.join(folder, NAME, FOLDER, f"{name}.md")
    try:
        make_own_folder(folder, FOLDER)
        write_whole(path, page.encode("utf-8", "backslashreplace"), mode=0o600, durable=False)
    except OSError as error:
        raise StrongroomError(f"{path} cannot be written: {error.strerror}.") from error
    return uri_of(path)


def _section(title: str, data: Any) -> list[str]:
    if not data:
        return []
    return [f"## {title}", code_block(json.dumps(data, indent=2, ensure_ascii=False))]
