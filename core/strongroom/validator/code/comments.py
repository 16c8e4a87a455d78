"""Read comments in code that silence rules: `// strongroom: ignore[rule, rule]`."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from strongroom.text.expressions import expression
from strongroom.validator.silencing import MARK, IgnoredRule, rules_in
from strongroom.widgets.code import WidgetCode

_COMMENT: Final = expression(r"(?://|/\*+)\s*strongroom:\s*(.*?)\s*(?:\*/)?", re.DOTALL)
_IGNORE: Final = expression(r"ignore\s*\[([^\[\]]*)\].*", re.DOTALL)


class CodeComment(NamedTuple):
    """Hold a comment for Strongroom: its place, its rules, and the lines that it is for.

    These are its own lines and the next one.
    """

    start: int
    end: int
    rules: tuple[IgnoredRule, ...]
    first_line: int
    last_line: int

    def covers(self, line: int) -> bool:
        """Return True if the comment is for a line."""
        return self.first_line <= line <= self.last_line


def code_comments(code: WidgetCode) -> Iterator[CodeComment]:
    """Yield the comments for Strongroom in a file, in order."""
    for start, end in code.comments:
        text = code.text[start:end]
        comment = _COMMENT.fullmatch(text) if MARK in text else None
        if comment is None:
            continue
        rules = rules_in(_IGNORE.fullmatch(comment[1]), start + comment.start(1))
        lines = code.lines
        yield CodeComment(start, end, rules, lines.position(start)[0], lines.position(end)[0] + 1)
