"""Test the rule raw-from-json."""

from core.validator.connector_texts import field, fixed


def test_parsed_json_alone_is_flagged(check):
    marked = field("request_body", "{{ body_text | «raw-from-json:from_json» }}")
    right = field("request_body", "{{ body_text | from_json | tojson }}")
    assert fixed(marked, check, unsafe=True) == right
    check(field("request_body", "{{ (body_text | from_json).a }}{{ body_text | from_json | tojson }}"))
    check(field("request_body", "{% set b = body_text | from_json %}{{ b.a }}"))
