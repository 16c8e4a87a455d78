"""Test the rule misplaced-function."""

from core.validator.connector_texts import field, step_field


def test_nothing_is_signed_in_a_response(check):
    check(field("response_body", "{% set t = «misplaced-function:jwt_encode»({}, 'k') %}{{ t }}"))
    check(step_field("response_body", "{{ «misplaced-function:jwt_encode»({}, 'k') }}"))
    check(field("request_body", "{{ jwt_encode({'iat': now()}, tenant_id, 'HS256') }}"))
