"""Judging a passphrase that a person chose: can it be guessed by trying?"""

from typing import Final

SHORTEST: Final = 12
"""Characters. Eight random ones are tried out in days, even slowly derived; four words are longer than this."""

VARIED: Final = 6
"""Different characters that a passphrase has at least."""


def weakness(passphrase: str) -> str | None:
    """Return a sentence about a passphrase that is easily guessed, or None. It holds nothing of the passphrase."""
    if len(passphrase) < SHORTEST:
        return f"This passphrase is short: with fewer than {SHORTEST} characters it can be guessed. Use four words."
    if len(set(passphrase)) < VARIED:
        return "This passphrase repeats a few characters and can be guessed. Use four words."
    if passphrase.isdecimal() and len(passphrase) < 2 * SHORTEST:
        return "This passphrase has digits only and can be guessed. Use four words."
    return None
