"""Which inputs the test of a connector asks for, and what a person typed, as the resolver's `Inputs`."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from strongroom.errors import StrongroomError
from strongroom_tui.workspace_view import Target

if TYPE_CHECKING:
    from strongroom.resolver.inputs import Inputs

_PATH_PARAMETER: Final = re.compile(
    r"pathParams\s*\.\s*([A-Za-z_]\w*)|pathParams\s*\[\s*['\"]([^'\"]+)['\"]\s*\]"
)
_PATH: Final = "path:"


class InputField(NamedTuple):
    """One line of the form."""

    key: str
    label: str
    hint: str = ""


def fields_for(target: Target) -> tuple[InputField, ...]:
    """The lines of the form for this connector: its path parameters, then what every call has."""
    names = list(dict.fromkeys(_path_parameters(target.data)))
    return (
        *(InputField(_PATH + name, name, "path parameter") for name in names),
        InputField("query", "query", "a=1&b=2"),
        InputField("email", "user email", "sample user"),
        InputField("id", "user id", "sample user"),
        InputField("payload", "payload", "body text"),
    )


def _path_parameters(data: Mapping[str, Any]) -> Iterator[str]:
    declared = data.get("path_parameters")
    for row in declared if isinstance(declared, list) else []:
        if isinstance(row, Mapping) and isinstance(row.get("key"), str) and row["key"]:
            yield row["key"]
    url = data.get("url")
    for match in _PATH_PARAMETER.finditer(url if isinstance(url, str) else ""):
        yield match[1] or match[2]


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


def to_inputs(values: Mapping[str, str]) -> "Inputs":
    """What was typed, as one call. Empty path parameters are left out: the run says they are missing."""
    from strongroom.resolver.inputs import SAMPLE_USER, Inputs

    user = dict(SAMPLE_USER)
    if email := values.get("email", "").strip():
        user["email"] = email
    if number := values.get("id", "").strip():
        user["id"] = int(number) if number.isdigit() else number
    return Inputs(
        user=user,
        query=parse_query(values.get("query", "")),
        path_parameters={
            key.removeprefix(_PATH): value for key, value in values.items() if key.startswith(_PATH) and value
        },
        payload=values.get("payload", ""),
    )
