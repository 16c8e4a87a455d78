"""Reading the parameters of messages: plain JSON in, values out, one kind of error for whatever is not there."""

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
    """A content change: text that replaces the range between two places, or everything if `start` is None."""

    text: str
    start: Position | None = None
    end: Position | None = None


class InvalidParams(Exception):  # noqa: N818  the protocol's own word
    """The parameters of a message are not what its method wants."""


def text_at(data: object, *path: str) -> str:
    """The string at `path` inside nested objects."""
    found = at(data, *path)
    if not isinstance(found, str):
        raise InvalidParams(f"{'.'.join(path)} must be a string")
    return found


def number_at(data: object, *path: str) -> int:
    """The integer at `path` inside nested objects."""
    found = at(data, *path)
    if not isinstance(found, int) or isinstance(found, bool):
        raise InvalidParams(f"{'.'.join(path)} must be an integer")
    return found


def at(data: object, *path: str) -> Any:
    """The value at `path` inside nested objects."""
    for key in path:
        if not isinstance(data, Mapping) or key not in data:
            raise InvalidParams(f"{'.'.join(path)} is missing")
        data = data[key]
    return data


def position_at(data: object, *path: str) -> Position:
    """The `Position` at `path`: line and character, as the client counts."""
    return number_at(data, *path, "line"), number_at(data, *path, "character")


def changes_in(params: object) -> list[Change]:
    """The content changes of a didChange notification."""
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
