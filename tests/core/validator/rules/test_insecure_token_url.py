"""Test the rule insecure-token-url."""

import pytest

from core.validator.connector_texts import SECRET, authenticated


def token_url(url):
    """Return a connector whose client credentials are sent to this URL."""
    client = f'"client_id": "{SECRET}", "client_secret": "{SECRET}", "token_url": "{url}"'
    return authenticated("oauth_client_credentials", client)


@pytest.mark.parametrize(
    "marked",
    [
        "«insecure-token-url:http»://t.example.com/t",
        "«insecure-token-url:ftp»://t.example.com/t",
        "«insecure-token-url:not a url»",
        "«insecure-token-url:t.example.com/t»",
        "«insecure-token-url:https:///t»",
        "https://«insecure-token-url:localhost»/x",
        "https://user@«insecure-token-url:127.1»:8443/x",
        "https://{{ get_variable('region') | default('«insecure-token-url:10.0.0.1»') }}/t",
    ],
)
def test_an_address_that_gives_the_secret_away_is_a_warning(check, marked):
    (finding,) = check(token_url(marked))
    assert finding.severity.value == "warning"
    assert all(not fix.is_safe for fix in finding.fixes)


@pytest.mark.parametrize(
    "url",
    [
        "https://t.example.com/t",
        "https://t.example.com:8443/t?x=y z",
        "https://{{ get_variable('region') }}.example.com/t",
        "{{ get_variable('base_url') }}/t",
        "https://{{ user.id }}.example.com/x",
    ],
)
def test_what_no_page_forbids_is_silent(check, url):
    assert check(token_url(url)) == []


def test_the_assertion_of_a_bearer_grant_counts_too(check):
    config = (
        f'"client_id": "{SECRET}", "private_key": "{SECRET}", "subject": "s", "audience": "a", '
        '"token_url": "«insecure-token-url:http»://t.example.com/t"'
    )
    check(authenticated("oauth_jwt_bearer", config))
