"""Test the rule hidden-by-default."""

import pytest

from core.validator.connector_texts import field, fixed, header_source
from strongroom.names import Kind, Knowledge, Name, Names

DEFAULTS = [
    "https://{{ get_variable('%s') | default('a.example.com') }}/x",
    "https://{{ get_variable('%s')|default('a.example.com', true) }}/x",
    "https://a.example.com/{{ get_variable('%s')|d('a') }}/x",
    "{{ get_variable('%s') | default('https://a.example.com', true) }}/x",
    "https://a.example.com/{{ (get_variable('%s')) | default('v1') | upper }}",
    "https://a.example.com/{%% set v = get_variable('%s') %%}{{ v | default('v1') }}",
    "https://a.example.com/{%% if get_variable('%s') is defined %%}1{%% endif %%}",
]


def url(template):
    """Return a connector with this URL."""
    return f'{{"name": "n", "url": "{template}"}}'


@pytest.mark.parametrize("template", DEFAULTS)
def test_a_variable_that_may_be_missing_is_no_mistake(check, template):
    assert check(url(template % "portal")) == []


@pytest.mark.parametrize("template", DEFAULTS)
def test_a_name_near_to_a_known_one_is_a_warning(check, template):
    (finding,) = check(url(template % "«hidden-by-default:base_ulr»"))
    assert finding.severity.value == "warning"
    assert finding.message == (
        "Unknown variable `base_ulr` in community `staging`: the default is used. Did you mean `base_url`?"
    )


def test_only_names_of_the_kind_that_is_asked_for_are_near(check):
    assert check(url(DEFAULTS[0] % "api_kye")) == []
    (finding,) = check(header_source("{{ get_secret('«hidden-by-default:base_ulr»') | default('none') }}"))
    assert "Did you mean" not in finding.message


@pytest.mark.parametrize("template", DEFAULTS)
def test_a_known_variable_is_silent(check, template):
    assert check(url(template % "base_url")) == []


def test_only_the_call_before_the_default_is_covered(check):
    check(
        url(
            "https://a.example/{{ get_variable('«unknown-variable:one»') }}{{ get_variable('one') | default('a') }}"
        )
    )
    check(url("https://a.example/{{ get_variable('«unknown-variable:one»') | upper | default('a') }}"))


def test_a_missing_secret_is_at_most_a_warning(check):
    (finding,) = check(header_source("{{ get_secret('«hidden-by-default:other»') | default('none') }}"))
    assert "No page says" in finding.message


def test_a_name_of_the_other_kind_is_never_found(check):
    (finding,) = check(header_source("{{ get_variable('«hidden-by-default:api_key»') | default('none') }}"))
    assert finding.message.startswith("`api_key` is a secret, so get_variable cannot find it")
    assert [fix.is_safe for fix in finding.fixes] == [False]
    (finding,) = check(
        url("https://{{ get_variable('«hidden-by-default:api_key»') | default('a') }}.example.com")
    )
    assert finding.fixes == ()


def test_without_a_complete_list_nothing_is_said(check):
    names = Names(Knowledge.PARTIAL, {"base_url": Name("base_url", Kind.VARIABLE)})
    assert check(url(DEFAULTS[0] % "base_ulr"), names=names) == []


def test_the_fix_puts_the_near_name_in(check):
    marked = field("headers", "{{ get_variable('«hidden-by-default:base_ulr»') | default('a') }}")
    assert "get_variable('base_url') | default" in fixed(marked, check, unsafe=True)
