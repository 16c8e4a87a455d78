"""Find the names of a template that come from outside of it.

Jinja2's scopes are applied to the parsed tree. `set` in a loop, a macro, a `with`, a block, a `call` or a `filter` ends
with it; `set` in an `if` does not. A macro runs later than its place, so every name that the template defines anywhere
may exist in it.
"""

from collections.abc import Callable, Iterable
from typing import Final

from strongroom.document.template_nodes import Node, TemplateParts, targets

_BODIES: Final = ("body", "else")
GUARDING_TESTS: Final = ("defined", "undefined")
GUARDING_FILTERS: Final = ("default", "d")


class Usage:
    """Hold a template's use of names.

    `free` are the reads of names that the template does not define there. `guarded` are the names whose absence it
    allows for (`is defined`, `| default(...)`). `callees` are the ids of nodes that are called.
    """

    __slots__ = ("callees", "free", "guarded")

    def __init__(self, parsed: TemplateParts) -> None:
        self.callees = frozenset(id(call.children[0]) for call in parsed.calls)
        self.guarded = frozenset(_guarded(parsed))
        stores = parsed.stores
        if parsed.problem is not None or not any(name.value in stores for name in parsed.names):
            # Without a tree the place of a definition is not known. A name that is defined counts as defined
            # everywhere.
            self.free = [name for name in parsed.names if name.value not in stores]
        else:
            scopes = _Scopes(frozenset(stores))
            scopes.statements(parsed.body, set())
            self.free = [name for name in parsed.names if id(name) not in scopes.bound]


def target_names(node: Node) -> list[str]:
    """Return the names that an assignment's target binds."""
    return [part.value for part in targets(node) if part.kind == "name"]


def _guarded(parsed: TemplateParts) -> Iterable[str]:
    for nodes, guarding in ((parsed.tests, GUARDING_TESTS), (parsed.filters, GUARDING_FILTERS)):
        for node in nodes:
            if node.value in guarding and node.children and node.children[0].kind == "name":
                yield node.children[0].value


class _Scopes:
    """Walk once over the statements.

    `bound` are the ids of reads that find a name of the template.
    """

    def __init__(self, stores: frozenset[str]) -> None:
        self.stores = stores
        self.bound: set[int] = set()

    def statements(self, nodes: Iterable[Node], names: set[str]) -> None:
        for node in nodes:
            _HANDLERS.get(node.kind, _Scopes.plain)(self, node, names)

    def expression(self, node: Node, names: set[str]) -> None:
        """Note the reads of an expression.

        A list takes the place of recursion, because operators may chain without end.
        """
        waiting = [node]
        while waiting:
            part = waiting.pop()
            if part.kind == "name":
                if part.value in names:
                    self.bound.add(id(part))
            else:
                waiting.extend(part.children)

    def inside(self, node: Node, names: set[str], *more: str) -> None:
        """Walk a body with a scope of its own."""
        self.statements(node.children, {*names, *more})

    def plain(self, node: Node, names: set[str]) -> None:
        """Walk any other tag. Names that are bound in an `if` stay; `filter` and `autoescape` are scopes."""
        for child in node.children:
            if child.kind not in _BODIES:
                self.expression(child, names)
            elif node.kind == "if":
                self.statements(child.children, names)
            else:
                self.inside(child, names)

    def assignment(self, node: Node, names: set[str]) -> None:
        target, *values = node.children
        for value in values:
            if value.kind in _BODIES:
                self.inside(value, names)
            else:
                self.expression(value, names)
        self.expression(target, names)  # `n.a` reads `n`
        names.update(target_names(target))

    def loop(self, node: Node, names: set[str]) -> None:
        target, iterated, *parts = node.children
        self.expression(iterated, names)
        bound = target_names(target)
        for part in parts:
            if part.kind == "body":
                self.inside(part, names, "loop", *bound)
            elif part.kind == "else":
                self.inside(part, names)
            else:
                self.expression(part, {*names, "loop", *bound})

    def with_block(self, node: Node, names: set[str]) -> None:
        *pairs, body = node.children
        for value in pairs[1::2]:
            self.expression(value, names)
        self.inside(body, names, *(name for target in pairs[::2] for name in target_names(target)))

    def block(self, node: Node, names: set[str]) -> None:
        self.inside(node.children[-1], names, "self", "super")

    def macro(self, node: Node, names: set[str]) -> None:
        name, *parameters, body = node.children
        names.add(name.value)
        inner = [parameter.value for parameter in parameters]
        for parameter in parameters:
            self.expression(parameter, {*names, *self.stores, *inner})
        self.inside(body, names, *self.stores, *inner, "caller", "varargs", "kwargs")

    def call(self, node: Node, names: set[str]) -> None:
        *parameters, called, body = node.children
        inner = [parameter.value for parameter in parameters]
        for parameter in parameters:
            self.expression(parameter, {*names, *inner})
        self.expression(called, names)
        self.inside(body, names, *inner)

    def imports(self, node: Node, names: set[str]) -> None:
        template, *targets = node.children
        self.expression(template, names)
        names.update(target.value for target in targets)


_HANDLERS: Final[dict[str, Callable[[_Scopes, Node, set[str]], None]]] = {
    "set": _Scopes.assignment,
    "for": _Scopes.loop,
    "with": _Scopes.with_block,
    "block": _Scopes.block,
    "macro": _Scopes.macro,
    "call": _Scopes.call,
    "import": _Scopes.imports,
    "from": _Scopes.imports,
}
