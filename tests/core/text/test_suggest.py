"""Near names, and the sentence that offers them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from strongroom.text.suggest import (
    ask_if_meant,
    did_you_mean,
    differences,
    distance,
    is_case_slip,
    is_slip,
    nearest,
)


@pytest.mark.parametrize(
    ("name", "candidates", "near"),
    [
        ("API_KEY", ["api_key", "api_kez"], ("api_key",)),
        ("apiKey", ["api_key"], ("api_key",)),
        ("api-key", ["api_key"], ("api_key",)),
        ("a.pi k-ey", ["api_key"], ("api_key",)),
        ("Api-Key", ["apikey", "api_key", "api-key"], ("api-key", "api_key", "apikey")),
        ("API_KEY", ["APIKEY", "Api_Key"], ("Api_Key", "APIKEY")),
        ("AB", ["ac", "ab"], ("ab",)),
        ("abc", ["abd"], ("abd",)),
        ("abc", ["aed"], ()),
        ("abcdefgh", ["abcdefxy"], ("abcdefxy",)),
        ("abcdefgh", ["abcdexyz"], ()),
        ("abcdefghijklmnop", ["abcdefghijklmxyz"], ("abcdefghijklmxyz",)),
        ("abcdefghijklmnop", ["abcdefghijklwxyz"], ()),
        ("abcdefgh", ["abcdefghij"], ("abcdefghij",)),
        ("abcdefgh", ["abcdefghijk"], ()),
        ("api_kye", ["api_key", "client_secret"], ("api_key",)),
        ("api_ke", ["api_key", "api_kex"], ("api_kex", "api_key")),
        ("ab", ["ac"], ()),
        ("weather", ["client_secret"], ()),
        ("api_key", ["api_key"], ()),
        ("", ["a"], ()),
    ],
)
def test_near_names_are_few_and_nearest_first(name, candidates, near):
    assert nearest(name, candidates) == near


@given(st.text("ab_"), st.text("ab_"), st.integers(0, 3))
def test_the_distance_is_the_one_of_rapidfuzz_up_to_the_limit(one: str, other: str, limit: int) -> None:
    assert distance(one, other, limit) == OSA.distance(one, other, score_cutoff=limit)


def test_of_many_names_the_same_ones_are_near() -> None:
    few = ["name12", "name123", "name124", "name132", "name1203", "name1204"]
    assert nearest("name123", few) == ("name12", "name1203", "name124", "name132")
    many = [*few, *(f"far{number:04}" for number in range(9_999))]
    assert nearest("name123", many) == nearest("name123", few)


@pytest.mark.parametrize(
    ("name", "other", "slip", "case_slip"),
    [
        ("api_key", "api_key", False, False),
        ("API_key", "api_key", True, True),
        ("api-key", "api_key", True, False),
        ("api_key2", "api_key", False, False),
    ],
)
def test_a_slip_is_one_of_case_or_separators(name: str, other: str, slip: bool, case_slip: bool) -> None:
    assert (is_slip(name, other), is_case_slip(name, other)) == (slip, case_slip)


def test_up_to_three_near_names_are_offered() -> None:
    assert ask_if_meant(["a", "b", "c", "d"]) == "Did you mean `a` or `b` or `c`?"
    assert ask_if_meant([]) == ""


@pytest.mark.parametrize(
    ("name", "known", "way_out"),
    [
        ("stagng", ["staging", "production"], 'Did you mean "staging"?'),
        ("api_ke", ["api_key", "api_kex"], 'Did you mean "api_kex" or "api_key"?'),
        ("weather", ["staging", "production"], "There are: production, staging."),
        ("weather", [], ""),
        ("weather", [f"name_{number}" for number in range(21)], ""),
        ("weather", [*"tsrqponmlkjihgfedcba"], f"There are: {', '.join('abcdefghijklmnopqrst')}."),
    ],
)
def test_the_way_out_names_the_near_ones_or_all_if_they_are_few(
    name: str, known: list[str], way_out: str
) -> None:
    assert did_you_mean(name, known) == way_out


@pytest.mark.parametrize(
    ("name", "near", "marked"),
    [
        ("wether_key", "weather_key", ("wether_key", "we[a]ther_key")),
        ("api_keyy", "api_key", ("api_key[y]", "api_key")),
        ("Api_key", "api_key", ("[A]pi_key", "[a]pi_key")),
        ("api_kye", "api_key", ("api_ky[e]", "api_k[e]y")),
        ("same", "same", ("same", "same")),
    ],
)
def test_the_characters_that_differ_are_marked_in_both_names(name, near, marked):
    shown = tuple(
        "".join(f"[{one}]" if mark else one for one, mark in zip(text, marks, strict=True))
        for text, marks in zip((name, near), differences(name, near), strict=True)
    )
    assert shown == marked
