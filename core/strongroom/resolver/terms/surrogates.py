"""Halves of surrogate pairs: the escapes of JSON may hold one alone, and no text that is sent can."""

import re
from typing import Final

_HALF: Final = re.compile("[\ud800-\udfff]")


def has_half(text: str) -> bool:
    """Whether a half of a surrogate pair stands alone in the text."""
    return not text.isascii() and _HALF.search(text) is not None


def encodable(text: str) -> str:
    """The text as it is sent: U+FFFD in place of each half, as browsers have it (WHATWG Infra §4.6)."""
    return text if text.isascii() else _HALF.sub("\ufffd", text)
