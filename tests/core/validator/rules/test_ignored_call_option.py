"""Test the rule ignored-call-option."""

import pytest

from core.validator.widget_code import mended_code

CALL = "sdk.connectors.execute({{ permalink: 'add-topic', method: 'POST', {} }})"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("body: { a: 1 }", "payload: { a: 1 }"),
        ("'body': x", "'payload': x"),
        ("body", "payload: body"),
        ("data: { a: 1 }", "payload: { a: 1 }"),
        ("body: JSON.stringify({ a: 1 })", "payload: { a: 1 }"),
        ("queryparams: { q }", "queryParams: { q }"),
        ("query: { q }", "queryParams: { q }"),
        ("query_params: { q }", "queryParams: { q }"),
        ("header: {}", "headers: {}"),
    ],
)
def test_an_option_of_another_library_becomes_the_one_that_was_meant(before, after):
    assert mended_code(CALL.format(before)) == CALL.format(after)


def test_the_key_is_marked(check_code):
    (finding,) = check_code(CALL.format("«ignored-call-option:body»: { title }"))
    assert finding.message == "`body` is ignored: the option is called `payload`."


def test_an_option_near_to_none_has_no_fix(check_code):
    (finding,) = check_code(CALL.format("«ignored-call-option:timeout»: 5000"))
    assert finding.message == "`timeout` is not an option of this call, and is ignored."
    assert finding.fixes == ()


def test_an_option_that_is_there_already_is_not_given_twice(check_code):
    (finding,) = check_code(CALL.format("payload: a, «ignored-call-option:body»: b"))
    assert finding.fixes == ()


def test_the_method_of_a_composite_is_removed(check_code):
    check_code("s.connectors.composite.execute({permalink: 'profile', «ignored-call-option:method»: 'POST'})")
    before = (
        "s.connectors.composite.execute({\n  permalink: 'profile',\n  method: 'POST',\n  payload: {},\n})"
    )
    assert mended_code(before) == before.replace("  method: 'POST',\n", "")


def test_options_that_come_from_elsewhere_are_not_known(check_code):
    check_code(CALL.format("...options"))
    check_code(CALL.format("[name]: 1"))
    check_code(CALL.format("body: undefined"))


def test_body_is_right_where_it_is_no_option_of_a_call(check_code):
    check_code("fetch('/x', { method: 'POST', body: JSON.stringify({ permalink: 'add-topic' }) })")
    check_code(CALL.format("payload: { body: 'text', data: [] }"))


def test_calls_of_other_libraries_are_none_of_ours(check_code):
    check_code("engine.connectors.execute({ connectorId: id, method: 'POST', path: '/x', body: {} })")
    check_code("this.connectors.execute({ workspaceId, operationId, inputs })")
    check_code("pool.connectors.execute('select 1')")
