"""Whether a document asks for secrets or variables."""

import json

import pytest

from strongroom.document import Document
from strongroom.validator.names_asked import asks_for_names


@pytest.mark.parametrize(
    ("value", "asks"),
    [
        ("{{ get_secret('x') }}", True),
        ("{{ get_variable(name) }}", True),
        ("{# get_secret('x') #}", False),
        ("get_secret('x')", False),
        ("{{ user.id }}", False),
    ],
)
def test_whether_a_document_asks_for_names(value: str, asks: bool) -> None:
    row = {"key": "A", "value": value}
    connectors = [{"name": "a", "url": "https://example.com", "headers": [row]}]
    composites = [{"name": "b", "steps": [connectors[0]]}]
    assert asks_for_names(Document.parse(json.dumps({"connectors": connectors}))) is asks
    assert asks_for_names(Document.parse(json.dumps({"composite_connectors": composites}))) is asks
