"""Parse Jinja2 tokens into a tree with positions.

The parser accepts and refuses the same texts as Jinja2 3.1 with its default extensions. It is written against Jinja2's
behaviour, quirks included, and a differential test compares the two. Jinja2 itself gives only line numbers, and is not
imported here. Offsets are code points of the decoded template.

Calls, filters, names and stores are also listed flat, so that rules need not walk the tree.
"""

from functools import cached_property
from typing import Final, NoReturn

from strongroom.document.template_cursor import RefusedError
from strongroom.document.template_expressions import ExpressionParser
from strongroom.document.template_lexer import Token, tokenize
from strongroom.document.template_nodes import Node, TemplateParts, has_tags
from strongroom.document.template_scope import Usage


class ParsedTemplate(TemplateParts):
    """Hold a template's parts, and the names that it takes from outside."""

    @cached_property
    def usage(self) -> Usage:
        """Return its use of names."""
        return Usage(self)


def parse_template(text: str) -> ParsedTemplate:
    """Parse a decoded template. Never raises: the first mistake is in `problem`."""
    parsed = ParsedTemplate()
    if not has_tags(text):
        return parsed
    parser = _Parser(tokenize(text, parsed.comments), parsed)
    try:
        parsed.body = parser.body(())
    except RefusedError as refused:
        parsed.problem = refused.problem
    return parsed


class _Parser(ExpressionParser):
    """Read statements, and the text between them."""

    def __init__(self, tokens: list[Token], parsed: ParsedTemplate) -> None:
        super().__init__(tokens, parsed)
        # The tags that are open: their keyword, their place, and the tags that end them.
        self.open_tags: list[tuple[Token, tuple[str, ...]]] = []

    def body(self, ends: tuple[str, ...]) -> tuple[Node, ...]:
        """Read everything up to a tag named in `ends`, which stays the current token.

        Without `ends`, read up to the end.
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
                node = self.statement(token.start)
                self.expect("%}")
                node.ends_at(self.last_end)
                nodes.append(node)
            else:
                self.refuse_token("text or a tag")
        if ends:
            opened, _ = self.open_tags[-1]
            message = f"`{opened.value}` is not closed: `{{% {ends[-1]} %}}` is missing."
            raise RefusedError(message, opened.start, opened.end)
        return tuple(nodes)

    def statements(self, *ends: str, kind: str = "body") -> Node:
        """Return the body of a tag whose head was just read, as one node."""
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
        for _ in self.parts("%}", may_trail=False):
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
        return (Node("label", name.start, name.end, name.value), body)

    def _extends(self) -> tuple[Node, ...]:
        return (self.expression(),)

    def _include(self) -> tuple[Node, ...]:
        template = self.expression()
        if self.is_word("ignore") and self.follows("missing"):
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

    def _import_context(self) -> bool:
        if (self.is_word("with") or self.is_word("without")) and self.follows("context"):
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
            # Jinja2 looks only at the word here, so a text 'with' passes too.
            if self.token.value in ("with", "without") and self.follows("context"):
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
        first = self.one_filter(None)
        rest = self.filters(None)
        return (first, *((rest,) if rest else ()), self.closed_body("endfilter"))

    def _print(self) -> tuple[Node, ...]:
        return tuple([self.expression() for _ in self.parts("%}", may_trail=False)])

    def signature(self) -> tuple[Node, ...]:
        parts: list[Node] = []
        has_default = False
        self.expect("(")
        for _ in self.parts(")", may_trail=False):
            name = self.name_target()
            default: tuple[Node, ...] = ()
            if self.skip("="):
                has_default = True
                default = (self.expression(),)
            elif has_default:
                self.refuse("A parameter without a default cannot follow one with a default.", name)
            parts.append(Node("parameter", name.start, self.last_end, name.value, default))
        self.expect(")")
        return tuple(parts)


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
_CLOSING: Final = (
    "elif", "else", "endif", "endfor", "endset", "endwith", "endautoescape", "endblock", "endmacro", "endcall",
    "endfilter", "endraw",
)  # fmt: skip
