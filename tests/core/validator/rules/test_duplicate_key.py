"""Test the rule duplicate-key."""

import pytest

from core.validator.connector_texts import connector, mended


def test_a_key_stands_once_in_an_object(check):
    check(connector('"method": "GET", "«duplicate-key:method»": "POST"'))
    check(connector('"authentication": {"type": "none", "config": {"a": {"b": 1, "«duplicate-key:b»": 2}}}'))
    check('{"connectors": [], "«duplicate-key:connectors»": []}')


@pytest.mark.parametrize("rows", ["headers", "query_parameters"])
def test_keys_of_rows_are_unique(check, rows):
    (finding,) = check(
        connector(f'"{rows}": [{{"key": "A", "value": "1"}}, {{"key": "«duplicate-key:A»", "value": "2"}}]')
    )
    assert (finding.field, finding.fixes) == (f"{rows}[1].key", ())


def test_the_same_key_in_two_lists_or_another_case_is_silent(check):
    check(connector('"headers": [{"key": "A"}, {"key": "a"}], "query_parameters": [{"key": "A"}]'))


def test_a_repeated_row_is_removed():
    text = connector('"headers": [{"key": "A"}, {"key": "A"}, {"key": "B"}]')
    assert mended(text) == connector('"headers": [{"key": "A"}, {"key": "B"}]')
