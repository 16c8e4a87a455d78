"""Test the rule wrong-call-kind."""

import pytest

from core.validator.widget_code import mended_code


def test_a_composite_is_called_as_one(check_code):
    check_code(
        "sdk.connectors.«wrong-call-kind:execute»({ permalink: 'profile', method: 'POST', payload: {} })"
    )
    before = "await sdk.connectors\n  .execute({ permalink: 'profile', method: 'GET', payload: {} })"
    assert (
        mended_code(before)
        == "await sdk.connectors\n  .composite.execute({ permalink: 'profile', payload: {} })"
    )


def test_a_standard_connector_is_called_as_one_with_its_method(check_code):
    check_code("sdk.connectors.«wrong-call-kind:composite.execute»({ permalink: 'add-topic', payload: {} })")
    before = "sdk?.connectors?.composite.execute({ permalink: 'add-topic', payload: {} })"
    assert (
        mended_code(before)
        == "sdk?.connectors?.execute({ permalink: 'add-topic', method: 'POST', payload: {} })"
    )


def test_a_permalink_of_both_kinds_fits_both_calls(check_code):
    check_code("s.connectors.execute({permalink: 'both', method: 'PUT'})")
    check_code("s.connectors.composite.execute({permalink: 'both'})")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "sdk.execute({permalink: 'news', method: 'GET'})",
            "sdk.connectors.execute({permalink: 'news', method: 'GET'})",
        ),
        (
            "this.sdk.execute({permalink: 'profile'})",
            "this.sdk.connectors.composite.execute({permalink: 'profile'})",
        ),
        (
            "sdk.composite.execute({permalink: 'profile'})",
            "sdk.connectors.composite.execute({permalink: 'profile'})",
        ),
        (
            "const c = new window.WidgetServiceSDK();\nc.execute({permalink: 'news', method: 'GET'})",
            "const c = new window.WidgetServiceSDK();\nc.connectors.execute({permalink: 'news', method: 'GET'})",
        ),
    ],
)
def test_a_function_that_does_not_exist_is_called_where_it_does(before, after):
    assert mended_code(before) == after


def test_a_function_that_does_not_exist_is_marked(check_code):
    (finding,) = check_code("sdk.«wrong-call-kind:execute»({permalink: 'news', method: 'GET'})")
    assert finding.message == "The SDK has no function `execute`: it is `connectors.execute`."


def test_functions_of_other_objects_are_not_the_sdk_s(check_code):
    check_code("db.execute({permalink: 'news'})")
    check_code("const run = sdk.other; run.execute({permalink: 'news'})")


def test_a_call_with_path_parameters_or_a_function_that_was_taken_out_is_left_to_you(check_code):
    code = "s.connectors.«wrong-call-kind:execute»({permalink: 'profile', method: 'POST', pathParams: {id}})"
    (finding,) = check_code(code)
    assert finding.fixes == ()
    code = "const { execute } = sdk.connectors;\n«wrong-call-kind:execute»({permalink: 'profile', method: 'POST'})"
    (finding,) = check_code(code)
    assert finding.fixes == ()
