"""Read comments that silence rules for one template.

They have the form `{# strongroom: ignore[rule, rule] #}`.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from strongroom.document.template_parser import ParsedTemplate
from strongroom.text.expressions import expression

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
        found = _IGNORE.fullmatch(comment.group(1))
        rules: tuple[IgnoredRule, ...] = ()
        if found is not None:
            at = token.start + comment.start(1) + found.start(1)
            names = _NAME.finditer(found.group(1))
            rules = tuple(IgnoredRule(m.group(), at + m.start(), at + m.end()) for m in names)
        yield IgnoreComment(token.start, token.end, rules)
