"""Offer code actions: fixes, rewrites, creating a name, ignoring a rule.

All of them come from the findings in the text as it is now. The diagnostics that the client sends back only say which
of these it means. An edit that would break the text is not offered.
"""

from collections.abc import Sequence
from typing import Any, Final

from strongroom.names import Knowledge
from strongroom.validator import Edit, Finding, Fix, apply_together
from strongroom.validator import fix_all as all_fixed
from strongroom_lsp.context.file_context import FileContext
from strongroom_lsp.diagnostics.conversion import SOURCE
from strongroom_lsp.diagnostics.json_targets import document_of, offset_of
from strongroom_lsp.documents.edits import document_edit, text_edit
from strongroom_lsp.documents.open_documents import OpenDocument
from strongroom_lsp.features.ignoring import comment_edits, settings_edits
from strongroom_lsp.features.rewrites import MISPLACED, rewrites
from strongroom_lsp.protocol.capabilities import FIX_ALL, QUICK_FIX, Client, look_up
from strongroom_lsp.protocol.messages import InvalidParams, at
from strongroom_lsp.services import Services

CREATE: Final = "strongroom.createSecret"
_UNKNOWN = frozenset({"unknown-secret", "unknown-variable"})

Action = dict[str, Any]


def answer(services: Services, params: Any) -> object:
    """Answer `textDocument/codeAction`."""
    diagnostics = at(params, "context", "diagnostics")
    if not isinstance(diagnostics, list):
        raise InvalidParams("context.diagnostics must be a list")
    opened, client = document_of(services, params), services.client
    if opened is None or not client.literal_actions:
        return None
    only = look_up(params, "context", "only")
    context = services.context_of(opened)
    findings = context.findings(opened.document, opened.path)
    first, last = offset_of(opened, params, "range", "start"), offset_of(opened, params, "range", "end")
    sent = SentDiagnostics(opened, diagnostics)
    here = [
        finding
        for finding in findings
        if (finding.start <= last and first <= finding.end) or sent.of(finding)
    ]
    actions: list[Action] = []
    if wants(only, QUICK_FIX):
        actions += quick_fixes(opened, here, sent, client)
        names, is_trusted = context.names, services.contexts.options.is_trusted
        others = [
            *(create_actions(here, names.community, names.knowledge) if is_trusted else ()),
            *rewrite_actions(opened, here, client),
            *ignore_actions(opened, here, context.settings.file, client),
        ]
        for rule, action in others:
            action["diagnostics"] = sent.of_rule(rule)
            actions.append(action)
    if wants(only, FIX_ALL) and (everything := fix_all(opened, findings, context, client)):
        actions.append(everything)
    return actions


class SentDiagnostics:
    """Hold the diagnostics of a request that came from this server."""

    def __init__(self, opened: OpenDocument, diagnostics: Sequence[Any]) -> None:
        self._opened = opened
        self._ours = [sent for sent in diagnostics if look_up(sent, "source") == SOURCE]

    def of(self, finding: Finding) -> list[Any]:
        """Return the diagnostics of this finding."""
        if not self._ours:
            return []
        place = self._opened.positions.range(finding.start, finding.end)
        return [sent for sent in self.of_rule(finding.rule) if look_up(sent, "range") == place]

    def of_rule(self, rule: str) -> list[Any]:
        """Return the diagnostics of this rule."""
        return [sent for sent in self._ours if look_up(sent, "code") == rule]


def wants(only: object, kind: str) -> bool:
    """Tell whether a client that asked for `only` these kinds wants `kind`.

    A kind includes those below it.
    """
    if not isinstance(only, list) or not only:
        return True
    return any(asked in ("", kind) or kind.startswith(f"{asked}.") for asked in only)


def quick_fixes(
    opened: OpenDocument, findings: Sequence[Finding], sent: SentDiagnostics, client: Client
) -> list[Action]:
    """Return the fixes of these findings, each with its diagnostics."""
    actions = []
    for finding in findings:
        for fix in finding.fixes:
            if not (action := _action(opened, fix, QUICK_FIX, client)):
                continue
            action["diagnostics"] = sent.of(finding)
            if fix.is_safe and client.preferred_actions:
                action["isPreferred"] = True
            actions.append(action)
    return actions


def create_actions(
    findings: Sequence[Finding], community: str, knowledge: Knowledge
) -> list[tuple[str, Action]]:
    """Return (rule, action) for each unknown name: an action that creates it.

    The command carries the name, never a value.
    """
    if knowledge is not Knowledge.COMPLETE:
        return []
    actions: dict[str, tuple[str, Action]] = {}
    for finding in findings:
        name, kind = finding.data.get("name"), finding.data.get("kind")
        if finding.rule not in _UNKNOWN or not name:
            continue
        argument = {"name": name, "kind": kind, "community": community}
        title = f"Create the {kind} {name}" + (f" in {community}" if community else "")
        command = {"title": title, "command": CREATE, "arguments": [argument]}
        actions.setdefault(name, (finding.rule, {"title": title, "kind": QUICK_FIX, "command": command}))
    return list(actions.values())


def rewrite_actions(
    opened: OpenDocument, findings: Sequence[Finding], client: Client
) -> list[tuple[str, Action]]:
    """Return (rule, action) for each rewrite that a finding suggests."""
    found = (Fix(title, tuple(edits), False) for title, edits in rewrites(opened.document, findings))
    return [(MISPLACED, action) for fix in found if (action := _action(opened, fix, QUICK_FIX, client))]


def ignore_actions(
    opened: OpenDocument, findings: Sequence[Finding], settings_file: str | None, client: Client
) -> list[tuple[str, Action]]:
    """Return (rule, action) for each rule with a finding here.

    The action writes a comment into the template, or a line into the settings.
    """
    actions = []
    for rule, fix in comment_edits(opened.document, findings):
        if fix is not None and (action := _action(opened, fix, QUICK_FIX, client)):
            actions.append((rule, action))
        if settings_file is not None and (edits := settings_edits(settings_file, rule, client)):
            title = f"Turn {rule} off in strongroom.toml"
            actions.append((rule, {"title": title, "kind": QUICK_FIX, "edit": edits}))
    return actions


def fix_all(
    opened: OpenDocument, findings: Sequence[Finding], context: FileContext, client: Client
) -> Action | None:
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
    return _as_action(
        "Fix all Strongroom findings that are safe to fix", FIX_ALL, opened, fixed.edits, client
    )


def _action(opened: OpenDocument, fix: Fix, kind: str, client: Client) -> Action | None:
    """Return a fix as an action, or None if it would break the text."""
    edits = apply_together(opened.document, [fix]).edits
    return _as_action(fix.title, kind, opened, edits, client) if edits else None


def _as_action(title: str, kind: str, opened: OpenDocument, edits: Sequence[Edit], client: Client) -> Action:
    changes = [text_edit(opened, edit) for edit in edits]
    return {"title": title, "kind": kind, "edit": document_edit(opened, changes, client)}
