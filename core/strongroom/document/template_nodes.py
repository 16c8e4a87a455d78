"""Hold a template's parts with positions: a tree of nodes, and flat lists.

Rules look for the entries of the flat lists.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final, NamedTuple

from strongroom.document.template_lexer import Token

BODIES: Final = ("body", "else")
"""The kinds of nodes that hold the text and the tags inside of a tag."""
GUARDING_FILTERS: Final = ("default", "d")
_GUARDING_TESTS: Final = ("defined", "undefined")


class Node:
    """Hold one node: `kind`, its place, a value and its children.

    The value is a name, a constant or an operator. `inner_start` and `inner_end` are the smallest telling place: the
    name of a filter, test or attribute, the text between the parentheses of a call. `outer_start` and `outer_end` also
    enclose the parentheses around the node. Text before or after the node belongs outside of them. `is_called` says
    that the node is the function of a call, `is_free` that it is a name which comes from outside of the template. A
    node is equal to itself only.
    """

    __slots__ = (
        "children", "end", "inner_end", "inner_start", "is_called", "is_free", "kind", "outer_end", "outer_start",
        "start", "value",
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
        self.is_called = self.is_free = False

    @property
    def is_parenthesised(self) -> bool:
        """Return True if parentheses are around the node."""
        return self.outer_start < self.start


def targets(*nodes: Node) -> list[Node]:
    """Return the parts of the targets of assignments, with tuples taken apart."""
    parts, waiting = [], [*nodes]
    while waiting:
        part = waiting.pop()
        if part.kind == "tuple":
            waiting.extend(part.children)
        else:
            parts.append(part)
    return parts


def target_names(*nodes: Node) -> list[str]:
    """Return the names that the targets of assignments bind."""
    return [part.value for part in targets(*nodes) if part.kind == "name"]


class TemplateProblem(NamedTuple):
    """Describe the mistake at which Jinja2 refuses a template."""

    message: str
    start: int
    end: int


class ParsedTemplate:
    """Hold a template's parts in the order of reading, up to a mistake.

    `calls`, `filters`, `tests`, `members` (attributes and items) and `names` (read, not assigned) are nodes. `stores`
    are the names that the template itself defines somewhere (set, for, with, macro, import). `free` are the `names`
    that come from outside, because the template does not define them there. `comments` are tokens.
    """

    def __init__(self) -> None:
        self.body: tuple[Node, ...] = ()
        self.calls: list[Node] = []
        self.filters: list[Node] = []
        self.tests: list[Node] = []
        self.members: list[Node] = []
        self.names: list[Node] = []
        self.free: list[Node] = []
        self.comments: list[Token] = []
        self.stores: set[str] = set()
        self.problem: TemplateProblem | None = None

    @property
    def defaulted(self) -> list[Node]:
        """Return the expressions that `default` follows."""
        return [node.children[0] for node in self.filters if node.value in GUARDING_FILTERS and node.children]

    @property
    def tested(self) -> list[Node]:
        """Return the expressions that `is defined` or `is undefined` asks for."""
        return [node.children[0] for node in self.tests if node.value in _GUARDING_TESTS]

    @cached_property
    def guarded(self) -> frozenset[str]:
        """Return the names whose absence the template allows for."""
        return frozenset(node.value for node in (*self.defaulted, *self.tested) if node.kind == "name")


def bodies(body: tuple[Node, ...]) -> Iterator[tuple[Node, ...]]:
    """Yield a body, and the bodies of the tags in it at any depth."""
    waiting = [body]
    while waiting:
        nodes = waiting.pop()
        yield nodes
        waiting.extend(part.children for node in nodes for part in node.children if part.kind in BODIES)


def has_tags(text: str) -> bool:
    """Return True if a text can hold more than plain text."""
    return "{{" in text or "{%" in text or "{#" in text
