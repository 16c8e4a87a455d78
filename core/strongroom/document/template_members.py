"""Find attributes and literal items of names in templates.

Examples are `user.email`, `response['body']` and `steps['name'].body`.
"""

from collections.abc import Iterator
from typing import NamedTuple

from strongroom.document.template_nodes import Node
from strongroom.document.template_parser import ParsedTemplate


class Member(NamedTuple):
    """Hold an attribute or literal item: its node, its name and the name's place.

    The place is in the decoded text.
    """

    node: Node
    name: str
    start: int
    end: int


def member_of(node: Node) -> Member | None:
    """Return the node as a member.

    Return None unless it is an attribute or an item with one literal string.
    """
    if node.kind == "getattr":
        return Member(node, node.value, node.inner_start, node.inner_end)
    if node.kind == "getitem" and len(node.children) == 2:
        key = node.children[1]
        # Several literals side by side are one text, which does not have one place.
        if key.kind == "const" and isinstance(key.value, str) and key.inner_start != key.inner_end:
            return Member(node, key.value, key.start + 1, key.end - 1)
    return None


def members_of_free_names(parsed: ParsedTemplate, *names: str) -> Iterator[tuple[Node, Member]]:
    """Yield (name, member) for each member of a name from outside of the template."""
    free = {id(node): node for node in parsed.usage.free if node.value in names}
    if not free:
        return
    for node in parsed.members:
        owner = free.get(id(node.children[0]))
        member = member_of(node) if owner is not None else None
        if owner is not None and member is not None:
            yield owner, member
