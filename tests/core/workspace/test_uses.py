"""Who uses which name."""

import json
from pathlib import Path

from strongroom.document import Document
from strongroom.names import Kind
from strongroom.workspace import UseIndex

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


def test_every_use_is_listed_with_its_place() -> None:
    text = json.dumps(CONNECTORS)
    index = UseIndex({"registry.json": Document.parse(text)})
    assert index.names == ("base", "token")
    uses = index.uses("token")
    assert [(use.connector, use.step, use.field) for use in uses] == [
        ("Orders", "", "headers[0].value"),
        ("Orders", "", "headers[0].value"),
        ("Both", "first", "steps[0].query_parameters[0].value"),
    ]
    assert {text[use.start : use.end] for use in uses} == {"token"}
    assert [use.connector for use in index.uses("token", Kind.VARIABLE)] == ["Both"]
    assert index.connectors("token") == (("registry.json", "Orders"), ("registry.json", "Both"))
    assert index.uses("nothing") == ()


def test_a_file_that_cannot_be_read_has_no_uses(tmp_path: Path) -> None:
    good, bad = tmp_path / "connectors.json", tmp_path / "connectors_registry.json"
    good.write_text(json.dumps(CONNECTORS))
    bad.write_bytes(b"\xff\xff")
    index = UseIndex.of_files([str(good), str(bad)])
    assert {use.path for name in index.names for use in index.uses(name)} == {str(good)}
