"""Patterns of a test file: found as Python finds them, and stopped when they take too long."""

import re
import warnings
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.testcases import expressions, patterns

TEXT = "a" * 60 + "!"


@pytest.fixture
def brief(monkeypatch):
    monkeypatch.setattr(patterns, "SECONDS", 0.05)


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|aa)+$", r"^(\w+\s?)+$"])
def test_a_pattern_that_would_take_for_ever_is_stopped(pattern, brief):
    # Python's own search needs years. The library sees through some of them at once, and says no.
    with suppress(patterns.PatternTooSlow):
        assert not patterns.occurs(pattern, TEXT)


@pytest.mark.parametrize("function", ["match", "search"])
def test_a_pattern_in_a_path_or_comparison_is_stopped_too(function, brief):
    with pytest.raises(patterns.PatternTooSlow):
        expressions.holds(f"{function}(@.a, '(a|aa)+b.*')", {"a": "a" * 5000})
    with pytest.raises(patterns.PatternTooSlow):
        expressions.find(f"$[?{function}(@, '(a|aa)+b.*')]", ["a" * 5000])


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        ("match(@.a, 'a.c')", True),
        ("match(@.a, 'a')", False),
        ("search(@.a, 'b')", True),
        ("search(@.a, '(')", False),
        ("search(@.b, 'b')", False),
        ("match(@.l, 'a.c')", False),
        (r"match(@.l, 'a[.\n]c')", True),
    ],
)
def test_the_functions_of_the_standard_work(expression, holds):
    assert expressions.holds(expression, {"a": "abc", "l": "a\nc", "b": 1}) is holds


@given(pattern=st.from_regex(r"[ab.*+?|()\[\]^$\\d]{1,8}", fullmatch=True), text=st.text("ab1\n", max_size=8))
def test_patterns_mean_what_they_mean_in_python(pattern, text):
    try:
        with warnings.catch_warnings(action="ignore"):
            expected = re.search(pattern, text) is not None
    except re.error:
        return
    try:
        assert patterns.occurs(pattern, text) is expected
    except patterns.BadPattern:
        assert "[" in pattern  # the library reserves nested sets
