"""Reads attributes: `user.email`, `response['body']`, `steps['name'].body`."""

from collections.abc import Iterator
from typing import NamedTuple

from strongroom.document import TemplateText
from strongroom.document.template_parser import Node


class Member(NamedTuple):
    """An attribute or literal item: its node, its name, and where that stands in the decoded text."""

    node: Node
    name: str
    start: int
    end: int


def member_of(node: Node) -> Member | None:
    """Return the node as a member; None where it is neither an attribute nor an item with one literal string."""
    if node.kind == "getattr":
        return Member(node, node.value, node.inner_start, node.inner_end)
    if node.kind == "getitem" and len(node.children) == 2:
        key = node.children[1]
        # Several literals side by side are one text that stands in no one place.
        if key.kind == "const" and isinstance(key.value, str) and key.inner_start != key.inner_end:
            return Member(node, key.value, key.start + 1, key.end - 1)
    return None


def members_of_free_names(template: TemplateText, *names: str) -> Iterator[tuple[Node, Member]]:
    """Yield (name, member) for each member of a name that comes from outside of the template."""
    free = {id(node): node for node in template.usage.free if node.value in names}
    if not free:
        return
    for node in template.parsed.members:
        owner = free.get(id(node.children[0]))
        member = member_of(node) if owner is not None else None
        if owner is not None and member is not None:
            yield owner, member
