"""Evaluate JSONPath (RFC 9535) and comparisons in its filter language.

The library is imported when the first path is compiled, not here.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

from strongroom.testcases.patterns import BadPattern, covers, from_iregexp, occurs


class BadExpression(Exception):  # noqa: N818 - a plain name for the failure
    """Refuse a path or comparison that is not valid.

    The text is the reason, in one clause.
    """


class Found(NamedTuple):
    """Hold the values at a path, in order.

    `is_single` is True for a path that gives one at most.
    """

    values: Sequence[Any]
    is_single: bool


@lru_cache(maxsize=1)
def _environment() -> Any:
    import jsonpath
    from jsonpath.function_extensions import ExpressionType, FilterFunction

    def function(search: Callable[[str, str], bool]) -> FilterFunction:
        """Return RFC 9535's `match` or `search` as a function with a time limit.

        The library's own functions use the installed regular expressions, and cannot be stopped.
        """

        class Pattern(FilterFunction):
            arg_types: ClassVar = [ExpressionType.VALUE, ExpressionType.VALUE]
            return_type = ExpressionType.LOGICAL

            def __call__(self, value: object, pattern: object) -> bool:
                if not isinstance(value, str) or not isinstance(pattern, str):
                    return False
                with suppress(BadPattern):
                    return search(from_iregexp(pattern), value)
                return False

        return Pattern()

    environment = jsonpath.JSONPathEnvironment(strict=True)
    environment.function_extensions.update(match=function(covers), search=function(occurs))
    return environment


@lru_cache(maxsize=2048)
def _compiled(path: str) -> Any:
    import jsonpath

    try:
        return _environment().compile(path)
    except jsonpath.JSONPathError as error:
        reason = str(error.args[0]) if error.args else "it cannot be read"
    except RecursionError:
        reason = "it is nested too deeply"
    raise BadExpression(reason.replace("TOKEN_", "").replace("ROOT", "$"))


def check_path(path: str) -> None:
    """Raise `BadExpression` if the text is not a JSONPath."""
    _compiled(path)


def find(path: str, body: Any) -> Found:
    """Return the values at a path. Raises `BadExpression`."""
    compiled = _compiled(path)
    return Found([match.obj for match in compiled.finditer(body)], bool(compiled.singular_query()))


def _as_filter(expression: str) -> str:
    if "$" in _without_texts(expression):
        raise BadExpression("here @ is the body, and $ cannot be used")
    return f"$[?{expression}]"


def _without_texts(expression: str) -> str:
    """Return the expression without its quoted texts."""
    kept, quote, skip = [], "", False
    for character in expression:
        if skip:
            skip = False
        elif quote:
            skip = character == "\\"
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        else:
            kept.append(character)
    return "".join(kept)


def check_comparison(expression: str) -> None:
    """Raise `BadExpression` if the text is not a comparison of RFC 9535 §2.3.5."""
    _compiled(_as_filter(expression))


def holds(expression: str, body: Any) -> bool:
    """Return True if a comparison holds for the body, which is `@` in it.

    Raises `BadExpression`.
    """
    return bool(_compiled(_as_filter(expression)).findall([body]))


def same(one: Any, other: Any) -> bool:
    """Return True if two values are equal in JSON: true is not 1, and 1.0 is 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other) and type(one) is type(other) if isinstance(one, str) else bool(one == other)
