"""Edits of a text: many rounds of them as one list."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from strongroom.text.edits import Edit, JoinedEdits, apply_edits


@st.composite
def rounds(draw):
    """A text, and several lists of edits, each of the text that the one before gives."""
    first = text = draw(st.text("ab\n", max_size=12))
    made = []
    for _ in range(draw(st.integers(0, 4))):
        places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
        pairs = zip(places[::2], places[1::2], strict=False)
        edits = [Edit(start, end, draw(st.text("XY", max_size=3))) for start, end in pairs]
        made.append(edits)
        text = apply_edits(text, edits)
    return first, made, text


@given(rounds())
def test_edits_that_follow_one_another_are_one_list_of_edits_of_the_first_text(made):
    first, lists, last = made
    joined = JoinedEdits(len(first))
    for edits in lists:
        joined.add(edits)
    found = joined.edits(last)
    assert apply_edits(first, found) == last
    assert all(one.end < other.start for one, other in itertools.pairwise(found))


def test_edits_are_applied_by_their_place_and_not_by_their_order():
    edits = [Edit(6, 11, "you"), Edit(0, 0, ">"), Edit(1, 5, "i"), Edit(11, 11, "!")]
    assert apply_edits("hello world", edits) == ">hi you!"
    assert apply_edits("text", []) == "text"
