"""Define the template engine: Jinja2's sandbox, the platform's settings, limits.

Imported only when something is rendered, since Jinja2 takes a good part of a start-up's time.

The limits bound what one operation may build; `bounded` limits the time of everything else. Together they
keep a hostile template from hanging or filling the machine; they are not a jail for code that someone else
runs.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, Final, cast

from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame, operators
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import Context, markup_join, new_context, str_join
from jinja2.sandbox import SandboxedEnvironment

from strongroom.resolver.templates import growth, missing
from strongroom.resolver.templates.filters import FILTERS
from strongroom.resolver.templates.limited_filters import (
    each,
    join,
    limited_filter,
    limited_test,
    lipsum,
    sum_of,
)
from strongroom.resolver.templates.limits import (
    BUDGET,
    MAX_LENGTH,
    Budget,
    Buffer,
    PlainNamespace,
    TooLarge,
    change,
    checked,
    counted,
    is_changing,
    joined_lists,
    size_of,
)
from strongroom.resolver.templates.source_calls import CALLS

_MOST_KEPT: Final = 2000


class Trusted:
    """Mark a class whose methods templates may call without a check of each call."""

    __slots__ = ()


class _Generator(CodeGenerator):
    """Compile each operation that builds a value into a call that counts the value."""

    def _counted(self, visit: Callable[[Any, Frame], None], node: nodes.Node, frame: Frame) -> None:
        self.write("environment.counted(")
        visit(node, frame)
        self.write(")")

    def visit_List(self, node: nodes.List, frame: Frame) -> None:  # noqa: N802 - Jinja2's names
        self._counted(super().visit_List, node, frame)

    def visit_Tuple(self, node: nodes.Tuple, frame: Frame) -> None:  # noqa: N802
        # A tuple that is assigned to takes apart what is there.
        if node.ctx == "load":
            self._counted(super().visit_Tuple, node, frame)
        else:
            super().visit_Tuple(node, frame)

    def visit_Dict(self, node: nodes.Dict, frame: Frame) -> None:  # noqa: N802
        self._counted(super().visit_Dict, node, frame)

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:  # noqa: N802
        if isinstance(node.arg, nodes.Slice):
            self._counted(super().visit_Getitem, node, frame)
        else:
            super().visit_Getitem(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802
        self.write("environment.join_texts(context, (")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")

    def visit_Compare(self, node: nodes.Compare, frame: Frame) -> None:  # noqa: N802
        self.write("(")
        self._checked(node.expr, frame)
        for operand in node.ops:
            self.visit(operand, frame)
        self.write(")")

    def visit_Operand(self, node: nodes.Operand, frame: Frame) -> None:  # noqa: N802
        self.write(f" {operators[node.op]} ")
        self._checked(node.expr, frame)

    def _checked(self, node: nodes.Expr, frame: Frame) -> None:
        if isinstance(node, nodes.Const):
            self.visit(node, frame)
        else:
            self.write("environment.checked(")
            self.visit(node, frame)
            self.write(")")

    def buffer(self, frame: Frame) -> None:
        frame.buffer = self.temporary_identifier()
        self.writeline(f"{frame.buffer} = environment.buffer()")


class _NumberedCalls(Extension):
    """Give each call of `CALLS` its number as a hidden first argument.

    The number leads to the call's source text.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        number = 0
        before: Token | None = None
        tokens = iter(stream)
        for token in tokens:
            yield token
            if token.type == "name" and token.value in CALLS and not _is_attribute(before):
                following = next(tokens, None)
                if following is None:
                    return
                yield following
                if following.type == "lparen":
                    # Jinja2's own lexer gives integers as integers, whatever the annotation says.
                    yield Token(following.lineno, "integer", number)  # type: ignore[arg-type]
                    yield Token(following.lineno, "comma", ",")
                    number += 1
                before = following
                continue
            before = token


def _is_attribute(before: Token | None) -> bool:
    return before is not None and (before.type == "dot" or before.value == "macro")


_SCOPES: Final = ("_loop_vars", "_block_vars")
"""The arguments by which Jinja2 tells a call what a loop or a block defines."""


class Sandbox(SandboxedEnvironment):
    """Render templates with autoescaping, and count what they build.

    Methods that change a value are allowed, as on the platform (PLATFORM §2).
    """

    code_generator_class = _Generator
    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "**", "%"})
    counted = staticmethod(counted)
    checked = staticmethod(checked)
    buffer = Buffer

    def __init__(self) -> None:
        # Jinja2's optimizer would work out constant expressions while it compiles, where nothing counts.
        super().__init__(autoescape=True, optimized=False, extensions=[_NumberedCalls], finalize=checked)
        self._safe: dict[tuple[type, str], bool] = {}
        self.filters.update(FILTERS)
        self.filters["join"] = join
        self.filters["sum"] = sum_of
        self.filters["default"] = self.filters["d"] = missing.default
        self.filters = {name: limited_filter(name, function) for name, function in self.filters.items()}
        for name, test in self.tests.items():
            self.tests[name] = limited_test(cast(Callable[..., Any], test))
        self.tests.update(defined=missing.is_defined, undefined=missing.is_undefined)
        self.globals["namespace"] = PlainNamespace
        self.globals["lipsum"] = lipsum

    def _tokenize(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> TokenStream:
        """Return Jinja2's own tokens, with calls numbered only if the text has any."""
        if any(function in source for function in CALLS):
            return super()._tokenize(source, name, filename, state)
        return self.lexer.tokenize(source, name, filename, state)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Return Jinja2's own answer, kept by type because it depends on the type alone."""
        key = (type(obj), attr)
        answer = self._safe.get(key)
        if answer is None:
            answer = super().is_safe_attribute(obj, attr, value)
            if len(self._safe) < _MOST_KEPT:
                self._safe[key] = answer
        return answer

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Refuse what would build too much, then do the operation."""
        growth.check_operator(operator, left, right)
        if operator == "+" and isinstance(left, list) and isinstance(right, list):
            return joined_lists(left, right)
        return counted(super().call_binop(context, operator, left, right))

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        """Return the result of a call. One that would build too much in one go is refused."""
        # The names are Jinja2's own: a template may pass any keyword.
        owner = getattr(__obj, "__self__", None)
        if isinstance(owner, Trusted):
            return __context.call(__obj, *args, **kwargs)
        if isinstance(owner, str | bytes | int):
            if __obj.__name__ == "join" and args:
                args = (list(counted(each(args[0]))), *args[1:])
            growth.check_method(__obj.__name__, owner, args, kwargs)
        own = {name: value for name, value in kwargs.items() if name not in _SCOPES} if kwargs else kwargs
        for given in (*args, *own.values()):
            checked(given)
        if isinstance(owner, list) and callable(own.get("key")):
            # `sort` calls it for each item: such a call is one of the template's own.
            own["key"] = partial(__self.call, __context, own["key"])
        if is_changing(__obj, owner):
            return change(__obj, owner, args, own)
        checked(owner)
        return counted(super().call(__context, __obj, *args, **kwargs))

    def join_texts(self, context: Context, parts: Sequence[Any]) -> str:
        """Return `a ~ b`, counted."""
        if sum(len(part) if isinstance(part, str) else size_of(part) for part in parts) > MAX_LENGTH:
            raise TooLarge
        joined: str = counted(markup_join(parts) if context.eval_ctx.autoescape else str_join(parts))
        return joined

    def wrap_str_format(self, value: Any) -> Any:
        """Return `'...'.format(...)`. A width that only serves to fill memory is refused."""
        wrapped = super().wrap_str_format(value)
        if wrapped is None:
            return None
        pattern = str(value.__self__)

        def limited(*args: Any, **kwargs: Any) -> str:
            growth.check_format(pattern, args, kwargs)
            return wrapped(*args, **kwargs)

        return limited


@lru_cache(maxsize=1)
def sandbox() -> Sandbox:
    """Return the one environment, which holds settings and no values."""
    return Sandbox()


@lru_cache(maxsize=1024)
def compiled(text: str) -> Template:
    """Return the compiled template. Raises `jinja2.TemplateSyntaxError`."""
    return sandbox().from_string(text)


def rendered(text: str, context: Mapping[str, Any]) -> str:
    """Return the text that a template gives, of at most `MAX_LENGTH` characters.

    A longer text raises `TooLarge`. `context` is all that exists for the template, Jinja2's own globals
    included; it is not changed.
    """
    template = compiled(text)
    # A template cannot write to what it shares: its own names go elsewhere. The template's own `new_context` would
    # list the globals each time, for templates that others include: there are none.
    variables = cast(dict[str, Any], context)
    given = new_context(template.environment, template.name, template.blocks, variables, shared=True)
    token = BUDGET.set(Budget())
    try:
        parts = Buffer()
        parts.extend(template.root_render_func(given))
        return "".join(parts)
    finally:
        BUDGET.reset(token)
