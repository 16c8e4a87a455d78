"""What a template reads is decided by the parser, for every caller alike."""

import pytest

from strongroom.document.template_facts import (
    asked_names,
    calls_that_may_miss,
    context_reads,
    path_parameters_of,
    reads_name,
)
from strongroom.document.template_parser import parse_template
from strongroom.names import Kind


@pytest.mark.parametrize(
    ("text", "names", "is_open"),
    [
        ("/{{ pathParams.id }}/{{ pathParams['the key'] }}/{{ pathParams.id }}", ("id", "the key"), False),
        ("/{{ pathParams . id }}", ("id",), False),
        ("/{{ pathParams.get('id') }}", (), True),
        ("/{{ pathParams[name] }}", (), True),
        ("/{% for name in pathParams %}{{ pathParams.id }}{% endfor %}", ("id",), True),
        ("/{% set pathParams = steps %}{{ pathParams.id }}", (), False),
        ("/{# {{ pathParams.id }} #}", (), False),
        ("/pathParams.id", (), False),
        ("/{{ 'pathParams.id' }}", (), False),
        ("/{{ pathParams.id }}{{ pathParams. }}", (), False),
    ],
)
def test_the_path_parameters_of_a_template(text: str, names: tuple[str, ...], is_open: bool) -> None:
    found = path_parameters_of(parse_template(text))
    assert (found.names, found.is_open) == (names, is_open)


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("{{ get_secret('x') }}", True),
        ("{{ get_secret ('x') }}", True),
        ("{% set read = get_secret %}{{ read('x') }}", True),
        ("{{ get_variable('get_secret') }}", False),
        ("{# get_secret('x') #}", False),
        ("get_secret('x')", False),
        ("{{ get_secret('x') ", False),
    ],
)
def test_whether_a_connector_reads_a_secret_is_asked_of_its_templates(text: str, reads: bool) -> None:
    assert reads_name({"headers": [{"key": "X", "value": text}]}, "get_secret") is reads


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("{{ user.email }}{{ user.email }}{{ tenant_id }}", ("user.email", "tenant_id")),
        ("{{ now().year }}", ("now()",)),
        ("{{ user.profile_fields.by_id(12) }}", ("user.profile_fields.by_id(12)",)),
        ("{{ steps.first.body.x }}{{ steps['the other'].body }}", ("steps.first", "steps['the other']")),
        ("{{ 'user.email' }} user.id {# user.id #}", ()),
        ("{% for user in steps.all.body %}{{ user.name }}{% endfor %}", ("steps.all",)),
        ("{{ user.profile_fields.x }}{{ user.profile_fields }}", ("user.profile_fields",)),
        ("{{ user.name.by_id(1) }}{{ user }}{{ user['email'] }}", ("user.name", "user['email']")),
        ("{{ body_raw }}{{ body_text }}{{ pathParams.id }}", ("body_raw", "body_text", "pathParams.id")),
        ("{{ response.body }}{{ request.headers.x }}", ("request.headers",)),
        ("{{ user.email }}{{ ", ()),
    ],
)
def test_what_a_template_takes_from_its_context_is_given_as_it_is_written(
    text: str, reads: tuple[str, ...]
) -> None:
    assert context_reads(text) == reads


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("{{ get_secret('a') }}", True),
        ('{{ get_secret ( "a" ) }}', True),
        ("{% set read = get_secret %}{{ read('a') }}", True),
        ("{% if x %}{{ f(get_secret(name)) }}{% endif %}", True),
        ("{{ get_variable('get_secret') }}", False),
        ("{# get_secret('a') #}", False),
        ("Pass the key to get_secret('a')", False),
        ("{{ other.get_secret }}", False),
        ("{% macro get_secret(name) %}x{% endmacro %}{{ get_secret('a') }}", False),
    ],
)
def test_a_secret_is_needed_where_a_template_uses_the_function(text: str, needs: bool) -> None:
    assert reads_name({"url": text}, Kind.SECRET.function) is needs


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("{{ get_secret('a') }}", (("a", Kind.SECRET),)),
        ('{{ get_variable( "b" ) }}', (("b", Kind.VARIABLE),)),
        ("get_secret('a')", (("a", Kind.SECRET),)),
        ('{{ get_secret("it\'s") }}', (("it's", Kind.SECRET),)),
        ("{{ get_secret(pathParams.name) }}", ()),
        ("{{ jwt_encode(payload, 'key') }}", ()),
        ("{{ my_get_secret('a') }}", ()),
        ("{{ 'get_secret(\"a\")' }}", ()),
        ("get_secret('a", ()),
        ("{{ x, get_secret('a') }}", (("a", Kind.SECRET),)),
        ("{{ get_secret(1) }}", ()),
    ],
)
def test_an_expression_asks_for_the_names_in_its_calls(
    expression: str, names: tuple[tuple[str, Kind], ...]
) -> None:
    assert asked_names(expression) == names


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("{{ get_secret('a') | default('x') }}{{ get_secret('b') }}", ["get_secret('a')"]),
        ("{{ get_variable('a') | d }}", ["get_variable('a')"]),
        (
            "{{ get_secret('a') is defined }}{{ get_secret('a') }}{{ get_secret('b') }}{{ get_variable('a') }}",
            ["get_secret('a')", "get_secret('a')"],
        ),
        ("{% if get_secret('a') is undefined %}{% endif %}", ["get_secret('a')"]),
        ("{% set x = get_variable('a') %}{{ x | default('') }}", ["get_variable('a')"]),
        ("{% if y %}{% set x = get_variable('a') %}{% endif %}{{ x is defined }}", ["get_variable('a')"]),
        ("{% set x = get_variable('a') %}{{ y | default('') }}", []),
        ("{% set x, y = get_variable('a'), 1 %}{{ x | default('') }}", []),
        ("{% set x | default %}{{ get_secret('a') }}{% endset %}", []),
        ("{% filter default %}{{ get_secret('a') }}{% endfilter %}", []),
        ("{{ f(get_secret('a')) | default('') }}{{ get_secret('a') is none }}", []),
        ("{{ get_secret('a') | upper }}{{ now() | default('') }}", []),
    ],
)
def test_a_call_may_miss_its_name_where_the_template_allows_for_it(text: str, missing: list[str]) -> None:
    found = calls_that_may_miss(parse_template(text))
    assert sorted(text[call.start : call.end] for call in found) == missing


@pytest.mark.parametrize(
    ("data", "reads"),
    [
        ({"a": [{"b": ("{{ user.id }}",)}]}, True),
        ([1, None, {"user": "user"}], False),
        (["{{ user }}", "{{ 1"], True),
        ("{{ user }}{{ 1", False),
    ],
)
def test_templates_are_found_at_any_depth_of_plain_data(data: object, reads: bool) -> None:
    assert reads_name(data, "user") is reads
