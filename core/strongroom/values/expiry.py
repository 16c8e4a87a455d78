"""Compute the days until a secret expires."""

from datetime import date
from typing import Final

from strongroom.text.phrases import counted

SOON_DAYS: Final = 14
"""An expiry that is this near, or past, needs attention."""


def days_left(expires: str, today: date) -> int | None:
    """Return the days until `expires`, an ISO 8601 date or time.

    Negative if it is past, None if it is not a date.
    """
    try:
        return (date.fromisoformat(expires[:10]) - today).days
    except ValueError:
        return None


def is_near(expires: str, today: date) -> bool:
    """Return True if the date is past or at most `SOON_DAYS` away."""
    left = days_left(expires, today)
    return left is not None and left <= SOON_DAYS


def expiry_words(expires: str, today: date, *, short: bool = False) -> str:
    """Return the time to expiry ("expired", "today", "in 90 days"); "" without a date.

    If `short`, it is "in 90 d".
    """
    left = days_left(expires, today)
    if left is None:
        return ""
    if left < 0:
        return "expired"
    if left == 0:
        return "today"
    return f"in {left} d" if short else f"in {counted(left, 'day')}"
