"""Test the rule text-status."""

import pytest

from core.validator.connector_texts import composite, field, fixed, step


@pytest.mark.parametrize(
    ("marked", "right"),
    [
        ("{{ 1 if response.status_code == «text-status:'200'» }}", "{{ 1 if response.status_code == 200 }}"),
        ("{{ 1 if «text-status:'404'» != response['status_code'] }}", "{{ 1 if 404 != response['status_code'] }}"),
        ("{{ response.status_code in [«text-status:'200'», 201] }}", "{{ response.status_code in [200, 201] }}"),
        ("{{ (response.status_code) >= «text-status:'400'» }}", "{{ (response.status_code) >= 400 }}"),
    ],
)  # fmt: skip
def test_a_status_beside_a_text_is_compared_with_a_number(check, marked, right):
    assert fixed(field("response_body", marked), check) == field("response_body", right)


def test_the_status_of_a_step_is_an_integer_too(check):
    value = "{{ 1 if steps.a.status_code == «text-status:'ok'» }}{{ steps['a'].status_code in («text-status:'200'»,) }}"
    check(composite(step("a"), step("b", f', "headers": [{{"key": "k", "value": "{value}"}}]')))


@pytest.mark.parametrize(
    "template",
    [
        "{{ response.status_code == 200 and '200' == '200' }}{{ response.status_code in [200, 201] }}",
        "{{ response.status_code | string == '200' }}{{ ('x' ~ response.status_code) == 'x200' }}",
        "{{ response.status_code ~ '200' }}{{ '200' in response.headers['x'] }}",
        "{% set response = {'status_code': '200'} %}{{ response.status_code == '200' }}",
        "{{ data.status_code == '200' if data is defined }}",
    ],
)
def test_other_comparisons_are_silent(check, template):
    assert check(field("response_body", template)) == []
