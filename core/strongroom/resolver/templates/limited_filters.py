"""Limit what filters and tests of templates may build.

Jinja2's own `join`, `sum` and `lipsum` build in one step what cannot be stopped, so they are made again here.

Imported only together with the template engine.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from jinja2 import Environment, pass_environment, pass_eval_context
from jinja2.filters import do_join, make_attrgetter
from jinja2.nodes import EvalContext
from jinja2.utils import generate_lorem_ipsum

from strongroom.resolver.templates import growth
from strongroom.resolver.templates.limits import (
    LARGEST,
    MAX_LENGTH,
    TooLarge,
    checked,
    counted,
    joined_lists,
    size_of,
)


def each(value: Any) -> Any:
    """Return an iterator of `value` that `counted` counts.

    Raises Jinja2's own error for a value that cannot be iterated.
    """
    return map(_same, value)


def _same(value: Any) -> Any:
    return value


_KEEPS: Final = frozenset({"attr", "d", "default", "first", "from_json", "last", "max", "min", "random"})
"""The filters that give back their input or a part of it, so that nothing new is counted."""


_CHEAP: Final = frozenset({"count", "default", "d", "first", "last", "length"})
"""The filters that look at no more than one item."""


def limited_test(test: Callable[..., Any]) -> Callable[..., Any]:
    """Return a test that checks the size of each argument."""

    @wraps(test)
    def limited(*args: Any, **kwargs: Any) -> Any:
        for given in (*args, *kwargs.values()):
            checked(given)
        return test(*args, **kwargs)

    return limited


def limited_filter(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter that refuses to build too much, and counts what it built."""
    skipped = int(hasattr(function, "jinja_pass_arg"))
    is_new = name not in _KEEPS

    def limited(*args: Any, **kwargs: Any) -> Any:
        if name not in _CHEAP:
            for given in (*args[skipped:], *kwargs.values()):
                checked(given)
        growth.check_filter(name, args[skipped:], kwargs)
        value = function(*args, **kwargs)
        return counted(value) if is_new or isinstance(value, str) else value

    if skipped:
        # The mark by which Jinja2 knows which context a filter wants.
        limited.jinja_pass_arg = function.jinja_pass_arg  # type: ignore[attr-defined]
    return limited


@pass_eval_context
def join(context: EvalContext, value: Any, d: Any = "", attribute: Any = None) -> str:
    """Return Jinja2's own `join`, of what was counted before."""
    if attribute is not None:
        value = map(make_attrgetter(context.environment, attribute), value)
    items = list(counted(each(value)))
    if size_of(items) + len(str(d)) * len(items) > LARGEST:
        raise TooLarge
    joined: str = do_join(context, items, d)
    return joined


@pass_environment
def sum_of(environment: Environment, iterable: Any, attribute: Any = None, start: Any = 0) -> Any:
    """Return Jinja2's own `sum`, by its operator.

    The interpreter's own `sum` copies a list of lists again for each list in it.
    """
    if attribute is not None:
        iterable = map(make_attrgetter(environment, attribute), iterable)
    for item in iterable:
        growth.check_operator("+", start, item)
        both_lists = isinstance(start, list) and isinstance(item, list)
        start = joined_lists(start, item) if both_lists else start + item
    return start


def lipsum(n: int = 5, html: bool = True, min: int = 20, max: int = 100) -> str:  # noqa: A002 - Jinja2's names
    """Return Jinja2's own `lipsum`, within the limits."""
    if n * max > MAX_LENGTH:
        raise TooLarge
    return generate_lorem_ipsum(n, html, min, max)
