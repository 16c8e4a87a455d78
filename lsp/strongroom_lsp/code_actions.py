"""Code actions: quick fixes, "create this secret", rewrites, "ignore this rule", and one for every safe fix."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from strongroom.names import Knowledge
from strongroom.validator import Edit, Finding, Fix, accepted_edits

from .asking import document_of, offset_of
from .capabilities import FIX_ALL, QUICK_FIX, Client, look_up
from .diagnostics import SOURCE
from .edits import TextEdit, document_edit, text_edit
from .ignoring import ignore_actions
from .messages import InvalidParams, at
from .open_documents import OpenDocument
from .publishing import findings_of
from .rewrites import MISPLACED, rewrites

if TYPE_CHECKING:
    from .session import Session

CREATE: str = "strongroom.createSecret"
_UNKNOWN = frozenset({"unknown-secret", "unknown-variable"})

Action = dict[str, Any]


def answer(session: "Session", params: Any) -> object:
    """`textDocument/codeAction`."""
    diagnostics = at(params, "context", "diagnostics")
    if not isinstance(diagnostics, list):
        raise InvalidParams("context.diagnostics must be a list")
    opened, client = document_of(session, params), session.client
    if opened is None or not client.literal_actions:
        return None
    only = look_up(params, "context", "only")
    surroundings = session.surroundings_of(opened)
    findings = findings_of(opened, surroundings)
    first, last = offset_of(opened, params, "range", "start"), offset_of(opened, params, "range", "end")
    here = [finding for finding in findings if finding.start <= last and first <= finding.end]
    actions: list[Action] = []
    if wants(only, QUICK_FIX):
        actions += quick_fixes(opened, diagnostics, findings, client)
        names = surroundings.names
        others = [
            *create_actions(here, names.community, names.knowledge),
            *rewrite_actions(opened, here, client),
            *ignore_actions(opened, here, surroundings.settings.file, client),
        ]
        for rule, action in others:
            action["diagnostics"] = [sent for sent in diagnostics if look_up(sent, "code") == rule]
            actions.append(action)
    if wants(only, FIX_ALL) and (all_of_them := fix_all(opened, findings, client)):
        actions.append(all_of_them)
    return actions


def wants(only: object, kind: str) -> bool:
    """Whether a client that asked for `only` these kinds wants `kind`; a kind stands for those below it."""
    if not isinstance(only, list) or not only:
        return True
    return any(asked in ("", kind) or kind.startswith(f"{asked}.") for asked in only)


def quick_fixes(
    opened: OpenDocument, diagnostics: Sequence[Any], findings: Sequence[Finding], client: Client
) -> list[Action]:
    """The fixes of the diagnostics that the client sent back.

    A diagnostic that carries its fixes, made for the text as it is now, is taken at its word. For any other
    the fixes come from `findings`, a fresh check.
    """
    actions = []
    for diagnostic in diagnostics:
        if look_up(diagnostic, "source") != SOURCE:
            continue
        carried = _carried(opened, diagnostic)
        fixes = _fresh(opened, diagnostic, findings) if carried is None else carried
        for title, edits, is_safe in fixes:
            action: Action = {
                "title": title,
                "kind": QUICK_FIX,
                "diagnostics": [diagnostic],
                "edit": document_edit(opened, edits, client),
            }
            if is_safe and client.preferred_actions:
                action["isPreferred"] = True
            actions.append(action)
    return actions


def create_actions(
    findings: Sequence[Finding], community: str, knowledge: Knowledge
) -> list[tuple[str, Action]]:
    """(rule, action) for each name that is not known: creating it. The command carries the name, never a value."""
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
    """(rule, action) for each rewrite that a finding suggests."""
    return [
        (MISPLACED, _action(title, QUICK_FIX, opened, edits, client))
        for title, edits in rewrites(opened.document, findings)
    ]


def fix_all(opened: OpenDocument, findings: Sequence[Finding], client: Client) -> Action | None:
    """One action with every safe fix that does not touch another; None when there is nothing to fix."""
    edits = accepted_edits(findings)
    if not edits:
        return None
    return _action("Fix all Strongroom findings that are safe to fix", FIX_ALL, opened, edits, client)


def _action(title: str, kind: str, opened: OpenDocument, edits: Sequence[Edit], client: Client) -> Action:
    changes = [text_edit(opened, edit) for edit in edits]
    return {"title": title, "kind": kind, "edit": document_edit(opened, changes, client)}


_Fixes = list[tuple[str, list[TextEdit], bool]]


def _carried(opened: OpenDocument, diagnostic: Any) -> _Fixes | None:
    """The fixes in a diagnostic's data; None where there are none or they were made for an older text."""
    data = look_up(diagnostic, "data")
    if not isinstance(data, Mapping) or data.get("generation") != opened.generation:
        return None
    try:
        return [
            (str(fix["title"]), [_edit_of(edit) for edit in fix["edits"]], fix["safe"] is True)
            for fix in data["fixes"]
        ]
    except (KeyError, TypeError):
        return None  # a client that changed the data: the fresh check is as good


def _edit_of(edit: Mapping[str, Any]) -> TextEdit:
    places = {
        end: {"line": int(edit["range"][end]["line"]), "character": int(edit["range"][end]["character"])}
        for end in ("start", "end")
    }
    return {"range": places, "newText": str(edit["newText"])}


def _fresh(opened: OpenDocument, diagnostic: Any, findings: Sequence[Finding]) -> _Fixes:
    """The fixes of the finding that this diagnostic was made from, as the text is now."""
    matching: Iterator[Fix] = (
        fix
        for finding in findings
        if finding.rule == look_up(diagnostic, "code")
        and opened.positions.range(finding.start, finding.end) == look_up(diagnostic, "range")
        for fix in finding.fixes
    )
    return [(fix.title, [text_edit(opened, edit) for edit in fix.edits], fix.is_safe) for fix in matching]
