"""Read a body as text for masking, and write it back as the same bytes."""

import codecs
import re
from collections.abc import Iterator
from typing import Final

from strongroom.values.secret_value import MASK

_PLAIN: Final = re.compile(
    r"utf-?8.*|us-ascii|ascii|iso-?8859.*|latin.*|windows-?.*|cp\d+|utf-?(?:16|32).*|koi8.*|mac.*"
    r"|gb.*|big5.*|shift.?jis.*|euc.*"
)
"""The charsets of texts.

Python has codecs that are not for text, such as one that undoes escapes.
"""

BYTES: Final = "latin-1"
"""The charset with every byte as one character, for bytes that are not text."""


def charsets_of(data: bytes, named: str) -> Iterator[str]:
    """Return the charsets in which a body reads without an error, the likeliest first.

    The last one is `BYTES`.
    """
    for charset in (*_wide_charsets(data), named if _PLAIN.fullmatch(named) else "utf-8", "utf-8"):
        try:
            data.decode(charset)
        except (ValueError, LookupError):
            continue
        yield charset
    yield BYTES


def _wide_charsets(data: bytes) -> tuple[str, ...]:
    """Return the UTF-16 or UTF-32 charset that the bytes of a body look like.

    The charset that the response names does not count.
    """
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return ("utf-32",)
    beginning = data[:4096]
    if beginning.count(0) * 3 < len(beginning):
        return ()
    return ("utf-16-le",) if beginning[1::2].count(0) > beginning[::2].count(0) else ("utf-16-be",)


def mask_in(charset: str) -> str:
    """Return the mask in the characters of a charset, else as asterisks."""
    try:
        MASK.encode(charset)
    except UnicodeEncodeError:
        return "*" * len(MASK)
    return MASK


_CONTROL: Final = re.compile(r"[\0-\x08\x0e-\x1a\x1c-\x1f]")


def is_text(data: bytes, named: str) -> bool:
    """Return True if masking can look into a body, because the body is text.

    Odd bytes are allowed, control characters are not.
    """
    text = data.decode(next(charsets_of(data, named)))
    return _CONTROL.search(text) is None
