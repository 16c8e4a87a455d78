"""Which names a template asks for, by its text alone."""

import pytest

from strongroom.document.asked_names import asked_names, asks_for_secrets
from strongroom.names import Kind


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("{{ get_secret('a') }}", True),
        ('{{ get_secret ( "a" ) }}', True),
        ("{% set read = get_secret %}{{ read('a') }}", True),
        ("{% if x %}{{ f(get_secret(name)) }}{% endif %}", True),
        ("{{ get_variable('get_secret') }}", False),
        ("{# get_secret('a') #}", False),
        ("Pass the key to get_secret('a')", False),
        ("{{ other.get_secret }}", False),
        ("{% macro get_secret(name) %}x{% endmacro %}{{ get_secret('a') }}", False),
    ],
)
def test_a_secret_is_needed_where_a_template_uses_the_function(text: str, needs: bool) -> None:
    assert asks_for_secrets(text) is needs


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("{{ get_secret('a') }}", (("a", Kind.SECRET),)),
        ('{{ get_variable( "b" ) }}', (("b", Kind.VARIABLE),)),
        ("get_secret('a')", (("a", Kind.SECRET),)),
        ('{{ get_secret("it\'s") }}', (("it's", Kind.SECRET),)),
        ("{{ get_secret(pathParams.name) }}", ()),
        ("{{ jwt_encode(payload, 'key') }}", ()),
        ("{{ my_get_secret('a') }}", ()),
        ("{{ 'get_secret(\"a\")' }}", ()),
        ("get_secret('a", ()),
    ],
)
def test_an_expression_asks_for_the_names_in_its_calls(
    expression: str, names: tuple[tuple[str, Kind], ...]
) -> None:
    assert asked_names(expression) == names
