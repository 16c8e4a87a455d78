"""Test the rule function-arguments."""

import pytest

from core.validator.connector_texts import field, fixed
from strongroom.document import Document
from strongroom.validator import validate


@pytest.mark.parametrize(
    "value",
    [
        "{{ now(60, «function-arguments:2») }}",
        "{{ now(«function-arguments:seconds=60») }}",
        "{{ «function-arguments:jwt_encode({'a': 1})» }}",
        "{{ «function-arguments:jwt_encode()» }}",
        "{{ «function-arguments:jwt_encode(headers={})» }}",
        "{{ jwt_encode({}, get_secret('api_key'), 'HS256', none, «function-arguments:5») }}",
        "{{ jwt_encode({}, get_secret('api_key'), «function-arguments:alg='HS256'») }}",
        "{{ jwt_encode(«function-arguments:'x'», get_secret('api_key')) }}",
        "{{ jwt_encode({}, get_secret('api_key'), headers=«function-arguments:['x']») }}",
        "{{ «function-arguments:user.profile_fields.by_id()» }}",
        "{{ user.profile_fields.by_id(«function-arguments:'region'») }}",
    ],
)
def test_arguments_that_are_not_taken_are_flagged(check, value):
    check(field("headers", value))


def test_the_number_of_a_field_loses_its_quotes(check):
    marked = field("headers", "{{ user.profile_fields.by_id(«function-arguments:'12'») }}")
    assert fixed(marked, check) == field("headers", "{{ user.profile_fields.by_id(12) }}")


@pytest.mark.parametrize(
    "value",
    [
        "{{ now() }}{{ now(60) }}{{ now(offset=-60) }}{{ now(*x) }}",
        "{{ jwt_encode(a, get_secret('api_key')) }}{{ jwt_encode(key=get_secret('api_key'), payload={}) }}",
        "{{ jwt_encode({}, get_secret('api_key'), headers=none) }}{{ jwt_encode(*a, **b) }}",
        "{{ user.profile_fields.by_id(12) }}{{ user.profile_fields.by_id(a) }}{{ a.by_id('x') }}{{ by_id() }}",
        "{% macro now(a, b) %}{% endmacro %}{{ now(1, 2) }}",
        "{{ now(1, 2 }}",
    ],
)
def test_other_calls_are_silent(value):
    found = validate(Document.parse(field("headers", value)))
    assert "function-arguments" not in {finding.rule for finding in found}
