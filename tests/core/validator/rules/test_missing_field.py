"""Test the rule missing-field."""

from core.validator.connector_texts import URL, composite, connector
from strongroom.document import Document
from strongroom.validator import validate


def test_required_fields_are_missed_at_the_opening_brace(check):
    (finding,) = check(f'«missing-field:{{»{URL}, "method": "GET"}}')
    assert finding.message == "This connector has no `name`."
    check('«missing-field:{»"name": "A", "method": "GET"}')
    check('{"connectors": [«missing-field:«missing-field:{»»}]}')
    check('{"composite_connectors": [«missing-field:{»"name": "All"}]}')
    check(connector('"headers": [«missing-field:{»"value": "x"}]'))
    (finding,) = check(composite(f"«missing-field:{{»{URL}}}"))
    assert (finding.message, finding.pointer) == ("This step has no `name`.", "/steps/0")


def test_an_empty_required_text_is_missing(check):
    check(f'{{"name": «missing-field:""», {URL}}}')
    check('{"name": "A", "url": "«missing-field: »"}')
    check(connector('"query_parameters": [{"key": «missing-field:""», "value": "x"}]'))


def test_nothing_is_missed_in_a_connector_whose_json_is_broken(check):
    findings = validate(Document.parse('{"connectors": [{"name": "A", "ur'))
    assert {finding.rule for finding in findings} == {"json-syntax"}
