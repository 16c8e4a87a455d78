"""Say which texts HTTP takes as the name of a header."""

from typing import Final

_SIGNS: Final = frozenset("!#$%&'*+-.^_`|~")
"""The signs of a token (RFC 9110 §5.6.2)."""


def is_header_name(text: str) -> bool:
    """Return True if a text is a token, as a header's name must be (RFC 9110 §5.1)."""
    return bool(text) and text.isascii() and all(one.isalnum() or one in _SIGNS for one in text)
