"""Name the fields that hold credentials, and tell literals in them from other texts."""

import re
from collections.abc import Iterator
from typing import Final

from strongroom.platform.authentication import (
    AUTH_SCHEMES,
    PLACEHOLDERS,
    SENSITIVE_HEADERS,
    SENSITIVE_PARAMETERS,
)
from strongroom.text.expressions import expression
from strongroom.validator.parts import Authentication, Part
from strongroom.validator.plain import kind_of, sound_text
from strongroom.validator.rule import Context
from strongroom.validator.rules.bare_call import BARE_CALL

_SCHEME: Final = expression(rf"\s*(?:(?:{'|'.join(AUTH_SCHEMES)})(?:\s+|$))?", re.IGNORECASE)


def credential_fields(authentication: Authentication) -> Iterator[tuple[Part, str, object]]:
    """Yield the texts and numbers of a config that must reference a secret.

    The source of these fields is PLATFORM §4.
    """
    known, config = authentication.known, authentication.config
    if known is None or config is None:
        return
    for field in known.fields.values():
        if field.is_credential:
            value = config.data.get(field.name)
            if sound_text(value) is not None or kind_of(value) == "number":
                yield config, field.name, value


def is_literal(value: object, context: Context) -> bool:
    """Return True if a text is not blank and takes nothing from outside.

    It has no call and no name, not even a broken one. A number is a literal too. A call without its braces is not a
    literal: `bare-call` reports it.
    """
    text = sound_text(value)
    if text is None:
        return kind_of(value) == "number"
    if not text.strip() or ("get_" in text and BARE_CALL.search(text)):
        return False
    parsed = context.parsed(text)
    return parsed.problem is None and not parsed.calls and not parsed.names


_PLACEHOLDER: Final = expression(
    r"<[^<>]*>|\$?\{[^{}]*\}|\[[^\[\]]*\]|[x*.•]{3,}"
    r"|your(?:[-_ ][a-z]+)+|your(?:api|access|secret|client)?(?:key|token|secret|id)",
    re.IGNORECASE,
)
_EMPTY_BASIC: Final = "Og=="
"""An empty user and an empty password, as HTTP's Basic scheme writes them (RFC 7617)."""


def is_placeholder(text: str) -> bool:
    """Return True if a text only holds the place of a credential, such as `anonymous` or `YOUR_API_KEY`."""
    bare = text.strip()
    return bare.lower() in PLACEHOLDERS or bare == _EMPTY_BASIC or _PLACEHOLDER.fullmatch(bare) is not None


SENSITIVE: Final = {"headers": SENSITIVE_HEADERS, "query_parameters": SENSITIVE_PARAMETERS}
"""The names, in lower case, of the rows of each list that carry a credential."""


def literal_credential_in_header(text: str) -> tuple[int, int] | None:
    """Return the place of the credential behind a scheme such as `Bearer`.

    Return None if nothing is behind the scheme.
    """
    match = _SCHEME.match(text)
    start = match.end() if match else 0
    end = len(text.rstrip())
    return (start, end) if start < end else None
