"""The date on which a secret expires, in words."""

from datetime import date

import pytest

from strongroom.values.expiry import days_left, expiry_words, is_near

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("expires", "words", "short", "near"),
    [
        ("2026-11-22", "expired", "expired", True),
        ("2026-11-23", "today", "today", True),
        ("2026-11-24", "in 1 day", "in 1 d", True),
        ("2026-12-07", "in 14 days", "in 14 d", True),
        ("2026-12-08", "in 15 days", "in 15 d", False),
        ("2026-12-08T10:00:00Z", "in 15 days", "in 15 d", False),
        ("", "", "", False),
        ("soon", "", "", False),
    ],
)
def test_an_expiry_has_words_and_is_near_or_not(expires: str, words: str, short: str, near: bool) -> None:
    assert expiry_words(expires, TODAY) == words
    assert expiry_words(expires, TODAY, short=True) == short
    assert is_near(expires, TODAY) is near


def test_days_are_counted_from_today() -> None:
    assert days_left("2026-11-22", TODAY) == -1
    assert days_left("2026-02-30", TODAY) is None
