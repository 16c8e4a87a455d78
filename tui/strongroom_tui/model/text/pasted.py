"""Take a paste into a field of one line: all of it, or nothing and the reason."""

import re
from typing import Final, NamedTuple

from strongroom.text.phrases import counted

_BREAK: Final = re.compile(r"\r\n|\r|\n")


class Pasted(NamedTuple):
    """Hold the `text` for the field. `said` is a notice about the rest, or ""."""

    text: str
    said: str = ""


def with_breaks(text: str) -> str:
    """Return `text` with plain line breaks.

    Terminals send carriage returns in bracketed pastes.
    """
    return _BREAK.sub("\n", text)


def on_one_line(text: str) -> Pasted:
    """Return the part of `text` that goes into a field of one line."""
    first, *rest = _BREAK.split(text)
    if not any(rest):
        return Pasted(first, "The line break at the end of the paste was left out." if rest else "")
    return Pasted(
        "", f"{counted(1 + len(rest), 'line')} were pasted into a field of one line: nothing was taken."
    )
