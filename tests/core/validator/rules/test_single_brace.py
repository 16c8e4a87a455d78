"""Test the rule single-brace."""

from core.validator.connector_texts import apply_fixes, connector_at, path_rows
from strongroom.document import Document
from strongroom.validator import validate


def test_single_braces_become_path_parameters_with_their_rows(check):
    check(connector_at("https://a.example/«single-brace:{a}»/«single-brace:{ b }»/«single-brace:${c}»"))
    text = connector_at("https://a.example/{a}/{b}/{{ pathParams.c }}")
    fixed = apply_fixes(text, validate(Document.parse(text)))
    made = "https://a.example/{{ pathParams.a }}/{{ pathParams.b }}/{{ pathParams.c }}"
    assert fixed == connector_at(made, path_rows("a", "b", "c"))


def test_single_braces_in_the_host_or_in_a_step_have_no_fix(check):
    (finding,) = check(connector_at("https://«single-brace:{tenant}».example.com/a"))
    assert finding.fixes == ()
    assert "get_variable('tenant')" in finding.message
    (finding,) = check(
        '{"name": "All", "steps": [{"name": "one", "url": "https://a.example/«single-brace:{id}»"}]}'
    )
    assert finding.fixes == ()


def test_single_braces_in_a_raw_block_are_not_mended(check):
    (finding,) = check(connector_at("https://a.example/{% raw %}«single-brace:{id}»{% endraw %}"))
    assert finding.fixes == ()
