"""Test the rule invalid-auth-location."""

from core.validator.connector_texts import api_key, mended


def test_an_api_key_goes_into_a_header_or_the_query(check):
    check(api_key(place="query"))
    (finding,) = check(api_key(place="«invalid-auth-location:body»"))
    assert finding.message == "`body` is not a place for an API key. Use one of header, query."
    assert mended(api_key(place="Header")) == api_key()
