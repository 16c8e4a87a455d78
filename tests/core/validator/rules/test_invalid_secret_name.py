"""Test the rule invalid-secret-name."""

import pytest

from core.validator.connector_texts import header_source


@pytest.mark.parametrize(
    ("name", "why"), [("api-key", "contains a hyphen"), ("api key", "contains a space"), ("123key",
    "starts with a digit"), ("api@key", "contains '@'")],
)  # fmt: skip
@pytest.mark.parametrize("function", ["get_secret", "get_variable"])
def test_a_name_that_no_save_accepts_is_flagged_and_not_called_unknown(check, function, name, why):
    (finding,) = check(header_source(f"{{{{ {function}('«invalid-secret-name:{name}»') }}}}"))
    assert f"`{name}` is not a valid name: it {why}." in finding.message


def test_an_empty_name_is_flagged_at_its_quotes(check):
    check(header_source("{{ get_secret(«invalid-secret-name:''») }}"))


def test_an_invalid_name_near_a_known_one_has_an_unsafe_fix(check):
    (finding,) = check(header_source("{{ get_secret('«invalid-secret-name:api-key»') }}"))
    assert [(fix.title, fix.is_safe) for fix in finding.fixes] == [("Change to 'api_key'", False)]
