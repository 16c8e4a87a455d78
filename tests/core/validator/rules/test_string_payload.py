"""Test the rule string-payload."""

import pytest

from core.validator.widget_code import mended_code

CALL = "sdk.connectors.execute({{ permalink: 'add-topic', method: 'POST', payload: {} }})"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("JSON.stringify({ a: 1 })", "{ a: 1 }"),
        ("JSON.stringify(form.values, null, 2)", "form.values"),
        ("(JSON.stringify(data) as any)", "(data as any)"),
        ("data ? JSON.stringify(data) : undefined", "data ? data : undefined"),
    ],
)
def test_json_that_is_made_by_hand_is_left_out(before, after):
    assert mended_code(CALL.format(before)) == CALL.format(after)


def test_the_expression_is_marked(check_code):
    (finding,) = check_code(CALL.format("«string-payload:JSON.stringify({ a })»"))
    assert finding.message == "The SDK makes JSON of the payload itself: give it the object."


@pytest.mark.parametrize(
    "payload", ["`«string-payload:x»`", '«string-payload:`{"a": ${a}}`»', "«string-payload:'{' + x + '}'»"]
)
def test_a_text_has_no_fix(check_code, payload):
    (finding,) = check_code(CALL.format(payload))
    assert finding.fixes == ()


def test_a_constant_that_holds_json_is_marked_where_it_is_used(check_code):
    code = "const body = JSON.stringify({ a });\n" + CALL.format("«string-payload:body»")
    (finding,) = check_code(code)
    assert finding.fixes == ()


@pytest.mark.parametrize(
    "payload", ["{ a: JSON.stringify(a) }", "data", "toPayload(data)", "[1, 2]", "x + y"]
)
def test_other_payloads_are_left_alone(check_code, payload):
    check_code(CALL.format(payload))


def test_a_composite_s_payload_is_looked_at_too(check_code):
    check_code(
        "s.connectors.composite.execute({permalink: 'profile', payload: «string-payload:JSON.stringify(x)»})"
    )
