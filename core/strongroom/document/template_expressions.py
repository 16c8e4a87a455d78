"""Read the expressions of Jinja2's grammar, and the targets of assignments."""

from typing import Final

from strongroom.document.template_cursor import Cursor
from strongroom.document.template_lexer import Token
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
        node = Node("name", token.start, token.end, token.value)
        return self._store(node, token)

    def target(self, *, with_namespace: bool = False) -> Node:
        first = len(self.parsed.names)
        node = self.sequence(is_target=True, with_namespace=with_namespace)
        self._store(node, node)
        stored = {id(part) for part in targets(node)}
        self.parsed.names[first:] = [name for name in self.parsed.names[first:] if id(name) not in stored]
        return node

    def _store(self, node: Node, place: Node | Token) -> Node:
        for part in targets(node):
            if part.kind == "name" and part.value not in _CONSTANTS:
                self.parsed.stores.add(part.value)
            elif part.kind != "nsref":
                self.refuse(f"Cannot assign to {_UNASSIGNABLE.get(part.kind, 'an expression')}.", place)
        return node

    # -- expressions ---------------------------------------------------------------------------------------

    def sequence(
        self,
        *,
        is_target: bool = False,
        with_condition: bool = True,
        with_namespace: bool = False,
        in_parentheses: bool = False,
    ) -> Node:
        """Return one expression, or several with commas between them.

        An empty one is allowed only in parentheses.
        """
        start = self.token.start
        parts: list[Node] = []
        is_tuple = False
        while True:
            if parts:
                self.expect(",")
            if self.token.type in _TUPLE_ENDS:
                break
            parts.append(self.primary(with_namespace) if is_target else self.expression(with_condition))
            if self.token.type != ",":
                break
            is_tuple = True
        if parts and not is_tuple:
            return parts[0]
        if not parts and not in_parentheses:
            self.refuse_token("an expression")
        return Node("tuple", start, self.last_end, None, tuple(parts))

    def expression(self, with_condition: bool = True) -> Node:
        node = self.operators(_OR)
        if not with_condition:
            return node
        start = node.outer_start
        parts = [node]
        # `a if b else c if d else e` nests to the right without end in Jinja2's grammar. A loop reads the same.
        while self.skip_word("if"):
            parts.append(self.operators(_OR))
            if self.skip_word("else"):
                parts.append(self.operators(_OR))
        return parts[0] if len(parts) == 1 else Node("condition", start, self.last_end, None, tuple(parts))

    def operators(self, lowest: int) -> Node:
        """Return an expression of operators that bind at least as tightly as `lowest`."""
        start = self.token.start
        if lowest <= _NOT and self.is_word("not"):
            while self.skip_word("not"):
                pass
            left = Node("unary", start, start, "not", (self.operators(_COMPARE),))
            left.ends_at(self.last_end)
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
        is_signed = False
        while self.skip("-") or self.skip("+"):
            is_signed = True
        node = self.postfix(self.primary())
        if is_signed:
            node = Node("unary", start, self.last_end, "-", (node,))
        return self.filter_expression(node)

    def primary(self, with_namespace: bool = False) -> Node:
        token = self.token
        kind = token.type
        if kind == "name":
            return self._name(with_namespace)
        if kind == "string":
            self.advance()
            if self.token.type != "string":
                return Node("const", token.start, token.end, token.value)
            value = token.value
            while self.token.type == "string":
                value += self.advance().value
            # Of several literals the text has no one place.
            return Node("const", token.start, self.last_end, value, inner=(self.last_end, self.last_end))
        if kind in ("int", "float"):
            self.advance()
            return Node("const", token.start, token.end, token.value)
        if kind not in ("(", "[", "{"):
            self.refuse_token("an expression")
        self.deeper()
        if kind == "(":
            self.advance()
            node = self.sequence(in_parentheses=True)
            self.expect(")")
            node.outer_start, node.outer_end = token.start, self.last_end
        elif kind == "[":
            node = self._list()
        else:
            node = self._dict()
        self.depth -= 1
        return node

    def _name(self, with_namespace: bool) -> Node:
        token = self.advance()
        if token.value in _CONSTANTS:
            return Node("const", token.start, token.end, _CONSTANTS[token.value])
        if with_namespace and self.skip("."):
            attribute = self.expect("name")
            owner = Node("name", token.start, token.end, token.value)
            self.parsed.names.append(owner)
            return Node("nsref", token.start, attribute.end, attribute.value, (owner,))
        node = Node("name", token.start, token.end, token.value)
        self.parsed.names.append(node)
        return node

    def _list(self) -> Node:
        start = self.advance().start
        parts = [self.expression() for _ in self.parts("]", may_trail=True)]
        self.expect("]")
        return Node("list", start, self.last_end, None, tuple(parts))

    def _dict(self) -> Node:
        start = self.advance().start
        parts: list[Node] = []
        for _ in self.parts("}", may_trail=True):
            parts.append(self.expression())
            self.expect(":")
            parts.append(self.expression())
        self.expect("}")
        return Node("dict", start, self.last_end, None, tuple(parts))

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
            elif self.is_word("is"):
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
        self.deeper()
        start = self.advance().end
        parts = [self._subscript() for _ in self.parts("]", may_trail=False)]
        self.expect("]")
        self.depth -= 1
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
        self.parsed.calls.append(node)
        return node

    def arguments(self) -> tuple[Node, ...]:
        self.deeper()
        self.expect("(")
        parts: list[Node] = []
        kinds: set[str] = set()
        for _ in self.parts(")", may_trail=True):
            token = self.token
            kind = _STARS.get(token.type, "")
            if token.type == "name" and self.following().type == "=":
                kind = "keyword"
                self.advance()
            if kind:
                self.advance()
            if kinds & _NOT_AFTER[kind]:
                self.refuse("Arguments are in the wrong order: positional, then keyword, then `**`.", token)
            kinds.add(kind)
            value = self.expression()
            parts.append(Node(kind, token.start, value.outer_end, token.value, (value,)) if kind else value)
        self.expect(")")
        self.depth -= 1
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
        self.skip_word("not")
        token = self.token
        name = self._dotted_name()
        inner = (token.start, self.last_end)
        arguments: tuple[Node, ...] = ()
        if self.token.type == "(":
            arguments = self.arguments()
        elif self.token.type in _TEST_ARGUMENT and not any(map(self.is_word, ("else", "or", "and"))):
            if self.is_word("is"):
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
