"""The connectors that use a name."""

import json
from pathlib import Path

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
