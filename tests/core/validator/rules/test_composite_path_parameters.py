"""Test the rule composite-path-parameters."""

from core.validator.connector_texts import composite, mended, step


def test_composites_have_no_path_parameters(check):
    rows = ', "«composite-path-parameters:path_parameters»": [{"key": "id"}]'
    check(composite(step("a", rows)))
    check(composite(step("a", ', "path_parameters": []')))
    text = composite(
        step("a", ', "path_parameters": [{"key": "id"}]'), more='"path_parameters": [{"key": "x"}], '
    )
    assert mended(text) == composite(step("a"))


def test_path_parameters_that_a_step_uses_are_not_removed_unasked():
    text = composite(
        '{"name": "a", "url": "https://a.example/{{ pathParams.id }}", "path_parameters": [{"key": "id"}]}'
    )
    assert mended(text) == text
