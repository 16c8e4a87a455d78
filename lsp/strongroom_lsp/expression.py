"""What stands between the opening braces of a template's expression and the cursor."""

import re
from typing import Final

from strongroom.document import Template

_STRING: Final = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""", re.DOTALL)


def expression_before(template: Template, offset: int) -> str | None:
    """The expression or statement up to the cursor (a source offset), with its texts emptied.

    None where the cursor is in plain text, in a comment, or inside a quoted text.
    """
    inside = written_before(template, offset)
    if inside is None:
        return None
    inside = _STRING.sub("''", inside)
    if "}}" in inside or "%}" in inside or "'" in inside.replace("''", "") or '"' in inside:
        return None
    return inside


def written_before(template: Template, offset: int) -> str | None:
    """The same with its texts as they are; the cursor may be inside one. None in plain text and in a comment."""
    head = template.text[: template.from_source(offset)]
    opened = max(head.rfind("{{"), head.rfind("{%"))
    if opened < 0 or head.rfind("{#") > max(head.rfind("#}"), opened):
        return None
    return head[opened + 2 :]
