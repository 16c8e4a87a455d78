"""Test the rule misplaced-name."""

import pytest

from core.validator.connector_texts import QUIET, field, fixed, step_field


@pytest.mark.parametrize(
    ("place", "template"),
    [
        ("query_parameters", "{{ «misplaced-name:pathParams».x }}"),
        ("headers", "{{ «misplaced-name:body_text» }}"),
        ("url", "{{ «misplaced-name:body_text» | from_json | attr('topicId') }}"),
        ("request_body", "{{ «misplaced-name:response».body }}"),
        ("url", "{{ «misplaced-name:steps»['a'].body }}"),
        ("headers", "{% if «misplaced-name:request».headers['a'] %}b{% endif %}"),
        ("headers", '{{ {\'a\': [1, «misplaced-name:body_raw»]} ~ "\\"é" }}'),
    ],
)
def test_a_name_of_another_field_is_misplaced_and_not_undefined(check, place, template):
    check(field(place, template), levels=QUIET)


@pytest.mark.parametrize(
    ("marked", "right"),
    [
        (step_field("url", "{{ «misplaced-name:body_text» }}"), step_field("url", "{{ request.body_text }}")),
        (field("request_body", "{{ «misplaced-name:request».body_text }}"),
         field("request_body", "{{ body_text }}")),
    ],
)  # fmt: skip
def test_the_body_is_named_as_the_table_of_its_connector_has_it(check, marked, right):
    assert fixed(marked, check) == right


def test_path_parameters_do_not_exist_in_steps(check):
    check(step_field("headers", "{{ «misplaced-name:pathParams».x }}"))
