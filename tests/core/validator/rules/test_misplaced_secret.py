"""Test the rule misplaced-secret."""

import pytest

from core.validator.connector_texts import apply_fixes, field_source, step_source
from strongroom.document import Document
from strongroom.validator import validate


@pytest.mark.parametrize("place", ["url", "request_body", "response_body"])
@pytest.mark.parametrize("name", ["api_key", "missing"])
def test_a_secret_where_none_resolves_is_one_finding_about_its_place(check, place, name):
    (finding,) = check(field_source(place, f"{{{{ «misplaced-secret:get_secret('{name}')» }}}}"))
    allowed = "headers, query_parameters and authentication"
    assert finding.message.startswith(f"get_secret does not work in {place}, only in {allowed}.")
    assert finding.fixes == ()


def test_a_variable_asked_for_as_a_secret_in_the_url_is_fixed_safely(check):
    marked = field_source("url", "{{ «misplaced-secret:get_secret('base_url')» }}/x")
    findings = check(marked)
    text = field_source("url", "{{ get_secret('base_url') }}/x")
    assert apply_fixes(text, findings) == field_source("url", "{{ get_variable('base_url') }}/x")


@pytest.mark.parametrize("place", ["url", "request_body", "response_body"])
def test_steps_of_composites_follow_their_own_table(place):
    text = step_source(place, "{{ get_secret('api_key') ~ get_variable('base_url') }}")
    (finding,) = validate(Document.parse(text))
    assert (finding.rule, finding.field) == ("misplaced-secret", f"steps[0].{place}")
    assert finding.pointer == f"/composite_connectors/0/steps/0/{place}"
    assert validate(Document.parse(step_source("header", "{{ get_secret('api_key') }}"))) == []
