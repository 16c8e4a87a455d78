"""Write numbers and lists for sentences."""

from collections.abc import Sequence


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: "1 file", "1,200 files".

    `plural` is for a noun that takes more than an s.
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def joined(parts: Sequence[str], conjunction: str = "and") -> str:
    """Return a list as a sentence has it: "", "a", "a and b", "a, b and c"."""
    return f" {conjunction} ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))
