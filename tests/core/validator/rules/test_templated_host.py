"""Test the rule templated-host."""

import pytest

from core.validator.connector_texts import connector_at, mended, path_rows


@pytest.mark.parametrize(
    "url",
    [
        "https://{{ «templated-host:user.username» }}.example.com/a",
        "https://{{ «templated-host:pathParams.x» }}.example.com/a",
        "https://{{ «templated-host:'a' ~ get_variable('region')» }}/a",
        "https://{{ «templated-host:get_variable('region') | lower» }}/a",
        "https://{{ «templated-host:get_variable('region') | default(user.id)» }}/a",
        "https://{{ «templated-host:get_variable('region') | default('a.example', false)» }}/a",
        "https://{{ «templated-host:get_variable('region') | default('a.example', true, true)» }}/a",
        "https://{{ «templated-host:get_variable('region') | d('a.example')» }}/a",
        "https://{{ «templated-host:get_variable(«computed-name:'re' ~ 'gion'»)» }}/a",
        "{{ «templated-host:tenant_id» }}/a",
        "https://«templated-host:{% if user.id %}a{% endif %}».example/a",
        "https://«templated-host:{% if get_variable('region') %}a{% endif %}».example/a",
        "{{ get_variable('base_url') | default('«templated-host:a.example»') }}/a",
    ],
)
def test_only_a_variable_may_choose_the_host(check, url):
    check(connector_at(url, path_rows("x") if "pathParams" in url else ""))


def test_a_secret_in_the_host_is_one_finding(check):
    check(connector_at("{{ «misplaced-secret:get_secret('api_key')» }}/a"))


def test_a_default_for_a_whole_origin_gets_its_protocol():
    text = connector_at("{{ get_variable('base_url') | default('a.example') }}/a")
    assert mended(text) == text.replace("'a.example'", "'https://a.example'")


def test_a_text_that_is_spelt_like_a_name_is_a_text(check):
    check(connector_at("https://{{ «templated-host:'response'» }}.example.com/a"))


def test_a_name_that_does_not_exist_in_a_url_is_one_finding(check):
    check(connector_at("https://{{ «misplaced-name:response».body }}/a"))
