"""Convert JSON to lsprotocol's types and back, as strictly as clients allow.

pygls takes the converter from a function, its `converter_factory`. Without the changes here a client that sends one
capability of a newer protocol cannot begin a session, a document without a version is lost, and a number in place of
a uri becomes a text.
"""

import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final

import attrs
from cattrs import Converter, transform_error
from cattrs.errors import ClassValidationError
from lsprotocol import converters, types
from pygls.protocol import JsonRPCNotification, JsonRPCRequestMessage, JsonRPCResponseMessage

NO_VERSION: Final = -(2**31)
"""The version of a document that the client gave none."""

_FARTHEST: Final = 2**31 - 1
"""The largest line or character of the protocol. Clients write larger ones for the end of a line."""

_ROUNDS: Final = 20
"""Attempts to leave out what is malformed."""

_STEP: Final = re.compile(r"\.(\w+)|\[(\d+)\]")


def make_converter() -> Converter:
    """Return lsprotocol's converter, with other hooks for what clients get wrong."""
    converter = converters.get_converter()
    for plain in (JsonRPCNotification, JsonRPCRequestMessage, JsonRPCResponseMessage):
        converter.register_structure_hook(plain, _plain)
    # cattrs makes a text of a number, and a number of a text.
    converter.register_structure_hook(str, _exactly)
    converter.register_structure_hook(int, _exactly)
    # lsprotocol lets anything be an id, a token, a code or a kind of action.
    converter.register_structure_hook(int | str, _int_or_str)
    converter.register_structure_hook(int | str | None, _int_or_str_or_none)
    converter.register_structure_hook(types.CodeActionKind | str, lambda data, _kind: _exactly(data, str))
    converter.register_structure_hook(types.Position, _position)
    converter.register_structure_hook(types.TextDocumentItem, _document)
    converter.register_structure_hook(types.VersionedTextDocumentIdentifier, _versioned)
    strict = converter.get_structure_hook(types.InitializeParams)

    def initialize(data: Any, kind: type[types.InitializeParams]) -> types.InitializeParams:
        data = _with_capabilities(data)
        for _ in range(_ROUNDS):
            try:
                found: types.InitializeParams = strict(data, kind)
            except ClassValidationError as error:
                data = _without_malformed(data, transform_error(error))
            else:
                return found
        return kind(capabilities=types.ClientCapabilities())

    converter.register_structure_hook(types.InitializeParams, initialize)
    converter.register_structure_hook(types.CodeActionContext, _code_action_context(converter))
    return converter


def _code_action_context(converter: Converter) -> Callable[[Any, Any], types.CodeActionContext]:
    """Leave out malformed diagnostics of other servers.

    Such a diagnostic would take the actions from ours.
    """
    strict = converter.get_structure_hook(types.CodeActionContext)
    diagnostic = converter.get_structure_hook(types.Diagnostic)

    def is_readable(data: Any) -> bool:
        try:
            diagnostic(data, types.Diagnostic)
        except Exception:
            return False
        return True

    def structure(data: Any, kind: Any) -> types.CodeActionContext:
        readable = [sent for sent in data["diagnostics"] if is_readable(sent)]
        found: types.CodeActionContext = strict({**data, "diagnostics": readable}, kind)
        return found

    return structure


def _plain(data: Mapping[str, Any], kind: Any) -> Any:
    """Return the parameters of a method without types as they are."""
    return kind(**{field.name: data.get(field.name) for field in attrs.fields(kind)})


def _exactly(data: Any, kind: type[Any]) -> Any:
    """Return a text or number as it is, and look an enumeration up by it."""
    if issubclass(kind, Enum):
        return kind(data)
    if type(data) is not kind:
        raise TypeError(f"{type(data).__name__} is not {kind.__name__}")
    return data


def _int_or_str(data: Any, _kind: Any) -> int | str:
    if not isinstance(data, (int, str)):
        raise TypeError(f"{type(data).__name__} is neither a number nor a text")
    return data


def _int_or_str_or_none(data: Any, kind: Any) -> int | str | None:
    return None if data is None else _int_or_str(data, kind)


def _position(data: Any, kind: type[types.Position]) -> types.Position:
    line, character = _exactly(data["line"], int), _exactly(data["character"], int)
    return kind(min(max(line, 0), _FARTHEST), min(max(character, 0), _FARTHEST))


def _document(data: Any, kind: type[types.TextDocumentItem]) -> types.TextDocumentItem:
    """Read a document, which needs a uri and a text only."""
    return kind(
        uri=_exactly(data["uri"], str),
        language_id=str(data.get("languageId", "")),
        version=_version(data),
        text=_exactly(data["text"], str),
    )


def _versioned(
    data: Any, kind: type[types.VersionedTextDocumentIdentifier]
) -> types.VersionedTextDocumentIdentifier:
    return kind(version=_version(data), uri=_exactly(data["uri"], str))


def _version(data: Any) -> int:
    version = data.get("version")
    is_usable = type(version) is int and abs(version) <= _FARTHEST
    return version if is_usable else NO_VERSION


def _with_capabilities(data: Any) -> dict[str, Any]:
    given = dict(data) if isinstance(data, Mapping) else {}
    if not isinstance(given.get("capabilities"), Mapping):
        given["capabilities"] = {}
    return given


def _without_malformed(data: Any, messages: list[str]) -> Any:
    """Return the JSON without the members that cattrs' messages name.

    Each ends in a path: "required field missing @ $.workspace_folders[0].name". An object without a required member
    is left out itself.
    """
    # From the end of a list to its beginning, so that the numbers stay right.
    found = sorted({_path(message) for message in messages}, key=_in_order)
    for path in reversed(found):
        data = _without(data, path)
    return data


def _in_order(path: tuple[str | int, ...]) -> list[tuple[str, int]]:
    return [(step, 0) if isinstance(step, str) else ("", step) for step in path]


def _path(message: str) -> tuple[str | int, ...]:
    text, _, place = message.rpartition(" @ ")
    steps = [int(number) if number else _json_name(name) for name, number in _STEP.findall(place)]
    return tuple(steps[:-1] if text.startswith("required field missing") else steps)


def _json_name(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


def _without(data: Any, path: tuple[str | int, ...]) -> Any:
    if not path:
        return {}
    step, rest = path[0], path[1:]
    if isinstance(data, Mapping) and step in data:
        left = {key: value for key, value in data.items() if key != step}
        return {**left, step: _without(data[step], rest)} if rest else left
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        middle = [_without(data[step], rest)] if rest else []
        return [*data[:step], *middle, *data[step + 1 :]]
    return data
