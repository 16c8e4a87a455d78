"""Test the rule call-path-parameters."""

import pytest

from core.validator.widget_code import mended_code

CALL = "sdk.connectors.execute({{ permalink: 'topic', method: 'GET', {} }})"


@pytest.mark.parametrize(
    "given",
    [
        "pathParams: { topicId }",
        "pathParams: { topicId: 7, lang: 'de' }",
        "pathParams: { 'topicId': id }",
        "pathParams: { topicId: String(id) }",
        "pathParams: { topicId: `${id}` }",
        "pathParams: { ...ids }",
        "pathParams: { [key]: id }",
        "pathParams: ids",
        "pathParams",
        "...options",
    ],
)
def test_parameters_that_are_right_or_not_known_are_left_alone(check_code, given):
    check_code(CALL.format(given))


def test_a_missing_parameter_is_marked_at_the_option_or_at_the_function(check_code):
    (finding,) = check_code(CALL.format("«call-path-parameters:pathParams»: { lang: 'de' }"))
    assert finding.message == "`topic` needs the path parameter `topicId`."
    check_code("sdk.connectors.«call-path-parameters:execute»({ permalink: 'topic', method: 'GET' })")
    check_code(CALL.format("«call-path-parameters:pathParams»: {}"))
    check_code(CALL.format("«call-path-parameters:pathParams»: undefined"))


def test_a_key_near_to_the_missing_one_becomes_it(check_code):
    check_code(CALL.format("pathParams: { «call-path-parameters:topicID»: 1 }"))
    assert mended_code(CALL.format("pathParams: { topicID: 1 }")) == CALL.format("pathParams: { topicId: 1 }")
    assert mended_code(CALL.format("pathParams: { topicid }")) == CALL.format(
        "pathParams: { topicId: topicid }"
    )


def test_a_key_that_the_connector_does_not_have_is_found(check_code):
    (finding,) = check_code(CALL.format("pathParams: { topicId: 1, «call-path-parameters:page»: 2 }"))
    assert finding.message == "`topic` has no path parameter `page`."
    code = (
        "s.connectors.execute({permalink: 'news', method: 'GET', pathParams: {«call-path-parameters:id»: 1}})"
    )
    check_code(code)


@pytest.mark.parametrize("value", ["null", "undefined", "true", "{ id: 1 }", "[1]", "() => 1"])
def test_a_value_that_is_not_a_text_or_number_is_found(check_code, value):
    check_code(CALL.format(f"pathParams: {{ topicId: «call-path-parameters:{value}» }}"))


@pytest.mark.parametrize("value", ["a/b", "..", ".", "a..b", "two words", "é", "x" * 201])
def test_a_text_that_no_parameter_may_have_is_found(check_code, value):
    check_code(CALL.format(f"pathParams: {{ topicId: '«call-path-parameters:{value}»' }}"))


def test_an_empty_key_is_found(check_code):
    check_code(CALL.format("pathParams: { topicId: 1, «call-path-parameters:''»: 2 }"))
    check_code(
        "s.connectors.execute({permalink: x, method: 'GET', pathParams: {'«call-path-parameters: »': 2}})"
    )


def test_parameters_that_are_not_an_object_are_found(check_code):
    check_code(CALL.format("pathParams: «call-path-parameters:[id]»"))
    check_code(CALL.format("pathParams: '«call-path-parameters:topicId=1»'"))


def test_a_composite_takes_none(check_code):
    check_code(
        "s.connectors.composite.execute({permalink: 'profile', «call-path-parameters:pathParams»: {id}})"
    )
    before = "s.connectors.composite.execute({ permalink: 'profile', pathParams: {} })"
    assert mended_code(before) == "s.connectors.composite.execute({ permalink: 'profile' })"


def test_one_missing_for_all_permalinks_of_a_condition_is_found(check_code):
    check_code("s.connectors.execute({ permalink: a ? 'topic' : 'news', method: 'GET' })")
    check_code(
        "s.connectors.«call-path-parameters:execute»({ permalink: a ? 'topic' : 'topic', method: 'GET' })"
    )
