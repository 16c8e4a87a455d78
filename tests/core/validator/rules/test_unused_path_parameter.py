"""Test the rule unused-path-parameter."""

from core.validator.connector_texts import connector_at, mended, path_rows


def test_an_unused_path_parameter_is_flagged_and_removed(check):
    marked = path_rows("«unused-path-parameter:a»", "b", "«unused-path-parameter:c»")
    check(connector_at("https://a.example/{{ pathParams.b }}", marked))
    text = connector_at("https://a.example/{{ pathParams.b }}", path_rows("a", "b", "c"))
    assert mended(text) == connector_at("https://a.example/{{ pathParams.b }}", path_rows("b"))
    text = connector_at("https://a.example/", path_rows("a", "b", "c"))
    assert mended(text) == connector_at("https://a.example/", path_rows())
