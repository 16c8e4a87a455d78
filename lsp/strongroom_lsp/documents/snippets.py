"""Build pieces of a connector file with holes: connectors, rows, authentication."""

import json
import re
from typing import Any, Final, NamedTuple

from strongroom.platform.authentication import AUTH_TYPES, AuthType

_HOLE: Final = re.compile(r"\$\{\d+:([^}]*)\}")


class Snippet(NamedTuple):
    """Hold a piece of JSON under a label.

    `value` has holes as texts like "${1:name}".
    """

    label: str
    text: str
    value: Any


def _header(value: str) -> dict[str, str]:
    return {"key": "${1:Accept}", "value": value}


CONNECTOR: Final = Snippet(
    "connector",
    "A connector with a secret in a header.",
    {
        "name": "${1:Name}",
        "permalink": "${2:permalink}",
        "url": "https://${3:api.example.com}/",
        "method": "${4:GET}",
        "headers": [
            {"key": "Authorization", "value": "Bearer {{ get_secret('${5:name}') }\\}"},
        ],
    },
)
COMPOSITE: Final = Snippet(
    "composite connector",
    "A composite of two steps, the second of which reads the first one's answer.",
    {
        "name": "${1:Name}",
        "permalink": "${2:permalink}",
        "steps": [
            {"name": "${3:first}", "url": "https://${4:api.example.com}/"},
            {"name": "${5:second}", "url": "https://${4:api.example.com}/{{ steps['${3:first}'].body }\\}"},
        ],
    },
)
REGISTRY: Final = Snippet(
    "connector file", "A file of connectors, with one.", {"connectors": [CONNECTOR.value]}
)
STEP: Final = Snippet("step", "A step.", {"name": "${1:name}", "url": "https://${2:api.example.com}/"})
ROWS: Final = {
    "headers": Snippet("header", "A header.", _header("${2:value}")),
    "query_parameters": Snippet(
        "query parameter", "A query parameter.", {"key": "${1:key}", "value": "${2:value}"}
    ),
    "path_parameters": Snippet("path parameter", "A row for {{ pathParams.key }}.", {"key": "${1:key}"}),
}

_PLACEHOLDERS: Final = {
    "claims": {"iss": "${%d:issuer}", "exp": "{{ now(300) }\\}"},
    "in": "${%d:header}",
    "key": "${%d:X-API-Key}",
    "token_url": "https://${%d:auth.example.com}/token",
}


def authentication_snippets() -> list[Snippet]:
    """Return a snippet with the required fields of each type that is not deprecated."""
    return [
        Snippet(kind.name, f"Sends {kind.sends}.", _authentication(kind))
        for kind in AUTH_TYPES.values()
        if not kind.replaced_by
    ]


def config_value(kind: AuthType) -> dict[str, Any]:
    """Return the required fields of a type's `config`, with holes."""
    config: dict[str, Any] = {}
    for number, field in enumerate((field for field in kind.fields.values() if field.required), 1):
        if field.is_credential or field.name == "client_id":
            config[field.name] = f"{{{{ get_secret('${{{number}:{field.name}}}') }}\\}}"
        else:
            config[field.name] = _numbered(_PLACEHOLDERS.get(field.name, "${%d:" + field.name + "}"), number)
    return config


def _authentication(kind: AuthType) -> dict[str, Any]:
    return {"type": kind.name, **({"config": config_value(kind)} if kind.fields else {})}


def _numbered(value: Any, number: int) -> Any:
    if isinstance(value, dict):
        return {key: _numbered(inner, number) for key, inner in value.items()}
    return value % number if "%d" in value else value


def snippet_text(value: Any, *, is_snippet: bool) -> str:
    """Return the JSON of a snippet's value.

    The client indents its lines. A client without snippets gets the holes filled.
    """
    text = json.dumps(value, indent=2, ensure_ascii=False)
    # A snippet needs one backslash before a closing brace. JSON has made two of it.
    text = text.replace("}\\\\}", "}\\}" if is_snippet else "}}")
    return text if is_snippet else _HOLE.sub(r"\1", text)
