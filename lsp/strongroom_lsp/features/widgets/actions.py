"""Offer fixes of findings in widgets' code, and comments that silence them."""

from collections.abc import Iterator, Sequence

from lsprotocol import types

from strongroom.validator import Edit, Finding, Fix
from strongroom.validator.fixing import apply_together, fix_all
from strongroom.widgets.scripts import regions_of
from strongroom_lsp.documents.edits import document_edit
from strongroom_lsp.features.code_actions import SentDiagnostics, wants
from strongroom_lsp.features.widgets.answers import OpenCode, open_code_of
from strongroom_lsp.protocol.capabilities import FIX_ALL, Client
from strongroom_lsp.services import Services

_QUICK_FIX = types.CodeActionKind.QuickFix


def code_action(services: Services, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    """Answer `textDocument/codeAction`."""
    found, client = open_code_of(services, params), services.client
    if found is None or not client.literal_actions:
        return None
    context = services.context_of(found.opened)
    findings = context.findings_in_code(found.code)
    only, actions = params.context.only, list[types.CodeAction]()
    if wants(only, _QUICK_FIX):
        first, last = found.opened.offsets_of_range(params.range)
        here = [one for one in findings if one.start <= last and first <= one.end]
        sent = SentDiagnostics(found.opened, params.context.diagnostics)
        actions += _quick_fixes(found, here, sent, client)
    if wants(only, FIX_ALL) and any(finding.fix for finding in findings):
        edits = fix_all(found.code, context.findings_in_code, findings=findings).edits
        if edits:
            title = "Fix all Strongroom findings that are safe to fix"
            actions.append(_as_action(title, FIX_ALL, found, edits, client))
    return actions


def _quick_fixes(
    found: OpenCode, findings: Sequence[Finding], sent: SentDiagnostics, client: Client
) -> Iterator[types.CodeAction]:
    for finding in findings:
        for fix in (*finding.fixes, *_ignoring(found, finding)):
            edits = apply_together(found.code, [fix]).edits
            if not edits:
                continue
            action = _as_action(fix.title, _QUICK_FIX, found, edits, client)
            action.diagnostics = sent.of(finding)
            if fix.is_safe and client.preferred_actions:
                action.is_preferred = True
            yield action


def _ignoring(found: OpenCode, finding: Finding) -> Iterator[Fix]:
    """Yield the fix that silences a finding by a comment in the line above it.

    The comment has to be in a line of script.
    """
    lines, text = found.code.lines, found.code.text
    start = lines.line_start(lines.position(finding.start)[0])
    if any(begin <= start <= end for begin, end in regions_of(found.code.path, text)):
        indent = text[start : len(text) - len(text[start:].lstrip(" \t"))]
        comment = f"{indent}// strongroom: ignore[{finding.rule}]\n"
        yield Fix(f"Ignore {finding.rule} here", (Edit(start, start, comment),), False)


def _as_action(
    title: str, kind: str, found: OpenCode, edits: Sequence[Edit], client: Client
) -> types.CodeAction:
    return types.CodeAction(title, kind, edit=document_edit(found.opened, edits, client))
