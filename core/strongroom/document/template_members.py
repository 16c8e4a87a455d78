"""Find attributes and literal items of expressions in templates.

Examples are `user.email`, `response['body']` and `steps['name'].body`.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from strongroom.document.template_nodes import Node, ParsedTemplate


class Member(NamedTuple):
    """Hold an attribute or literal item: its node, its name and the name's place.

    The place is in the decoded text.
    """

    node: Node
    name: str
    start: int
    end: int

    @property
    def owner(self) -> Node:
        """Return the expression that the member is read from."""
        return self.node.children[0]


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


def members_of(parsed: ParsedTemplate, owners: Collection[Node]) -> Iterator[Member]:
    """Yield each member of one of the expressions `owners`."""
    for node in parsed.members if owners else ():
        member = member_of(node) if node.children[0] in owners else None
        if member is not None:
            yield member


def members_of_free_names(parsed: ParsedTemplate, *names: str) -> Iterator[Member]:
    """Yield each member of a name from outside of the template."""
    return members_of(parsed, {node for node in parsed.free if node.value in names})
