"""Read comments that silence rules, as `strongroom: ignore[rule, rule]`.

The comments are in templates and in code.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final, NamedTuple

from strongroom.document.template_nodes import ParsedTemplate
from strongroom.text.expressions import expression
from strongroom.text.suggest import ask_if_meant, nearest

MARK: Final = "strongroom:"
"""The mark of every such comment; a text without it has no such comment."""

_LIST: Final = rf"\s*{MARK}\s*(?:ignore\s*\[([^\[\]]*)\]"
_IN_TEMPLATE: Final = expression(rf"\{{#[-+]?{_LIST}\s*[-+]?#\}}|.*#\}})", re.DOTALL)
_IN_CODE: Final = expression(rf"(?://|/\*+){_LIST}.*|.*)", re.DOTALL)
_NAME: Final = expression(r"[^\s,]+")


class IgnoredRule(NamedTuple):
    """Hold one rule's name in a comment, and its place."""

    name: str
    start: int
    end: int


class IgnoreComment(NamedTuple):
    """Hold a comment for Strongroom.

    `rules` is empty if it names none or is not understood.
    """

    start: int
    end: int
    rules: tuple[IgnoredRule, ...]


def ignore_comments(parsed: ParsedTemplate) -> Iterator[IgnoreComment]:
    """Yield the comments for Strongroom in a template, in order.

    Comments in raw blocks and strings are text.
    """
    return _comments(_IN_TEMPLATE, ((token.start, token.value) for token in parsed.comments))


def code_comments(text: str, places: Iterable[tuple[int, int]]) -> Iterator[IgnoreComment]:
    """Yield the comments for Strongroom in code that has comments in these places."""
    return _comments(_IN_CODE, ((start, text[start:end]) for start, end in places))


def _comments(form: re.Pattern[str], comments: Iterable[tuple[int, str]]) -> Iterator[IgnoreComment]:
    for start, text in comments:
        comment = form.fullmatch(text) if MARK in text else None
        if comment is not None:
            base = start + comment.start(1)
            names = _NAME.finditer(comment[1] or "")
            rules = [IgnoredRule(name.group(), base + name.start(), base + name.end()) for name in names]
            yield IgnoreComment(start, start + len(text), tuple(rules))


def mistakes(
    comment: IgnoreComment, known: Collection[str], is_stale: Callable[[IgnoredRule], bool]
) -> Iterator[tuple[IgnoredRule, str]]:
    """Yield a comment's names that are unknown or silence nothing, with messages."""
    for rule in comment.rules:
        if rule.name not in known:
            yield rule, f"Unknown rule `{rule.name}`. {ask_if_meant(nearest(rule.name, known))}".rstrip()
        elif is_stale(rule):
            yield rule, f"`{rule.name}` finds nothing here: remove it from the comment."
