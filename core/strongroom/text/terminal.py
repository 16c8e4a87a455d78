"""Make text safe for a terminal.

Safe text cannot steer a terminal, hide a part of itself or change its own order. Names, values, responses and files
come from elsewhere. Every face shows text from them through `visible`.
"""

from typing import Final

_SPACES: Final = frozenset("\u00a0\u2007\u2009\u202f\u3000")
"""Spaces of other widths.

Python does not count them as printable, and a terminal shows them as spaces.
"""


def is_safe(character: str) -> bool:
    """Return True if a terminal shows this character as itself.

    False for control and format characters, separators of lines, surrogates, private use and unassigned code points.
    """
    return character.isprintable() or character in _SPACES


def visible(text: str) -> str:
    """Return `text` on one line, with visible characters for unsafe ones.

    A control character becomes its picture (U+2400 and on), and any other unsafe one becomes U+FFFD. The
    result has as many characters as `text`, so that offsets stay the same.
    """
    if text.isprintable():
        return text
    return "".join(character if is_safe(character) else _picture(character) for character in text)


def _picture(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else "\N{REPLACEMENT CHARACTER}"
