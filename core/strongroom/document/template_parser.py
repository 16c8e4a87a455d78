"""Jinja2 tokens to a tree with positions: accepts and refuses what Jinja2 3.1 does with its default
extensions.

Written against Jinja2's behaviour, quirks included, and held to it by a differential test; Jinja2 itself
gives only line numbers, and is not imported here. Offsets are code points of the decoded template.

Calls, filters, names and stores are also listed flat, so that rules need not walk the tree.
"""

from typing import Any, Final, NamedTuple, NoReturn

from strongroom.document.template_lexer import Token, tokenize

MAX_NESTING: Final = 40
"""Deepest nesting of brackets and blocks that is read; Jinja2's own parser gives up not far above it."""


class Node:
    """One node: `kind`, the place it covers, a value (a name, a constant, an operator) and its children.

    `inner_start` and `inner_end` are the smallest telling place: the name of a filter, test or attribute,
    the text between the parentheses of a call.
    """

    __slots__ = ("children", "end", "inner_end", "inner_start", "kind", "start", "value")

    def __init__(
        self, kind: str, start: int, end: int, value: Any = None, children: tuple["Node", ...] = ()
    ) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.value = value
        self.children = children
        self.inner_start = start
        self.inner_end = end


class TemplateProblem(NamedTuple):
    """The mistake at which Jinja2 refuses a template."""

    message: str
    start: int
    end: int


class ParsedTemplate:
    """What a template holds, in the order it is read; up to the mistake, where there is one.

    `calls`, `filters`, `tests`, `members` (attributes and items) and `names` (read, not assigned) are nodes;
    `stores` are the names that the template itself defines somewhere (set, for, with, macro, import);
    `comments` are tokens. `usage` belongs to `template_scope`.
    """

    __slots__ = (
        "body", "calls", "comments", "filters", "members", "names", "problem", "stores", "tests", "usage",
    )  # fmt: skip

    def __init__(self) -> None:
        self.body: tuple[Node, ...] = ()
        self.calls: list[Node] = []
        self.filters: list[Node] = []
        self.tests: list[Node] = []
        self.members: list[Node] = []
        self.names: list[Node] = []
        self.comments: list[Token] = []
        self.usage: object = None
        self.stores: set[str] = set()
        self.problem: TemplateProblem | None = None


def has_tags(text: str) -> bool:
    """Whether a text can hold anything but plain text."""
    return "{{" in text or "{%" in text or "{#" in text


def parse_template(text: str) -> ParsedTemplate:
    """Parse a decoded template. Never raises: the first mistake is in `problem`."""
    parsed = ParsedTemplate()
    if not has_tags(text):
        return parsed
    parser = _Parser(tokenize(text, parsed.comments), parsed)
    try:
        parsed.body = parser.body(())
    except _RefusedError as refused:
        parsed.problem = refused.problem
    return parsed


class _RefusedError(Exception):
    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.problem = TemplateProblem(message, start, end)


# How tightly a binary operator binds; `not` stands between 2 and 4.
_OR, _AND, _NOT, _COMPARE, _ADD, _CONCAT, _MULTIPLY, _POWER = range(1, 9)
_BINDING: Final = {
    "==": _COMPARE, "!=": _COMPARE, "<": _COMPARE, "<=": _COMPARE, ">": _COMPARE, ">=": _COMPARE,
    "+": _ADD, "-": _ADD, "~": _CONCAT,
    "*": _MULTIPLY, "/": _MULTIPLY, "//": _MULTIPLY, "%": _MULTIPLY, "**": _POWER,
}  # fmt: skip
_WORD_BINDING: Final = {"or": _OR, "and": _AND, "in": _COMPARE}
_CONSTANTS: Final[dict[str, bool | None]] = {
    "true": True, "True": True, "false": False, "False": False, "none": None, "None": None,
}  # fmt: skip
_UNASSIGNABLE: Final = {
    "const": "a constant", "list": "a list", "dict": "a dict", "getattr": "an attribute",
    "getitem": "an item", "call": "a call", "filter": "a filter", "test": "a test",
}  # fmt: skip
_TUPLE_ENDS: Final = ("}}", "%}", ")")
_TEST_ARGUMENT: Final = ("name", "string", "int", "float", "[", "{")


class _Parser:
    def __init__(self, tokens: list[Token], parsed: ParsedTemplate) -> None:
        self.tokens = tokens
        self.at = 0
        self.token = tokens[0]
        self.last_end = 0
        self.depth = 0
        self.parsed = parsed
        # The tags that are open: their keyword, their place, and what they wait for.
        self.open_tags: list[tuple[Token, tuple[str, ...]]] = []

    # -- tokens --------------------------------------------------------------------------------------------

    def advance(self) -> Token:
        token = self.token
        self.last_end = token.end
        if self.at + 1 < len(self.tokens):
            self.at += 1
            self.token = self.tokens[self.at]
        return token

    def following(self) -> Token:
        return self.tokens[min(self.at + 1, len(self.tokens) - 1)]

    def is_word(self, word: str) -> bool:
        return self.token.type == "name" and self.token.value == word

    def skip_word(self, word: str) -> bool:
        if self.is_word(word):
            self.advance()
            return True
        return False

    def skip(self, kind: str) -> bool:
        if self.token.type == kind:
            self.advance()
            return True
        return False

    def expect(self, kind: str) -> Token:
        if self.token.type != kind:
            self.refuse_token(f"`{kind}`" if kind != "name" else "a name")
        return self.advance()

    def expect_word(self, word: str) -> Token:
        if not self.is_word(word):
            self.refuse_token(f"`{word}`")
        return self.advance()

    def refuse_token(self, expected: str) -> NoReturn:
        """Refuse the current token, saying what should stand in its place."""
        token = self.token
        if token.type == "error":
            raise _RefusedError(token.value, token.start, token.end)
        if token.type == "eof":
            self.refuse_end(expected)
        found = token.value if token.type == "name" else f"{token.type}"
        if token.type in ("string", "int", "float"):
            found = {"string": "a string", "int": "a number", "float": "a number"}[token.type]
        else:
            found = f"`{found}`"
        raise _RefusedError(f"Expected {expected}, found {found}.", token.start, token.end)

    def refuse_end(self, expected: str) -> NoReturn:
        """The template ends inside a tag: the tag that was opened last is the wrong text."""
        for token in reversed(self.tokens):
            if token.type in ("{{", "{%"):
                closer = "}}" if token.type == "{{" else "%}"
                if not expected.startswith("`") or expected == f"`{closer}`":
                    raise _RefusedError(
                        f"`{token.type}` is not closed: `{closer}` is missing.", token.start, token.end
                    )
                raise _RefusedError(
                    f"`{token.type}` is not closed: {expected} is missing.", token.start, token.end
                )
        raise _RefusedError(
            f"Expected {expected}, but the template ends here.", self.token.start, self.token.end
        )

    def refuse(self, message: str, node: "Node | Token") -> NoReturn:
        raise _RefusedError(message, node.start, node.end)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_NESTING:
            token = self.token
            message = f"Nested too deeply: at most {MAX_NESTING} levels are allowed."
            raise _RefusedError(message, token.start, token.end)

    # -- statements ----------------------------------------------------------------------------------------

    def body(self, ends: tuple[str, ...]) -> tuple[Node, ...]:
        """Everything up to a tag named in `ends`, which stays the current token; up to the end where
        empty.
        """
        nodes: list[Node] = []
        while self.token.type != "eof":
            token = self.token
            if token.type in ("data", "raw"):
                self.advance()
                nodes.append(Node(token.type, token.start, token.end, token.value))
            elif token.type == "{{":
                self.advance()
                value = self.sequence()
                self.expect("}}")
                nodes.append(Node("print", token.start, self.last_end, None, (value,)))
            elif token.type == "{%":
                self.advance()
                if self.token.type == "name" and self.token.value in ends:
                    return tuple(nodes)
                nodes.append(self.statement(token.start))
                self.expect("%}")
            else:
                self.refuse_token("text or a tag")
        if ends:
            opened, _ = self.open_tags[-1]
            message = f"`{opened.value}` is not closed: `{{% {ends[-1]} %}}` is missing."
            raise _RefusedError(message, opened.start, opened.end)
        return tuple(nodes)

    def statements(self, *ends: str, kind: str = "body") -> Node:
        """The body of a tag whose head was just read, as one node."""
        self.skip(":")
        start = self.expect("%}").end
        self.deeper()
        opened = self.opened
        self.open_tags.append((opened, ends))
        nodes = self.body(ends)
        self.open_tags.pop()
        self.opened = opened
        self.depth -= 1
        return Node(kind, start, max(start, nodes[-1].end) if nodes else start, None, nodes)

    def closed_body(self, end: str, kind: str = "body") -> Node:
        node = self.statements(end, kind=kind)
        self.advance()
        return node

    opened: Token

    def statement(self, start: int) -> Node:
        token = self.token
        if token.type != "name":
            self.refuse_token("a tag's name")
        handler = _STATEMENTS.get(token.value)
        if handler is None:
            self.refuse_tag(token)
        self.opened = token
        self.advance()
        children = handler(self)
        return Node(token.value, start, self.last_end, None, children)

    def refuse_tag(self, token: Token) -> NoReturn:
        name = token.value
        waited = self.open_tags[-1] if self.open_tags else None
        if name in _CLOSING:
            if waited is None:
                self.refuse(f"`{name}` has no matching opening tag.", token)
            self.refuse(f"Expected `{waited[1][-1]}`, found `{name}`.", token)
        self.refuse(f"Unknown tag `{name}`.", token)

    def _set(self) -> tuple[Node, ...]:
        target = self.target(with_namespace=True)
        if self.skip("="):
            return (target, self.sequence())
        filters = self.filters(None)
        return (target, *((filters,) if filters else ()), self.closed_body("endset"))

    def _for(self) -> tuple[Node, ...]:
        target = self.target()
        self.expect_word("in")
        parts = [target, self.sequence(with_condition=False)]
        if self.skip_word("if"):
            parts.append(self.expression())
        self.skip_word("recursive")
        self.parsed.stores.add("loop")
        parts.append(self.statements("else", "endfor"))
        if self.advance().value == "else":
            parts.append(self.closed_body("endfor", "else"))
        return tuple(parts)

    def _if(self) -> tuple[Node, ...]:
        parts: list[Node] = []
        while True:
            parts.append(self.sequence(with_condition=False))
            parts.append(self.statements("elif", "else", "endif"))
            word = self.advance().value
            if word == "else":
                parts.append(self.closed_body("endif", "else"))
            if word != "elif":
                return tuple(parts)

    def _with(self) -> tuple[Node, ...]:
        parts: list[Node] = []
        while self.token.type != "%}":
            if parts:
                self.expect(",")
            parts.append(self.target())
            self.expect("=")
            parts.append(self.expression())
        return (*parts, self.closed_body("endwith"))

    def _autoescape(self) -> tuple[Node, ...]:
        return (self.expression(), self.closed_body("endautoescape"))

    def _block(self) -> tuple[Node, ...]:
        name = self.expect("name")
        self.skip_word("scoped")
        is_required = self.skip_word("required")
        if self.token.type == "-":
            self.refuse("A block name cannot contain a hyphen.", self.token)
        self.parsed.stores.update(("self", "super"))
        body = self.closed_body("endblock")
        if is_required:
            for node in body.children:
                is_blank = node.kind in ("data", "raw") and node.value.isspace()
                if not is_blank and not (node.kind == "print" and not node.children):
                    self.refuse("A required block can contain only whitespace and comments.", node)
        self.skip_word(name.value)
        return (body,)

    def _extends(self) -> tuple[Node, ...]:
        return (self.expression(),)

    def _include(self) -> tuple[Node, ...]:
        template = self.expression()
        if self.is_word("ignore") and self._follows("missing"):
            self.advance()
            self.advance()
        self._import_context()
        return (template,)

    def _import(self) -> tuple[Node, ...]:
        template = self.expression()
        self.expect_word("as")
        target = self.name_target()
        self._import_context()
        return (template, target)

    def _follows(self, word: str) -> bool:
        token = self.following()
        return token.type == "name" and token.value == word

    def _import_context(self) -> bool:
        if (self.is_word("with") or self.is_word("without")) and self._follows("context"):
            self.advance()
            self.advance()
            return True
        return False

    def _from(self) -> tuple[Node, ...]:
        parts = [self.expression()]
        self.expect_word("import")
        while True:
            if len(parts) > 1:
                self.expect(",")
            if self.token.type != "name":
                self.refuse_token("a name")
            if self._import_context():
                break
            name = self.name_target()
            if name.value.startswith("_"):
                self.refuse("Names that start with an underscore cannot be imported.", name)
            parts.append(self.name_target() if self.skip_word("as") else name)
            # Jinja2 looks at the word alone here, so a text 'with' passes too.
            is_word = self.token.type in ("name", "string") and self.token.value in ("with", "without")
            if is_word and self._follows("context"):
                self.advance()
                self.advance()
                break
            if self.token.type != ",":
                break
        return tuple(parts)

    def _macro(self) -> tuple[Node, ...]:
        name = self.name_target()
        self.parsed.stores.update(("caller", "varargs", "kwargs"))
        return (name, *self.signature(), self.closed_body("endmacro"))

    def _call(self) -> tuple[Node, ...]:
        parts = list(self.signature()) if self.token.type == "(" else []
        call = self.expression()
        if call.kind != "call":
            self.refuse("Expected a call after `call`.", call)
        return (*parts, call, self.closed_body("endcall"))

    def _filter(self) -> tuple[Node, ...]:
        return (self.one_filter(None), *self.filter_rest(), self.closed_body("endfilter"))

    def filter_rest(self) -> tuple[Node, ...]:
        found = self.filters(None)
        return (found,) if found else ()

    def _print(self) -> tuple[Node, ...]:
        parts: list[Node] = []
        while self.token.type != "%}":
            if parts:
                self.expect(",")
            parts.append(self.expression())
        return tuple(parts)

    def signature(self) -> tuple[Node, ...]:
        parts: list[Node] = []
        self.expect("(")
        count = 0
        has_default = False
        while self.token.type != ")":
            if count:
                self.expect(",")
            name = self.name_target()
            default: tuple[Node, ...] = ()
            if self.skip("="):
                has_default = True
                default = (self.expression(),)
            elif has_default:
                self.refuse("A parameter without a default cannot follow one with a default.", name)
            parts.append(Node("parameter", name.start, self.last_end, name.value, default))
            count += 1
        self.expect(")")
        return tuple(parts)

    # -- targets -------------------------------------------------------------------------------------------

    def name_target(self) -> Node:
        token = self.expect("name")
        node = Node("name", token.start, token.end, token.value)
        return self._store(node, token)

    def target(self, *, with_namespace: bool = False) -> Node:
        first = len(self.parsed.names)
        node = self.sequence(is_target=True, with_namespace=with_namespace)
        self._store(node, node)
        stored = {id(part) for part in _targets(node)}
        self.parsed.names[first:] = [name for name in self.parsed.names[first:] if id(name) not in stored]
        return node

    def _store(self, node: Node, place: "Node | Token") -> Node:
        for part in _targets(node):
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
        """One expression, or several with commas between them; an empty one only in parentheses."""
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
        if not is_tuple:
            if parts:
                return parts[0]
            if not in_parentheses:
                self.refuse_token("an expression")
        return Node("tuple", start, self.last_end, None, tuple(parts))

    def expression(self, with_condition: bool = True) -> Node:
        node = self.operators(_OR)
        if not with_condition:
            return node
        start = node.start
        parts = [node]
        # `a if b else c if d else e` nests to the right without end in Jinja2's grammar; a loop reads the
        # same.
        while self.skip_word("if"):
            parts.append(self.operators(_OR))
            if self.skip_word("else"):
                parts.append(self.operators(_OR))
        return parts[0] if len(parts) == 1 else Node("condition", start, self.last_end, None, tuple(parts))

    def operators(self, lowest: int) -> Node:
        """An expression of operators that bind at least as tightly as `lowest`."""
        start = self.token.start
        if lowest <= _NOT and self.is_word("not"):
            while self.skip_word("not"):
                pass
            left = Node("unary", start, start, "not", (self.operators(_COMPARE),))
            left.end = self.last_end
        else:
            left = self.unary()
        while True:
            token = self.token
            if token.type == "name":
                binding = _WORD_BINDING.get(token.value, 0)
                if token.value == "not" and self._follows("in"):
                    binding = _COMPARE
            else:
                binding = _BINDING.get(token.type, 0)
            if not binding or binding < lowest:
                return left
            self.advance()
            operator = token.value if token.type == "name" else token.type
            if operator == "not":
                self.advance()
                operator = "not in"
            right = self.operators(binding + 1)
            left = Node("binary", start, self.last_end, operator, (left, right))

    def unary(self) -> Node:
        start = self.token.start
        signs = 0
        while self.token.type in ("-", "+"):
            self.advance()
            signs += 1
        node = self.postfix(self.primary())
        if signs:
            node = Node("unary", start, self.last_end, "-", (node,))
        return self.filter_expression(node)

    def primary(self, with_namespace: bool = False) -> Node:
        token = self.token
        kind = token.type
        if kind == "name":
            return self._name(with_namespace)
        if kind == "string":
            self.advance()
            value = token.value
            count = 1
            while self.token.type == "string":
                value += self.advance().value
                count += 1
            node = Node("const", token.start, self.last_end, value)
            if count > 1:
                node.inner_start = node.inner_end  # several literals: no one place holds the text
            return node
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
        parts: list[Node] = []
        while self.token.type != "]":
            if parts:
                self.expect(",")
                if self.token.type == "]":
                    break
            parts.append(self.expression())
        self.expect("]")
        return Node("list", start, self.last_end, None, tuple(parts))

    def _dict(self) -> Node:
        start = self.advance().start
        parts: list[Node] = []
        while self.token.type != "}":
            if parts:
                self.expect(",")
                if self.token.type == "}":
                    break
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
        found = Node(
            "getattr" if token.type == "name" else "getitem", node.start, token.end, token.value, (node,)
        )
        found.inner_start, found.inner_end = token.start, token.end
        self.parsed.members.append(found)
        return found

    def _item(self, node: Node) -> Node:
        self.deeper()
        start = self.advance().end
        parts: list[Node] = []
        while self.token.type != "]":
            if parts:
                self.expect(",")
            parts.append(self._subscript())
        self.expect("]")
        self.depth -= 1
        is_one = len(parts) == 1 and parts[0].kind == "const"
        found = Node("getitem", node.start, self.last_end, parts[0].value if is_one else None, (node, *parts))
        found.inner_start, found.inner_end = start, self.last_end - 1
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
        inner = self.token.end
        arguments = self.arguments()
        node = Node("call", function.start, self.last_end, None, (function, *arguments))
        if function.kind == "name":
            node.value = function.value
        node.inner_start, node.inner_end = inner, self.last_end - 1
        self.parsed.calls.append(node)
        return node

    def arguments(self) -> tuple[Node, ...]:
        self.deeper()
        self.expect("(")
        parts: list[Node] = []
        has_star = has_pairs = has_keyword = False
        while self.token.type != ")":
            if parts:
                self.expect(",")
                if self.token.type == ")":
                    break
            token = self.token
            if token.type == "*":
                is_right = not has_star and not has_pairs
                has_star = True
                self.advance()
                kind = "star"
            elif token.type == "**":
                is_right = not has_pairs
                has_pairs = True
                self.advance()
                kind = "pairs"
            elif token.type == "name" and self.following().type == "=":
                is_right = not has_pairs
                has_keyword = True
                self.advance()
                self.advance()
                kind = "keyword"
            else:
                is_right = not (has_star or has_pairs or has_keyword)
                kind = ""
            if not is_right:
                self.refuse("Arguments are in the wrong order: positional, then keyword, then `**`.", token)
            value = self.expression()
            parts.append(Node(kind, token.start, value.end, token.value, (value,)) if kind else value)
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
        end = self.last_end
        arguments = self.arguments() if self.token.type == "(" else ()
        start = token.start if node is None else node.start
        # What is filtered comes first among the children; a block's filter has nothing before it.
        found = Node("filter", start, self.last_end, name, (*((node,) if node else ()), *arguments))
        found.inner_start, found.inner_end = token.start, end
        self.parsed.filters.append(found)
        return found

    def _test(self, node: Node) -> Node:
        self.advance()
        self.skip_word("not")
        token = self.token
        name = self._dotted_name()
        end = self.last_end
        arguments: tuple[Node, ...] = ()
        if self.token.type == "(":
            arguments = self.arguments()
        elif self.token.type in _TEST_ARGUMENT and not any(map(self.is_word, ("else", "or", "and"))):
            if self.is_word("is"):
                self.refuse("Tests with `is` cannot be chained.", self.token)
            arguments = (self.postfix(self.primary()),)
        found = Node("test", node.start, self.last_end, name, (node, *arguments))
        found.inner_start, found.inner_end = token.start, end
        self.parsed.tests.append(found)
        return found

    def _dotted_name(self) -> str:
        name: str = self.expect("name").value
        while self.skip("."):
            name += "." + self.expect("name").value
        return name


def _targets(node: Node) -> list[Node]:
    """The parts of an assignment's target, tuples taken apart."""
    parts, waiting = [], [node]
    while waiting:
        part = waiting.pop()
        if part.kind == "tuple":
            waiting.extend(part.children)
        else:
            parts.append(part)
    return parts


_STATEMENTS: Final = {
    "set": _Parser._set,
    "for": _Parser._for,
    "if": _Parser._if,
    "with": _Parser._with,
    "autoescape": _Parser._autoescape,
    "block": _Parser._block,
    "extends": _Parser._extends,
    "include": _Parser._include,
    "import": _Parser._import,
    "from": _Parser._from,
    "macro": _Parser._macro,
    "call": _Parser._call,
    "filter": _Parser._filter,
    "print": _Parser._print,
}
_CLOSING: Final = frozenset(
    [
        "elif",
        "else",
        "endif",
        "endfor",
        "endset",
        "endwith",
        "endautoescape",
        "endblock",
        "endmacro",
        "endcall",
        "endfilter",
        "endraw",
    ]
)
