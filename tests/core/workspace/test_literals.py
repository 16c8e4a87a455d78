"""Credentials that are written out: their places, and names for their secrets."""

import json

import pytest

from strongroom.document import Document
from strongroom.text.edits import apply_edits
from strongroom.workspace.literals import LiteralCredential, literals_in


@pytest.mark.parametrize(
    ("connector", "taken", "name"),
    [
        ("My Weather", (), "my_weather_api_key"),
        ("My-Weather 2", ("my_weather_2_api_key",), "my_weather_2_api_key_2"),
        ("W", ("w_api_key", "w_api_key_2"), "w_api_key_3"),
        ("2 go", (), "api_key_2_go"),
        ("", (), "api_key"),
        ("", ("api_key",), "api_key_2"),
    ],
)
def test_a_secret_s_name_is_made_of_the_connector_and_the_kind_of_credential(connector, taken, name):
    assert LiteralCredential(0, 1, "text", "api_key", connector).name(taken) == name


def replaced(**fields):
    """Return the file's text of a connector after each credential was replaced, and their kinds."""
    text = json.dumps({"name": "W", "url": "https://a.example", **fields})
    document = Document.parse(text)
    found = list(literals_in(document))
    edits = [edit for one in found for edit in one.fix("s").edits]
    return json.loads(apply_edits(text, edits)), [(one.form, one.word) for one in found]


@pytest.mark.parametrize(
    ("value", "after"),
    [
        ("Bearer abc", "Bearer {{ get_secret('s') }}"),
        (
            "{{ jwt_encode({}, get_secret('a')) }}{{ jwt_encode({}, 'b') }}",
            "{{ jwt_encode({}, get_secret('a')) }}{{ jwt_encode({}, get_secret('s')) }}",
        ),
        (
            "{{ jwt_encode({}) }}{{ jwt_encode({}, key='b') }}",
            "{{ jwt_encode({}) }}{{ jwt_encode({}, key=get_secret('s')) }}",
        ),
        ("Bearer {# c #}abc", "Bearer {# c #}abc"),
    ],
)
def test_the_credential_alone_is_replaced(value, after):
    changed, _ = replaced(headers=[{"key": "Authorization", "value": value}])
    assert changed["headers"][0]["value"] == after


def test_a_number_is_replaced_by_a_text():
    authentication = {"type": "api_key", "config": {"key": "k", "value": -12.5e3, "in": "header"}}
    changed, kinds = replaced(authentication=authentication)
    assert changed["authentication"]["config"]["value"] == "{{ get_secret('s') }}"
    assert kinds == [("number", "api_key")]


def test_a_credential_in_a_damaged_text_is_left_alone():
    text = '{"name": "W", "url": "https://a.example", "headers": [{"key": "Authorization", "value": "a\\d"}]}'
    assert list(literals_in(Document.parse(text))) == []
