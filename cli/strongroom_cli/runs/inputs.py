"""Read the inputs of a run from the options of `strongroom test`."""

from collections.abc import Sequence
from typing import Any, Final

from strongroom.resolver import Inputs
from strongroom.testcases.typed_inputs import InputFiles, named_file, named_user, payload_of, user_of
from strongroom_cli.terminal.arguments import UsageError, repeated
from strongroom_cli.terminal.prompts import standard_input

_FILES: Final = InputFiles(standard_input=standard_input)


def inputs_of(
    payload: str | None, query: Sequence[str], path_param: Sequence[str], user: str | None
) -> Inputs | None:
    """Return the inputs that the options give; None if no option gives one."""
    if payload is None and user is None and not query and not path_param:
        return None
    inputs = Inputs(query=_pairs("--query", query), path_parameters=_pairs("--path-param", path_param))
    if payload is not None:
        inputs = inputs._replace(payload=payload_of(payload, _FILES))
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


def _user(given: str) -> dict[str, Any]:
    """Return the caller. A path works without `@`, too."""
    is_file = named_file(given) is None and named_user(given) is None
    return user_of(f"@{given}" if is_file else given, _FILES)
