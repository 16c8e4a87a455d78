"""A document asks for names where a template calls `get_secret` or `get_variable`, however JSON writes it."""

import pytest

from strongroom.document import Document
from strongroom.validator.names_asked import asks_for_names


@pytest.mark.parametrize(
    ("value", "asks"),
    [
        ("{{ get_secret('a') }}", True),
        ("{{ \\u0067et_variable('a') }}", True),
        ("get_secret('a')", False),
        ("{{ get_them }}", False),
        ("{% set get_secret = user.id %}{{ get_secret('a') }}", False),
    ],
)
def test_only_calls_in_templates_ask_for_names(value, asks):
    text = f'[{{"name": "A", "url": "https://a.example/x", "headers": [{{"key": "k", "value": "{value}"}}]}}]'
    assert asks_for_names(Document.parse(text)) is asks
