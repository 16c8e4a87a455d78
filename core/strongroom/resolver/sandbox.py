"""The template engine: Jinja2 in its sandbox, with the platform's settings and with limits on what it may
cost.

Imported only when something is rendered, since Jinja2 takes a good part of a start-up's time.

The limits bound what one operation may build; `bounded` limits the time of everything else. Together they
keep a hostile template from hanging or filling the machine; they are no jail for code that someone else runs.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple, cast

from jinja2 import Template, TemplateError, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import Context, markup_join, new_context, str_join
from jinja2.sandbox import ImmutableSandboxedEnvironment

from strongroom.resolver.filters import FILTERS

MAX_LENGTH: Final = 1 << 20
"""The longest text, list or number (in digits' bits) that one operation may build, and the most a field may
render.
"""

CALLS: Final = frozenset({"get_secret", "get_variable", "jwt_encode"})
"""The functions whose source text is kept, because it may have to stand where their value would."""

_WIDE_FORMAT: Final = re.compile(r"\d{6,}|\*")
_WIDEST: Final = 100_000
_MOST_KEPT: Final = 2000
_BOUNDED_FILTERS: Final = ("batch", "center", "indent", "slice", "wordwrap")


class TooLarge(TemplateError):  # noqa: N818
    """A template builds more than `MAX_LENGTH`."""

    def __init__(self) -> None:
        super().__init__(f"the template builds more than {MAX_LENGTH} characters or items")


class Trusted:
    """Whose methods are for templates to call: they need no look at each call."""

    __slots__ = ()


class _Generator(CodeGenerator):
    """Compiles `a ~ b` into a call that counts, since repeated doubling by `~` is the cheapest bomb there
    is.
    """

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - Jinja2's name
        self.write("environment.join_texts(context, (")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")


class _NumberedCalls(Extension):
    """Gives each call of `CALLS` its number as a hidden first argument, by which its source text is found."""

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


class Sandbox(ImmutableSandboxedEnvironment):
    """Autoescaping, immutable, and counting."""

    code_generator_class = _Generator
    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(autoescape=True, extensions=[_NumberedCalls])
        self._safe: dict[tuple[type, str], bool] = {}
        self.filters.update(FILTERS)
        for name in _BOUNDED_FILTERS:
            self.filters[name] = _limit_numbers(self.filters[name])
        self.filters["format"] = _limited_format(self.filters["format"])
        self.filters["replace"] = _limited_replace(self.filters["replace"])

    def _tokenize(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> TokenStream:
        """Jinja2's own, without the pass that numbers calls where there are none."""
        if any(function in source for function in CALLS):
            return super()._tokenize(source, name, filename, state)
        return self.lexer.tokenize(source, name, filename, state)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Jinja2's own answer, which depends on the type alone, kept by type."""
        key = (type(obj), attr)
        answer = self._safe.get(key)
        if answer is None:
            answer = super().is_safe_attribute(obj, attr, value)
            if len(self._safe) < _MOST_KEPT:
                self._safe[key] = answer
        return answer

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Refuses what would build too much, then does the operation."""
        if _result_size(operator, left, right) > MAX_LENGTH:
            raise TooLarge
        return super().call_binop(context, operator, left, right)

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        """A call, unless it is a method of a text that would build too much in one go."""
        # The names are Jinja2's own: a template may pass any keyword.
        owner = getattr(__obj, "__self__", None)
        if isinstance(owner, Trusted):
            return __context.call(__obj, *args, **kwargs)
        if isinstance(owner, str | bytes):
            if __obj.__name__ == "join" and args:
                args = (list(args[0]), *args[1:])
            if _built_size(__obj.__name__, owner, args) > MAX_LENGTH:
                raise TooLarge
        return super().call(__context, __obj, *args, **kwargs)

    def join_texts(self, context: Context, parts: Sequence[Any]) -> str:
        """`a ~ b`, counted."""
        if sum(len(part) for part in parts if isinstance(part, str)) > MAX_LENGTH:
            raise TooLarge
        return markup_join(parts) if context.eval_ctx.autoescape else str_join(parts)

    def wrap_str_format(self, value: Any) -> Any:
        """`'...'.format(...)`, without widths that only serve to fill memory."""
        wrapped = super().wrap_str_format(value)
        if wrapped is None:
            return None
        pattern = str(value.__self__)

        def counted(*args: Any, **kwargs: Any) -> str:
            if _WIDE_FORMAT.search(pattern) or any(
                isinstance(argument, int) and abs(argument) > MAX_LENGTH
                for argument in (*args, *kwargs.values())
            ):
                raise TooLarge
            return wrapped(*args, **kwargs)

        return counted


_SIZED: Final = (str, bytes, list, tuple)


def _result_size(operator: str, left: Any, right: Any) -> int:
    if operator == "+":
        return len(left) + len(right) if isinstance(left, _SIZED) and isinstance(right, _SIZED) else 0
    if operator == "%":
        return MAX_LENGTH + 1 if isinstance(left, str) and _WIDE_FORMAT.search(left) else 0
    if operator == "*":
        if isinstance(left, int) and isinstance(right, int):
            return left.bit_length() + right.bit_length()
        many, few = (left, right) if isinstance(left, _SIZED) else (right, left)
        return len(many) * max(few, 0) if isinstance(many, _SIZED) and isinstance(few, int) else 0
    if isinstance(left, int) and isinstance(right, int):
        return left.bit_length() * max(right, 0)
    return 0


def _built_size(method: str, owner: str | bytes, args: Sequence[Any]) -> int:
    """How many characters a method of a text builds, where it can be many more than it is given."""
    if method == "join" and args:
        return len(owner) * len(args[0]) + sum(len(part) for part in args[0] if isinstance(part, str | bytes))
    if method == "replace" and len(args) >= 2 and isinstance(owner, str):
        old, new = str(args[0]), str(args[1])
        return len(owner) + owner.count(old) * (len(new) - len(old))
    if method in ("format", "format_map"):
        return 0
    return max((abs(given) for given in args if isinstance(given, int)), default=0)


def _limit_numbers(function: Any) -> Any:
    def limited(*args: Any, **kwargs: Any) -> Any:
        if any(isinstance(given, int) and given > _WIDEST for given in (*args, *kwargs.values())):
            raise TooLarge
        return function(*args, **kwargs)

    return _like(function, limited)


def _limited_format(function: Any) -> Any:
    def limited(text: Any, *args: Any, **kwargs: Any) -> Any:
        if _WIDE_FORMAT.search(str(text)):
            raise TooLarge
        return function(text, *args, **kwargs)

    return _like(function, limited)


def _limited_replace(function: Any) -> Any:
    def limited(context: Any, text: Any, old: Any, new: Any, count: Any = None) -> Any:
        if len(str(text)) + str(text).count(str(old)) * len(str(new)) > MAX_LENGTH:
            raise TooLarge
        return function(context, text, old, new, count)

    return _like(function, limited)


def _like(function: Any, wrapper: Any) -> Any:
    """Keeps the mark by which Jinja2 knows which context a filter wants."""
    if hasattr(function, "jinja_pass_arg"):
        wrapper.jinja_pass_arg = function.jinja_pass_arg
    return wrapper


@lru_cache(maxsize=1)
def sandbox() -> Sandbox:
    """The one environment: it holds settings only, and no values."""
    return Sandbox()


class SourceCall(NamedTuple):
    """A call of one of `CALLS`, as it is written.

    `literal` is what stays when it does not resolve (PLATFORM §3): the whole `{{ ... }}` where the call is
    all that is in it, otherwise the call. `name` is the argument where it is one plain string.
    """

    function: str
    name: str | None
    literal: str
    is_plain: bool


class Scan(NamedTuple):
    """What can be told about a template by its tokens alone."""

    calls: tuple[SourceCall, ...]
    names: frozenset[str]
    path_parameters: tuple[str, ...]
    is_computed: bool
    """Whether a secret or variable is asked for by something other than one plain name in quotes."""


_EMPTY_SCAN: Final = Scan((), frozenset(), (), is_computed=False)
_SPACES: Final = frozenset({"whitespace"})


@lru_cache(maxsize=1024)
def scan(text: str) -> Scan:
    """The calls and the names in a template. A template that cannot be read has none."""
    if "{" not in text:
        return _EMPTY_SCAN
    try:
        tokens = list(sandbox().lexer.tokeniter(text, None))
    except TemplateError:
        return _EMPTY_SCAN
    solid = [index for index, token in enumerate(tokens) if token[1] not in _SPACES]
    calls: list[SourceCall] = []
    names: set[str] = set()
    parameters: dict[str, None] = {}
    is_computed = False
    for place, index in enumerate(solid):
        _line, kind, value = tokens[index]
        if kind != "name":
            continue
        before = tokens[solid[place - 1]] if place else (0, "", "")
        if (before[1] == "operator" and before[2] == ".") or before[2] == "macro":
            continue
        names.add(value)
        if value == "pathParams":
            parameter = _path_parameter([tokens[i] for i in solid[place + 1 : place + 4]])
            if parameter is not None:
                parameters.setdefault(parameter)
        if value in CALLS and place + 1 < len(solid) and tokens[solid[place + 1]][2] == "(":
            calls.append(_call(tokens, solid, place))
        elif value in CALLS:
            is_computed = True
    is_computed = is_computed or any(call.name is None and call.function != "jwt_encode" for call in calls)
    return Scan(tuple(calls), frozenset(names), tuple(parameters), is_computed)


def _path_parameter(after: Sequence[tuple[int, str, str]]) -> str | None:
    if len(after) >= 2 and after[0][2] == "." and after[1][1] == "name":
        return after[1][2]
    if len(after) >= 2 and after[0][2] == "[" and after[1][1] == "string":
        return after[1][2][1:-1]
    return None


def _call(tokens: Sequence[tuple[int, str, str]], solid: Sequence[int], place: int) -> SourceCall:
    depth = 0
    end = place + 1
    for end in range(place + 1, len(solid)):
        value = tokens[solid[end]][2]
        if tokens[solid[end]][1] == "operator":
            depth += (value == "(") - (value == ")")
        if depth == 0:
            break
    first, last = solid[place], solid[end]
    inside = [tokens[i] for i in solid[place + 2 : end]]
    name = inside[0][2][1:-1] if len(inside) == 1 and inside[0][1] == "string" else None
    text = "".join(token[2] for token in tokens[first : last + 1])
    is_plain = name is not None and text == f"{tokens[first][2]}('{name}')"
    opened = tokens[solid[place - 1]] if place else (0, "", "")
    closed = tokens[solid[end + 1]] if end + 1 < len(solid) else (0, "", "")
    if opened[1] == "variable_begin" and closed[1] == "variable_end":
        whole = tokens[solid[place - 1] : solid[end + 1] + 1]
        text = "".join(token[2] for token in whole).strip()
    return SourceCall(tokens[first][2], name, text, is_plain)


@lru_cache(maxsize=1024)
def compiled(text: str) -> Template:
    """The compiled template; `jinja2.TemplateSyntaxError` where it cannot be compiled."""
    return sandbox().from_string(text)


def rendered(text: str, context: Mapping[str, Any]) -> str:
    """The text that a template gives, at most `MAX_LENGTH` characters of it, else `TooLarge`.

    `context` is all that exists for the template, Jinja2's own globals included; it is not changed.
    """
    template = compiled(text)
    # A template cannot write to what it shares: its own names go elsewhere. The template's own `new_context` would
    # list the globals each time, for templates that others include: there are none.
    variables = cast(dict[str, Any], context)
    given = new_context(template.environment, template.name, template.blocks, variables, shared=True)
    parts: list[str] = []
    size = 0
    for part in template.root_render_func(given):
        size += len(part)
        if size > MAX_LENGTH:
            raise TooLarge
        parts.append(part)
    return "".join(parts)


class Calls(NamedTuple):
    """What rendering needs to know of a template's calls: their texts, those that are written in an odd way
    (function and name), and whether one of them gives a credential.
    """

    literals: tuple[str, ...]
    odd: tuple[tuple[str, str], ...]
    is_credential: bool


_NO_CALLS: Final = Calls((), (), is_credential=False)


@lru_cache(maxsize=1024)
def calls_in(text: str) -> Calls:
    """The calls in a template. One that names none of the functions is not even read."""
    if not any(function in text for function in CALLS):
        return _NO_CALLS
    seen = scan(text)
    odd = tuple(
        (call.function, call.name) for call in seen.calls if call.name is not None and not call.is_plain
    )
    literals = tuple(call.literal for call in seen.calls)
    return Calls(literals, odd, not seen.names.isdisjoint(("get_secret", "jwt_encode")))
