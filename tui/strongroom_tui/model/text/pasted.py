"""What a field of one line takes of a paste: all of it, or nothing and the reason."""

import re
from typing import Final, NamedTuple

from strongroom.text.phrases import counted

_BREAK: Final = re.compile(r"\r\n|\r|\n")


class Pasted(NamedTuple):
    """`text` goes into the field; `said` is what a person has to know about the rest, or ""."""

    text: str
    said: str = ""


def with_breaks(text: str) -> str:
    """`text` with plain line breaks: a terminal sends those of a bracketed paste as carriage returns."""
    return _BREAK.sub("\n", text)


def on_one_line(text: str) -> Pasted:
    """What of `text` goes into a field of one line."""
    first, *rest = _BREAK.split(text)
    if not any(rest):
        return Pasted(first, "The line break at the end of the paste was left out." if rest else "")
    return Pasted(
        "", f"{counted(1 + len(rest), 'line')} were pasted into a field of one line: nothing was taken."
    )
