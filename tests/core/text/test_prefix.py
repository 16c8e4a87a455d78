"""The common beginning of two texts or lists."""

from itertools import takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.text.prefix import common_prefix


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("", "a", 0), ("a", "b", 0), ("ab", "ac", 1), ("abc", "abd", 2), ("ab", "abc", 2), ("abc", "abc", 3)],
)
def test_the_equal_characters_at_the_beginning_are_counted(one: str, other: str, count: int) -> None:
    assert common_prefix(one, other) == count
    assert common_prefix(other, one) == count


@given(st.lists(st.booleans()), st.lists(st.booleans()))
def test_the_search_counts_what_a_walk_counts(one: list[bool], other: list[bool]) -> None:
    walked = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    assert common_prefix(one, other) == len(list(walked))
