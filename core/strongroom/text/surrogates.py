"""Find and replace halves of surrogate pairs.

An escape in JSON may be half of a pair. A text that is sent or stored cannot have one.
"""

import re
from typing import Final

_HALF: Final = re.compile("[\ud800-\udfff]")


def has_half(text: str) -> bool:
    """Return True if a half of a surrogate pair is alone in the text."""
    return not text.isascii() and _HALF.search(text) is not None


def encodable(text: str) -> str:
    """Return the text as it is sent: U+FFFD in place of each half.

    Browsers do the same (WHATWG Infra §4.6).
    """
    return text if text.isascii() else _HALF.sub("\ufffd", text)
