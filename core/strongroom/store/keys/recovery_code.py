"""Write and read a recovery code: a way in that is written on paper.

A code has six groups of five characters, such as `4W8ZN-…-Q2KDM`. The first 26 characters are 130 random
bits, the last four a checksum, so that a slip of the pen is distinguished from a code of another vault. The
alphabet has no I, L, O or U; where somebody writes one, it is read as the 1, 0 or V that it looks like.
"""

import hashlib
import os

from strongroom.store.errors import RecoveryCodeInvalid

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_CHARACTERS = 26
CHECK_CHARACTERS = 4
_LENGTH = RANDOM_CHARACTERS + CHECK_CHARACTERS
_LOOK_ALIKES = str.maketrans("ILOU", "110V")
_SEPARATORS = dict.fromkeys(map(ord, " \t\r\n-_.\u00a0\u2010\u2011\u2012\u2013\u2014\u2212"))


def new_code() -> str:
    """Return a new code, in groups."""
    number = int.from_bytes(os.urandom(17), "big")
    characters = "".join(ALPHABET[number >> 5 * place & 31] for place in range(RANDOM_CHARACTERS))
    whole = characters + _check(characters)
    return "-".join(whole[start : start + 5] for start in range(0, _LENGTH, 5))


def read_code(typed: str) -> bytes:
    """Return the secret in a code as a person typed it: its 26 characters as ASCII.

    Case, spaces and dashes do not matter. Raises `RecoveryCodeInvalid`; the message repeats nothing of what
    was typed.
    """
    code = typed.translate(_SEPARATORS).upper().translate(_LOOK_ALIKES)
    if len(code) != _LENGTH:
        raise RecoveryCodeInvalid(
            f"A recovery code has {_LENGTH} letters and digits, and this one has {len(code)}.",
            "Compare it with your copy.",
        )
    for place, character in enumerate(code):
        if character not in ALPHABET:
            raise RecoveryCodeInvalid(
                f"Character {place + 1} of the recovery code (in group {place // 5 + 1}) is not a letter or "
                "digit that codes use.",
                "Compare it with your copy.",
            )
    characters, check = code[:RANDOM_CHARACTERS], code[RANDOM_CHARACTERS:]
    if check != _check(characters):
        raise RecoveryCodeInvalid(
            "The recovery code has a typing mistake: its checksum is wrong.",
            "Compare it with your copy, group by group.",
        )
    return characters.encode("ascii")


def _check(characters: str) -> str:
    """Return four characters: the first 20 bits of a SHA-256 over the code."""
    digest = hashlib.sha256(b"strongroom recovery code" + characters.encode("ascii")).digest()
    number = int.from_bytes(digest[:3], "big") >> 4
    return "".join(ALPHABET[number >> shift & 31] for shift in (15, 10, 5, 0))
