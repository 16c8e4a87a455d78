"""Recognise words and numbers, which look like an API's own text."""

from typing import Final

LONGEST_WORD: Final = 8
"""The longest value of letters alone that is masked only as a whole word.

Such values may be words of the API's own.
"""

SHORTEST_PART: Final = 8
"""The number of characters of a longer value that give it away.

Such a part is masked everywhere.
"""

SHORTEST: Final = 4
"""The length below which values are masked only if they are alone.

Because every text holds such short values.
"""


def is_common_word(value: str) -> bool:
    """Return True for letters alone, of a length that words have."""
    return len(value) <= LONGEST_WORD and value.isalpha()


def how_well_masked(value: str) -> str | None:
    """Return a sentence on why a value cannot be masked well; None for a good one."""
    value = value.strip()
    if not value:
        return None
    if len(value) < SHORTEST:
        why = (
            f"A value of fewer than {SHORTEST} characters",
            "it is hidden only where it is a word of its own",
        )
    elif is_common_word(value):
        why = (
            "A value like a common word",
            "it is hidden only as a whole word, and the mask tells which word it was",
        )
    elif len(value) < SHORTEST_PART:
        why = f"A value of fewer than {SHORTEST_PART} characters", "a part of it is shown"
    else:
        return None
    return f"{why[0]} cannot be masked well: where an API sends it back, {why[1]}. A long random value is better."
