"""Find the calls of the platform's functions in the source of a template.

Imported only together with the template engine.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from jinja2 import Environment, TemplateError

CALLS: Final = frozenset({"get_secret", "get_variable", "jwt_encode"})
"""The functions whose source text is kept, because it may take the place of their value."""

_LEXER: Final = Environment(autoescape=True).lexer
"""The lexer of Jinja2's own delimiters."""


class SourceCall(NamedTuple):
    """Hold a call of one of `CALLS`, as it is written.

    `literal` is what stays when it does not resolve (PLATFORM §3): the whole `{{ ... }}` where the call is
    all that is in it, otherwise the call. `name` is the argument where it is one plain string.
    """

    function: str
    name: str | None
    literal: str
    is_plain: bool


class Scan(NamedTuple):
    """Hold what a template's tokens alone say about it."""

    calls: tuple[SourceCall, ...]
    names: frozenset[str]
    is_computed: bool
    """True if the name of a secret or variable is not one plain name in quotes."""


_EMPTY_SCAN: Final = Scan((), frozenset(), is_computed=False)
_SPACES: Final = frozenset({"whitespace"})


@lru_cache(maxsize=1024)
def scan(text: str) -> Scan:
    """Return the calls and the names in a template.

    A template that cannot be read has none.
    """
    if "{" not in text:
        return _EMPTY_SCAN
    try:
        tokens = list(_LEXER.tokeniter(text, None))
    except TemplateError:
        return _EMPTY_SCAN
    solid = [index for index, token in enumerate(tokens) if token[1] not in _SPACES]
    calls: list[SourceCall] = []
    names: set[str] = set()
    is_computed = False
    for place, index in enumerate(solid):
        _line, kind, value = tokens[index]
        if kind != "name":
            continue
        before = tokens[solid[place - 1]]  # a name never comes first
        if (before[1] == "operator" and before[2] == ".") or before[2] == "macro":
            continue
        names.add(value)
        if value in CALLS and place + 1 < len(solid) and tokens[solid[place + 1]][2] == "(":
            calls.append(_call(tokens, solid, place))
        elif value in CALLS:
            is_computed = True
    is_computed = is_computed or any(call.name is None and call.function != "jwt_encode" for call in calls)
    return Scan(tuple(calls), frozenset(names), is_computed)


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


class Calls(NamedTuple):
    """Hold what rendering needs to know of a template's calls.

    These are their texts, the calls that are written in an odd way (function and name), and if one of them
    gives a credential.
    """

    literals: tuple[str, ...]
    odd: tuple[tuple[str, str], ...]
    is_credential: bool


_NO_CALLS: Final = Calls((), (), is_credential=False)


@lru_cache(maxsize=1024)
def calls_in(text: str) -> Calls:
    """Return the calls in a template.

    A template that names none of the functions is not read.
    """
    if not any(function in text for function in CALLS):
        return _NO_CALLS
    seen = scan(text)
    odd = tuple(
        (call.function, call.name) for call in seen.calls if call.name is not None and not call.is_plain
    )
    literals = tuple(call.literal for call in seen.calls)
    return Calls(literals, odd, not seen.names.isdisjoint(("get_secret", "jwt_encode")))
