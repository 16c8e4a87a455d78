"""Values that are made up: their alphabet, their length, what they are worth."""

import re

import pytest

from strongroom.values import generation
from strongroom.values.generation import (
    ALPHABETS,
    WORDS,
    InvalidLength,
    bits,
    default_length,
    generate,
    limits,
)

STYLES = [*ALPHABETS, WORDS]


@pytest.mark.parametrize("style", list(ALPHABETS))
def test_a_value_has_the_length_and_only_characters_of_its_alphabet(style: str) -> None:
    text = generate(style, 500).reveal()
    assert len(text) == 500
    assert set(text) <= set(ALPHABETS[style])
    assert not set(text) & set("\"'\\&` \n")


def test_words_can_be_read_aloud() -> None:
    assert re.fullmatch(r"(?:[a-z]{5}-){5}[a-z]{5}", generate(WORDS, 6).reveal())


@pytest.mark.parametrize("style", STYLES)
def test_two_values_differ_and_the_usual_length_is_worth_96_bits(style: str) -> None:
    length = default_length(style)
    assert generate(style, length) != generate(style, length)
    assert bits(style, length) >= 96


@pytest.mark.parametrize("style", STYLES)
def test_a_length_out_of_range_is_refused_with_the_range(style: str) -> None:
    low, high = limits(style)
    for length in (low - 1, high + 1):
        with pytest.raises(InvalidLength, match=rf"{low} to {high:,}"):
            generate(style, length)


def test_every_character_can_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generation.secrets, "choice", lambda among: among[-1])
    assert generate("hex", 8).reveal() == "f" * 8
    assert generate(WORDS, 3).reveal() == "zuzuz-zuzuz-zuzuz"
