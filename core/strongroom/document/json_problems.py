"""Describe a mistake of JSON syntax, and the edits that mend it."""

from typing import NamedTuple

from strongroom.text.edits import Edit


class JsonProblem(NamedTuple):
    """Describe a mistake of JSON syntax. Offsets are relative to the reading's base.

    `edits` mend it, under `title`. `is_safe` is True if the mended text is certainly the one that was meant.
    `is_harmless` says that the structure could be read for certain in spite of the mistake.
    """

    message: str
    start: int
    end: int
    title: str = ""
    edits: tuple[Edit, ...] = ()
    is_safe: bool = False
    is_harmless: bool = False
