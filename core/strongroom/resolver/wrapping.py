"""Joins base64 and hex that stand in lines, as MIME and many tools write them: no line of it holds a whole value."""

import re
from collections.abc import Iterator
from typing import Final

_BREAK: Final = re.compile(r"(?:\r\n|\n|\r|\\r\\n|\\n|\\r|&#10;|%0[Aa])[ \t]*")
"""An end of a line, also as JSON, HTML or a URL has it."""

_BLOCK: Final = re.compile(
    r"(?<![A-Za-z0-9+/_-])(?:[A-Za-z0-9+/_-]{16,}+" + _BREAK.pattern + r")++[A-Za-z0-9+/_=-]+"
)
"""Lines of one alphabet; begins where a run begins, so that a long run is read once."""


def wrapped_blocks(text: str) -> Iterator[tuple[str, str]]:
    """Each such block of `text`, once, and the same in one line."""
    for block in set(_BLOCK.findall(text)):
        yield block, _BREAK.sub("", block)
