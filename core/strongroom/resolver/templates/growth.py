"""Estimate what an operation of a template would build, before it is done.

Most operations build about as much as they are given. Those that multiply are listed here: operators, methods of
texts, and filters. Each estimate is an upper bound; `limits` counts what was really built.

Imported only together with the template engine.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from strongroom.resolver.templates.limits import MAX_BITS, MAX_LENGTH, TooLarge, size_of

_WIDTHS: Final = re.compile(r"\d+")
_FIELDS: Final = re.compile(r"[%{]")
_STARRED: Final = re.compile(r"%[^%a-zA-Z]*\*")
_NESTED: Final = re.compile(r"\{[^{}]*\{")
_SIZED: Final = (str, bytes, list, tuple)


def check_operator(operator: str, left: Any, right: Any) -> None:
    """Raise TooLarge if `left operator right` would build too much."""
    if isinstance(left, int) and isinstance(right, int):
        bits = left.bit_length()
        needed = {"*": bits + right.bit_length(), "**": bits * right}
        if max(needed.get(operator, 0), bits, right.bit_length()) > MAX_BITS:
            raise TooLarge
    elif operator == "+" and isinstance(left, str | bytes) and isinstance(right, str | bytes):
        _check(len(left) + len(right))
    elif operator == "%" and isinstance(left, str | bytes):
        _check(_formatted_size(left, [right] if not isinstance(right, tuple) else right))
    elif operator == "*":
        many, few = (left, right) if isinstance(left, _SIZED) else (right, left)
        if isinstance(many, _SIZED) and isinstance(few, int):
            _check((size_of(many) if isinstance(many, list | tuple) else len(many)) * few)


def check_method(name: str, owner: str | bytes | int, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    """Raise TooLarge if a method of a text or a number would build too much."""
    given = [*args, *kwargs.values()]
    widest = max((abs(value) for value in given if isinstance(value, int)), default=0)
    _check(widest)
    if not isinstance(owner, str | bytes):
        return
    if name == "join" and args:
        _check(len(owner) * len(args[0]) + size_of(args[0]))
    elif name == "replace" and len(args) >= 2:
        _check(_replace(owner, args[0], args[1]))
    elif name == "expandtabs":
        _check(len(owner) + _tabs(owner) * max(widest, 8))
    elif name == "translate" and args:
        table = args[0].values() if isinstance(args[0], Mapping) else args[0]
        longest = max(map(size_of, table), default=1) if isinstance(table, Iterable) else 1
        _check(len(owner) * longest)


def check_format(pattern: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    """Raise TooLarge if `pattern.format(...)` would build too much."""
    _check(_formatted_size(pattern, [*args, *kwargs.values()], is_repeatable=True))


def _check(size: int) -> None:
    if size > MAX_LENGTH:
        raise TooLarge


def _formatted_size(pattern: str | bytes, values: Sequence[Any], *, is_repeatable: bool = False) -> int:
    """Return the most characters that a pattern gives.

    A field may ask for a width, also for one that a value names.
    """
    text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    fields = len(_FIELDS.findall(text))
    widths = sum(int(digits[:9]) for digits in _WIDTHS.findall(text))
    sizes = [size_of(value) for value in values]
    if _NESTED.search(text.replace("{{", "")) if is_repeatable else _STARRED.search(text):
        # A width may be any number in a value: an item of a list, or a part of a text.
        named = max((int(digits[:9]) for digits in _WIDTHS.findall(str(values))), default=0)
        widths += fields * named
    if is_repeatable or any(isinstance(value, Mapping) for value in values):
        return len(text) + widths + fields * max(sizes, default=0)
    return len(text) + widths + sum(sizes)


def _length(value: Any) -> int:
    """Return the characters that an argument means: a width, or a repeated text."""
    if value is None:
        return 1
    return abs(value) if isinstance(value, int) else size_of(value)


def _tabs(text: str | bytes) -> int:
    return text.count("\t") if isinstance(text, str) else text.count(b"\t")


def _lines(text: Any) -> int:
    return str(text).count("\n") + 1


def _indent(text: Any, width: Any = 4, *_rest: Any, **_named: Any) -> int:
    return len(str(text)) + _lines(text) * _length(width)


def _wordwrap(
    text: Any, width: Any = 79, _break: Any = True, wrapstring: Any = None, *_rest: Any, **_named: Any
) -> int:
    text = str(text)
    pieces = 2 * len(text) // max(width if isinstance(width, int) else 1, 1) + _lines(text)
    return len(text) + pieces * (_length(wrapstring) if wrapstring else 1)


def _urlize(text: Any, *options: Any, **named: Any) -> int:
    text = str(text)
    return 6 * len(text) + len(text.split()) * sum(_length(value) for value in (*options, *named.values()))


def _replace(text: Any, old: Any, new: Any, *_rest: Any) -> int:
    if not isinstance(text, bytes):
        text, old, new = str(text), str(old), str(new)
    size: int = len(text) + text.count(old) * (len(new) - len(old))
    return size


def _indented_json(value: Any, indent: Any = None, **_named: Any) -> int:
    if indent is None:
        return 0
    nodes, depth, level = 0, 0, [value]
    while level:
        nodes, depth = nodes + len(level), depth + 1
        level = [
            inner
            for item in level
            if isinstance(item, dict | list | tuple)
            for inner in (item.values() if isinstance(item, dict) else item)
        ]
        if nodes > MAX_LENGTH:
            raise TooLarge
    return nodes * depth * _length(indent)


def _format(pattern: Any, *values: Any, **named: Any) -> int:
    return _formatted_size(str(pattern), [named] if named else values)


def _numbers(_value: Any, *options: Any, **named: Any) -> int:
    """Return the largest number among the options: a width or a count."""
    return max((abs(option) for option in (*options, *named.values()) if isinstance(option, int)), default=0)


FILTERS: Final[Mapping[str, Callable[..., int]]] = {
    "batch": _numbers,
    "center": _numbers,
    "format": _format,
    "indent": _indent,
    "json_encode": _indented_json,
    "replace": _replace,
    "round": lambda *given, **named: _numbers(*given, **named) * 8,
    "slice": _numbers,
    "tojson": _indented_json,
    "truncate": _numbers,
    "urlize": _urlize,
    "wordwrap": _wordwrap,
}
"""The filters that can give much more than they are given, each with an upper bound."""


def check_filter(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    """Raise TooLarge if a filter would build too much.

    `args` begins with the value that is filtered.
    """
    estimate = FILTERS.get(name)
    if estimate is not None:
        _check(estimate(*args, **kwargs))
