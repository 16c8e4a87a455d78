"""Test the rule misplaced-variable."""

import pytest

from core.validator.connector_texts import field, step_field


@pytest.mark.parametrize("place", ["request_body", "response_body"])
def test_a_variable_does_not_resolve_in_the_bodies_of_a_connector(check, place):
    (finding,) = check(field(place, "{{ «misplaced-variable:get_variable('region')» }}"))
    allowed = "url, headers, query_parameters and authentication"
    assert finding.message == f"get_variable does not work in {place}, only in {allowed}."
    check(step_field(place, "{{ get_variable('region') }}"))
