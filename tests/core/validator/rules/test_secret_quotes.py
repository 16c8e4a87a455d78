"""Test the rule secret-quotes."""

import pytest

from core.validator.connector_texts import header_source
from strongroom.document import Document
from strongroom.validator import Severity, validate
from strongroom.validator.fixing import fix_all


@pytest.mark.parametrize(("function", "name"), [("get_secret", "api_key"), ("get_variable", "region")])
def test_double_quotes_and_spaces_are_two_findings_whose_fixes_compose(check, known, function, name):
    findings = check(
        header_source(f'{{{{ {function}(«secret-spacing: »«secret-quotes:\\"{name}\\"» ) }}}}'),
    )
    text = header_source(f'{{{{ {function}( \\"{name}\\" ) }}}}')
    fixed = fix_all(Document.parse(text), lambda document: validate(document, known)).document.text
    assert fixed == header_source(f"{{{{ {function}('{name}') }}}}")
    assert {finding.severity for finding in findings} == {Severity.WARNING}


@pytest.mark.parametrize("name", ["it's", "a\\\\\\\\b"])
def test_a_name_that_holds_a_quote_or_a_backslash_has_no_fix(check, name):
    findings = check(
        header_source(f'{{{{ get_secret(«secret-quotes:\\"«invalid-secret-name:{name}»\\"») }}}}')
    )
    assert {finding.rule: finding.fixes for finding in findings}["secret-quotes"] == ()
