"""Hold a template's parts with positions: a tree of nodes, and flat lists.

Rules look for the entries of the flat lists.
"""

from typing import Any, NamedTuple

from strongroom.document.template_lexer import Token


class Node:
    """Hold one node: `kind`, its place, a value and its children.

    The value is a name, a constant or an operator. `inner_start` and `inner_end` are the smallest telling place: the
    name of a filter, test or attribute, the text between the parentheses of a call. `outer_start` and `outer_end` also
    enclose the parentheses around the node. Text before or after the node belongs outside of them.
    """

    __slots__ = (
        "children", "end", "inner_end", "inner_start", "kind", "outer_end", "outer_start", "start", "value",
    )  # fmt: skip

    def __init__(
        self,
        kind: str,
        start: int,
        end: int,
        value: Any = None,
        children: tuple["Node", ...] = (),
        *,
        inner: tuple[int, int] | None = None,
    ) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.value = value
        self.children = children
        self.inner_start, self.inner_end = inner or (start, end)
        self.outer_start, self.outer_end = start, end

    @property
    def is_parenthesised(self) -> bool:
        """Return True if parentheses are around the node."""
        return self.outer_start < self.start

    def ends_at(self, end: int) -> None:
        """Set the end of a node whose last part was read after it was made."""
        self.end = self.inner_end = self.outer_end = end


def targets(node: Node) -> list[Node]:
    """Return the parts of an assignment's target, with tuples taken apart."""
    parts, waiting = [], [node]
    while waiting:
        part = waiting.pop()
        if part.kind == "tuple":
            waiting.extend(part.children)
        else:
            parts.append(part)
    return parts


class TemplateProblem(NamedTuple):
    """Describe the mistake at which Jinja2 refuses a template."""

    message: str
    start: int
    end: int


class TemplateParts:
    """Hold a template's parts in the order of reading, up to a mistake.

    `calls`, `filters`, `tests`, `members` (attributes and items) and `names` (read, not assigned) are nodes. `stores`
    are the names that the template itself defines somewhere (set, for, with, macro, import). `comments` are tokens.
    """

    __slots__ = (
        "body", "calls", "comments", "filters", "members", "names", "problem", "stores", "tests",
    )  # fmt: skip

    def __init__(self) -> None:
        self.body: tuple[Node, ...] = ()
        self.calls: list[Node] = []
        self.filters: list[Node] = []
        self.tests: list[Node] = []
        self.members: list[Node] = []
        self.names: list[Node] = []
        self.comments: list[Token] = []
        self.stores: set[str] = set()
        self.problem: TemplateProblem | None = None


def has_tags(text: str) -> bool:
    """Return True if a text can hold more than plain text."""
    return "{{" in text or "{%" in text or "{#" in text
