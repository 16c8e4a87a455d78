"""Test the rule wrong-kind."""

import json

import pytest

from core.validator.connector_texts import field, fixed
from strongroom.names import Kind, Knowledge, Name, Names


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("get_secret('region')", "get_variable('region')"),
        ("get_variable('api_key')", "get_secret('api_key')"),
    ],
)
def test_the_other_kind_s_function_is_swapped(check, wrong, right):
    name = wrong.partition("(")[0]
    marked = field("headers", f"{{{{ {wrong.replace(name, f'«wrong-kind:{name}»')} }}}}")
    assert fixed(marked, check) == field("headers", f"{{{{ {right} }}}}")


def test_a_secret_read_as_a_variable_where_no_secret_resolves_has_no_fix(check):
    (finding,) = check(field("url", "{{ «wrong-kind:get_variable»('api_key') }}"))
    assert finding.fixes == ()
    assert finding.message.startswith("`api_key` is a secret, and get_secret works only in headers")


def test_a_kind_is_known_from_an_incomplete_list_too(check):
    names = Names(Knowledge.PARTIAL, {"region": Name("region", Kind.VARIABLE)})
    check(field("headers", "{{ «wrong-kind:get_secret»('region') }}"), names=names)


def test_a_secret_in_a_credential_read_as_a_variable_is_one_finding(check):
    auth = {"type": "api_key", "config": {"key": "k", "value": "{{ «wrong-kind:get_variable»('api_key') }}",
                                          "in": "header"}}  # fmt: skip
    check(json.dumps({"name": "n", "url": "https://a.example", "authentication": auth}, ensure_ascii=False))
