"""Test the rule undefined-name."""

import pytest

from core.validator.connector_texts import QUIET, field, fixed, step_field
from strongroom.validator import Severity


@pytest.mark.parametrize(
    "template",
    [
        "{% set x = 1 %}{{ x }}",
        "{% if user.id %}{% set x = 1 %}{% endif %}{{ x }}",
        "{% set x, y = 1, 2 %}{{ x ~ y }}",
        "{% set x %}text{% endset %}{{ x }}",
        "{% set ns = namespace(a=1) %}{% set ns.a = 2 %}{{ ns.a }}",
        "{% for k, v in {'a': 1}.items() if v %}{{ loop.index ~ k ~ v }}{% else %}none{% endfor %}",
        "{% for a in [1] recursive %}{{ loop([a]) }}{% endfor %}",
        "{% macro m(a, b=a) %}{{ a ~ b ~ caller() ~ varargs ~ kwargs ~ later }}{% endmacro %}"
        "{% set later = 1 %}{% call(x) m(1) %}{{ x }}{% endcall %}",
        "{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}",
        "{% import 'x' as x %}{% from 'y' import z as w, q %}{{ x.a ~ w ~ q }}",
        "{% block b %}{{ self.b() ~ super() }}{% endblock %}",
        "{{ range(3) | list ~ dict(a=1) ~ lipsum() ~ cycler(1) ~ joiner() ~ namespace() }}",
        "{{ now() ~ now(60) ~ user.profile_fields.by_id(3) ~ tenant_id ~ none ~ true }}",
        "{% if payload is defined %}{{ payload }}{% endif %}",
        "{{ payload | default('none') }}",
        "{{ title | d('') }}",
        "{# {{ payload }} #}{% raw %}{{ payload }}{% endraw %}{{ 'payload' }}",
        "{{- user.email -}}",
        "{{ args | default({}) | tojson }}}}",
    ],
)
def test_defined_names_are_silent(check, template):
    check(field("headers", template))


@pytest.mark.parametrize(
    "template",
    [
        "{{ «undefined-name:payload».title }}",
        "{{ «undefined-name:payload».title | default('x') }}",
        "{{ «undefined-name:queryParams».name }}",
        "{{ «undefined-name:x» }}{% set x = 1 %}",
        "{% for a in [1] %}{% set x = a %}{% endfor %}{{ «undefined-name:x» ~ «undefined-name:a» }}",
        "{{ «undefined-name:loop».index }}{% for a in [1] %}{% endfor %}",
        "{% for a in «undefined-name:a» %}{% endfor %}",
        "{% with a = «undefined-name:a» %}{{ a }}{% endwith %}{{ «undefined-name:a» }}",
        "{% macro m(a) %}{% endmacro %}{{ «undefined-name:a» }}",
        "{% set «undefined-name:ns».a = 1 %}",
        "{% if «undefined-name:flag» %}{% endif %}{{ 1 if «undefined-name:other» else 2 }}",
        "{{ «undefined-name:fetch»(1) }}",
        "{{ tenant_id ~ ({'a': [«undefined-name:b»]} | tojson(indent=«undefined-name:c»)) }}",
        "{{ jwt_encode({'sub': «undefined-name:sub»}, get_secret('api_key')) }}",
        "{{ 'é\U0001f600\\'' ~ «undefined-name:payload» }}",
    ],
)
def test_names_that_nothing_defines_are_flagged(check, template):
    for finding in check(field("headers", template)):
        assert finding.severity is Severity.ERROR


def test_a_near_name_is_offered_and_a_slip_of_case_is_mended_safely(check):
    marked = field("headers", "{{ «undefined-name:tenantId» }}")
    assert fixed(marked, check) == field("headers", "{{ tenant_id }}")
    marked = field("headers", "{{ «undefined-name:tennant_id» }}")
    assert fixed(marked, check, unsafe=True) == field("headers", "{{ tenant_id }}")
    (finding,) = check(marked)
    assert finding.fix is None


def test_a_name_of_another_system_comes_with_what_to_use_here(check):
    (finding,) = check(field("request_body", "{{ «undefined-name:payload».title }}"))
    assert "`body_text`" in finding.message


@pytest.mark.parametrize(
    "template",
    [
        "{{ user.«undefined-name:emial» }}",
        "{{ user['«undefined-name:first_nme»'] }}",
        "{{ response.«undefined-name:status» }}",
        "{{ response['«undefined-name:json»'] }}",
    ],
)
def test_fields_that_a_context_name_does_not_have_are_flagged(check, template):
    check(field("response_body", template), levels=QUIET)


@pytest.mark.parametrize(
    "template",
    [
        "{{ user.roles | default([]) }}",
        "{% if user.roles is defined %}{{ user.roles }}{{ user.profile_fields.by_id(1) }}{% endif %}",
        "{{ response.body.split(',') }}{{ response.body[0] }}{{ response.body[:9] }}{{ (response.body).upper() }}",
        "{{ response.headers.etag }}",
        "{{ response.get('body') }}",
        "{% set user = {} %}{{ user.emial }}",
        "{{ user['a' ~ 'b'] }}",
    ],
)
def test_fields_that_may_exist_are_silent(check, template):
    check(field("response_body", template), levels=QUIET)


@pytest.mark.parametrize(
    ("place", "template"),
    [
        ("response_body", "{{ response.body.«undefined-name:data» }}"),
        ("response_body", "{{ response['body']['«undefined-name:data»'] }}"),
        ("response_body", "{% set b = response.body.«undefined-name:data» %}{{ b.x }}"),
        ("request_body", "{{ body_text.«undefined-name:data».x }}"),
        ("request_body", "{% set body_text = {} %}{{ body_text.data }}"),
        ("headers", "{{ user.profile_fields.«undefined-name:company» }}"),
    ],
)
def test_a_body_is_text_and_has_no_fields_until_it_is_parsed(check, place, template):
    check(field(place, template), levels=QUIET)


def test_so_are_the_bodies_in_a_composite(check):
    check(step_field("request_body", "{{ request.body_text.«undefined-name:data» }}"))
    check(
        step_field(
            "request_body", "{{ steps.first.body.«undefined-name:data» }}{{ steps['first'].headers.data }}"
        )
    )


def test_a_body_is_parsed_where_asked_for(check):
    marked = field("response_body", "{{ response.body.«undefined-name:data».x }}")
    right = field("response_body", "{{ (response.body | from_json).data.x }}")
    assert fixed(marked, check, unsafe=True) == right


def test_a_template_with_a_syntax_error_has_no_undefined_names(check):
    check(field("headers", "{{ please «template-syntax:enter» a value }}"))


def test_a_field_that_no_user_has_is_only_an_unknown_name(check):
    check(field("request_body", "{{ user.«undefined-name:emial» }}"))


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{ «undefined-name:tennant_id» }}", "Unknown name `tennant_id`. Did you mean `tenant_id`?"),
        ("{{ «undefined-name:nothing_like_it» }}", "Unknown name `nothing_like_it`."),
        ("{{ «undefined-name:fetch»(1) }}", "Unknown function `fetch`."),
        (
            "{{ «undefined-name:payload» }}",
            "Unknown name `payload`. The incoming body is `body_text`, in request_body; read it with "
            "`body_text | from_json`.",
        ),
    ],
)
def test_a_message_names_what_is_unknown_and_what_was_meant(check, template, message):
    (finding,) = check(field("headers", template))
    assert finding.message == message


def test_what_is_meant_is_a_name_of_the_place(check):
    (finding,) = check(step_field("request_body", "{{ «undefined-name:reqest».body_text }}"))
    assert finding.message.endswith("Did you mean `request`?")
    assert [fix.title for fix in finding.fixes] == ["Change to request"]
    (finding,) = check(field("request_body", "{{ «undefined-name:body_txt» }}"))
    assert finding.message.endswith("Did you mean `body_text`?")


def test_every_field_of_a_template_is_looked_at_beside_those_that_exist(check):
    check(
        field(
            "headers", "{{ user.email ~ user.«undefined-name:emial» ~ user.id ~ user.«undefined-name:nick» }}"
        )
    )
    check(
        step_field(
            "headers",
            "{{ steps.first.body ~ steps.first.«undefined-name:bdy» ~ steps.first.«undefined-name:code» }}",
        )
    )
