"""Read JSON that has no type in the protocol.

Such JSON is in the arguments of commands and in the messages of `strongroom/`.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from strongroom_lsp.protocol.errors import InvalidParams
from strongroom_lsp.protocol.positions import Position


class ContentChange(NamedTuple):
    """Hold a content change: a range and its new text.

    Without a range (`start` is None) the text replaces everything.
    """

    text: str
    start: Position | None = None
    end: Position | None = None


def look_up(data: object, *path: str) -> Any:
    """Return the value at `path` in nested JSON objects, or None."""
    for key in path:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data


def text_at(data: object, *path: str) -> str:
    """Return the string at `path` in nested objects."""
    found = look_up(data, *path)
    if not isinstance(found, str):
        raise InvalidParams(f"{'.'.join(path)} must be a string")
    return found
