"""Test the rule literal-credential."""

import pytest

from core.validator.connector_texts import SECRET, api_key, jwt, oauth_client
from strongroom.validator import Severity


@pytest.mark.parametrize("literal", ["sample", "Bearer sample", "{{ 'sample' }}", "YOUR_API_KEY"])
def test_a_credential_written_out_is_flagged_and_not_repeated(check, literal):
    for make in (api_key, lambda value: oauth_client(secret=value), jwt):
        (finding,) = check(make(f"«literal-credential:{literal}»"))
        assert literal not in finding.message
        assert finding.severity is Severity.ERROR


def test_a_number_as_credential_is_written_out_too(check):
    check(api_key("12345").replace('"12345"', "«literal-credential:12345»"))


@pytest.mark.parametrize(
    "value",
    [
        SECRET,
        f"Basic {SECRET}",
        "{{ get_secret('api_key') | base64_encode }}",
        "{% set key = get_secret('api_key') %}{{ key }}",
        "{{ get_variable('region') }}:" + SECRET,
        " ",
    ],
)
def test_a_credential_that_references_a_secret_is_silent(check, value):
    check(api_key(value))


def test_steps_are_checked_like_connectors(check):
    text = api_key("«literal-credential:sample»").replace("Sample", "a")
    (finding,) = check(f'{{"composite_connectors": [{{"name": "All", "steps": [{text}]}}]}}')
    assert finding.field == "steps[0].authentication.config.value"
    assert finding.pointer == "/composite_connectors/0/steps/0/authentication/config/value"
    assert finding.connector == "All"
