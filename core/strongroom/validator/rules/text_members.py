"""Bodies that are text until they are parsed, and what a template reads from them as if they were parsed."""

from collections.abc import Iterator, Mapping
from typing import Final

from strongroom.document import TemplateText
from strongroom.document.template_members import Member, member_of, members_of_free_names
from strongroom.document.template_parser import Node
from strongroom.validator.rules.shared import resolves

_TEXT_MEMBERS: Final = {"response": "body", "request": "body_text"}
"""The field of a context name that is a text (PLATFORM §2); a step's is `body`."""
_OF_TEXT: Final = frozenset(name for name in dir(str) if not name.startswith("_"))
"""List a text's own members: its methods."""


def fields_of_texts(template: TemplateText) -> Iterator[tuple[Node, Member]]:
    """Yield (the body, the field that is read from it) if a text has no such field."""
    if "body" not in template.text:
        return
    texts = _texts(template)
    for node in template.parsed.members if texts else ():
        body = texts.get(id(node.children[0]))
        member = member_of(node) if body is not None else None
        if body is not None and member is not None and member.name not in _OF_TEXT:
            yield body, member


def _texts(template: TemplateText) -> Mapping[int, Node]:
    """Return the expressions that give a body as text, by their id."""
    found = {id(node): node for node in template.usage.free if node.value == "body_text"}
    if found and not resolves(template, "body_text"):
        found = {}
    steps: set[int] = set()
    for owner, member in members_of_free_names(template.parsed, "steps", *_TEXT_MEMBERS):
        if not resolves(template, owner.value):
            continue
        if owner.value == "steps":
            steps.add(id(member.node))
        elif member.name == _TEXT_MEMBERS[owner.value]:
            found[id(member.node)] = member.node
    for node in template.parsed.members if steps else ():
        field = member_of(node) if id(node.children[0]) in steps else None
        if field is not None and field.name == "body":
            found[id(node)] = node
    return found
