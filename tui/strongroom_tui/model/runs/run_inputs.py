"""Which inputs the test of a connector asks for, and what was typed: judged, and as the resolver's `Inputs`."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from strongroom.document.template_facts import path_parameters_of
from strongroom.document.template_parser import parse_template
from strongroom.errors import StrongroomError
from strongroom_tui.model.connectors.workspace_view import Target

if TYPE_CHECKING:
    from strongroom.resolver.terms.inputs import Inputs

_PATH: Final = "path:"
_QUERY: Final = "query:"
_HEADER: Final = "header:"

PATH_HELP: Final = "Path parameter: letters, digits and . _ ~ -, at most 200."


class InputField(NamedTuple):
    """One line of the form. `hint` stands in it while it is empty, `help` below the form while it has the focus."""

    key: str
    label: str
    hint: str = ""
    help: str = ""


def fields_for(target: Target) -> tuple[InputField, ...]:
    """The lines of the form: path parameters, what the caller may replace, then what every call has."""
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
    for row in _rows(data, "path_parameters"):
        if isinstance(row.get("key"), str) and row["key"]:
            yield row["key"]
    url = data.get("url")
    if isinstance(url, str):
        yield from path_parameters_of(parse_template(url)).names


def _rows(data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    rows = data.get(key)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _overridable(data: Mapping[str, Any], key: str, prefix: str, word: str) -> Iterator[InputField]:
    for row in _rows(data, key):
        name = row.get("key")
        if row.get("overridable") is True and isinstance(name, str) and name:
            told = f"Overridable {word}. Left empty, the connector's own value is sent."
            yield InputField(prefix + name, name, word, told)


def problem(field: str, text: str, folder: str) -> str:
    """What is wrong with what was typed, or "". Nothing typed is fine: the run says what is missing."""
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
    """`a=1&b=2` as pairs; percent-encoding is decoded. Raises `StrongroomError` for a part without `=`."""
    from urllib.parse import unquote_plus

    pairs: dict[str, str] = {}
    for part in re.split(r"[&\s]+", text.strip().removeprefix("?")):
        if not part:
            continue
        name, sign, value = part.partition("=")
        if not sign or not name:
            raise StrongroomError(f'"{part}" is no query parameter.', "Write them as name=value&name=value.")
        pairs[unquote_plus(name)] = unquote_plus(value)
    return pairs


def to_inputs(values: Mapping[str, str], folder: str) -> "Inputs":
    """What was typed, as one call. Empty path parameters are left out: the run says they are missing.

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
    """A call as the keys of a `[[test]]` table (`strongroom.testcases.keys`). The sample user is left out."""
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
