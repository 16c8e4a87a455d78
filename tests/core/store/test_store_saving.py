"""What may be saved, at the limits, and the sentence for what may not."""

import pytest

from strongroom.errors import StrongroomError
from strongroom.store.rows import saving
from strongroom.values.secret_value import SecretValue

SHORTEN = "Shorten it."
UNSHOWN = "The community's name holds a character that cannot be shown."
IN_NAMES = "Use letters, digits and underscores, not starting with a digit, such as api_key."


@pytest.mark.parametrize(
    ("check", "refused", "message", "way_out"),
    [
        (saving.check_name, "a" * 256, "The name has 256 characters, and 255 is the most.", SHORTEN),
        (saving.check_name, "", "Invalid secret name: the name ", IN_NAMES),
        (saving.check_name, "-" * 61, f"Invalid secret name: {'-' * 60!r} ", IN_NAMES),
        (saving.check_note, "n" * 10_001, "The note has 10,001 characters, and 10,000 is the most.", SHORTEN),
        (saving.check_note, "a\x1fb", "The note holds a control character.", "Take it out."),
        (saving.check_note, "a\ud800", "The note holds a control character.", "Take it out."),
        (saving.check_expiry, "2027-02-29", "'2027-02-29' is not a date.", "such as 2027-03-31."),
        (saving.check_expiry, "20270331", "'20270331' is not a date.", "such as 2027-03-31."),
        (saving.check_expiry, "x" * 41, f"{'x' * 40!r} is not a date.", "such as 2027-03-31."),
        (saving.clean_community, " ", "A community needs a name.", "Give it one, such as production."),
        (saving.clean_community, "c" * 101, "The community's name has 101 characters, and 100 is the most.", SHORTEN),
        (saving.clean_community, "a\x7fb", UNSHOWN, "Take it out."),
        (saving.clean_community, "a\udc00", UNSHOWN, "Take it out."),
    ],
)  # fmt: skip
def test_what_may_not_be_saved_is_refused_with_the_way_out(check, refused, message, way_out):
    with pytest.raises(StrongroomError) as caught:
        check(refused)
    assert caught.value.message.startswith(message)
    assert caught.value.way_out.endswith(way_out)


@pytest.mark.parametrize(
    ("check", "accepted"),
    [
        (saving.check_name, "a" * 255),
        (saving.check_note, "n" * 9_995 + "\n\r\t \x7f"),
        (saving.check_expiry, ""),
        (saving.check_expiry, "2028-02-29"),
    ],
    ids=["name", "note", "no date", "date"],
)
def test_what_is_just_within_the_limits_is_accepted(check, accepted):
    check(accepted)


def test_a_value_is_kept_to_the_last_character_and_byte():
    longest = SecretValue("\u00e9" * (1 << 19))
    assert saving.value_bytes(longest) == longest.reveal().encode()
    assert saving.value_bytes(SecretValue("a\ud800")) == b"a\xed\xa0\x80"
    assert saving.clean_community(f"  {'c' * 100} ") == "c" * 100


def test_a_note_and_a_date_are_checked_only_where_they_are_to_be_saved():
    saving.check_details(None, None)
    for details in (("a\x00", None), (None, "soon")):
        with pytest.raises(StrongroomError):
            saving.check_details(*details)
