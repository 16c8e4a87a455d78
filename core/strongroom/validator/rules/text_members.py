"""Bodies that are text until they are parsed, and what a template reads from them as if they were parsed."""

from collections.abc import Iterator
from typing import Final

from strongroom.document import TemplateText
from strongroom.document.template_answers import body_texts
from strongroom.document.template_members import Member, members_of

_OF_TEXT: Final = frozenset(name for name in dir(str) if not name.startswith("_"))
"""List a text's own members: its methods."""


def fields_of_texts(template: TemplateText) -> Iterator[Member]:
    """Yield the fields that are read from a body that is a text, if a text has no such field."""
    members = members_of(template.parsed, body_texts(template))
    return (member for member in members if member.name not in _OF_TEXT)
