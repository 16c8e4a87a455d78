"""Check a form's fields while a person types.

The words are the platform's own (PLATFORM §1).
"""

import re
from calendar import monthrange
from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from strongroom.platform.naming import DUPLICATE_NAME, EMPTY_VALUE, INVALID_NAME, why_invalid


def name_problem(name: str, taken: Collection[str]) -> str:
    """Return why the platform would refuse this name, or ""."""
    reason = why_invalid(name)
    if reason:
        return f"{INVALID_NAME} - {reason}"
    if name in taken:
        return f"{DUPLICATE_NAME} - edit it or choose another name"
    return ""


def value_problem(is_empty: bool) -> str:
    """Return why the platform would refuse this value, or ""."""
    return f"{EMPTY_VALUE} - a value cannot be empty" if is_empty else ""


_DISTANCE: Final = re.compile(r"\+?(\d{1,4}) ?(d|w|m|y)(?:ays?|eeks?|onths?|ears?)?", re.IGNORECASE)


def read_expiry(text: str, today: date) -> str | None:
    """Return the date that `text` means, as YYYY-MM-DD, or None for other text.

    A date is 2027-03-31 or a distance from `today` ("90d", "2 weeks", "6m", "1y"). "" means no date, and is
    returned as it is.
    """
    text = text.strip()
    if not text:
        return ""
    if found := _DISTANCE.fullmatch(text):
        return _after(today, int(found[1]), found[2].lower())
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _after(today: date, number: int, unit: str) -> str | None:
    try:
        if unit in "dw":
            return (today + timedelta(days=number * (7 if unit == "w" else 1))).isoformat()
        months = today.year * 12 + today.month - 1 + number * (12 if unit == "y" else 1)
        year, month = divmod(months, 12)
        return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1])).isoformat()
    except (ValueError, OverflowError):
        return None


def expires_problem(text: str, today: date) -> str:
    """Return the mistake in an expiry date, or "". No date is valid."""
    return "" if read_expiry(text, today) is not None else "Not a date - write it as 2027-03-31, or as 90d"
