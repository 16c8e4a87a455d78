"""Templates and files in the styles that authors use: each yields exactly the findings that are written over it.

`authors/templates.txt` and `authors/files.txt` hold the cases. A case begins with a line `=== place rule rule`, where
a place with a `c` in front is one of a composite's step, or `=== what it is: rule rule`; its text follows.
"""

import json
import re
from pathlib import Path

import pytest

from strongroom.document import Document
from strongroom.names import Kind, Knowledge, Name, Names
from strongroom.validator import validate

HERE = Path(__file__).parent / "authors"
SECRETS, VARIABLES = ("api_key", "client_secret", "a", "b"), ("base_url", "region")
NAMES = Names(
    Knowledge.COMPLETE,
    {name: Name(name, Kind.SECRET) for name in SECRETS}
    | {name: Name(name, Kind.VARIABLE) for name in VARIABLES},
)


def cases(name: str) -> list[tuple[str, str]]:
    """(header, text) of each case."""
    blocks = re.split(r"(?m)^=== ", (HERE / name).read_text(encoding="utf-8"))[1:]
    return [(header, text.removesuffix("\n")) for header, _, text in (b.partition("\n") for b in blocks)]


def connector(place: str, template: str) -> dict[str, object]:
    """A connector with the template in its place."""
    found: dict[str, object] = {"name": "last", "url": "https://api.example.com/x", "method": "POST"}
    secret = "{{ get_secret('api_key') }}"
    found |= {
        "url": {"url": template},
        "req": {"request_body": template},
        "res": {"response_body": template},
        "hdr": {"headers": [{"key": "X-Thing", "value": template}]},
        "qry": {"query_parameters": [{"key": "q", "value": template}]},
        "auth": {
            "authentication": {"type": "jwt", "config": {"private_key": secret, "claims": {"sub": template}}}
        },
    }[place]
    return found


def document(place: str, template: str) -> str:
    """The file of a case: one connector, or a composite whose third step of four holds the template."""
    if not place.startswith("c"):
        return json.dumps({"connectors": [connector(place, template)]}, indent=2)
    other = [{"name": name, "url": "https://api.example.com/y"} for name in ("init", "find-place", "third")]
    steps = [*other[:2], connector(place[1:], template), other[2]]
    return json.dumps({"composite_connectors": [{"name": "C", "steps": steps}]}, indent=2)


def findings(text: str) -> list[str]:
    """The rules that find something, in alphabetical order."""
    return sorted(finding.rule for finding in validate(Document.parse(text), NAMES))


@pytest.mark.parametrize(("header", "template"), cases("templates.txt"))
def test_a_template_yields_what_is_written_over_it(header, template):
    place, *rules = header.split()
    assert findings(document(place, template)) == rules


@pytest.mark.parametrize(("header", "text"), cases("files.txt"))
def test_a_file_yields_what_is_written_over_it(header, text):
    assert findings(text) == header.partition(":")[2].split()


def test_there_are_many_cases():
    assert len(cases("templates.txt")) > 300
    assert len(cases("files.txt")) > 100
