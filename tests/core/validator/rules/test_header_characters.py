"""Test the rule header-characters."""

import pytest

from core.validator.connector_texts import connector, fixed, header_row


@pytest.mark.parametrize("key", ["X-A:", " X-A", "X-A : "])
def test_blanks_and_a_colon_around_a_name_are_removed(check, key):
    assert fixed(header_row(f"«header-characters:{key}»", "1"), check) == header_row("X-A", "1")


@pytest.mark.parametrize("key", ["X A", "Überschrift", "a(b)", "a/b", "a\\tb"])
def test_other_characters_of_a_name_are_flagged_without_a_fix(check, key):
    (finding,) = check(header_row(f"«header-characters:{key}»", "1"))
    assert finding.fixes == ()


def test_a_line_break_within_a_value_is_flagged(check):
    check(header_row("X-A", "«header-characters:a\\nb»"))


@pytest.mark.parametrize(("key", "value"), [("X-A_b.c~!#$%&'*+^`|", "a\\n"), ("X-A", "{{ user.id }}\\nb")])
def test_other_rows_are_silent(check, key, value):
    check(header_row(key, value))


def test_names_of_query_parameters_are_free(check):
    check(connector('"query_parameters": [{"key": "a b:", "value": "1\\n2"}]'))
