"""Keep the promise of every fix.

JSON stays JSON, and a template that parses still parses after the fix.
"""

from collections.abc import Sequence

from strongroom.document import Document, Template
from strongroom.validator.findings import Edit
from strongroom.validator.rules.template_syntax import refusals


def stays_sound(before: Document, after: Document, edits: Sequence[Edit]) -> bool:
    """Return True if `edits`, which are in order, break nothing.

    Then no JSON mistake is new, and no template is refused that was not.

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
