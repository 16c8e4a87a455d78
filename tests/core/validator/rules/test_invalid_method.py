"""Test the rule invalid-method."""

from core.validator.connector_texts import connector, mended


def test_a_method_in_lower_case_is_mended(check):
    (finding,) = check(connector('"method": "«invalid-method:post»"'))
    assert finding.message == "The method must be in upper case: `POST`."
    assert mended(connector('"method": "post"')) == connector('"method": "POST"')


def test_an_unknown_method_has_no_fix(check):
    (finding,) = check(connector('"method": "«invalid-method:FETCH»"'))
    assert finding.fixes == ()
    check(connector('"method": «invalid-method:""»'))
