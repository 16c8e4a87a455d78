"""Rules about a connector's URL: protocol, host, characters, path parameters. Marks show what is flagged."""

import json

import pytest

from strongroom.document import Document
from strongroom.validator import Severity, apply_fixes, validate


def connector(url, more=""):
    return f'{{"name": "Sample", "url": "{url}"{more}}}'


def rows(*keys):
    return ', "path_parameters": [' + ", ".join(f'{{"key": "{key}"}}' for key in keys) + "]"


def mended(text):
    """The text after all safe fixes, applied until nothing changes; it must be JSON again."""
    for _ in range(5):
        fixed = apply_fixes(text, validate(Document.parse(text)))
        if fixed == text:
            break
        text = fixed
    json.loads(text)
    return text


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
    check(connector(url))


@pytest.mark.parametrize(
    "url",
    [
        "«insecure-url:http»://api.example.com/a",
        "«insecure-url:HTTP»://api.example.com/a",
        "«insecure-url:ftp»://api.example.com/a",
        "«insecure-url:api.example.com»/a",
        "«insecure-url:/»/api.example.com/a",
        "{{ get_variable('base_url') | default('«insecure-url:http»://a.example') }}/a",
    ],
)
def test_only_https_is_accepted(check, url):
    check(connector(url))


def test_http_becomes_https():
    assert mended(connector("http://api.example.com/a")) == connector("https://api.example.com/a")


def test_a_missing_protocol_is_added_only_when_asked(check):
    (finding,) = check(connector("«insecure-url:api.example.com»/a"))
    assert finding.message == "The URL must begin with `https://`."
    assert finding.fix is None
    text = connector("api.example.com/a")
    assert apply_fixes(text, [finding], unsafe=True) == connector("https://api.example.com/a")


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "LOCALHOST", "localhost.", "127.0.0.1", "127.1", "10.1.2.3", "172.16.0.1", "172.31.255.255",
        "192.168.0.1", "169.254.169.254", "0.0.0.0", "0", "2130706433", "0x7f000001", "017700000001",
        "0x7f.1", "[::1]", "[fc00::1]", "[fdab::1]", "[fe80::1]", "[::ffff:10.0.0.1]",
    ],
)  # fmt: skip
def test_a_private_host_is_flagged_in_any_spelling(check, host):
    check(connector(f"https://«private-host:{host}»/a"))
    check(connector(f"https://«private-host:{host}»:8443"))


@pytest.mark.parametrize(
    "host", ["172.15.0.1", "172.32.0.1", "11.0.0.1", "192.169.0.1", "8.8.8.8", "999.1.1.1"]
)
def test_a_public_address_is_silent(check, host):
    check(connector(f"https://{host}/a"))


def test_a_private_default_is_flagged(check):
    check(connector("{{ get_variable('base_url') | default('https://«private-host:localhost»:3000') }}/a"))
    check(connector("https://{{ get_variable('region') | default('«private-host:10.0.0.1»') }}/a"))


def test_the_protocol_must_not_come_from_a_template(check):
    (finding,) = check(connector("{{ «templated-protocol:get_variable('region')» }}://a.example/"))
    assert finding.message == "The protocol must not come from a template: write `https://`."
    check(connector("http{{ «templated-protocol:user.id» }}://a.example/"))
    assert mended(connector("{{ get_variable('p') }}://a.example")) == connector("https://a.example")


def test_a_default_must_not_repeat_the_protocol(check):
    text = "https://{{ get_variable('region') | default('«templated-protocol:https://»a.example') }}/a"
    check(connector(text))


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
        "{{ get_variable('base_url') | default('«templated-host:a.example»') }}/a",
    ],
)
def test_only_a_variable_may_choose_the_host(check, url):
    check(connector(url, rows("x") if "pathParams" in url else ""))


def test_a_secret_in_the_host_is_one_finding(check):
    check(connector("{{ «misplaced-secret:get_secret('api_key')» }}/a"))


def test_a_default_for_a_whole_origin_gets_its_protocol():
    text = connector("{{ get_variable('base_url') | default('a.example') }}/a")
    assert mended(text) == text.replace("'a.example'", "'https://a.example'")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("https://a.example/x«url-characters: »y", "https://a.example/x%20y"),
        ("«url-characters: »https://a.example/x«url-characters:  »", "https://a.example/x"),
        ("https://a.example/?a=«url-characters:<»b«url-characters:>»", "https://a.example/?a=%3Cb%3E"),
        ("https://a.example/?a=b«url-characters:|»c", "https://a.example/?a=b%7Cc"),
        ('https://a.example/?a=«url-characters:\\"»b', "https://a.example/?a=%22b"),
        ("https://a.example/«url-characters:\\n»b", "https://a.example/%0Ab"),
        (
            "https://{{ get_variable('region') }}/a«url-characters: »b",
            "https://{{ get_variable('region') }}/a%20b",
        ),
    ],
)
def test_characters_that_must_be_encoded_are_flagged_and_encoded(check, before, after):
    check(connector(before))
    plain = before.replace("«url-characters:", "").replace("»", "")
    assert mended(connector(plain)) == connector(after)


def test_characters_in_the_host_have_no_fix(check):
    for finding in check(connector("https://«url-characters:<»name«url-characters:>».example.com/a")):
        assert finding.fixes == ()


def test_stray_braces_are_flagged_without_a_fix(check):
    (finding,) = check(connector("https://a.example/«url-characters:{»a,b"))
    assert finding.fixes == ()


def test_a_url_without_a_host_is_flagged(check):
    check(connector("https«url-characters:://»/a"))


def test_an_undeclared_path_parameter_is_flagged_where_it_stands_first(check):
    url = "https://a.example/{{ pathParams.«undeclared-path-parameter:id» }}/{{ pathParams.id }}"
    (finding,) = check(connector(url))
    assert finding.message == "The path parameter `id` has no row in `path_parameters`."
    assert (finding.severity, finding.field, finding.pointer) == (Severity.ERROR, "url", "/url")
    check(connector("https://a.example/{{ pathParams['«undeclared-path-parameter:id»'] }}"))
    check(connector("https://a.example/?q={{ pathParams.«undeclared-path-parameter:id» | upper }}"))


def test_a_declared_path_parameter_is_silent(check):
    check(connector("https://a.example/{{ pathParams.id }}", rows("id")))
    check(connector("https://a.example/{{ pathParams[user.id] }}", rows("id")))


def test_one_fix_declares_all_and_only_what_is_missing(check):
    text = connector("https://a.example/{{ pathParams.a }}/{{ pathParams.b }}/{{ pathParams.c }}", rows("b"))
    fixed = apply_fixes(text, validate(Document.parse(text)))
    assert fixed == text.replace('[{"key": "b"}]', '[{"key": "b"}, {"key": "a"}, {"key": "c"}]')
    assert mended(fixed) == fixed


def test_new_rows_follow_the_file_s_own_formatting():
    tall = (
        '{\n\t"name": "A",\n\t"url": "https://a.example/{{ pathParams.id }}",\n\t"headers": [\n'
        '\t\t{\n\t\t\t"key": "Accept",\n\t\t\t"value": "*/*"\n\t\t}\n\t]\n}\n'
    )
    made = '",\n\t"path_parameters": [\n\t\t{\n\t\t\t"key": "id"\n\t\t}\n\t],\n\t"headers"'
    assert mended(tall) == tall.replace('",\n\t"headers"', made)
    mixed = (
        '{\r\n  "name": "A",\r\n  "headers": [{ "key": "Accept" }],\r\n'
        '  "url": "https://a.example/{{ pathParams.id }}"\r\n}'
    )
    made = '}}",\r\n  "path_parameters": [\r\n    { "key": "id" }\r\n  ]\r\n}'
    assert mended(mixed) == mixed.replace('}}"\r\n}', made)
    short = '{"name":"A","url":"https://a.example/{{ pathParams.id }}"}'
    assert mended(short) == short.replace('}}"}', '}}","path_parameters":[{"key": "id"}]}')


def test_rows_in_a_misspelt_field_are_mended_by_renaming_it(check):
    marked = connector(
        "https://a.example/{{ pathParams.«undeclared-path-parameter:id» }}",
        ', "«unknown-field:pathParams»": [{"key": "id"}]',
    )
    check(marked)
    text = connector("https://a.example/{{ pathParams.id }}", ', "pathParams": [{"key": "id"}]')
    assert mended(text) == text.replace('"pathParams"', '"path_parameters"')


def test_an_unused_path_parameter_is_flagged_and_removed(check):
    marked = rows("«unused-path-parameter:a»", "b", "«unused-path-parameter:c»")
    check(connector("https://a.example/{{ pathParams.b }}", marked))
    text = connector("https://a.example/{{ pathParams.b }}", rows("a", "b", "c"))
    assert mended(text) == connector("https://a.example/{{ pathParams.b }}", rows("b"))
    text = connector("https://a.example/", rows("a", "b", "c"))
    assert mended(text) == connector("https://a.example/", rows())


def test_a_slip_between_row_and_template_is_not_mended_unasked(check):
    findings = check(
        connector(
            "https://a.example/{{ pathParams.«undeclared-path-parameter:topicId» }}",
            rows("«unused-path-parameter:topicid»"),
        )
    )
    assert "Did you mean `topicid`?" in findings[0].message
    assert [finding.fix for finding in findings] == [None, None]


def test_single_braces_become_path_parameters_with_their_rows(check):
    check(connector("https://a.example/«single-brace:{a}»/«single-brace:{ b }»/«single-brace:${c}»"))
    text = connector("https://a.example/{a}/{b}/{{ pathParams.c }}")
    fixed = apply_fixes(text, validate(Document.parse(text)))
    made = "https://a.example/{{ pathParams.a }}/{{ pathParams.b }}/{{ pathParams.c }}"
    assert fixed == connector(made, rows("a", "b", "c"))


def test_single_braces_in_the_host_or_in_a_step_have_no_fix(check):
    (finding,) = check(connector("https://«single-brace:{tenant}».example.com/a"))
    assert finding.fixes == ()
    assert "get_variable('tenant')" in finding.message
    (finding,) = check(
        '{"name": "All", "steps": [{"name": "one", "url": "https://a.example/«single-brace:{id}»"}]}'
    )
    assert finding.fixes == ()


def test_single_braces_in_a_raw_block_are_not_mended(check):
    (finding,) = check(connector("https://a.example/{% raw %}«single-brace:{id}»{% endraw %}"))
    assert finding.fixes == ()


def test_a_url_whose_template_is_broken_is_judged_by_its_template_alone(check):
    check(connector("http://a b/{{ pathParams.x }}/«template-syntax:{{» oops"))


def test_places_are_right_behind_json_escapes(check):
    check(connector("https:\\/\\/a.example\\/\\u0041«url-characters: »y"))
    check(connector("https:\\/\\/«private-host:127.0.0.1»\\/"))
