"""Test the rule too-long."""

import json

import pytest

from core.validator.connector_texts import connector


@pytest.mark.parametrize(
    ("field", "limit"), [("name", 255), ("permalink", 255), ("response_content_type", 255)]
)
def test_the_text_past_the_limit_is_flagged(check, field, limit):
    values = {"name": "Sample", "url": "https://a.example", field: "a" * 255}
    check(json.dumps(values))
    values[field] = "a" * 255 + "«too-long:bc»"
    (finding,) = check(json.dumps(values, ensure_ascii=False))
    assert finding.message == f"`{field}` has 257 characters; at most 255 are allowed."


def test_limits_count_characters_of_the_decoded_text(check):
    check(connector('"headers": [{"key": "A", "value": "' + "\\u00e9" * 1000 + '"}]'))
    check(connector('"headers": [{"key": "A", "value": "' + "\\u00e9" * 1000 + '«too-long:\\u00e9»"}]'))
    check(connector('"headers": [{"key": "' + "k" * 255 + '«too-long:k»"}]'))
    check('{"name": "A", "url": "https://a.example/' + "x" * 2030 + '"}')
    check('{"name": "A", "url": "https://a.example/' + "x" * 2030 + '«too-long:x»"}')
