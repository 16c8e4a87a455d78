"""Code actions: a quick fix for each fix of a finding, and one that applies every safe fix of the file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lsprotocol import types

from strongroom.validator import Edit, Finding, Fix

from .capabilities import FIX_ALL, QUICK_FIX, Client
from .diagnostics import SOURCE
from .open_documents import OpenDocument
from .protocol_types import range_of


def wants(only: Sequence[str] | None, kind: str) -> bool:
    """Whether a client that asked for `only` these kinds wants `kind`; a kind stands for those below it."""
    return not only or any(asked in ("", kind) or kind.startswith(f"{asked}.") for asked in only)


def quick_fixes(
    opened: OpenDocument,
    diagnostics: Sequence[types.Diagnostic],
    findings: Sequence[Finding],
    client: Client,
) -> list[types.CodeAction]:
    """The fixes of the diagnostics that the client sent back.

    A diagnostic that carries its fixes, made for the text as it is now, is taken at its word. For any other
    the fixes come from `findings`, a fresh check.
    """
    actions = []
    for diagnostic in diagnostics:
        if diagnostic.source != SOURCE:
            continue
        carried = _carried(opened, diagnostic)
        fixes = _fresh(opened, diagnostic, findings) if carried is None else carried
        for title, edits, is_safe in fixes:
            actions.append(
                types.CodeAction(
                    title=title,
                    kind=QUICK_FIX,
                    diagnostics=[diagnostic],
                    is_preferred=True if is_safe and client.preferred_actions else None,
                    edit=_workspace_edit(opened, edits, client),
                )
            )
    return actions


def fix_all(opened: OpenDocument, findings: Sequence[Finding], client: Client) -> types.CodeAction | None:
    """One action with every safe fix that does not touch another; None when there is nothing to fix."""
    edits = [_text_edit(opened, edit) for edit in safe_edits(findings)]
    if not edits:
        return None
    return types.CodeAction(
        title="Fix all Strongroom findings that are safe to fix",
        kind=FIX_ALL,
        edit=_workspace_edit(opened, edits, client),
    )


def safe_edits(findings: Sequence[Finding]) -> list[Edit]:
    """The edits of each finding's first safe fix, whole fixes only, none that overlaps an earlier one."""
    chosen: list[Edit] = []
    for finding in findings:
        fix = next((fix for fix in finding.fixes if fix.is_safe), None)
        if fix is None or any(_touch(edit, other) for edit in fix.edits for other in chosen):
            continue
        chosen.extend(fix.edits)
    return sorted(chosen)


def _touch(one: Edit, other: Edit) -> bool:
    """Whether two edits overlap, or insert at the same place."""
    return (one.start < other.end and other.start < one.end) or one.start == other.start


_Fixes = list[tuple[str, list[types.TextEdit], bool]]


def _carried(opened: OpenDocument, diagnostic: types.Diagnostic) -> _Fixes | None:
    """The fixes in a diagnostic's data; None where there are none or they were made for an older text."""
    data: Any = diagnostic.data
    if not isinstance(data, Mapping) or data.get("generation") != opened.generation:
        return None
    try:
        return [
            (str(fix["title"]), [_edit_of(edit) for edit in fix["edits"]], fix["safe"] is True)
            for fix in data["fixes"]
        ]
    except (KeyError, TypeError, ValueError):
        return None  # a client that changed the data: the fresh check is as good


def _edit_of(edit: Mapping[str, Any]) -> types.TextEdit:
    start, end = edit["range"]["start"], edit["range"]["end"]
    return types.TextEdit(
        types.Range(
            types.Position(start["line"], start["character"]), types.Position(end["line"], end["character"])
        ),
        str(edit["newText"]),
    )


def _fresh(opened: OpenDocument, diagnostic: types.Diagnostic, findings: Sequence[Finding]) -> _Fixes:
    """The fixes of the finding that this diagnostic was made from, as the text is now."""
    matching: Iterator[Fix] = (
        fix
        for finding in findings
        if finding.rule == diagnostic.code
        and range_of(opened, finding.start, finding.end) == diagnostic.range
        for fix in finding.fixes
    )
    return [(fix.title, [_text_edit(opened, edit) for edit in fix.edits], fix.is_safe) for fix in matching]


def _text_edit(opened: OpenDocument, edit: Edit) -> types.TextEdit:
    return types.TextEdit(range_of(opened, edit.start, edit.end), edit.new)


def _workspace_edit(
    opened: OpenDocument, edits: Sequence[types.TextEdit], client: Client
) -> types.WorkspaceEdit:
    if not client.document_changes:
        return types.WorkspaceEdit(changes={opened.uri: list(edits)})
    document = types.OptionalVersionedTextDocumentIdentifier(uri=opened.uri, version=opened.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, list(edits))])
