"""Parse Jinja2 tokens into a tree with positions.

The parser accepts and refuses the same texts as Jinja2 3.1 with its default extensions. It is written against Jinja2's
behaviour, quirks included, and a differential test compares the two. Jinja2 itself gives only line numbers, and is not
imported here. Offsets are code points of the decoded template.

Names are resolved as they are read. `set` in a loop, a macro, a `with`, a block, a `call` or a `filter` ends with it;
`set` in an `if` does not. A macro runs later than its place, so every name that the template defines anywhere may
exist in it.
"""

from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from typing import Final, NoReturn

from strongroom.document.template_cursor import RefusedError
from strongroom.document.template_expressions import ExpressionParser
from strongroom.document.template_lexer import Token, tokenize
from strongroom.document.template_nodes import Node, ParsedTemplate, has_tags, target_names


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
        # Without a tree the place of a definition is not known: a name that is defined is defined everywhere.
        parser.late = parsed.names
    _bind(parser.late, parsed.stores)
    parsed.free = [name for name in parsed.names if name.is_free]
    return parsed


def _bind(reads: Iterable[Node], names: Container[str]) -> None:
    """Let those of some reads that are in `names` not be free."""
    for read in reads:
        if read.value in names:
            read.is_free = False


class _Parser(ExpressionParser):
    """Read statements, and the text between them.

    `opened` are the keywords of the tags around the current token, `late` the names that are read in macros.
    """

    def __init__(self, tokens: list[Token], parsed: ParsedTemplate) -> None:
        super().__init__(tokens, parsed)
        self.opened: list[Token] = []
        self.late: list[Node] = []

    # -- bodies --------------------------------------------------------------------------------------------

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
                nodes.append(self.statement(token.start))
            else:
                self.refuse_token("text or a tag")
        if self.opened:
            tag = self.opened[-1]
            self.refuse(f"`{tag.value}` is not closed: `{{% end{tag.value} %}}` is missing.", tag)
        return tuple(nodes)

    def branch(self, *others: str, kind: str = "body") -> Node:
        """Return the body of a tag whose head was just read, as one node.

        It ends before the tag's end or one of the tags `others`.
        """
        self.skip(":")
        start = self.expect("%}").end
        self.deeper()
        nodes = self.body((*others, f"end{self.opened[-1].value}"))
        self.depth -= 1
        return Node(kind, start, max(start, nodes[-1].end) if nodes else start, None, nodes)

    def last_branch(self, kind: str = "body") -> Node:
        """Return the body of a tag, and step over the name of the tag's end."""
        node = self.branch(kind=kind)
        self.advance()
        return node

    def scoped_body(self, *names: str) -> Node:
        """Return a tag's body, which defines `names` and keeps its names to itself."""
        with self.inner_scope(*names):
            return self.last_branch()

    @contextmanager
    def inner_scope(self, *names: str) -> Iterator[None]:
        outer = self.scope
        self.scope = {*outer, *names}
        yield
        self.scope = outer

    def define(self, *nodes: Node) -> None:
        """Let the names of assignments' targets exist from here on."""
        self.scope.update(target_names(*nodes))

    # -- tags ----------------------------------------------------------------------------------------------

    def statement(self, start: int) -> Node:
        tag = self.token
        if tag.type != "name":
            self.refuse_token("a tag's name")
        read = _STATEMENTS.get(tag.value)
        if read is None:
            self.refuse_tag(tag)
        self.advance()
        self.opened.append(tag)
        children = read(self)
        self.opened.pop()
        self.expect("%}")
        return Node(tag.value, start, self.last_end, None, children)

    def refuse_tag(self, tag: Token) -> NoReturn:
        name = tag.value
        if name not in _CLOSING:
            self.refuse(f"Unknown tag `{name}`.", tag)
        if not self.opened:
            self.refuse(f"`{name}` has no matching opening tag.", tag)
        self.refuse(f"Expected `end{self.opened[-1].value}`, found `{name}`.", tag)

    def _set(self) -> tuple[Node, ...]:
        target = self.target(with_namespace=True)
        if self.skip("="):
            values: tuple[Node, ...] = (self.sequence(),)
        else:
            values = (*self.block_filters(), self.scoped_body())
        self.define(target)
        return (target, *values)

    def _for(self) -> tuple[Node, ...]:
        target = self.target()
        self.expect("in")
        parts = [target, self.sequence(self.operators)]
        with self.inner_scope("loop", *target_names(target)):
            if self.skip("if"):
                parts.append(self.expression())
            self.skip("recursive")
            self.parsed.stores.add("loop")
            parts.append(self.branch("else"))
        if self.advance().value == "else":
            with self.inner_scope():
                parts.append(self.last_branch("else"))
        return tuple(parts)

    def _if(self) -> tuple[Node, ...]:
        parts: list[Node] = []
        while True:
            parts.append(self.sequence(self.operators))
            parts.append(self.branch("elif", "else"))
            word = self.advance().value
            if word == "else":
                parts.append(self.last_branch("else"))
            if word != "elif":
                return tuple(parts)

    def _with(self) -> tuple[Node, ...]:
        parts: list[Node] = []
        for _ in self.parts("%}"):
            parts.append(self.target())
            self.expect("=")
            parts.append(self.expression())
        return (*parts, self.scoped_body(*target_names(*parts[::2])))

    def _autoescape(self) -> tuple[Node, ...]:
        return (self.expression(), self.scoped_body())

    def _block(self) -> tuple[Node, ...]:
        name = self.expect("name")
        self.skip("scoped")
        is_required = self.skip("required")
        if self.token.type == "-":
            self.refuse("A block name cannot contain a hyphen.", self.token)
        self.parsed.stores.update(("self", "super"))
        body = self.scoped_body("self", "super")
        for node in body.children if is_required else ():
            is_blank = node.kind in ("data", "raw") and node.value.isspace()
            if not is_blank and not (node.kind == "print" and not node.children):
                self.refuse("A required block can contain only whitespace and comments.", node)
        if self.token.type == "name" and self.token.value == name.value:
            self.advance()
        return (Node("label", name.start, name.end, name.value), body)

    def _extends(self) -> tuple[Node, ...]:
        return (self.expression(),)

    def _include(self) -> tuple[Node, ...]:
        template = self.expression()
        if self.comes("ignore") and self.follows("missing"):
            self.advance()
            self.advance()
        if self.token.type == "name":
            self.import_context()
        return (template,)

    def _import(self) -> tuple[Node, ...]:
        template = self.expression()
        self.expect("as")
        target = self.name_target()
        self.define(target)
        if self.token.type == "name":
            self.import_context()
        return (template, target)

    def import_context(self) -> bool:
        """Step over `with context`, of which `with` may be a text.

        Jinja2 looks only at the word where names are imported, so a text passes too.
        """
        if self.token.value in ("with", "without") and self.follows("context"):
            self.advance()
            self.advance()
            return True
        return False

    def _from(self) -> tuple[Node, ...]:
        parts = [self.expression()]
        self.expect("import")
        while True:
            if len(parts) > 1:
                self.expect(",")
            if self.token.type != "name":
                self.refuse_token("a name")
            if self.import_context():
                break
            name = self.name_target()
            if name.value.startswith("_"):
                self.refuse("Names that start with an underscore cannot be imported.", name)
            parts.append(self.name_target() if self.skip("as") else name)
            if self.import_context() or self.token.type != ",":
                break
        self.define(*parts[1:])
        return tuple(parts)

    def _macro(self) -> tuple[Node, ...]:
        name = self.name_target()
        self.define(name)
        self.parsed.stores.update(("caller", "varargs", "kwargs"))
        first = len(self.parsed.names)
        parts = (name, *self.signature(), self.scoped_body())
        self.late += self.parsed.names[first:]
        return parts

    def _call(self) -> tuple[Node, ...]:
        first = len(self.parsed.names)
        parameters = self.signature() if self.token.type == "(" else []
        names = [parameter.value for parameter in parameters]
        _bind(self.parsed.names[first:], names)
        call = self.expression()
        if call.kind != "call":
            self.refuse("Expected a call after `call`.", call)
        return (*parameters, call, self.scoped_body(*names))

    def _filter(self) -> tuple[Node, ...]:
        return (self.one_filter(None), *self.block_filters(), self.scoped_body())

    def _print(self) -> tuple[Node, ...]:
        return tuple([self.expression() for _ in self.parts("%}")])

    def block_filters(self) -> tuple[Node, ...]:
        """Read the filters of a block, which have no expression before them."""
        filters = self.filters(None)
        return (filters,) if filters else ()

    def signature(self) -> list[Node]:
        parameters: list[Node] = []
        has_default = False
        self.expect("(")
        for _ in self.parts(")"):
            name = self.name_target()
            default: tuple[Node, ...] = ()
            if self.skip("="):
                has_default = True
                default = (self.expression(),)
            elif has_default:
                self.refuse("A parameter without a default cannot follow one with a default.", name)
            parameters.append(Node("parameter", name.start, self.last_end, name.value, default))
        self.expect(")")
        return parameters


_STATEMENTS: Final[dict[str, Callable[[_Parser], tuple[Node, ...]]]] = {
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
