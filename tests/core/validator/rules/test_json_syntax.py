"""Test the rule json-syntax."""

from core.validator.connector_texts import apply_fixes


def test_a_trailing_comma_is_flagged_and_removed(check):
    marked = '{"connectors": [{"name": "A", "url": "https://a.example"«json-syntax:,»}]}'
    (finding,) = check(marked)
    assert finding.message == "Remove the trailing comma: JSON does not allow one."
    assert (finding.connector, finding.pointer) == ("A", "/connectors/0")
    text = '{"connectors": [{"name": "A", "url": "https://a.example",}]}'
    assert apply_fixes(text, [finding]) == text.replace(",}", "}")
