"""Test the rule unknown-filter."""

import pytest

from core.validator.connector_texts import field, fixed


@pytest.mark.parametrize(
    "template",
    [
        "{{ [1] | map('«unknown-filter:uper»') | list }}",
        "{{ [1] | select('«unknown-filter:evn»') | list }}{{ [1] | reject('even') | list }}",
        "{{ [1] | selectattr('a', '«unknown-filter:equals»', 1) | list }}{{ [1] | rejectattr('nope') | list }}",
        "{{ [1] | map(attribute='nope') | list }}{{ [1] | map('from_json') | list }}{{ [1] | map(tenant_id) | list }}",
    ],
)
def test_a_filter_or_test_whose_name_is_an_argument_is_known_too(check, template):
    check(field("request_body", template))


@pytest.mark.parametrize(
    ("template", "right"),
    [
        ("{{ «unknown-filter:json_encode»(tenant_id) }}", "{{ tenant_id | json_encode }}"),
        ("{{ «unknown-filter:tojson»(tenant_id ~ 'a') }}", "{{ (tenant_id ~ 'a') | tojson }}"),
        ("{{ «unknown-filter:from_json»('{}').a }}", "{{ ('{}' | from_json).a }}"),
        ("{{ «unknown-filter:replace»(tenant_id, 'a', 'b') }}", "{{ tenant_id | replace('a', 'b') }}"),
        ("{{ 1 + «unknown-filter:length»(tenant_id) }}", "{{ 1 + (tenant_id | length) }}"),
        ("{{ tenant_id | «unknown-filter:toJson» }}", "{{ tenant_id | tojson }}"),
    ],
)
def test_a_filter_called_as_a_function_becomes_a_filter(check, template, right):
    assert fixed(field("headers", template), check) == field("headers", right)


def test_a_filter_call_around_an_undefined_name_is_two_mistakes(check):
    check(field("request_body", "{{ «unknown-filter:json_encode»(«undefined-name:payload») }}"))


@pytest.mark.parametrize(
    "template",
    [
        "{{ tenant_id | «unknown-filter:b64encode» }}",
        "{{ tenant_id | «unknown-filter:nothing_like_it» | trim }}",
        "{% filter «unknown-filter:uper» %}a{% endfilter %}",
        "{{ 'api_key' | «unknown-filter:get_secret» }}",
        "{{ 1 if tenant_id is «unknown-filter:nmber» else 2 }}",
    ],
)
def test_unknown_filters_and_tests_are_flagged(check, template):
    check(field("headers", template))


def test_a_macro_may_be_called_like_a_filter(check):
    check(field("headers", "{% macro upper(x) %}{{ x }}{% endmacro %}{{ upper('a') }}"))
