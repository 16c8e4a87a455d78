"""Test the rule escaped-body."""

import pytest

from core.validator.connector_texts import QUIET, field, fixed, step_field
from strongroom.document import Document
from strongroom.validator import validate

ADDED = " | from_json | tojson"


def findings(text):
    return [one for one in validate(Document.parse(text), levels=QUIET) if one.rule == "escaped-body"]


@pytest.mark.parametrize(
    ("place", "template"),
    [
        ("request_body", "{{ «escaped-body:body_text» }}"),
        ("request_body", "  {{- «escaped-body:body_text» -}}\n"),
        ("response_body", "{{ «escaped-body:response.body» }}"),
        ("response_body", "{{ «escaped-body:response['body']» }}"),
    ],
)
def test_a_whole_body_is_left_blank(check, place, template):
    (finding,) = check(field(place, template), levels=QUIET)
    assert finding.message.endswith(
        "is printed with HTML escapes, so that its JSON breaks: leave the field blank."
    )
    assert f'"{place}": ""' in fixed(field(place, template), check)


@pytest.mark.parametrize(
    ("place", "template"),
    [
        ("request_body", "{{ body_text | default('') }}"),
        ("request_body", "{{ body_text or '{}' }}"),
        ("request_body", "{{ body_text | trim }}"),
        ("request_body", "{{ '{}' if not body_text else body_text }}"),
        ("request_body", "{% set b = body_text %}{{ b }}"),
        ("request_body", "{% set body_text = body_text | default('{}') %}{{ body_text }}"),
    ],
)
def test_a_body_with_a_default_is_found_and_not_changed_unasked(place, template):
    (finding,) = findings(field(place, template))
    assert [(fix.title, fix.is_safe) for fix in finding.fixes] == [("Leave it blank", False)]


@pytest.mark.parametrize(
    "template",
    [
        "{% if response.status_code >= 400 %}{{ response.body }}{% else %}{}{% endif %}",
        "{% if response.status_code == 200 %}{}{% else %} {{ response.body | default('{}') }} {% endif %}",
        '{"status": {{ response.status_code }}, "data": {{ response.body }}}',
        "[{{ response.body }}, 1]",
        '{"a": {# c #} {{ response.body }}}',
        "{% raw %}[{% endraw %}{{ response.body }}]",
        "{% set b = response.body %}{% if b %}{{ b }}{% endif %}",
        "{% for b in [1] %}{% set b = b or response.body %}{{ b }}{% endfor %}",
    ],
)
def test_in_a_branch_and_in_json_the_cure_is_to_parse_it(template):
    (finding,) = findings(field("response_body", template))
    (fix,) = finding.fixes
    assert finding.message.endswith("so that its JSON breaks: add `| from_json | tojson`.")
    assert (fix.title, fix.is_safe, [edit.new for edit in fix.edits]) == (
        "Add | from_json | tojson",
        False,
        [ADDED],
    )


@pytest.mark.parametrize(
    ("place", "template", "title"),
    [
        ("request_body", "{{ request.body_text }}", "Leave it blank"),
        ("request_body", "{{ steps.first.body }}", "Add | from_json | tojson"),
        ("request_body", "{{ steps['first'].body }}", "Add | from_json | tojson"),
        ("response_body", "{{ response.body }}", "Leave it blank"),
        ("response_body", "{{ steps.first.body }}", "Add | from_json | tojson"),
        ("response_body", "{{ request.body_text }}", "Add | from_json | tojson"),
    ],
)
def test_in_a_step_blank_is_right_only_for_its_own_body(place, template, title):
    (finding,) = findings(step_field(place, template))
    assert finding.fixes[0].title == title


def test_a_choice_is_put_in_parentheses():
    text = field("response_body", "{% if tenant_id %}{{ response.body or '{}' }}{% endif %}")
    (finding,) = findings(text)
    assert [edit.new for edit in finding.fixes[0].edits] == ["(", ")" + ADDED]


@pytest.mark.parametrize(
    ("place", "template"),
    [
        ("request_body", "{{ body_text | safe }}"),
        ("request_body", "{{ body_text | from_json | tojson }}"),
        ("request_body", "{{ body_text | tojson }}"),
        ("request_body", '{"text": {{ body_text | tojson }}}'),
        ("request_body", '{"text": "{{ body_text }}"}'),
        ("request_body", "text={{ body_text }}"),
        ("request_body", "{{ body_text }} is the text"),
        ("request_body", "{% if user %}[{% endif %}{{ body_text }}"),
        ("request_body", "text: {{ body_text }} (raw)"),
        ("request_body", "X{{ body_text }}, "),
        ("request_body", ", {{ body_text }}X"),
        ("request_body", "{{ (body_text | from_json).title }}"),
        ("request_body", "{{ body_text | length }}"),
        ("request_body", "{{ body_text ~ '' }}"),
        ("request_body", "{% set body_text = '1' %}{{ body_text }}"),
        ("request_body", "{{ b }}{% set b = body_text %}"),
        ("request_body", "{% for a in [1] %}{% set b = body_text %}{% endfor %}{{ b }}"),
        ("response_body", "{{ response.status_code }}"),
        ("response_body", "{% if response.body %}{}{% endif %}"),
        ("headers", "{{ tenant_id }}"),
    ],
)
def test_what_is_not_broken_is_silent(place, template):
    assert findings(field(place, template)) == []


@pytest.mark.parametrize(
    "template",
    [
        "{% for body in [body_text] %}{% set body = body | trim %}{{ body }}{% endfor %}",
        "{% macro m() %}{% set a = b or a %}{% set b = a | trim %}{{ a }}{% endmacro %}{{ body_text | tojson }}",
    ],
)
def test_names_that_are_set_to_each_other_are_followed_once(template):
    assert findings(field("request_body", template)) == []
