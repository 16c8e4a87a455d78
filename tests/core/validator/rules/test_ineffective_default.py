"""Test the rule ineffective-default."""

import pytest

from core.validator.connector_texts import QUIET, composite, field, fixed, step


@pytest.mark.parametrize(
    ("marked", "right"),
    [
        (
            "{{ body_text | «ineffective-default:default»('{}') | from_json | tojson }}",
            "{{ body_text | default('{}', true) | from_json | tojson }}",
        ),
        ("{{ user.id | «ineffective-default:d»(('a' ~ 'b')) }}", "{{ user.id | d(('a' ~ 'b'), true) }}"),
        ("{{ user['email']|«ineffective-default:default»('') }}", "{{ user['email']|default('', true) }}"),
    ],
)
def test_a_default_behind_none_is_given_true(check, marked, right):
    assert fixed(field("request_body", marked), check) == field("request_body", right)


def test_texts_of_answers_and_of_a_composite_s_call_are_none_too(check):
    body = "{{ response.body | «ineffective-default:default»('{}') | from_json | tojson }}"
    check(field("response_body", body), levels=QUIET)
    value = "{{ request.body_text | «ineffective-default:default»('x') | urlencode }}"
    other = "{{ steps.a.body | «ineffective-default:default»('x') | urlencode }}"
    check(composite(step("a"), step("b", f', "headers": [{{"key": "k", "value": "{value}{other}"}}]')))


@pytest.mark.parametrize(
    "template",
    [
        "{{ body_text | default('{}', true) | from_json | tojson }}",
        "{{ body_text | default('{}', boolean=true) | from_json | tojson }}",
        "{{ user.id | default(0, true) }}{{ tenant_id | default('x') }}",
        "{{ (body_text | from_json).a | default('x') }}",
        "{% set user = body_text | from_json %}{{ user.id | default('x') }}",
        "{{ user.nickname is defined }}",
        "{{ user.id | default(",
    ],
)
def test_other_defaults_are_silent(check, template):
    found = check(field("request_body", template), levels=QUIET.ignore(["template-syntax"]))
    assert found == []


def test_headers_and_parameters_with_user_are_left_alone(check):
    check(field("headers", "{{ user.id | default('x') }}"))
    check(field("query_parameters", "{{ user.id | default('x') }}"))
    check(field("url", "{{ user.id | «ineffective-default:default»('x') }}"))
    check(field("authentication", "{{ user.id | «ineffective-default:default»('x') }}"))
