"""Test the rule secret-spacing."""

import re

import pytest

from core.validator.connector_texts import apply_fixes, header_source


@pytest.mark.parametrize(
    ("marked", "fixed"),
    [
        ("get_secret(«secret-spacing: »'api_key')", "get_secret('api_key')"),
        ("get_secret('api_key'«secret-spacing:  »)", "get_secret('api_key')"),
        ("get_secret(«secret-spacing:\\n  »'api_key'\\n)", "get_secret('api_key')"),
        ("get_secret(«secret-spacing:\\u0020»'api_key')", "get_secret('api_key')"),
    ],
)
def test_spaces_inside_the_parentheses_are_flagged_as_written(check, marked, fixed):
    findings = check(header_source(f"{{{{ {marked} }}}}"))
    text = header_source(f"{{{{ {re.sub('«[a-z-]+:|»', '', marked)} }}}}")
    assert apply_fixes(text, findings) == header_source(f"{{{{ {fixed} }}}}")


@pytest.mark.parametrize(
    "template",
    ["{{ get_secret ('api_key') }}", "{{get_secret('api_key')}}", "{{ get_secret('api_key') | trim( ) }}"],
)
def test_spaces_elsewhere_are_nobody_s_business(check, template):
    check(header_source(template))
