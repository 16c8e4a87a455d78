import re
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.text.lines import LineIndex

TEXTS = st.text(st.sampled_from("ab\n\r\u2028\u2029\u0085\U0001f600"), max_size=40)


def test_only_the_three_line_breaks_end_a_line():
    index = LineIndex("a\u2028b\u2029c\u0085d\ne\r\nf\rg")
    assert index.line_count == 4
    assert [index.line_start(line) for line in range(4)] == [0, 8, 11, 13]
    assert [index.line_end(line) for line in range(4)] == [7, 9, 12, 14]


def test_an_empty_text_has_one_line():
    index = LineIndex("")
    assert (index.line_count, index.position(0), index.line_end(0)) == (1, (0, 0), 0)


def test_a_place_outside_the_text_is_moved_to_its_nearest_end():
    index = LineIndex("ab\ncd")
    assert index.position(99) == (1, 2)
    assert index.position(-1) == (0, 0)
    assert index.offset(0, 99) == 2
    assert index.offset(9, 0) == 5
    assert index.offset(-1, 3) == 0
    assert (index.line_start(-1), index.line_end(-1)) == (0, 2)
    assert (index.line_start(9), index.line_end(9)) == (5, 5)


@given(TEXTS)
def test_every_offset_comes_back_from_its_position(text):
    index = LineIndex(text)
    for offset in range(len(text) + 1):
        line, column = index.position(offset)
        assert index.line_start(line) + column == offset
        if offset <= index.line_end(line):
            assert index.offset(line, column) == offset


@given(TEXTS)
def test_lines_are_what_the_line_breaks_separate(text):
    index = LineIndex(text)
    lines = [text[index.line_start(n) : index.line_end(n)] for n in range(index.line_count)]
    assert lines == re.split("\r\n|\r|\n", text)


@given(TEXTS, st.floats(0, 1), st.integers(0, 4), TEXTS)
def test_after_an_edit_the_lines_are_those_of_the_new_text(text, place, length, new):
    start = round(place * len(text))
    end = min(start + length, len(text))
    edited = text[:start] + new + text[end:]
    index, fresh = LineIndex(text).edited(edited, start, end, new), LineIndex(edited)
    assert [index.line_start(n) for n in range(index.line_count)] == [
        fresh.line_start(n) for n in range(fresh.line_count)
    ]


@pytest.mark.parametrize(
    ("text", "start", "end", "new"),
    [
        ("a\rb", 2, 2, "\n"),
        ("a\nb", 1, 1, "\r"),
        ("a\r\nb", 2, 2, "x"),
        ("a\r\nb", 2, 3, ""),
        ("a\r\nb", 1, 2, "x"),
        ("a\rb\nc", 2, 3, ""),
        ("ab\nc", 1, 2, "\r"),
    ],
)
def test_an_edit_may_make_a_pair_or_take_one_apart(text, start, end, new):
    edited = text[:start] + new + text[end:]
    index, fresh = LineIndex(text).edited(edited, start, end, new), LineIndex(edited)
    assert [(index.line_start(n), index.line_end(n)) for n in range(index.line_count)] == [
        (fresh.line_start(n), fresh.line_end(n)) for n in range(fresh.line_count)
    ]


@given(TEXTS, st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3), TEXTS), max_size=6))
def test_after_one_edit_upon_another_every_place_is_that_of_the_new_text(text, edits):
    index = LineIndex(text)
    for place, length, new in edits:
        start = round(place * len(text))
        end = min(start + length, len(text))
        text = text[:start] + new + text[end:]
        index = index.edited(text, start, end, new)
    fresh = LineIndex(text)
    assert [index.position(at) for at in range(len(text) + 1)] == [
        fresh.position(at) for at in range(len(text) + 1)
    ]
    assert [index.line_end(n) for n in range(index.line_count)] == [
        fresh.line_end(n) for n in range(fresh.line_count)
    ]


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_edits_in_one_line_cost_the_same_in_a_long_text(line_break):
    text = f"a{line_break}" * 100_000
    start = text.index("a", len(text) // 2)
    index = LineIndex(text).edited(text[:start] + "b" + text[start:], start, start, "b")
    text = text[:start] + "bc" + text[start:]
    tracemalloc.start()
    try:
        index = index.edited(text, start + 1, start + 1, "c")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 10_000  # bytes; a list of the lines takes 800,000
    assert index.position(len(text)) == LineIndex(text).position(len(text))
