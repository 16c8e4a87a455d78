"""Make edits of the options of a call, in the writing of the code around them."""

from typing import Final

from strongroom.text.edits import Edit
from strongroom.text.expressions import expression
from strongroom.widgets.code import WidgetCode
from strongroom.widgets.values import Member, Value, written

_COMMA_AFTER: Final = expression(r"\s*,[ \t]*(?:\r?\n[ \t]*)?")
_COMMA_BEFORE: Final = expression(r",\s*\Z")
_INDENT: Final = expression(r"\r?\n[ \t]*\Z")
_SHORTEST: Final = 400
"""The characters before a member in which its comma is looked for."""


def write_text(code: WidgetCode, value: Value, new: str) -> Edit | None:
    """Put a text in the place of another one; None if the text is written elsewhere."""
    start, end = value.inner
    if value.kind != "text" or value.is_shared:
        return None
    return Edit(start, end, written(new, code.text[start - 1]))


def rename_member(code: WidgetCode, member: Member, new: str) -> Edit | None:
    """Give a member another key; None if it is written elsewhere."""
    start, end = member.key_span
    if code.text[start:end] != member.key:
        return None
    return Edit(start, end, f"{new}: {member.key}" if member.is_short else new)


def remove_member(code: WidgetCode, member: Member) -> Edit | None:
    """Remove a member with its comma; None if a comment is between them."""
    text = code.text
    after = _COMMA_AFTER.match(text, member.end)
    if after is not None:
        return Edit(member.start, after.end(), "")
    near = max(0, member.start - _SHORTEST)
    before = _COMMA_BEFORE.search(text[near : member.start])
    if before is not None:
        return Edit(near + before.start(), member.end, "")
    is_only = text[: member.start].rstrip().endswith("{")
    return Edit(member.start, member.end, "") if is_only else None


def add_text_member(code: WidgetCode, after: Member, key: str, text: str) -> Edit | None:
    """Add a text member after another member; None if that is written elsewhere."""
    source = code.text
    if source[after.key_span[0] : after.key_span[1]] != after.key:
        return None
    line_break = _INDENT.search(source[max(0, after.start - _SHORTEST) : after.start])
    between = line_break.group() if line_break is not None else " "
    quote = _quote(source, after.value)
    return Edit(after.end, after.end, f",{between}{key}: {quote}{written(text, quote)}{quote}")


def _quote(source: str, value: Value) -> str:
    if value.kind == "text" and source[value.inner[0] - 1] in "\"'":
        return source[value.inner[0] - 1]
    return '"' if source.count('"') > source.count("'") else "'"


def follows_dot(code: WidgetCode, at: int) -> bool:
    """Return True if a name is written after a dot."""
    return code.text[max(0, at - _SHORTEST) : at].rstrip().endswith(".")
