"""Completion of the JSON around the templates, applied to the text that it was asked for in."""

import json
import re

import pytest
from lsprotocol import converters, types

from strongroom.document import Document
from strongroom.validator import validate
from strongroom_lsp.documents.json_scan import cursor_at
from strongroom_lsp.documents.snippets import (
    COMPOSITE,
    CONNECTOR,
    REGISTRY,
    authentication_snippets,
    snippet_text,
)
from strongroom_lsp.features.completing.json_completion import complete_json
from strongroom_lsp.protocol.capabilities import Client

CONVERTER = converters.get_converter()
WRAP = '{"connectors": [%s]}'


@pytest.fixture
def complete(open_at):
    def complete(marked, client=Client(snippets=True)):  # noqa: B008
        return complete_json(*open_at(marked, "utf-32"), client)

    return complete


@pytest.fixture
def labels(complete):
    return lambda marked: [item.label for item in complete(marked)]


def applied(marked, item):
    text = marked.replace("‸", "")
    place = item.text_edit.range
    assert place.start.line == place.end.line == 0
    return text[: place.start.character] + item.text_edit.new_text + text[place.end.character :]


@pytest.mark.parametrize(
    ("marked", "some", "missing"),
    [
        (WRAP % '{"name": "a", ‸}', "url", "name"),
        (WRAP % '{"name": "a", "‸"}', "method", "steps"),
        (WRAP % '{"name": "a", "me‸"}', "method", "name"),
        (WRAP % '{‸ "url": "x"}', "name", "url"),
        (WRAP % "{‸}", "url", "connectors"),
        (WRAP % '{"headers": [{"key": "A", "‸', "overridable", "key"),
        (WRAP % '{"path_parameters": [{"‸"}]}', "key", "url"),
        (WRAP % '{"authentication": {"‸"}}', "type", "key"),
        (WRAP % '{"authentication": {"type": "jwt", "config": {"‸"}}}', "private_key", "client_id"),
        (WRAP % '{"authentication": {"config": {"‸"}, "type": "api_key"}}', "in", "claims"),
        ('{"composite_connectors": [{"name": "a", "‸"}]}', "steps", "url"),
        ('{"composite_connectors": [{"name": "a", "steps": [{"‸"}]}]}', "url", "steps"),
        ("{‸}", "connectors", "url"),
    ],
)
def test_the_keys_that_fit_and_are_not_there_yet_are_offered(labels, marked, some, missing):
    found = labels(marked)
    assert some in found
    assert missing not in found


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        (WRAP % '{"method": "‸"}', {"GET", "POST", "OPTIONS"}),
        (WRAP % '{"name": "a" "method": "‸"}', {"GET", "POST", "OPTIONS"}),  # the comma is missing
        (WRAP % '{"method": ‸}', {"DELETE"}),
        (WRAP % '{"authentication": {"type": "‸"}}', {"none", "api_key", "jwt", "oauth_jwt_bearer"}),
        (WRAP % '{"authentication": {"type": "jwt", "config": {"algorithm": "‸"}}}', {"RS256", "EdDSA"}),
        (WRAP % '{"authentication": {"type": "api_key", "config": {"in": "‸"}}}', {"header", "query"}),
        (WRAP % '{"headers": [{"overridable": ‸}]}', {"true", "false"}),
        (WRAP % '{"headers": [{"key": "‸"}]}', {"Authorization", "Content-Type"}),
    ],
)
def test_fixed_values_are_offered(labels, marked, expected):
    assert expected <= set(labels(marked))


def test_no_deprecated_type_is_offered(labels):
    assert "apikey" not in labels(WRAP % '{"authentication": {"type": "‸"}}')


@pytest.mark.parametrize(
    "marked", [WRAP % '{"name": "‸"}', WRAP % '{"x": {"‸"}}', "7 ‸", '"‸"', WRAP % '{"url": "‸"}']
)
def test_nothing_is_offered_where_anything_goes(labels, marked):
    assert labels(marked) == []


@pytest.mark.parametrize(
    ("marked", "label", "after"),
    [
        (WRAP % '{"name": "a", "me‸"}', "method", '{"name": "a", "method": "GET"}'),
        (WRAP % '{‸ "url": "x"}', "permalink", '{"permalink": "", "url": "x"}'),
        (WRAP % '{"na‸": "x"}', "name", '{"name": "x"}'),
        (WRAP % '{"headers": [{"overridable": tr‸}]}', "true", '{"headers": [{"overridable": true}]}'),
        (WRAP % '{"method": "P‸ST"}', "PATCH", '{"method": "PATCH"}'),
    ],
)
def test_an_item_leaves_sound_json(complete, marked, label, after):
    item = next(item for item in complete(marked, Client()) if item.label == label)
    assert json.loads(applied(marked, item)) == json.loads(WRAP % after)


def test_every_item_is_what_the_protocol_asks_for(complete):
    for marked in (WRAP % '{"‸"}', WRAP % "‸", WRAP % '{"authentication": ‸}'):
        assert CONVERTER.structure(CONVERTER.unstructure(complete(marked)), list[types.CompletionItem])


# -- whole pieces ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("‸", ["connector file", "connector"]),
        (" ‸\n", ["connector file", "connector"]),
        ("x‸", []),
        (WRAP % "‸", ["connector"]),
        ('{"composite_connectors": [‸]}', ["composite connector"]),
        ('{"composite_connectors": [{"steps": [‸]}]}', ["step"]),
        (WRAP % '{"headers": [‸]}', ["header"]),
        (WRAP % '{"headers": [{"key": "a"}, ‸]}', ["header"]),
        (WRAP % '{"path_parameters": [‸]}', ["path parameter"]),
    ],
)
def test_a_list_offers_its_item_and_an_empty_file_a_beginning(labels, marked, expected):
    assert labels(marked) == expected


def filled(value):
    """A snippet as the client leaves it when nothing is typed into its holes."""
    text = snippet_text(value, is_snippet=True)
    text = re.sub(r"\$\{\d+:([^}]*)\}", r"\1", text)
    assert "$" not in text
    return text.replace("\\}", "}")


@pytest.mark.parametrize("snippet", authentication_snippets(), ids=lambda snippet: snippet.label)
def test_each_authentication_type_comes_with_its_required_fields(snippet):
    connector = {
        "name": "a",
        "url": "https://api.example.com",
        "authentication": json.loads(filled(snippet.value)),
    }
    assert validate(Document.parse(json.dumps(connector))) == []
    assert json.loads(snippet_text(snippet.value, is_snippet=False)) == json.loads(filled(snippet.value))


@pytest.mark.parametrize(
    ("snippet", "wrap"),
    [
        (REGISTRY, "%s"),
        (CONNECTOR, '{"connectors": [%s]}'),
        (COMPOSITE, '{"composite_connectors": [%s]}'),
    ],
)
def test_a_new_connector_has_no_mistake(snippet, wrap):
    text = (wrap % filled(snippet.value)).replace("Name", "Orders")
    assert [finding.rule for finding in validate(Document.parse(text)) if finding.severity != "info"] == []


def test_a_type_brings_its_config(labels):
    assert labels(WRAP % '{"authentication": {"type": "jwt", "config": ‸}}') == ["config for jwt"]
    assert labels(WRAP % '{"authentication": {"type": "none", "config": ‸}}') == []
    assert "jwt" in labels(WRAP % '{"authentication": ‸}')


@pytest.mark.parametrize(
    ("marked", "offered"),
    [
        (WRAP % '{"name": "a", ‸}', []),
        (WRAP % '{"method": "‸"}', []),
        (WRAP % '{"headers": [{"overridable": ‸}]}', []),
        (WRAP % '{"authentication": {"type": "jwt", "config": ‸}}', ["config for jwt"]),
        (WRAP % "‸", ["connector"]),
    ],
)
def test_where_a_schema_tells_the_keys_only_whole_pieces_are_offered(open_at, marked, offered):
    found = complete_json(*open_at(marked, "utf-32"), Client(), with_keys=False)
    assert [item.label for item in found] == offered


# -- the scanner -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", range(0, 200, 3))
def test_a_text_that_ends_anywhere_is_read(end):
    text = (WRAP % '{"headers": [{"key": "a\\"b", "value": [1, null]}], "x": {"y": "z"}}')[:end]
    cursor = cursor_at(text, 0, len(text))
    assert cursor is None or 0 <= cursor.start <= cursor.end <= len(text)
