"""Test that a credential which is written out can be stored, and a reference put in its place."""

import json

import pytest

from core.validator.connector_texts import api_key, connector, header_row, jwt, oauth_client
from strongroom.document import Document
from strongroom.names import Kind, Knowledge, Name, Names
from strongroom.validator import validate
from strongroom.validator.fixing import apply_together
from strongroom.workspace.literal_values import NoLiteral, literal_at, value_of
from strongroom.workspace.literals import literals_in

PEM = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"


def signed(key):
    """Return a connector that signs a token in a header with `key`, as the template has it."""
    value = f"{{{{ jwt_encode({{'a': 1}}, {key}) }}}}"
    return connector(f'"headers": [{{"key": "X-Token", "value": {json.dumps(value)}}}]')


PLACES = {
    "an API key": (api_key("s3cr3t"), "s3cr3t", "sample_api_key"),
    "a number": (api_key("4711").replace('"4711"', "4711"), "4711", "sample_api_key"),
    "a client's secret": (oauth_client(secret="s3cr3t"), "s3cr3t", "sample_client_secret"),
    "a client's id": (oauth_client(client_id="c-1"), "c-1", "sample_client_id"),
    "a key of many lines": (jwt(json.dumps(PEM)[1:-1]), PEM, "sample_private_key"),
    "escapes of JSON": (api_key(r"q\"\\\u00e9\ud83d\udd11"), 'q"\\é🔑', "sample_api_key"),
    "a part of a header": (header_row("Authorization", "Bearer s3cr3t"), "s3cr3t", "sample_api_key"),
    "a key in a template": (signed("'it\\'s \\u00e9'"), "it's é", "sample_signing_key"),
    "a key in JSON's quotes": (signed('"s3cr3t"'), "s3cr3t", "sample_signing_key"),
}


@pytest.mark.parametrize(("text", "value", "name"), PLACES.values(), ids=PLACES)
def test_a_literal_is_read_as_the_platform_would_send_it_and_replaced_by_a_reference(text, value, name):
    document = Document.parse(text)
    (literal,) = literals_in(document)
    assert value_of(document, literal).reveal() == value
    assert literal.name(()) == name
    assert literal.name({name, f"{name}_2"}) == f"{name}_3"
    after = apply_together(document, [literal.fix(name)]).document
    known = {each: Name(each, Kind.SECRET) for each in (name, "api_key")}
    assert list(validate(after, Names(Knowledge.COMPLETE, known))) == []
    assert f"get_secret('{name}')" in json.dumps(json.loads(after.text), ensure_ascii=False)


@pytest.mark.parametrize(
    "text",
    [
        api_key("{{ 'sample' }}"),
        api_key("sample{# a note #}"),
        api_key("{{ get_variable('region') }}"),
        connector('"url": "https://me:hunter2@a.example/"').replace('"url": "https://a.example", ', ""),
        api_key("sample").split("ple")[0],
    ],
)
def test_what_a_reference_cannot_replace_is_left_alone(text):
    assert list(literals_in(Document.parse(text))) == []


@pytest.mark.parametrize(("connector_name", "name"), [("7 Seas", "api_key_7_seas"), ("天気", "api_key")])
def test_the_name_of_a_secret_is_valid_whatever_the_connector_is_called(connector_name, name):
    (literal,) = literals_in(Document.parse(api_key("s3cr3t").replace("Sample", connector_name)))
    assert literal.name(()) == name


def test_a_place_is_one_that_check_prints_or_one_inside_the_literal():
    text = api_key("s3cr3t").replace('"value"', '\n  "value"')
    document = Document.parse(text)
    for column in (13, 15, 18):
        assert value_of(document, literal_at(document, 2, column, "c.json")).reveal() == "s3cr3t"
    for line, column in ((1, 13), (2, 3), (2, 40), (9, 1)):
        with pytest.raises(NoLiteral, match=rf"c\.json has no .* line {line}, column {column}"):
            literal_at(document, line, column, "c.json")
