"""Slugs: the nearest one to any text, and the one that a name certainly gets."""

import pytest

from strongroom.text.slugs import certain_slug, slug


@pytest.mark.parametrize(
    ("text", "nearest"),
    [("Weather API 2", "weather-api-2"), ("__a--b__", "a-b"), ("Zürich", "z-rich"), ("…", ""), ("", "")],
)
def test_a_slug_is_the_lowercase_words_with_hyphens(text: str, nearest: str) -> None:
    assert slug(text) == nearest


@pytest.mark.parametrize(
    ("name", "permalink"),
    [
        ("Weather API 2", "weather-api-2"),
        ("  a - b  ", "a-b"),
        ("a_b", ""),
        ("Zürich", ""),
        ("a.b", ""),
        ("-a", ""),
        ("", ""),
    ],
)
def test_a_name_that_methods_read_in_several_ways_has_no_certain_slug(name: str, permalink: str) -> None:
    assert certain_slug(name) == permalink
