"""Each cell of the documentation's availability tables, read from the document itself, holds in the rules.

The tables are parsed here from the Markdown, and each cell becomes a connector with that use in that field:
nothing of the platform's own tables is used.
"""

import json
import re
from pathlib import Path

import pytest

from strongroom.document import Document
from strongroom.validator import Levels, validate

PLATFORM = Path(__file__).parents[3] / "../shared/reference/PLATFORM.md"
LEVELS = Levels().select(
    [
        "misplaced-secret",
        "misplaced-variable",
        "misplaced-function",
        "misplaced-name",
        "undefined-name",
        "unknown-step",
    ]
)
FIELDS = ("url", "headers", "query_parameters", "authentication", "request_body", "response_body")
SAMPLES = {
    "get_secret()": ["get_secret('a')"],
    "get_variable()": ["get_variable('a')"],
    "jwt_encode()": ["jwt_encode({}, 'key')"],
    "now()": ["now()"],
    "user.*": ["user.email", "user.profile_fields.by_id(1)"],
    "tenant_id": ["tenant_id"],
    "pathParams.X": ["pathParams.X"],
    "body_text": ["body_text"],
    "body_raw": ["body_raw"],
    "response.body/.status_code/.headers": ["response.body", "response.status_code", "response.headers['a']"],
    "response.*": ["response.body", "response.status_code", "response.headers['a']"],
    "steps.<name>.body/.status_code/.headers": ["steps.first.body", "steps['first'].status_code",
                                                "steps.first.headers"],
    "request.body_text/.body_raw/.headers/.query_parameters": ["request.body_text", "request.body_raw",
                                                               "request.headers", "request.query_parameters"],
}  # fmt: skip


def tables():
    """(column heads, {row head: cells}) of the two tables of section 2."""
    section = re.split(r"^## ", PLATFORM.read_text(encoding="utf-8"), flags=re.MULTILINE)[2]
    for block in re.findall(r"(?:^\|.*\n)+", section, re.MULTILINE):
        head, _, *rows = [
            [cell.strip() for cell in line.strip().strip("|").split("|")] for line in block.splitlines()
        ]
        yield head[1:], {row[0]: row[1:] for row in rows}


def fields_of(head):
    """The fields of a column: `headers[].value`, or several with commas between them."""
    return [field for field in FIELDS if re.search(rf"\b{field}\b", head)]


def cells():
    if not PLATFORM.exists():
        return []
    found = []
    for in_composite, (heads, rows) in enumerate(tables()):
        for names, row in rows.items():
            for name in re.findall(r"`([^`]+)`", names):
                assert name in SAMPLES, name
                for head, cell in zip(heads, row, strict=True):
                    assert cell in ("Y", "-")
                    found.extend((bool(in_composite), name, field, cell == "Y") for field in fields_of(head))
    return found


def connector(field, template):
    body = {"name": "second", "url": "https://a.example", "method": "POST"}
    rows = [{"key": "k", "value": template}]
    body |= {
        "url": {"url": f"https://a.example/{template}"},
        "headers": {"headers": rows},
        "query_parameters": {"query_parameters": rows},
        "authentication": {"authentication": {"type": "api_key", "config": {"value": template}}},
        "request_body": {"request_body": template},
        "response_body": {"response_body": template},
    }[field]
    return body


CELLS = cells()


def test_both_tables_were_read():
    if not CELLS:
        pytest.skip("the platform's documentation is not here")
    assert {(in_composite, field) for in_composite, _, field, _ in CELLS} == {
        (in_composite, field) for in_composite in (False, True) for field in FIELDS
    }
    assert len(CELLS) > 100


@pytest.mark.parametrize(
    "cell", CELLS or [None], ids=lambda cell: cell and f"{cell[1]} in {cell[2]} {cell[0]}"
)
def test_a_use_is_flagged_exactly_where_the_table_says_that_it_does_not_resolve(cell):
    if cell is None:
        pytest.skip("the platform's documentation is not here")
    in_composite, name, field, is_available = cell
    for sample in SAMPLES[name]:
        body = connector(field, f"{{{{ {sample} }}}}")
        first = {"name": "first", "url": "https://a.example"}
        file = {"composite_connectors": [{"name": "n", "steps": [first, body]}]} if in_composite else [body]
        found = validate(Document.parse(json.dumps(file)), levels=LEVELS)
        assert len(found) == (0 if is_available else 1), (sample, found)
