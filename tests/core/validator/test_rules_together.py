"""Test rules together: files without a mistake, places behind escapes, broken files."""

import json

import pytest

from core.validator.connector_texts import QUIET, connector_at, field, header_source
from strongroom.document import Document
from strongroom.validator import validate


@pytest.mark.parametrize(
    "template",
    [
        "{{ response.body | from_json | sort(attribute='population', reverse=true) | tojson }}",
        "{{ user.email | default('unknown', true) }}",
        "{% set item = response.body | from_json %}{{ (item['description'] | default('')).split('\n')[0] }}",
        "{% set m = {'a': 'b'} %}{% set x = 'a' %}{{ m[x] if x in m else 'Unknown' }}",
    ],
)
def test_what_real_files_do_is_silent(check, template):
    check(field("response_body", template), levels=QUIET)


def test_equal_templates_have_their_findings_each_at_its_place():
    row = {"key": "k", "value": "{{ get_secret( 'nothing_like_it') }}"}
    text = json.dumps({"name": "n", "url": "https://a.example", "headers": [row, {**row, "key": "l"}]})
    found = [(f.rule, text[f.start : f.end], f.field) for f in validate(Document.parse(text))]
    assert found == [("secret-spacing", " ", f"headers[{index}].value") for index in range(2)]
    escaped = text.replace("{{ get", "{{\\u0020get", 1)
    assert [escaped[f.start - 1 : f.end] for f in validate(Document.parse(escaped))] == ["( ", "( "]


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com",
        "HTTPS://api.example.com/a",
        "https://YOUR_INSTANCE.example.com/a",
        "https://api.example.com:8443/a?filter[x][]=1&y='z'!*(),;@$#part",
        "https://api.example.com/%7Bid%7D/a%20b",
        "https://bücher.example/straße",
        "https://203.0.113.9/a",
        "https://[2001:db8::1]:8443/a",
        "https://127.example.com/a",
        "https://1e100.net/a",
        "https://localhost.example.com",
        "https://api.example.com/redirect?to=http://localhost/",
        "{{ get_variable('base_url') }}",
        "{{ get_variable('base_url') }}/a?next=https://b.example",
        "{{get_variable('base_url')|default('https://a.example')}}/a",
        "{{ get_variable('base_url') | default('https://a.example', true) }}/ab",
        "{{- get_variable('base_url') -}}/a",
        "{# where #}https://{{ get_variable('region') }}.example.com",
        "https://api-{{ get_variable('region') | default('eu') }}.example.com/{{ user.id }}",
        "https://{{ get_variable('region') | default('a.example') }}:8443/a",
        "https://a.example/{{ 'x y' | urlencode }}/{% if user.id %}a{% endif %}",
        "https://a.example/{% raw %}x{% endraw %}",
        "{% set page = 1 %}https://a.example/?page={{ page }}",
    ],
)
def test_a_legal_url_is_silent(check, url):
    check(connector_at(url))


def test_a_url_whose_template_is_broken_is_judged_by_its_template_alone(check):
    check(connector_at("http://a b/{{ pathParams.x }}/«template-syntax:{{» oops"))


def test_places_are_right_behind_json_escapes(check):
    check(connector_at("https:\\/\\/a.example\\/\\u0041«url-characters: »y"))
    check(connector_at("https:\\/\\/«private-host:127.0.0.1»\\/"))


@pytest.mark.parametrize(
    "template",
    [
        "{# get_secret( 'nope' ) #}",
        "{% raw %}{{ get_secret( 'nope' ) }}{% endraw %}",
        "{{ \\\"get_secret( 'nope' )\\\" }}",
        "plain get_secret(nope)",
    ],
)
def test_what_is_no_call_is_not_flagged(check, template):
    check(header_source(template))


@pytest.mark.parametrize(
    "prefix", ["\\\"", "\\n", "\\u00e9", "\\ud83d\\ude00", "\U0001f600", "\u2028", "\\\\", "\\/", "é"],
    ids=["quote", "newline", "escape", "surrogates", "emoji", "line separator", "backslash", "slash",
    "accent"],
)  # fmt: skip
@pytest.mark.parametrize("newline", ["", "\n", "\r\n"])
def test_places_hold_after_anything_a_string_can_hold(check, prefix, newline):
    text = header_source(f"{prefix}{{{{ get_secret('«unknown-secret:nothing_like_it»') }}}}{prefix}")
    check(text.replace(", ", f",{newline}"))


def test_calls_before_a_template_s_mistake_are_still_checked(check):
    check(header_source("{{ get_secret('«unknown-secret:nothing_like_it»') }} «template-syntax:{{» oops"))


def test_a_broken_file_is_checked_as_far_as_it_can_be_read(check):
    good = '{"name": "Good", "url": "{{ «misplaced-secret:get_secret(\'api_key\')» }}"}'
    bad = '{"name": "Bad", "url": «json-syntax:"{{ get_secret(\'x»\n}'
    other = good.replace("Good", "Other")
    check(f'{{"connectors": [{good},\n{bad},\n{other}]}}')


def test_a_template_in_a_string_read_around_a_mistake_is_not_judged(check):
    body = "{{ «json-syntax:\\d» ( get_secret('nope')"
    check(f'{{"name": "A", "url": "https://a.example", "method": "POST", "request_body": "{body}"}}')
