"""Test the rule computed-name."""

import pytest

from core.validator.connector_texts import field
from strongroom.validator import Severity


@pytest.mark.parametrize(
    "call",
    [
        "get_secret(«computed-name:'api' ~ '_key'»)",
        "get_secret(«computed-name:tenant_id»)",
        "get_secret(«computed-name:'api' '_key'»)",
        "get_secret(«computed-name:'a', 'b'»)",
        "get_secret(«computed-name:name='a'»)",
        "«computed-name:get_secret()»",
        "«computed-name:get_secret»",
        "«computed-name:get_secret».api_key",
        "jwt_encode({}, get_secret(«computed-name:'k' if true else 'l'»))",
    ],
)
def test_a_name_that_is_not_one_string_is_flagged(check, call):
    (finding,) = check(field("headers", f"{{{{ {call} }}}}"))
    assert finding.severity is Severity.WARNING
