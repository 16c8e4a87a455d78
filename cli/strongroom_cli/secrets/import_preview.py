"""Show the changes of an import before they are made, by names, kinds and lines.

No value is shown.
"""

from typing import TYPE_CHECKING

from strongroom.text.phrases import joined
from strongroom.text.terminal import visible
from strongroom_cli.terminal.session import print_lines
from strongroom_cli.terminal.style import Style, table

if TYPE_CHECKING:
    from strongroom.transfer.planning import Plan


_DETAILS = {"kept": "newer here"}


def show_preview(plan: "Plan") -> None:
    """Print each change and each refusal by name and line, without a value."""
    from strongroom.transfer.planning import CONFLICT, DELETED, KEPT, RENAMED, SAME

    style = Style()
    rows = []
    for change in plan.changes:
        if change.action == SAME:
            continue
        detail = ", ".join(change.parts) or _DETAILS.get(change.action, "")
        if change.original:
            was = "was" if change.action == RENAMED else "in the file:"
            detail = f"{detail}; " * bool(detail) + f"{was} {change.original}"
        rows.append([change.action, change.kind.value, change.name, _line(change.line), detail])
    if rows:
        print_lines(table(rows, ["CHANGE", "KIND", "NAME", "LINE", "DETAIL"], style))
    for refusal in plan.refusals:
        place = f"line {refusal.line}" if refusal.line else "entry"
        named = f" `{visible(refusal.name)}`" if refusal.name else ""
        suggestion = f" (valid: `{refusal.suggestion}`)" if refusal.suggestion else ""
        print(f"{style('refused', 'error')} {place}{named}: {visible(refusal.reason)}{suggestion}")
    for remark in plan.remarks:
        print(f"{style('note', 'info')} line {remark.line}: {remark.text}")
    found = [action for action in (RENAMED, DELETED, KEPT, CONFLICT) if plan.count(action)]
    counts = ", ".join(f"{plan.count(action)} {action}" for action in ("new", "changed", *found, "same"))
    print(
        f'{plan.what[0].upper()}{plan.what[1:]} into community "{visible(plan.community)}": '
        f"{counts}, {len(plan.refusals)} refused."
    )
    if any(refusal.suggestion for refusal in plan.refusals):
        print("--rename-invalid imports invalid names under the valid ones.")


def refused_lines(plan: "Plan") -> str:
    """Return the refused lines for a sentence: " (lines 3 and 7)"."""
    numbers = [str(refusal.line) for refusal in plan.refusals if refusal.line]
    if not numbers:
        return ""
    shown = numbers if len(numbers) <= 5 else [*numbers[:4], f"{len(numbers) - 4} more"]
    return f" (line{'s' if len(numbers) > 1 else ''} {joined(shown)})"


def _line(line: int) -> str:
    return str(line) if line else "-"


def preview_as_json(plan: "Plan") -> dict[str, object]:
    return {
        "community": plan.community,
        "source": plan.what,
        "changes": [{**c._asdict(), "kind": c.kind.value, "line": c.line or None} for c in plan.changes],
        "refused": [{**r._asdict(), "line": r.line or None} for r in plan.refusals],
        "remarks": [r._asdict() for r in plan.remarks],
    }
