"""What cannot be seen in a value is said, and nothing of the value is."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from strongroom.store.keys.passphrases import weakness
from strongroom.values.notes import notes
from strongroom.values.secret_value import SecretValue


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("\ufefftoken", "byte order mark"),
        ("t\0o\0k\0", "looks like UTF-16"),
        ("\0t\0o\0k", "looks like UTF-16"),
        ("to\0ken", "holds a null character"),
        (" token", "begins with a blank"),
        ("token ", "ends with a blank"),
        ("token\u00a0", "ends with a blank"),
        ("\ttoken", "begins with a tab"),
        ("token\n", "ends with a line break"),
        ("\r\ntoken", "begins with a line break"),
        ("\ufeff token", "begins with a blank"),
        ("to\u200bken", "cannot be seen or looks like a blank (U+200B)"),
        ("to\u00a0ken", "(U+00A0)"),
        ("to\ufeffken", "(U+FEFF)"),
        ("to\u202eken", "(U+202E)"),
        ("to\u00adken", "(U+00AD)"),
        ("to\x1bken", "(U+001B)"),
        ("to\u2028ken", "(U+2028)"),
        ("token\u200b", "(U+200B)"),
        ('"token"', "is in quotes"),
        ("'token'", "is in quotes"),
    ],
)
def test_each_invisible_thing_is_named(value: str, says: str) -> None:
    assert [note for note in notes(SecretValue(value)) if says in note]


@given(st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=20))
def test_ordinary_values_and_their_lines_get_no_note(value: str) -> None:
    assume(value[0] != value[-1])  # as quotes around it would be
    assert notes(SecretValue(value)) == []
    assert notes(SecretValue(f"{value}\n{value} {value}")) == []


@pytest.mark.parametrize(
    ("passphrase", "says"),
    [
        ("a", "it has 1 character"),
        ("aaaaaaaaaaaaaaaa", "one character again"),
        ("1234567890123", "only digits"),
        ("Password123!", "tried first"),
        ("qwertyuiop", "tried first"),
        ("asdfghjkl", "neighbouring keys"),
        ("zyxwvutsrqponm", "neighbouring keys"),
        ("Tr0ub4dor&3", "it has 11 characters"),
        ("abcabcabcabcabc", "again and again"),
    ],
)
def test_a_weak_passphrase_gets_a_reason(passphrase: str, says: str) -> None:
    assert says in (weakness(SecretValue(passphrase)) or "")


@pytest.mark.parametrize(
    "passphrase", ["correct horse battery", "vBk3)qLp9#xT2", "", "sandboxes travel quietly"]
)
def test_a_good_one_gets_none(passphrase: str) -> None:
    assert weakness(SecretValue(passphrase)) is None
