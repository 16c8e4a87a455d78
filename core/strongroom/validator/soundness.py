"""Keep the promise of every fix.

JSON stays JSON, and a template that parses still parses after the fix. In code, brackets keep their partners.
"""

from collections.abc import Sequence, Sized
from typing import Protocol, Self

from strongroom.document import Template
from strongroom.text.edits import Edit
from strongroom.validator.rules.template_syntax import refusals


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


def stays_sound(before: Mendable, after: Mendable, edits: Sequence[Edit]) -> bool:
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
