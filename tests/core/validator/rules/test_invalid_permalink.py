"""Test the rule invalid-permalink."""

import pytest

from core.validator.connector_texts import connector


@pytest.mark.parametrize("permalink", ["A", "a_b", "-a", "a-", "a--b", "a b", "é"])
def test_an_invalid_permalink_is_flagged(check, permalink):
    (finding,) = check(connector(f'"permalink": "«invalid-permalink:{permalink}»"'))
    assert finding.fix is None


def test_a_slug_is_offered_for_a_permalink(check):
    (finding,) = check(connector('"permalink": "«invalid-permalink:My_First  Link!»"'))
    assert [fix.title for fix in finding.fixes] == ["Change to my-first-link"]
