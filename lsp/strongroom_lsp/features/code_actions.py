"""Offer fixes, rewrites, creating a name, storing a credential, ignoring a rule.

All code actions come from the findings in the text as it is now. The diagnostics that the client sends back
only say which of these it means. An edit that would break the text is not offered.
"""

from collections.abc import Sequence
from typing import Final

from lsprotocol import types

from strongroom.names import Knowledge, Names
from strongroom.validator import Edit, Finding, Fix
from strongroom.validator.fixing import apply_together
from strongroom.validator.fixing import fix_all as all_fixed
from strongroom.workspace.literals import literal_of
from strongroom_lsp.context.file_context import FileContext
from strongroom_lsp.diagnostics.conversion import SOURCE
from strongroom_lsp.documents.edits import document_edit
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.features.ignoring import comment_edits, settings_edits
from strongroom_lsp.features.request_targets import document_of
from strongroom_lsp.features.rewrites import MISPLACED, rewrites
from strongroom_lsp.protocol.capabilities import FIX_ALL, Client
from strongroom_lsp.services import Services

CREATE: Final = "strongroom.createSecret"
STORE: Final = "strongroom.storeLiteral"
_UNKNOWN: Final = frozenset({"unknown-secret", "unknown-variable"})

_QUICK_FIX: Final = types.CodeActionKind.QuickFix


def code_action(services: Services, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    """Answer `textDocument/codeAction`."""
    opened, client = document_of(services, params), services.client
    if opened is None or not client.literal_actions:
        return None
    only = params.context.only
    context = services.context_of(opened)
    findings = context.findings(opened.document, opened.path)
    first, last = opened.offsets_of_range(params.range)
    sent = SentDiagnostics(opened, params.context.diagnostics)
    here = [
        finding
        for finding in findings
        if (finding.start <= last and first <= finding.end) or sent.of(finding)
    ]
    actions: list[types.CodeAction] = []
    if wants(only, _QUICK_FIX):
        actions += quick_fixes(opened, here, sent, client)
        names, is_trusted = context.names, services.contexts.options.is_trusted
        others = [
            *(create_actions(here, names.community, names.knowledge) if is_trusted else ()),
            *(store_actions(opened, here, names) if is_trusted else ()),
            *rewrite_actions(opened, here, client),
            *ignore_actions(opened, here, context.settings.file, client),
        ]
        for rule, action in others:
            action.diagnostics = sent.of_rule(rule)
            actions.append(action)
    if wants(only, FIX_ALL) and (everything := fix_all(opened, findings, context, client)):
        actions.append(everything)
    return actions


class SentDiagnostics:
    """Hold the diagnostics in a request that this server sent before."""

    def __init__(self, opened: OpenDocument, diagnostics: Sequence[types.Diagnostic]) -> None:
        self._opened = opened
        self._ours = [sent for sent in diagnostics if sent.source == SOURCE]

    def of(self, finding: Finding) -> list[types.Diagnostic]:
        """Return the diagnostics of this finding."""
        if not self._ours:
            return []
        place = self._opened.range(finding.start, finding.end)
        return [sent for sent in self.of_rule(finding.rule) if sent.range == place]

    def of_rule(self, rule: str) -> list[types.Diagnostic]:
        """Return the diagnostics of this rule."""
        return [sent for sent in self._ours if sent.code == rule]


def wants(only: Sequence[str] | None, kind: str) -> bool:
    """Return True if a client that asked for `only` these kinds wants `kind`.

    A kind includes those below it.
    """
    if not only:
        return True
    # Not an f-string, which writes the name of an enum's member.
    return any(asked in ("", kind) or kind.startswith(str.__add__(asked, ".")) for asked in only)


def quick_fixes(
    opened: OpenDocument, findings: Sequence[Finding], sent: SentDiagnostics, client: Client
) -> list[types.CodeAction]:
    """Return the fixes of these findings, each with its diagnostics."""
    actions = []
    for finding in findings:
        for fix in finding.fixes:
            if (action := _action(opened, fix, client)) is None:
                continue
            action.diagnostics = sent.of(finding)
            if fix.is_safe and client.preferred_actions:
                action.is_preferred = True
            actions.append(action)
    return actions


def create_actions(
    findings: Sequence[Finding], community: str, knowledge: Knowledge
) -> list[tuple[str, types.CodeAction]]:
    """Return (rule, action) for each unknown name: an action that creates it.

    The command carries the name, never a value.
    """
    if knowledge is not Knowledge.COMPLETE:
        return []
    actions: dict[str, tuple[str, types.CodeAction]] = {}
    for finding in findings:
        name, kind = finding.data.get("name"), finding.data.get("kind")
        if finding.rule not in _UNKNOWN or not name:
            continue
        argument = {"name": name, "kind": kind, "community": community}
        title = f"Create the {kind} {name}" + (f" in {community}" if community else "")
        command = types.Command(title, CREATE, arguments=[argument])
        actions.setdefault(name, (finding.rule, types.CodeAction(title, _QUICK_FIX, command=command)))
    return list(actions.values())


def store_actions(
    opened: OpenDocument, findings: Sequence[Finding], names: Names
) -> list[tuple[str, types.CodeAction]]:
    """Return (rule, action) for each credential that is written out.

    The action stores the credential and references it. Its command carries the place of the credential, never
    the credential.
    """
    if not names.community:
        return []
    actions = []
    for finding in findings:
        if (literal := literal_of(opened.document, finding)) is None:
            continue
        name = literal.name(names.by_name)
        place = {"uri": opened.uri, "version": opened.version, "offset": literal.start}
        title = f"Store it as the secret {name} in {names.community}, and reference it"
        command = types.Command(
            title, STORE, arguments=[{**place, "name": name, "community": names.community}]
        )
        actions.append((finding.rule, types.CodeAction(title, _QUICK_FIX, command=command)))
    return actions


def rewrite_actions(
    opened: OpenDocument, findings: Sequence[Finding], client: Client
) -> list[tuple[str, types.CodeAction]]:
    """Return (rule, action) for each rewrite that a finding suggests."""
    found = (Fix(title, tuple(edits), False) for title, edits in rewrites(opened.document, findings))
    return [(MISPLACED, action) for fix in found if (action := _action(opened, fix, client))]


def ignore_actions(
    opened: OpenDocument, findings: Sequence[Finding], settings_file: str | None, client: Client
) -> list[tuple[str, types.CodeAction]]:
    """Return (rule, action) for each rule with a finding here.

    The action writes a comment into the template, or a line into the settings.
    """
    actions = []
    for rule, fix in comment_edits(opened.document, findings):
        if fix is not None and (action := _action(opened, fix, client)):
            actions.append((rule, action))
        if settings_file is not None and (edit := settings_edits(settings_file, rule, client)):
            title = f"Turn {rule} off in strongroom.toml"
            actions.append((rule, types.CodeAction(title, _QUICK_FIX, edit=edit)))
    return actions


def fix_all(
    opened: OpenDocument, findings: Sequence[Finding], context: FileContext, client: Client
) -> types.CodeAction | None:
    """Return one action with every safe fix, or None without any.

    The fixes are applied as `check --fix` applies them.
    """
    if not any(finding.fix for finding in findings):
        return None
    fixed = all_fixed(
        opened.document, lambda document: context.findings(document, opened.path), findings=findings
    )
    if not fixed.edits:
        return None
    title = "Fix all Strongroom findings that are safe to fix"
    return _as_action(title, FIX_ALL, opened, fixed.edits, client)


def _action(opened: OpenDocument, fix: Fix, client: Client) -> types.CodeAction | None:
    """Return a fix as an action, or None if it would break the text."""
    edits = apply_together(opened.document, [fix]).edits
    return _as_action(fix.title, _QUICK_FIX, opened, edits, client) if edits else None


def _as_action(
    title: str, kind: str, opened: OpenDocument, edits: Sequence[Edit], client: Client
) -> types.CodeAction:
    return types.CodeAction(title, kind, edit=document_edit(opened, edits, client))
