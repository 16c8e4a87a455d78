"""What the form says while one types, in the platform's own words (PLATFORM §1)."""

from collections.abc import Collection
from datetime import date

from strongroom.platform.naming import DUPLICATE_NAME, EMPTY_VALUE, INVALID_NAME, why_invalid


def name_problem(name: str, taken: Collection[str]) -> str:
    """Why the platform would refuse this name, or ""."""
    reason = why_invalid(name)
    if reason:
        return f"{INVALID_NAME} - {reason}"
    if name in taken:
        return f"{DUPLICATE_NAME} - edit it or choose another name"
    return ""


def value_problem(is_empty: bool) -> str:
    """Why the platform would refuse this value, or ""."""
    return f"{EMPTY_VALUE} - a value cannot be empty" if is_empty else ""


def expires_problem(text: str) -> str:
    """What is wrong with an expiry date, or "". No date is fine."""
    if not text:
        return ""
    try:
        date.fromisoformat(text)
    except ValueError:
        return "Not a date - write it as 2027-03-31"
    return ""
