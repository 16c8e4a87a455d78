"""Generate random values: characters of an alphabet, or pronounceable words.

The randomness is that of Python's `secrets`.
"""

import math
import secrets
import string
from collections.abc import Mapping
from typing import Final

from strongroom.errors import StrongroomError
from strongroom.values.secret_value import SecretValue

SHORTEST: Final = 8
LONGEST: Final = 1024
DEFAULT_LENGTH: Final = 40
FEWEST_WORDS: Final = 3
MOST_WORDS: Final = 64
DEFAULT_WORDS: Final = 6

ALPHABETS: Final[Mapping[str, str]] = {
    "letters and digits": string.ascii_letters + string.digits,
    "with symbols": string.ascii_letters + string.digits + "!#$%()*+,-./:;<=>?@[]^_{|}~",
    "hex": "0123456789abcdef",
    "URL-safe": string.ascii_letters + string.digits + "-_",
}
"""Each style, with the characters of its values.

None has a quote, backslash or `&`, because values are put into headers and shells.
"""

WORDS: Final = "words"
"""The choice besides the alphabets.

It has five letters a word, to be read aloud or typed from another screen.
"""

_CONSONANTS: Final = "bdfghjklmnprstvz"
_VOWELS: Final = "aiou"
_WORD_BITS: Final = 3 * 4 + 2 * 2


class InvalidLength(StrongroomError):  # noqa: N818 - a plain name for the failure
    """Refuse a length that is out of range."""


def generate(style: str, length: int) -> SecretValue:
    """Return a new value of `length` characters of the alphabet `style`.

    For `WORDS`, it has that many words. Raises `InvalidLength`; KeyError for an unknown style.
    """
    low, high = limits(style)
    if not low <= length <= high:
        unit = "words" if style == WORDS else "characters"
        raise InvalidLength(f"A value has {low} to {high:,} {unit}.")
    if style == WORDS:
        return SecretValue("-".join(_word() for _ in range(length)))
    alphabet = ALPHABETS[style]
    return SecretValue("".join(secrets.choice(alphabet) for _ in range(length)))


def limits(style: str) -> tuple[int, int]:
    """Return the smallest and the greatest length of a style."""
    return (FEWEST_WORDS, MOST_WORDS) if style == WORDS else (SHORTEST, LONGEST)


def default_length(style: str) -> int:
    """Return a length of at least 96 bits, enough for a key that is not typed."""
    return DEFAULT_WORDS if style == WORDS else DEFAULT_LENGTH


def bits(style: str, length: int) -> int:
    """Return the bits of strength against somebody who knows style and length."""
    each = _WORD_BITS if style == WORDS else math.log2(len(ALPHABETS[style]))
    return int(each * length)


def _word() -> str:
    """Return a word of five letters, consonants and vowels in turn.

    All words are equally likely. A word has 16 bits.
    """
    return "".join(secrets.choice(_VOWELS if i % 2 else _CONSONANTS) for i in range(5))
