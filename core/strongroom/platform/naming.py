"""Check names of secrets and variables as the platform does (PLATFORM §1)."""

import re
from typing import Final

from strongroom.text.expressions import expression

NAME_PATTERN: Final = expression(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
"""The form of a valid identifier.

It has ASCII letters, digits and underscores, and does not start with a digit. Case-sensitive.
"""

INVALID_NAME: Final = "Invalid secret name"
EMPTY_VALUE: Final = "Empty secret value"
DUPLICATE_NAME: Final = "Duplicate secret name"


def is_valid_name(name: str) -> bool:
    """Return True if the platform would accept `name` on save."""
    return NAME_PATTERN.fullmatch(name) is not None


_WORDS: Final = {"-": "a hyphen", " ": "a space", ".": "a dot", "\t": "a tab", "\n": "a line break"}


def why_invalid(name: str) -> str:
    """Return the first reason to refuse `name` ("contains a hyphen"), or ""."""
    if is_valid_name(name):
        return ""
    if not name:
        return "is empty"
    if name[0].isascii() and name[0].isdigit():
        return "starts with a digit"
    bad = next(c for c in name if not (c.isascii() and (c.isalnum() or c == "_")))
    return (
        f"contains {_WORDS.get(bad, repr(bad) if bad.isprintable() else 'a character that cannot be shown')}"
    )


NAME_HINT: Final = "Say service and purpose: weather_api_key"
"""The platform's advice on names (PLATFORM §1, from the seed page). It is a hint, and never a finding."""

_GENERAL: Final = frozenset(
    {
        *(
            "a",
            "access",
            "api",
            "app",
            "auth",
            "bearer",
            "client",
            "code",
            "connector",
            "credential",
            "default",
        ),
        *(
            "dev",
            "external",
            "id",
            "integration",
            "key",
            "login",
            "main",
            "my",
            "new",
            "old",
            "pass",
            "password",
        ),
        *(
            "private",
            "prod",
            "production",
            "public",
            "pwd",
            "secret",
            "service",
            "staging",
            "test",
            "the",
            "token",
        ),
        *("user", "username", "value", "webhook"),
    }
)
"""Words that name no service."""

_WORD: Final = expression(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def is_vague(name: str) -> bool:
    """Return True if a valid name does not say both a service and a purpose.

    Such a name is a single word, or consists of general words (`api_key`, `client_secret_2`).
    """
    words = [word.lower() for word in _WORD.findall(name)]
    return len(words) < 2 or _GENERAL.issuperset(words)
