"""Read the expressions of Jinja2's grammar, and the targets of assignments."""

from collections.abc import Callable
from typing import Final

from strongroom.document.template_cursor import Cursor
from strongroom.document.template_nodes import Node, targets

# How tightly a binary operator binds. `not` is between 2 and 4.
_OR, _AND, _NOT, _COMPARE, _ADD, _CONCAT, _MULTIPLY, _POWER = range(1, 9)
_BINDING: Final = {
    "==": _COMPARE, "!=": _COMPARE, "<": _COMPARE, "<=": _COMPARE, ">": _COMPARE, ">=": _COMPARE,
    "+": _ADD, "-": _ADD, "~": _CONCAT,
    "or": _OR, "and": _AND, "in": _COMPARE, "not in": _COMPARE,
    "*": _MULTIPLY, "/": _MULTIPLY, "//": _MULTIPLY, "%": _MULTIPLY, "**": _POWER,
}  # fmt: skip
_CONSTANTS: Final[dict[str, bool | None]] = {
    "true": True, "True": True, "false": False, "False": False, "none": None, "None": None,
}  # fmt: skip
_UNASSIGNABLE: Final = {
    "const": "a constant", "list": "a list", "dict": "a dict", "getattr": "an attribute",
    "getitem": "an item", "call": "a call", "filter": "a filter", "test": "a test",
}  # fmt: skip
_TUPLE_ENDS: Final = ("}}", "%}", ")")
_STARS: Final = {"*": "star", "**": "pairs"}
_NOT_AFTER: Final = {
    "": {"keyword", "star", "pairs"}, "keyword": {"pairs"}, "star": {"star", "pairs"}, "pairs": {"pairs"},
}  # fmt: skip
"""The kinds of arguments after which an argument of a kind is refused."""
_TEST_ARGUMENT: Final = ("name", "string", "int", "float", "[", "{")


class ExpressionParser(Cursor):
    """Read expressions from the current token on."""

    # -- targets -------------------------------------------------------------------------------------------

    def name_target(self) -> Node:
        token = self.expect("name")
        return self._store(Node("name", token.start, token.end, token.value))

    def target(self, *, with_namespace: bool = False) -> Node:
        names = self.parsed.names
        first = len(names)
        node = self._store(self.sequence(lambda: self.primary(with_namespace)))
        stored = {*targets(node)}
        names[first:] = [name for name in names[first:] if name not in stored]
        return node

    def _store(self, node: Node) -> Node:
        for part in targets(node):
            if part.kind == "name" and part.value not in _CONSTANTS:
                self.parsed.stores.add(part.value)
                part.is_free = False
            elif part.kind != "nsref":
                self.refuse(f"Cannot assign to {_UNASSIGNABLE.get(part.kind, 'an expression')}.", node)
        return node

    # -- expressions ---------------------------------------------------------------------------------------

    def sequence(self, read: Callable[[], Node] | None = None, *, may_be_empty: bool = False) -> Node:
        """Return what `read` returns, or a tuple of several with commas between them.

        By default `read` reads an expression.
        """
        start = self.token.start
        parts: list[Node] = []
        is_tuple = False
        while self.token.type not in _TUPLE_ENDS:
            parts.append(read() if read else self.expression())
            if not self.skip(","):
                break
            is_tuple = True
        if parts and not is_tuple:
            return parts[0]
        if not parts and not may_be_empty:
            self.refuse_token("an expression")
        return Node("tuple", start, self.last_end, None, tuple(parts))

    def expression(self) -> Node:
        parts = [self.operators()]
        start = parts[0].outer_start
        # `a if b else c if d else e` nests to the right without end in Jinja2's grammar. A loop reads the same.
        while self.skip("if"):
            parts.append(self.operators())
            if self.skip("else"):
                parts.append(self.operators())
        return parts[0] if len(parts) == 1 else Node("condition", start, self.last_end, None, tuple(parts))

    def operators(self, lowest: int = _OR) -> Node:
        """Return an expression without a condition.

        Its operators bind at least as tightly as `lowest`.
        """
        start = self.token.start
        if lowest <= _NOT and self.skip("not"):
            while self.skip("not"):
                pass
            operand = self.operators(_COMPARE)
            left = Node("unary", start, self.last_end, "not", (operand,))
        else:
            left = self.unary()
        while True:
            operator = self.token.value if self.token.type == "name" else self.token.type
            if operator == "not" and self.follows("in"):
                operator = "not in"
            binding = _BINDING.get(operator, 0)
            if binding < lowest:
                return left
            self.advance()
            if operator == "not in":
                self.advance()
            right = self.operators(binding + 1)
            left = Node("binary", start, self.last_end, operator, (left, right))

    def unary(self) -> Node:
        start = self.token.start
        while self.token.type in ("-", "+"):
            self.advance()
        is_signed = self.token.start > start
        node = self.postfix(self.primary())
        if is_signed:
            node = Node("unary", start, self.last_end, "-", (node,))
        return self.filter_expression(node)

    def primary(self, with_namespace: bool = False) -> Node:
        token = self.token
        kind = token.type
        if kind == "name":
            return self._name(with_namespace)
        if kind in ("string", "int", "float"):
            value = self.advance().value
            while kind == self.token.type == "string":
                value += self.advance().value
            # Of several literals the text has no one place.
            inner = (self.last_end, self.last_end) if self.last_end != token.end else None
            return Node("const", token.start, self.last_end, value, inner=inner)
        if kind == "[":
            parts = [self.expression() for _ in self.bracketed()]
            return Node("list", token.start, self.last_end, None, tuple(parts))
        if kind == "{":
            parts = []
            for _ in self.bracketed():
                parts.append(self.expression())
                self.expect(":")
                parts.append(self.expression())
            return Node("dict", token.start, self.last_end, None, tuple(parts))
        if kind != "(":
            self.refuse_token("an expression")
        self.deeper()
        self.advance()
        node = self.sequence(may_be_empty=True)
        self.expect(")")
        self.depth -= 1
        node.outer_start, node.outer_end = token.start, self.last_end
        return node

    def _name(self, with_namespace: bool) -> Node:
        token = self.advance()
        if token.value in _CONSTANTS:
            return Node("const", token.start, token.end, _CONSTANTS[token.value])
        node = Node("name", token.start, token.end, token.value)
        attribute = self.expect("name") if with_namespace and self.skip(".") else None
        self.parsed.names.append(node)
        node.is_free = node.value not in self.scope
        if attribute is not None:
            return Node("nsref", token.start, attribute.end, attribute.value, (node,))
        return node

    def postfix(self, node: Node) -> Node:
        while True:
            kind = self.token.type
            if kind == ".":
                node = self._attribute(node)
            elif kind == "[":
                node = self._item(node)
            elif kind == "(":
                node = self.call(node)
            else:
                return node

    def filter_expression(self, node: Node) -> Node:
        while True:
            if self.token.type == "|":
                node = self.filters(node) or node
            elif self.comes("is"):
                node = self._test(node)
            elif self.token.type == "(":
                node = self.call(node)
            else:
                return node

    def _attribute(self, node: Node) -> Node:
        self.advance()
        token = self.token
        if token.type not in ("name", "int"):
            self.refuse_token("an attribute's name")
        self.advance()
        kind = "getattr" if token.type == "name" else "getitem"
        found = Node(kind, node.outer_start, token.end, token.value, (node,), inner=(token.start, token.end))
        self.parsed.members.append(found)
        return found

    def _item(self, node: Node) -> Node:
        start = self.token.end
        parts = [self._subscript() for _ in self.bracketed(may_trail=False)]
        value = parts[0].value if len(parts) == 1 and parts[0].kind == "const" else None
        inner = (start, self.last_end - 1)
        found = Node("getitem", node.outer_start, self.last_end, value, (node, *parts), inner=inner)
        self.parsed.members.append(found)
        return found

    def _subscript(self) -> Node:
        start = self.token.start
        parts: list[Node] = []
        if self.token.type != ":":
            node = self.expression()
            if self.token.type != ":":
                return node
            parts.append(node)
        self.advance()
        if self.token.type not in (":", "]", ","):
            parts.append(self.expression())
        if self.skip(":") and self.token.type not in ("]", ","):
            parts.append(self.expression())
        return Node("slice", start, self.last_end, None, tuple(parts))

    def call(self, function: Node) -> Node:
        start = self.token.end
        arguments = self.arguments()
        name = function.value if function.kind == "name" else None
        inner = (start, self.last_end - 1)
        node = Node("call", function.outer_start, self.last_end, name, (function, *arguments), inner=inner)
        function.is_called = True
        self.parsed.calls.append(node)
        return node

    def arguments(self) -> tuple[Node, ...]:
        parts: list[Node] = []
        kinds: set[str] = set()
        for _ in self.bracketed():
            token = self.token
            kind = _STARS.get(token.type, "")
            if token.type == "name" and self.follows("="):
                kind = "keyword"
                self.advance()
            if kind:
                self.advance()
            if kinds & _NOT_AFTER[kind]:
                self.refuse("Arguments are in the wrong order: positional, then keyword, then `**`.", token)
            kinds.add(kind)
            value = self.expression()
            parts.append(Node(kind, token.start, value.outer_end, token.value, (value,)) if kind else value)
        return tuple(parts)

    def filters(self, node: Node | None) -> Node | None:
        while self.skip("|"):
            node = self.one_filter(node)
        return node

    def one_filter(self, node: Node | None) -> Node:
        token = self.token
        name = self._dotted_name()
        inner = (token.start, self.last_end)
        arguments = self.arguments() if self.token.type == "(" else ()
        start = token.start if node is None else node.outer_start
        # The filtered expression comes first among the children. A block's filter has nothing before it.
        children = arguments if node is None else (node, *arguments)
        found = Node("filter", start, self.last_end, name, children, inner=inner)
        self.parsed.filters.append(found)
        return found

    def _test(self, node: Node) -> Node:
        self.advance()
        self.skip("not")
        token = self.token
        name = self._dotted_name()
        inner = (token.start, self.last_end)
        arguments: tuple[Node, ...] = ()
        if self.token.type == "(":
            arguments = self.arguments()
        elif self.token.type in _TEST_ARGUMENT and not any(map(self.comes, ("else", "or", "and"))):
            if self.comes("is"):
                self.refuse("Tests with `is` cannot be chained.", self.token)
            arguments = (self.postfix(self.primary()),)
        found = Node("test", node.outer_start, self.last_end, name, (node, *arguments), inner=inner)
        self.parsed.tests.append(found)
        return found

    def _dotted_name(self) -> str:
        name: str = self.expect("name").value
        while self.skip("."):
            name += "." + self.expect("name").value
        return name
