"""Test the rule bare-call."""

import json

import pytest

from core.validator.connector_texts import field, fixed


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Bearer «bare-call:get_secret('api_key')»", "Bearer {{ get_secret('api_key') }}"),
        ("{«bare-call:get_secret('api_key')»}", "{{ get_secret('api_key') }}"),
        ("${ «bare-call:get_secret('api_key')» }", "{{ get_secret('api_key') }}"),
        ("a{«bare-call:get_variable('region')»", "a{{{ get_variable('region') }}"),
        ("{{ tenant_id }}-«bare-call:get_variable('region')»", "{{ tenant_id }}-{{ get_variable('region') }}"),
        ("{% if user.id %}«bare-call:get_secret('api_key')»{% endif %}",
         "{% if user.id %}{{ get_secret('api_key') }}{% endif %}"),
    ],
)  # fmt: skip
def test_a_call_outside_of_braces_gets_them(check, text, right):
    if not text.startswith("a{"):
        assert fixed(field("headers", text), check) == field("headers", right)
    else:
        check(field("headers", text))


@pytest.mark.parametrize(
    "text",
    [
        "{% raw %}get_secret('api_key'){% endraw %}",
        "{# get_secret('api_key') #}",
        "call get_secret with a name",
        "forget_secret('api_key')",
        "{{ \"get_secret('api_key')\" }}",
    ],
)
def test_text_that_is_no_bare_call_is_silent(check, text):
    check(field("headers", text))


def test_a_bare_call_where_its_function_does_not_exist_has_no_fix(check):
    (finding,) = check(field("request_body", "«bare-call:get_secret('api_key')»"))
    assert finding.fixes == ()


def test_a_bare_call_in_a_credential_is_no_literal_credential(check):
    auth = {
        "type": "api_key",
        "config": {"key": "k", "value": "«bare-call:get_secret('api_key')»", "in": "header"},
    }
    check(json.dumps({"name": "n", "url": "https://a.example", "authentication": auth}, ensure_ascii=False))
