"""Read comments that silence rules for one template.

They have the form `{# strongroom: ignore[rule, rule] #}`.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from strongroom.document.template_parser import ParsedTemplate
from strongroom.text.expressions import expression
from strongroom.text.suggest import ask_if_meant, nearest

MARK: Final = "strongroom:"
"""The mark of every such comment; a text without it has no such comment."""

_COMMENT: Final = expression(r"\{#[-+]?\s*strongroom:\s*(.*?)\s*[-+]?#\}", re.DOTALL)
_IGNORE: Final = expression(r"ignore\s*\[([^\[\]]*)\]")
_NAME: Final = expression(r"[^\s,]+")


class IgnoredRule(NamedTuple):
    """Hold one rule's name in a comment, and its place in the decoded text."""

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
    for token in parsed.comments:
        comment = _COMMENT.fullmatch(token.value)
        if comment is None:
            continue
        rules = rules_in(_IGNORE.fullmatch(comment[1]), token.start + comment.start(1))
        yield IgnoreComment(token.start, token.end, rules)


def rules_in(ignore: re.Match[str] | None, base: int) -> tuple[IgnoredRule, ...]:
    """Return the rules in the first group of `ignore`, which was found in a text that begins at `base`."""
    if ignore is None:
        return ()
    at = base + ignore.start(1)
    names = _NAME.finditer(ignore[1])
    return tuple(IgnoredRule(name.group(), at + name.start(), at + name.end()) for name in names)


def unknown_rule(name: str, known: Iterable[str]) -> str:
    """Return the message about a name that is not that of a rule."""
    return f"Unknown rule `{name}`. {ask_if_meant(nearest(name, known))}".rstrip()


def stale_rule(name: str) -> str:
    """Return the message about a rule that a comment silences and that finds nothing there."""
    return f"`{name}` finds nothing here: remove it from the comment."
