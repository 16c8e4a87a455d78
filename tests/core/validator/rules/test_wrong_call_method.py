"""Test the rule wrong-call-method."""

from core.validator.widget_code import mended_code


def test_another_method_becomes_the_connector_s(check_code):
    (finding,) = check_code(
        "sdk.connectors.execute({ permalink: 'news', method: '«wrong-call-method:PATCH»' })"
    )
    assert finding.message == "`news` is called with GET, not with PATCH."
    assert mended_code("sdk.connectors.execute({permalink: 'news', method: `POST`})").endswith(
        "method: `GET`})"
    )


def test_a_method_in_lower_case_is_another_one(check_code):
    check_code("sdk.connectors.execute({ permalink: 'news', method: '«wrong-call-method:get»' })")
    check_code("sdk.connectors.execute({ permalink: crm, method: '«wrong-call-method:get»' })")


def test_a_word_that_is_not_a_method_is_found_without_knowing_the_connector(check_code):
    check_code("sdk.connectors.execute({ permalink: props.x, method: '«wrong-call-method:FETCH»' })")


def test_a_missing_method_is_added_in_the_writing_of_the_call(check_code):
    check_code("sdk.connectors.«wrong-call-method:execute»({ permalink: 'news' })")
    before = 'x.connectors.execute({\n    permalink: "add-topic",\n    payload: {},\n})'
    after = 'x.connectors.execute({\n    permalink: "add-topic",\n    method: "POST",\n    payload: {},\n})'
    assert mended_code(before) == after


def test_a_method_of_a_constant_is_marked_where_it_is_used_and_left_to_you(check_code):
    code = (
        "const HOW = 'POST';\nsdk.connectors.execute({ permalink: 'news', method: «wrong-call-method:HOW» })"
    )
    (finding,) = check_code(code)
    assert finding.fixes == ()


def test_conditions_are_wrong_where_no_choice_fits(check_code):
    check_code(
        "s.connectors.execute({permalink: isNew ? 'add-topic' : 'news', method: isNew ? 'POST' : 'GET'})"
    )
    check_code(
        "s.connectors.execute({permalink: 'news', method: isNew ? '«wrong-call-method:POST»' : 'GET'})"
    )


def test_nothing_is_said_where_the_connector_or_its_method_is_not_certain(check_code):
    check_code("s.connectors.execute({permalink: props.x, method: 'DELETE'})")
    check_code("s.connectors.execute({permalink: 'news', method: props.method})")
    check_code("s.connectors.execute({permalink: 'news', ...more})")
    registry = '{"connectors": [{"name": "News", "url": "https://a.example.com", "method": "FETCH"}]}'
    check_code("s.connectors.execute({permalink: 'news', method: 'PUT'})", registry=registry)


def test_a_connector_is_held_apart_from_the_composite_of_the_same_permalink(check_code):
    check_code("s.connectors.execute({permalink: 'both', method: 'PUT'})")
    check_code("s.connectors.composite.execute({permalink: 'both'})")
    check_code("s.connectors.execute({permalink: 'both', method: '«wrong-call-method:POST»'})")
