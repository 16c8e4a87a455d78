"""Apply fixes to a document, in the same way for every face.

This module decides which fixes a round takes, and runs rounds until nothing joined.

Each fix keeps its promise for two reasons. Fixes that reach into each other wait for the next round, which begins with
a new check. And the text is examined after the edits: JSON stays JSON, a template that parses still parses, and in code
brackets keep their partners. A fix after which they would not is not taken.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Sequence, Sized
from typing import Final, Generic, NamedTuple, Protocol, Self, TypeVar

from strongroom.document import Template
from strongroom.text.edits import Edit, JoinedEdits, apply_edits
from strongroom.validator.findings import Finding, Fix
from strongroom.validator.rules.template_syntax import refusals

ROUNDS: Final = 50
"""Limit the rounds; two are usual.

A fix may uncover another mistake, and of two fixes that overlap one waits for the next round.
"""


class Mendable(Protocol):
    """A text that fixes are applied to: a connector file, or the code of a widget."""

    @property
    def text(self) -> str: ...

    @property
    def problems(self) -> Sized:
        """Return the mistakes of its syntax."""

    def template_at(self, offset: int) -> Template | None:
        """Return the template that an offset is in, or None."""

    def replace_text(self, text: str) -> Self:
        """Return it with another text."""


T = TypeVar("T", bound=Mendable)
Check = Callable[[T], Sequence[Finding]]


class Fixed(NamedTuple, Generic[T]):
    """Hold a document after all fixes, its findings, and the edits of the first text."""

    document: T
    findings: Sequence[Finding]
    edits: tuple[Edit, ...]


class Round(NamedTuple, Generic[T]):
    """Hold the fixes of one round, their edits in order, and the new document."""

    fixes: tuple[Fix, ...]
    edits: tuple[Edit, ...]
    document: T


def fix_all(
    document: T, check: Check[T], *, unsafe: bool = False, findings: Sequence[Finding] | None = None
) -> Fixed[T]:
    """Apply every safe fix until there is nothing more to fix.

    With `unsafe`, apply every fix. `check` gives the findings of a document; `findings` are those of the first one, if
    they are known already.
    """
    found = check(document) if findings is None else findings
    joined = JoinedEdits(len(document.text))
    for _ in range(ROUNDS):
        fixes = [fix for finding in found if (fix := chosen_fix(finding, unsafe=unsafe)) is not None]
        taken = apply_together(document, fixes)
        if taken.document is document:
            break
        joined.add(taken.edits)
        document = taken.document
        found = check(document)
    return Fixed(document, found, joined.edits(document.text))


def chosen_fix(finding: Finding, *, unsafe: bool = False) -> Fix | None:
    """Return the fix that is taken of a finding.

    It is the first safe one; without one, the first fix if unsafe ones are wanted.
    """
    return finding.fix or (finding.fixes[0] if unsafe and finding.fixes else None)


def apply_together(document: T, fixes: Sequence[Fix]) -> Round[T]:
    """Apply these fixes, except those that overlap or break the text.

    Of two fixes that reach into each other, the earlier one is applied.
    """
    places: list[tuple[int, int]] = []
    fitting = []
    for fix in sorted(fixes, key=_beginning):
        stretches = _stretches(document, fix)
        if stretches and _fits(stretches, places):
            fitting.append(fix)
            for stretch in stretches:
                insort(places, stretch)
    return _sound(document, Round((), (), document), fitting)


def _sound(document: T, taken: Round[T], fixes: Sequence[Fix]) -> Round[T]:
    """Take as many of `fixes` as leave the text sound.

    That is all at once, else by halves down to the culprits.
    """
    if not fixes:
        return taken
    together = (*taken.fixes, *fixes)
    edits = tuple(sorted(edit for fix in together for edit in fix.edits))
    after = document.replace_text(apply_edits(document.text, edits))
    if _stays_sound(document, after, edits):
        return Round(together, edits, after)
    if len(fixes) == 1:
        return taken
    middle = len(fixes) // 2
    return _sound(document, _sound(document, taken, fixes[:middle]), fixes[middle:])


def _stays_sound(before: Mendable, after: Mendable, edits: Sequence[Edit]) -> bool:
    """Return True if `edits`, which are in order, break nothing.

    Then no mistake of syntax is new, and no template is refused that was not.

    A template that goes with its field is not broken, and neither is one in a string that was damaged before.
    """
    if len(after.problems) > len(before.problems):
        return False
    shift = 0
    seen = -1
    for edit in edits:
        template = before.template_at(edit.start)
        if template is not None and template.start > seen and edit.start >= template.start:
            seen = template.start
            now = after.template_at(template.start + shift)
            if now is not None and not template.is_damaged and _breaks(template, now):
                return False
        shift += len(edit.new) - (edit.end - edit.start)
    return True


def _breaks(before: Template, after: Template) -> bool:
    return next(refusals(after.content), None) is not None and next(refusals(before.content), None) is None


def _beginning(fix: Fix) -> int:
    return min((edit.start for edit in fix.edits), default=0)


def _stretches(document: Mendable, fix: Fix) -> list[tuple[int, int]]:
    """Return the stretches of text that a fix has for itself.

    In each template it is all text from its first edit to its last.
    """
    if len(fix.edits) == 1:
        return [fix.edits[0][:2]]
    found: dict[int, tuple[int, int]] = {}
    for edit in sorted(fix.edits):
        template = document.template_at(edit.start)
        key = template.start if template is not None and edit.start >= template.start else -1 - edit.start
        start, end = found.get(key, (edit.start, edit.end))
        found[key] = start, max(end, edit.end)
    return list(found.values())


def _fits(stretches: Sequence[tuple[int, int]], places: list[tuple[int, int]]) -> bool:
    """Return True if no stretch overlaps a place that is taken.

    Two insertions at one place do overlap.
    """
    return not any(
        _overlap(stretch, other)
        for stretch in stretches
        for at in [bisect_left(places, stretch)]
        for other in places[max(at - 1, 0) : at + 1]
    )


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one == other or (one[0] < other[1] and other[0] < one[1])
