"""Test the rule python-notation."""

import pytest

from core.validator.connector_texts import QUIET, composite, field, step


@pytest.mark.parametrize(
    "template",
    [
        "{{ «python-notation:user» }}{{ «python-notation:user.profile_fields» }}",
        "{{ «python-notation:body_raw» }}{{ «python-notation:{'a': 1}» }}{{ «python-notation:now» }}",
        "{% if 1 %}{{ «python-notation:jwt_encode» }}{% endif %}",
        "{% set d = {} %}{{ «python-notation:d.keys()» }}{{ «python-notation:d.items()» | tojson }}",
    ],
)
def test_objects_and_bytes_are_flagged(check, template):
    check(field("request_body", template))


def test_the_objects_of_an_answer_and_of_steps_are_flagged(check):
    check(
        field("response_body", "{{ «python-notation:response» }}{{ «python-notation:response['headers']» }}")
    )
    value = (
        "{{ «python-notation:steps.a» }}{{ «python-notation:steps['a'].headers» }}"
        "{{ «python-notation:request.query_parameters» }}{{ «python-notation:steps» }}"
    )
    check(composite(step("a"), step("b", f', "headers": [{{"key": "k", "value": "{value}"}}]')))


@pytest.mark.parametrize(
    "template",
    [
        "{{ now() }}{{ user.id }}{{ user.profile_fields.by_id(1) }}{{ body_raw | base64_encode }}",
        "{{ {'a': 1} | tojson }}{{ {'a': 1}.a }}{{ [1] }}",
        "{% set d = {} %}{{ d.items() | list | tojson }}{{ d.items() | length }}{{ d.items }}{{ d.items(1) }}",
        "{% set now = 1 %}{{ now }}{% set user = 'x' %}{{ user }}",
        "{% for user in [1] %}{{ user }}{% endfor %}{{ response }}{{ request }}",
    ],
)
def test_other_printed_values_are_silent(check, template):
    levels = QUIET.ignore(["dict-method", "misplaced-name"])
    assert check(field("request_body", template), levels=levels) == []
