"""Write JSON around values that are written already, or that are not known yet."""

import json
import os
from typing import Final, TypeVar

Cut = TypeVar("Cut")

_MARK: Final = os.urandom(8).hex()
"""Written where the JSON is cut. No text of a client holds the mark, because nobody outside this process knows it."""


class Encoded:
    """Hold JSON text that goes into a message as it is."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


def json_around(value: object, kind: type[Cut]) -> tuple[list[str], list[Cut]]:
    """Return the JSON of `value` cut at each object of type `kind`, and the objects.

    There is one text more than there are objects. All are in the order of the JSON, which is ASCII, so that a lone
    surrogate in a text cannot break it. Raises `TypeError` for a value that is not JSON.
    """
    found: list[Cut] = []

    def default(part: object) -> str:
        if not isinstance(part, kind):
            raise TypeError(f"{type(part).__name__} is not JSON")
        found.append(part)
        return _MARK

    text = json.dumps(value, separators=(",", ":"), default=default)
    return text.split(f'"{_MARK}"') if found else [text], found
