"""Test the rule missing-auth-field."""

import pytest

from core.validator.connector_texts import SECRET, api_key, authenticated, mended


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        ("api_key", "`key`, `value` and `in`"),
        ("oauth_client_credentials", "`client_id`, `client_secret` and `token_url`"),
        ("jwt", "`private_key` and `claims`"),
        ("oauth_jwt_bearer", "`client_id`, `private_key`, `token_url`, `subject` and `audience`"),
    ],
)
def test_each_type_needs_its_fields(check, kind, needed):
    (finding,) = check(authenticated(kind, "").replace('"config": {', '"config": «missing-auth-field:{»'))
    assert finding.message == f"The authentication type `{kind}` needs {needed}."
    check(authenticated(f"«missing-auth-field:{kind}»"))


def test_none_needs_nothing(check):
    check(authenticated("none"))
    check(authenticated("none", ""))
    check('{"name": "A", "url": "https://a.example", "authentication": {}}')


def test_authentication_needs_a_type(check):
    (finding,) = check(
        '{"name": "A", "url": "https://a.example", "authentication": «missing-auth-field:{»"config": {}}}'
    )
    assert finding.message == "The authentication has no `type`."


def test_an_empty_required_field_is_missing(check):
    text = api_key("").replace('"value": ""', '"value": «missing-auth-field:""»')
    check(text)


def test_a_misspelt_field_of_a_config_is_both_missing_and_mended(check):
    config = '"key": "X", "Value": "' + SECRET + '", "in": "query"'
    marked = authenticated("api_key", config).replace('"config": {', '"config": «missing-auth-field:{»')
    check(marked.replace("Value", "«unknown-field:Value»"))
    assert mended(authenticated("api_key", config)) == authenticated(
        "api_key", config.replace("Value", "value")
    )
