"""Changes of decoded values become edits of the source where they can be made, and through JSON's escapes."""

import json

from core.validator.connector_texts import apply_fixes
from strongroom.document import Document
from strongroom.validator import validate


def fixes_of(text: str, rule: str) -> list[str]:
    """The titles of the fixes that a rule offers."""
    return [
        fix.title
        for finding in validate(Document.parse(text))
        if finding.rule == rule
        for fix in finding.fixes
    ]


def test_a_new_text_is_written_with_the_escapes_of_json():
    steps = [
        {"name": 'a "b"', "url": "https://a.example/x"},
        {"name": "last", "url": "https://a.example/x?{{ steps['a \"c\"'].body }}"},
    ]
    text = json.dumps({"name": "C", "steps": steps})
    found = [finding for finding in validate(Document.parse(text)) if finding.rule == "unknown-step"]
    fixed = json.loads(apply_fixes(text, found, unsafe=True))
    assert fixed["steps"][1]["url"] == "https://a.example/x?{{ steps['a \"b\"'].body }}"


def test_members_of_an_object_that_has_a_key_twice_are_not_moved():
    once = '"config": {"key": "k", "value": "{{ get_secret(\'a\') }}"}, "in": "header"'
    for members, titles in ((once, ["Move in into config"]), (f'{once}, "in": "query"', [])):
        text = f'[{{"name": "A", "url": "https://a.example/x", "authentication": {{"type": "api_key", {members}}}}}]'
        assert fixes_of(text, "misplaced-auth-field") == titles


def test_an_object_is_written_as_rows_only_where_all_its_members_are_texts():
    for headers, titles in (({"a": "b"}, ["Write it as rows"]), ({"a": "b", "c": 1}, []), ({"a": None}, [])):
        text = json.dumps({"name": "A", "url": "https://a.example/x", "headers": headers})
        assert fixes_of(text, "wrong-type") == titles


def test_rows_are_removed_only_where_both_are_written_alike():
    for second, titles in (
        ('{"key": "a", "value": "1"}', ["Remove the repeated row"]),
        ('{"key": "a",  "value": "1"}', []),
    ):
        rows = f'[{{"key": "a", "value": "1"}}, {second}]'
        text = f'[{{"name": "A", "url": "https://a.example/x", "headers": {rows}}}]'
        assert fixes_of(text, "duplicate-key") == titles
