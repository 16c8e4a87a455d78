"""Which fields hold credentials, and whether what stands in them is a literal."""

import re
from collections.abc import Iterator
from typing import Final

from strongroom.document.json_values import StringValue, Value
from strongroom.document.template_parser import Node, ParsedTemplate, parse_template
from strongroom.platform.authentication import (
    AUTH_SCHEMES,
    AUTH_TYPES,
    SENSITIVE_HEADERS,
    SENSITIVE_PARAMETERS,
)
from strongroom.text.expressions import expression
from strongroom.validator.outline import Outline, Part
from strongroom.validator.rules.bare_call import BARE_CALL

_SCHEME: Final = expression(rf"\s*(?:(?:{'|'.join(AUTH_SCHEMES)})(?:\s+|$))?", re.IGNORECASE)


def credential_fields(outline: Outline) -> Iterator[tuple[Part, str, Value]]:
    """The texts and numbers of a config that must reference a secret (PLATFORM §4)."""
    kind, config = outline.auth_type, outline.config
    if kind is None or config is None or kind.data not in AUTH_TYPES:
        return
    for field in AUTH_TYPES[kind.data].fields.values():
        if field.is_credential:
            _, value = config.members.get(field.name, (None, None))
            is_sound = isinstance(value, StringValue) and not value.is_damaged
            if value is not None and (is_sound or value.kind == "number"):
                yield config, field.name, value


def parsed_template(value: StringValue) -> ParsedTemplate:
    """The template in a string, parsed once and kept with it."""
    found = value.template
    if not isinstance(found, ParsedTemplate):
        found = value.template = parse_template(value.data)
    return found


def calls_in(value: Value) -> list[Node]:
    """The calls of functions in a template."""
    return parsed_template(value).calls if isinstance(value, StringValue) else []


def is_literal(value: Value) -> bool:
    """Whether a text is not blank and takes nothing from anywhere: no call, no name, not even a broken one.

    A number is a literal too. A call that only lacks its braces is none: `bare-call` says so.
    """
    if not isinstance(value, StringValue):
        return value.kind == "number"
    if not value.data.strip() or ("get_" in value.data and BARE_CALL.search(value.data)):
        return False
    parsed = parsed_template(value)
    return parsed.problem is None and not parsed.calls and not parsed.names


SENSITIVE: Final = {"headers": SENSITIVE_HEADERS, "query_parameters": SENSITIVE_PARAMETERS}
"""The names, in lower case, of the rows of each list that carry a credential."""


def literal_credential_in_header(text: str) -> tuple[int, int] | None:
    """Where the credential stands behind a scheme such as `Bearer`; None where there is nothing behind it."""
    match = _SCHEME.match(text)
    start = match.end() if match else 0
    end = len(text.rstrip())
    return (start, end) if start < end else None
