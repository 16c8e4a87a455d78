"""Saving a value that cannot be masked well says so."""

import pytest

from strongroom.values.common import how_well_masked


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("ab", "fewer than 4 characters"),
        ("test", "like a common word"),
        ("Password", "like a common word"),
        ("demo\n", "like a common word"),
        ("hunter2", "fewer than 8 characters"),
        ("1234567", "fewer than 8 characters"),
    ],
)
def test_a_value_that_cannot_be_masked_well_is_told(value: str, why: str) -> None:
    told = how_well_masked(value)
    assert told is not None
    assert why in told
    assert value.strip() not in told or value == "ab"


@pytest.mark.parametrize("value", ["", "sk_live_51Hc9Zp0", "12345678", "qwertzuiop", "p@ss/w0rd"])
def test_a_good_value_is_not(value: str) -> None:
    assert how_well_masked(value) is None
