"""Test the rule unknown-auth-type."""

from core.validator.connector_texts import api_key, authenticated, mended


def test_an_unknown_type_is_flagged_with_the_known_ones(check):
    (finding,) = check(authenticated("«unknown-auth-type:basic»", '"username": "x"'))
    assert finding.message == (
        "`basic` is not an authentication type. Use one of none, api_key, oauth_client_credentials, jwt,"
        " oauth_jwt_bearer."
    )
    assert finding.fixes == ()


def test_a_slip_of_case_in_the_type_is_mended(check):
    check(api_key(kind="«unknown-auth-type:API-Key»"))
    assert mended(api_key(kind="API-Key")) == api_key()


def test_a_misspelt_type_is_mended_only_when_asked(check):
    (finding,) = check(authenticated("«unknown-auth-type:oauth_client_credential»", ""))
    assert (finding.fix, len(finding.fixes)) == (None, 1)
