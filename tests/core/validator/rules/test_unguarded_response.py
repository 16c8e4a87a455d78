"""Test the rule unguarded-response."""

from core.validator.connector_texts import field, step_field


def test_a_response_parsed_whatever_its_status_is_noted_once(check):
    text = "{% set r = «unguarded-response:response.body | from_json» %}{{ (response.body | from_json).a ~ r.b }}"
    check(field("response_body", text))
    guarded = "{% if response.status_code == 200 %}{{ (response.body | from_json).a }}{% endif %}"
    check(field("response_body", guarded))
    check(step_field("response_body", "{{ (response.body | from_json).a }}"))
