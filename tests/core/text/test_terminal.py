"""Text that is shown cannot steer a terminal, hide or change its order, whatever it holds."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.text.terminal import is_safe, visible

REPLACED = {
    "right-to-left override": "\u202e",
    "left-to-right isolate": "\u2066",
    "Arabic letter mark": "\u061c",
    "soft hyphen": "\u00ad",
    "zero width space": "\u200b",
    "zero width joiner": "\u200d",
    "byte order mark": "\ufeff",
    "tag": "\U000e0041",
    "language tag": "\U000e0001",
    "line separator": "\u2028",
    "next line (C1)": "\u0085",
    "control sequence introducer (C1)": "\u009b",
    "lone surrogate": "\ud800",
    "private use": "\ue000",
    "private use of plane 16": "\U0010fffd",
    "unassigned": "\u0378",
    "noncharacter": "\uffff",
    "space of an unusual width": "\u2003",
}
KEPT = {
    "letter": "é",
    "wide letter": "語",
    "emoji": "👍",
    "combining accent": "\u0301",
    "emoji style": "\ufe0f",
    "no-break space": "\u00a0",
    "ideographic space": "\u3000",
}


@pytest.mark.parametrize("character", REPLACED.values(), ids=REPLACED)
def test_what_hides_or_reorders_text_is_replaced(character: str) -> None:
    assert visible(f"a{character}b") == "a\ufffdb"


@pytest.mark.parametrize("character", KEPT.values(), ids=KEPT)
def test_what_a_terminal_shows_as_itself_is_kept(character: str) -> None:
    assert visible(f"a{character}b") == f"a{character}b"


@pytest.mark.parametrize(
    ("control", "picture"),
    [("\x00", "␀"), ("\t", "␉"), ("\n", "␊"), ("\r", "␍"), ("\x1b", "␛"), ("\x7f", "␡")],
)
def test_a_control_character_becomes_its_picture(control: str, picture: str) -> None:
    assert visible(control) == picture


def test_every_code_point_becomes_one_that_is_safe() -> None:
    unsafe = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        shown = visible(character)
        assert len(shown) == 1
        assert unicodedata.category(shown) not in unsafe, hex(code)
        assert (shown == character) is is_safe(character)


@given(st.text())
def test_visible_text_has_as_many_characters_and_stays_as_it_is(text: str) -> None:
    shown = visible(text)
    assert len(shown) == len(text)
    assert visible(shown) == shown
