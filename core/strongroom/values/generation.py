"""New random values: characters from an alphabet, or words that can be read aloud. `secrets` is the source."""

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
"""The characters of a value. None has a quote, backslash or `&`, because values are put into headers and shells."""

WORDS: Final = "words"
"""The choice besides the alphabets: five letters a word, to be read aloud or typed from another screen."""

_CONSONANTS: Final = "bdfghjklmnprstvz"
_VOWELS: Final = "aiou"
_WORD_BITS: Final = 3 * 4 + 2 * 2


class InvalidLength(StrongroomError):  # noqa: N818 - reads as what it says
    """The length that was asked for is out of range."""


def generate(style: str, length: int) -> SecretValue:
    """A new value of `length` characters of the alphabet `style`; for `WORDS`, of that many words.

    Raises `InvalidLength`; KeyError for a style that is none.
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
    """A length that is enough for a key that nobody types: at least 96 bits."""
    return DEFAULT_WORDS if style == WORDS else DEFAULT_LENGTH


def bits(style: str, length: int) -> int:
    """Return the bits that must be guessed by somebody who knows style and length."""
    each = _WORD_BITS if style == WORDS else math.log2(len(ALPHABETS[style]))
    return int(each * length)


def _word() -> str:
    """Consonant, vowel, consonant, vowel, consonant: 16 bits, every word as likely as every other."""
    return "".join(secrets.choice(_VOWELS if i % 2 else _CONSONANTS) for i in range(5))
