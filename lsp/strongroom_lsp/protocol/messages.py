"""Read the parameters of messages.

Plain JSON comes in, values go out, and there is one kind of error for what is missing.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from strongroom_lsp.protocol.positions import Position

PARSE_ERROR: Final = -32700
INVALID_REQUEST: Final = -32600
METHOD_NOT_FOUND: Final = -32601
INVALID_PARAMS: Final = -32602
INTERNAL_ERROR: Final = -32603
NOT_INITIALIZED: Final = -32002
REQUEST_CANCELLED: Final = -32800
REQUEST_FAILED: Final = -32803


class Change(NamedTuple):
    """Hold a content change: a range and its new text.

    Without a range (`start` is None) the text replaces everything.
    """

    text: str
    start: Position | None = None
    end: Position | None = None


class InvalidParams(Exception):  # noqa: N818  the protocol's own word
    """Raised when the parameters of a message are not those of its method."""


def text_at(data: object, *path: str) -> str:
    """Return the string at `path` in nested objects."""
    found = at(data, *path)
    if not isinstance(found, str):
        raise InvalidParams(f"{'.'.join(path)} must be a string")
    return found


def number_at(data: object, *path: str) -> int:
    """Return the integer at `path` in nested objects."""
    found = at(data, *path)
    if not isinstance(found, int) or isinstance(found, bool):
        raise InvalidParams(f"{'.'.join(path)} must be an integer")
    return found


def at(data: object, *path: str) -> Any:
    """Return the value at `path` in nested objects."""
    for key in path:
        if not isinstance(data, Mapping) or key not in data:
            raise InvalidParams(f"{'.'.join(path)} is missing")
        data = data[key]
    return data


def position_at(data: object, *path: str) -> Position:
    """Return the `Position` at `path`: line and character, as the client counts them."""
    return number_at(data, *path, "line"), number_at(data, *path, "character")


def changes_in(params: object) -> list[Change]:
    """Return the content changes of a didChange notification."""
    changes = at(params, "contentChanges")
    if not isinstance(changes, list):
        raise InvalidParams("contentChanges must be a list")
    return [
        Change(
            text_at(change, "text"),
            position_at(change, "range", "start"),
            position_at(change, "range", "end"),
        )
        if isinstance(change, Mapping) and change.get("range") is not None
        else Change(text_at(change, "text"))
        for change in changes
    ]
