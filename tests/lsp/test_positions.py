"""Positions: the client's code units to the core's code points and back, in every encoding."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lsprotocol import types

from strongroom.text.lines import LineIndex
from strongroom_lsp.protocol.positions import (
    UTF8,
    UTF16,
    UTF32,
    Positions,
    code_points,
    units,
)

CODECS = {UTF8: ("utf-8", 1), UTF16: ("utf-16-le", 2), UTF32: ("utf-32-le", 4)}

texts = st.text(
    alphabet=st.sampled_from('ab"\r\n\t\u2028\u2029\u0085é漢🙂👩‍💻') | st.characters(codec="utf-8")
)

ENCODINGS = (UTF8, UTF16, UTF32)


def size(text, encoding):
    codec, width = CODECS[encoding]
    return len(text.encode(codec)) // width


def positions(text, encoding):
    return Positions(text, LineIndex(text), encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=texts)
@example(text="a🙂b\r\n\u2028x\ry\n")
def test_every_offset_survives_the_way_there_and_back(text, encoding):
    converted = positions(text, encoding)
    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] == "\r\n":
            continue  # between the two halves of a line break there is no place
        assert converted.offset(*converted.position(offset)) == offset


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=texts)
def test_columns_are_what_python_says_they_are(text, encoding):
    converted = positions(text, encoding)
    for offset in range(len(text) + 1):
        line, column = converted.position(offset)
        start = LineIndex(text).line_start(line)
        assert column == size(text[start:offset], encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=texts, offsets=st.lists(st.integers(0, 60), max_size=8))
def test_the_order_of_the_questions_does_not_change_the_answers(text, encoding, offsets):
    kept = positions(text, encoding)
    for offset in (min(offset, len(text)) for offset in offsets):
        assert kept.position(offset) == positions(text, encoding).position(offset)


@pytest.mark.parametrize(
    ("encoding", "character", "expected"),
    [(UTF8, 1, 0), (UTF8, 3, 0), (UTF8, 4, 1), (UTF16, 1, 0), (UTF16, 2, 1), (UTF32, 1, 1), (UTF16, 99, 2)],
)
def test_a_place_inside_a_character_is_the_place_before_it(encoding, character, expected):
    assert positions("🙂b", encoding).offset(0, character) == expected


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    ("place", "offset"),
    [((-1, 5), 0), ((0, -3), 0), ((0, 999), 1), ((1, 999), 4), ((9, 0), 4), ((2**40, 2**40), 4)],
)
def test_places_outside_the_text_are_moved_inside(encoding, place, offset):
    assert positions("é\r\nx", encoding).offset(*place) == offset


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_separators_that_json_strings_may_hold_end_no_line(encoding):
    text = '"a\u2028b\u2029c\u0085d"\r"e"'
    assert positions(text, encoding).position(text.index("d"))[0] == 0
    assert positions(text, encoding).position(text.index("e"))[0] == 1


def test_a_lone_surrogate_counts_as_one_utf16_unit():
    assert units("\ud83dx", UTF16) == 2
    assert code_points("\ud83d\ude00x", 2, UTF16) == 2
    assert positions("\ud83dx", UTF8).position(2) == (0, 4)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_question_about_a_place_before_the_last_one_is_answered_alike(encoding):
    text = "é🙂é🙂x\n🙂é🙂x"
    kept = positions(text, encoding)
    for offset in (4, 1, 8, 6, 7, 2):
        assert kept.position(offset) == positions(text, encoding).position(offset)


def test_a_range_has_the_line_and_the_column_of_both_ends():
    assert positions("🙂a\nb🙂c", UTF16).range(1, 5) == types.Range(
        types.Position(0, 2), types.Position(1, 3)
    )
