"""The inputs of a run as options give them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from strongroom.errors import StrongroomError
from strongroom.resolver import Inputs
from strongroom.workspace import UnreadableFile, read_text
from strongroom_cli.terminal.arguments import UsageError, repeated
from strongroom_cli.terminal.prompts import standard_input


def inputs_of(
    payload: str | None, query: Sequence[str], path_param: Sequence[str], user: str | None
) -> Inputs | None:
    """The caller that the options describe; None where none of them was given."""
    if payload is None and user is None and not query and not path_param:
        return None
    inputs = Inputs(query=_pairs("--query", query), path_parameters=_pairs("--path-param", path_param))
    if payload is not None:
        inputs = inputs._replace(payload=_payload(payload))
    if user is not None:
        inputs = inputs._replace(user=_user(user))
    return inputs


def _pairs(option: str, given: Sequence[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for pair in given:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise UsageError(f"{option} takes KEY=VALUE.", f"Like {option} id=42.")
        if key in pairs:
            raise repeated(f"{option} {key}")
        pairs[key] = value
    return pairs


def _payload(given: str) -> bytes:
    if not given.startswith("@"):
        raise UsageError("--payload takes @FILE, a file with the incoming body.", "@- reads standard input.")
    if given == "@-":
        return standard_input().read()
    try:
        return Path(given[1:]).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise UnreadableFile(f"{given[1:]} cannot be read: {reason}.") from error


def _user(path: str) -> dict[str, Any]:
    try:
        user = json.loads(read_text(path))
    except ValueError as error:
        raise StrongroomError(f"{path} is not valid JSON: {error}.") from error
    if not isinstance(user, dict):
        raise StrongroomError(
            f"{path} must hold one JSON object.", 'Like {"email": "a@example.com", "id": 7}.'
        )
    return user
