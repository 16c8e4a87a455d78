"""Ignoring a rule: for one template by a comment in it, for all files in `strongroom.toml`."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from strongroom.document import Document, Template
from strongroom.validator import Edit, Finding, Fix
from strongroom.validator.silencing import ignore_comments
from strongroom.workspace import UnreadableFile, read_text
from strongroom.workspace.uris import uri_of
from strongroom_lsp.documents.edits import workspace_edit
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.protocol.capabilities import Client

_RULES: Final = re.compile(r"^[ \t]*\[rules\][ \t]*(?:#.*)?$", re.MULTILINE)


def comment_edits(document: Document, findings: Sequence[Finding]) -> Iterator[tuple[str, Fix | None]]:
    """(rule, a comment in its template) for each rule that found something; None where it is not about a template."""
    for rule, template in _rules(document, findings):
        title = f"Ignore {rule} in this template"
        yield rule, None if template is None else Fix(title, (comment_edit(template, rule),), False)


def comment_edit(template: Template, rule: str) -> Edit:
    """Add the rule to the template's comment, or a comment where it can change no output: at the end, but before the
    line break that a template loses there, and at the beginning where a brace would run into it.
    """
    for comment in ignore_comments(template.parsed):
        if comment.rules:
            at = template.to_source(comment.rules[-1].end)
            return Edit(at, at, f", {rule}")
    text = template.text
    end = len(text) - (2 if text.endswith("\r\n") else 1 if text.endswith(("\n", "\r")) else 0)
    at = template.to_source(0 if text[:end].endswith("{") else end)
    return Edit(at, at, f"{{# strongroom: ignore[{rule}] #}}")


def settings_edit(text: str, rule: str) -> tuple[int, str] | None:
    """Where a line goes into a settings file, and the line; None where the rule has one already."""
    if re.search(rf"^[ \t]*[\"']?{re.escape(rule)}[\"']?[ \t]*=", text, re.MULTILINE):
        return None
    line = f'{rule} = "off"\n'
    heading = _RULES.search(text)
    if heading is None:
        before = "" if not text or text.endswith("\n") else "\n"
        return len(text), f"{before}\n[rules]\n{line}" if text else f"[rules]\n{line}"
    end = heading.end()
    following = text.find("\n", end)
    return (following + 1, line) if following >= 0 else (end, f"\n{line}")


def _rules(document: Document, findings: Sequence[Finding]) -> Iterator[tuple[str, Template | None]]:
    seen = set()
    for finding in findings:
        if finding.rule in seen or finding.rule == "json-syntax":
            continue
        seen.add(finding.rule)
        template = document.template_at(finding.start)
        yield finding.rule, None if template is not None and template.is_damaged else template


def settings_edits(path: str, rule: str, client: Client) -> dict[str, Any] | None:
    """The edit that turns a rule off in the settings file; None where it says something about the rule already."""
    try:
        text = read_text(path)
    except UnreadableFile:
        return None
    found = settings_edit(text, rule)
    if found is None:
        return None
    offset, new = found
    # Always at the beginning of a line or at the very end, so that no client's units matter but for that.
    place = OpenDocument(uri_of(path), 0, text, client.encoding).positions.range(offset, offset)
    return workspace_edit({uri_of(path): (None, [{"range": place, "newText": new}])}, client)
