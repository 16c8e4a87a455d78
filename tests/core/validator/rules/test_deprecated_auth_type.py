"""Test the rule deprecated-auth-type."""

from core.validator.connector_texts import api_key, mended
from strongroom.validator import Severity


def test_the_old_name_of_a_type_is_noted_and_mended(check):
    (finding,) = check(api_key(kind="«deprecated-auth-type:apikey»"))
    assert finding.severity is Severity.INFO
    assert mended(api_key(kind="apikey")) == api_key()
