"""Find what is before and after the cursor in a template's expression."""

import re
from typing import Final, NamedTuple

from strongroom.document import Template

_STRING: Final = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""", re.DOTALL)


def expression_before(template: Template, offset: int) -> str | None:
    """Return the expression up to the cursor (a source offset), its strings emptied.

    The result is None in plain text, in a comment and inside a string. A statement counts as an expression.
    """
    inside = written_before(template, offset)
    if inside is None:
        return None
    inside = _STRING.sub("''", inside)
    if "}}" in inside or "%}" in inside or "'" in inside.replace("''", "") or '"' in inside:
        return None
    return inside


class TextAfterCursor(NamedTuple):
    """Hold the text after a cursor, as a completion needs it.

    The completion replaces the rest of the word, and inserts only what is missing.
    """

    word: str
    """The rest of the word that the cursor is in."""
    has_parenthesis: bool
    quoted: str
    """A string that begins here, with its quotes."""
    is_closed: bool
    """True if the expression has its closing braces."""


_WORD: Final = re.compile(r"\w*", re.ASCII)


def text_after_cursor(template: Template, offset: int) -> TextAfterCursor:
    """Return what follows a cursor (a source offset)."""
    rest = template.text[template.from_source(offset) :]
    word = _WORD.match(rest)
    assert word is not None
    following = rest[word.end() :].lstrip()
    quoted = _STRING.match(following)
    ends = [at for at in map(_STRING.sub("''", rest).find, ("}}", "%}")) if at >= 0]
    opened = [at for at in map(_STRING.sub("''", rest).find, ("{{", "{%")) if at >= 0]
    is_closed = bool(ends) and min(ends) < min(opened, default=len(rest))
    return TextAfterCursor(
        word[0], following.startswith("("), quoted[0] if quoted is not None else "", is_closed
    )


_BEGUN_STATEMENT: Final = re.compile(r"\{%[-+]?\s*[a-z]*\Z")


def is_statement_begun(template: Template, offset: int) -> bool:
    """Return True if at most the first word of a `{% ... %}` is before the cursor."""
    return _BEGUN_STATEMENT.search(template.text[: template.from_source(offset)]) is not None


def written_before(template: Template, offset: int) -> str | None:
    """Return the expression up to the cursor, with its strings as they are.

    The cursor may be inside a string. In plain text and in a comment the result is None.
    """
    head = template.text[: template.from_source(offset)]
    opened = max(head.rfind("{{"), head.rfind("{%"))
    if opened < 0 or head.rfind("{#") > max(head.rfind("#}"), opened):
        return None
    return head[opened + 2 :]
