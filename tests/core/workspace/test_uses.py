"""The connectors that use a name."""

import json
from pathlib import Path

import pytest

from strongroom.document import Document
from strongroom.validator.names_asked import asks_for_names
from strongroom.workspace.uses import connectors_with

CONNECTORS = {
    "connectors": [
        {
            "name": "Orders",
            "url": "https://example.com/{{ get_variable('base') }}",
            "headers": [{"key": "A", "value": "{{ get_secret('token') }}{{ get_secret('token') }}"}],
        }
    ],
    "composite_connectors": [
        {
            "name": "Both",
            "steps": [
                {
                    "name": "first",
                    "url": "https://example.com",
                    "query_parameters": [{"key": "k", "value": "{{ get_variable('token') }}"}],
                }
            ],
        }
    ],
}


def test_each_connector_that_uses_a_name_is_given_once_with_its_file(tmp_path: Path) -> None:
    good, bad = tmp_path / "connectors.json", tmp_path / "connectors_registry.json"
    good.write_text(json.dumps(CONNECTORS))
    bad.write_bytes(b"\xff\xff")
    paths = [str(bad), str(good)]
    assert connectors_with("token", paths) == ((str(good), "Orders"), (str(good), "Both"))
    assert connectors_with("base", paths) == ((str(good), "Orders"),)
    assert connectors_with("nothing", paths) == ()


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
