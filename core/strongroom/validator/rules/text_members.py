"""Bodies that are text until they are parsed, and what a template reads from them as if they were parsed."""

from collections.abc import Iterator
from typing import Final

from strongroom.document import TemplateText
from strongroom.document.template_answers import body_texts
from strongroom.document.template_members import Member, member_of
from strongroom.document.template_nodes import Node

_OF_TEXT: Final = frozenset(name for name in dir(str) if not name.startswith("_"))
"""List a text's own members: its methods."""


def fields_of_texts(template: TemplateText) -> Iterator[tuple[Node, Member]]:
    """Yield (the body, the field that is read from it) if a text has no such field."""
    texts = body_texts(template)
    for node in template.parsed.members if texts else ():
        body = texts.get(id(node.children[0]))
        member = member_of(node) if body is not None else None
        if body is not None and member is not None and member.name not in _OF_TEXT:
            yield body, member
