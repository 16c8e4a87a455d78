"""Check the inputs of a test, and turn them into the resolver's `Inputs`."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from strongroom.document.connector import declared_path_parameters, rows_of
from strongroom.document.template_facts import path_parameters_of
from strongroom.document.template_parser import parse_template
from strongroom.errors import StrongroomError
from strongroom_tui.model.connectors.workspace_view import RunTarget

if TYPE_CHECKING:
    from strongroom.resolver.terms.inputs import Inputs

_PATH: Final = "path:"
_QUERY: Final = "query:"
_HEADER: Final = "header:"

PATH_HELP: Final = "Path parameter: letters, digits and . _ ~ -, at most 200."


class InputField(NamedTuple):
    """Describe one line of the form.

    `hint` is shown while the line is empty, `help` while the line has the focus.
    """

    key: str
    label: str
    hint: str = ""
    help: str = ""


def fields_for(target: RunTarget) -> tuple[InputField, ...]:
    """Return the form's lines: path parameters, overridable parts, each call's parts."""
    names = list(dict.fromkeys(_path_parameters(target.data)))
    return (
        *(InputField(_PATH + name, name, "needed", PATH_HELP) for name in names),
        *_overridable(target.data, "query_parameters", _QUERY, "query"),
        *_overridable(target.data, "headers", _HEADER, "header"),
        InputField("query", "query", "a=1&b=2", "The caller's query. It replaces what is overridable."),
        InputField("user", "user", "sample", "sample, anonymous, an email address, an id, or @file.json"),
        InputField(
            "payload", "payload", "none", "The incoming body: text, or @file. ^r runs, ^o opens your editor."
        ),
    )


def _path_parameters(data: Mapping[str, Any]) -> Iterator[str]:
    yield from (key for _, key in declared_path_parameters(data))
    url = data.get("url")
    if isinstance(url, str):
        yield from path_parameters_of(parse_template(url)).names


def _overridable(data: Mapping[str, Any], key: str, prefix: str, word: str) -> Iterator[InputField]:
    for _, row in rows_of(data, key):
        name = row.get("key")
        if row.get("overridable") is True and isinstance(name, str) and name:
            help_text = f"Overridable {word}. Left empty, the connector's own value is sent."
            yield InputField(prefix + name, name, word, help_text)


def problem(field: str, text: str, folder: str) -> str:
    """Return the mistake in a text, or "".

    No text is fine: the run names missing parts.
    """
    if not text:
        return ""
    if field.startswith(_PATH):
        from strongroom.resolver.request.path_parameters import is_valid

        return "" if is_valid(text) else "letters, digits and . _ ~ - only"
    from strongroom.testcases.typed_inputs import InputFiles, payload_of, user_of

    try:
        if field == "query":
            parse_query(text)
        elif field == "user":
            user_of(text, InputFiles(folder))
        elif field == "payload":
            payload_of(text, InputFiles(folder))
    except StrongroomError as error:
        return error.message
    return ""


def parse_query(text: str) -> dict[str, str]:
    """Return `a=1&b=2` as decoded pairs.

    Raises `StrongroomError` for a part without `=`.
    """
    from urllib.parse import unquote_plus

    pairs: dict[str, str] = {}
    for part in re.split(r"[&\s]+", text.strip().removeprefix("?")):
        if not part:
            continue
        name, sign, value = part.partition("=")
        if not sign or not name:
            raise StrongroomError(
                f'"{part}" is not a query parameter.', "Write them as name=value&name=value."
            )
        pairs[unquote_plus(name)] = unquote_plus(value)
    return pairs


def to_inputs(values: Mapping[str, str], folder: str) -> "Inputs":
    """Return the texts as one call. Empty path parameters are left out.

    Raises `StrongroomError` for what cannot be understood or read.
    """
    from strongroom.resolver.terms.inputs import Inputs
    from strongroom.testcases.typed_inputs import InputFiles, payload_of, user_of

    files = InputFiles(folder)

    def given(prefix: str) -> dict[str, str]:
        return {k.removeprefix(prefix): v for k, v in values.items() if k.startswith(prefix) and v}

    return Inputs(
        user=user_of(values.get("user", ""), files),
        query=parse_query(values.get("query", "")) | given(_QUERY),
        headers=given(_HEADER),
        path_parameters=given(_PATH),
        payload=payload_of(values.get("payload", ""), files),
    )


def to_case(inputs: "Inputs") -> dict[str, Any]:
    """Return a call as the keys of a `[[test]]` table, without the sample user."""
    from strongroom.resolver.terms.inputs import SAMPLE_USER
    from strongroom.testcases.writing import payload_value

    case: dict[str, Any] = {
        "path_parameters": dict(inputs.path_parameters),
        "query": dict(inputs.query),
        "headers": dict(inputs.headers),
    }
    if inputs.user != SAMPLE_USER:
        case["user"] = dict(inputs.user)
    if inputs.payload:
        case["payload"] = payload_value(inputs.payload)
    return case
