"""Applying fixes to a text: no two edits overlap, and every other character stays as it is."""

from bisect import bisect_left, insort
from collections.abc import Sequence

from strongroom.validator.findings import Edit, Finding, Fix


def apply_fixes(text: str, findings: Sequence[Finding], *, unsafe: bool = False) -> str:
    """`text` with the edits of `accepted_edits`."""
    parts = []
    at = 0
    for edit in accepted_edits(findings, unsafe=unsafe):
        parts.append(text[at : edit.start])
        parts.append(edit.new)
        at = edit.end
    parts.append(text[at:])
    return "".join(parts)


def accepted_edits(findings: Sequence[Finding], *, unsafe: bool = False) -> list[Edit]:
    """The edits of the first safe fix of each finding, or of the first fix of any kind where `unsafe`; in order.

    A fix that touches what an earlier one changes is left out as a whole; check the result again to apply it.
    """
    accepted: list[Edit] = []
    for finding in sorted(findings, key=lambda found: found.start):
        fix = chosen_fix(finding, unsafe=unsafe)
        if fix is not None and _fits(fix, accepted):
            for edit in fix.edits:
                insort(accepted, edit)
    return accepted


def chosen_fix(finding: Finding, *, unsafe: bool = False) -> Fix | None:
    """The fix that `accepted_edits` takes: the first safe one; else the first, where unsafe ones are wanted."""
    return finding.fix or (finding.fixes[0] if unsafe and finding.fixes else None)


def _fits(fix: Fix, accepted: list[Edit]) -> bool:
    """Whether no edit of `fix` overlaps an accepted one; two insertions at one place do overlap."""
    for edit in fix.edits:
        at = bisect_left(accepted, edit)
        for other in accepted[max(at - 1, 0) : at + 1]:
            if other.start < edit.end and edit.start < other.end:
                return False
            if (other.start, other.end) == (edit.start, edit.end):
                return False
            if edit.start == edit.end and other.start < edit.start < other.end:
                return False
            if other.start == other.end and edit.start < other.start < edit.end:
                return False
    return True
