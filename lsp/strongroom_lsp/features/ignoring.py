"""Ignore a rule in one template by a comment, or in all files by a setting."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from lsprotocol import types

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
    """Yield each rule with a finding, and a comment that ignores it.

    The comment is None if the finding is not in a template.
    """
    for rule, template in _rules(document, findings):
        title = f"Ignore {rule} in this template"
        yield rule, None if template is None else Fix(title, (comment_edit(template, rule),), False)


def comment_edit(template: Template, rule: str) -> Edit:
    """Add a rule to the comment of a template, or write a comment.

    A comment is written where it changes no output: at the end, but before a line break that the template loses
    there, and at the beginning if it would join a brace at the end.
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
    """Return a line for a settings file and its offset.

    The result is None if the file has a line for the rule already.
    """
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


def settings_edits(path: str, rule: str, client: Client) -> types.WorkspaceEdit | None:
    """Return the edit that turns a rule off in the settings file.

    The result is None if the file has a line for the rule already, or cannot be read.
    """
    try:
        text = read_text(path)
    except UnreadableFile:
        return None
    found = settings_edit(text, rule)
    if found is None:
        return None
    offset, new = found
    # The place is the beginning of a line or the end of the text. Only the latter depends on the client's units.
    place = OpenDocument(uri_of(path), 0, text, client.encoding).range(offset, offset)
    return workspace_edit({uri_of(path): (None, [types.TextEdit(place, new)])}, client)
