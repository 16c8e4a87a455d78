"""Members and items are added, removed and moved in the formatting of the file."""

import json

import pytest

from strongroom.document.connector import Fragment
from strongroom.text.edits import apply_edits
from strongroom.validator.editing import (
    add_item,
    add_member,
    add_rows,
    move_members,
    remove_child,
    remove_member,
)

STYLES = {
    "flat": '{"url": "u", "headers": [{"key": "A", "value": "1"}], "list": [1, 2], "inner": {"z": 1}}',
    "dense": '{"url":"u","headers":[{"key":"A","value":"1"}],"list":[1,2],"inner":{"z":1}}',
    "airy": '{ "url" : "u", "headers" : [ { "key" : "A", "value" : "1" } ], "list" : [ 1, 2 ], "inner" : { "z" : 1 } }',
    "tall": """{
    "url": "u",
    "headers": [
        {
            "key": "A",
            "value": "1"
        }
    ],
    "list": [
        1,
        2
    ],
    "inner": {
        "z": 1
    }
}""",
    "rows on one line": """{
\t"url": "u",
\t"headers": [
\t\t{"key": "A", "value": "1"}
\t],
\t"list": [1, 2],
\t"inner": {"z": 1}
}""",
    "tall rows in a flat list": """{
  "url": "u",
  "headers": [{
    "key": "A",
    "value": "1"
  }],
  "list": [1,
    2],
  "inner": {"z": 1
  }
}""",
    "windows": """{
  "url": "u",
  "headers": [{ "key": "A", "value": "1"\t}],
  "list": [ 1,2 ],
  "inner": {}
}""".replace("\n", "\r\n"),
    "no other member": '{"url":"u"}',
    "no indentation": '{\n"url": "u",\n"list": [1],\n"headers": [],\n"inner": {}\n}',
    "indented itself": '    {\n      "url": "u",\n      "headers": [],\n      "list": [],\n      "inner": {}\n    }',
    "tabs inside and blanks outside": '  {\n\t\t\t"url": "u",\n\t\t\t"list": [],\n\t\t\t"inner": {}\n  }',
    "colons on their own line": '{\n  "url"\n  :\n  "u",\n  "headers": [ ],\n  "list": [3],\n  "inner": { "z":\n1 }}',
    "rows without members": """{"headers": [{}, 1], "query_parameters": [{"key":"B","value":"2"}],
 "list": [1], "inner": {"z": 1}}""",
    "empty": "{}",
    "empty and tall": "{\n}",
}


def fragment_of(source: str) -> Fragment:
    """A connector of its own."""
    return Fragment(source, "", json.loads(source))


def styled(style: str) -> Fragment:
    """A connector that is written in a style."""
    return fragment_of(STYLES[style].lstrip(" "))


@pytest.mark.parametrize("style", STYLES)
def test_each_change_is_written_in_the_style_of_the_file(style, snapshot):
    fragment = styled(style)
    source, root = fragment.source, fragment.root
    array, headers, inner = root.get("list"), root.get("headers"), root.get("inner")
    url = ("url",)
    changes = {
        "a member": [add_member(source, root, "new", "true")],
        "a member after the url": [add_member(source, root, "new", "true", after="url")],
        "rows": add_rows("headers", ("B", 'C"'))(fragment, url),
        "rows of a list that is missing": add_rows("path_parameters", ("B", "C"))(fragment, url),
    }
    if root.members:
        changes["the first member removed"] = remove_member(fragment, (root.members[0][0].data,))
        changes["the last member removed"] = remove_member(fragment, (root.members[-1][0].data,))
    if array is not None and array.items:
        changes["an item"] = [add_item(source, array, array, "9")]
        changes["the first item removed"] = [remove_child(array, 0)]
        changes["the last item removed"] = [remove_child(array, len(array.items) - 1)]
    if array is not None and array.items and headers is not None and not headers.items:
        changes["an item of an empty list"] = [add_item(source, array, headers, "9")]
    if inner is not None:
        changes["into a member"] = move_members(("url", "list"), "inner")(fragment, url)
        changes["into a member that is missing"] = move_members(("list", "inner"), "made")(fragment, url)
    texts = []
    for name, edits in changes.items():
        changed = apply_edits(source, edits)
        json.loads(changed)
        texts += [f"-- {name}", changed]
    assert "\n".join(texts).replace("\r", "␍").replace("\t", "→") == snapshot


def test_rows_are_added_to_a_list_only():
    fragment = fragment_of('{"url": "u", "headers": {"a": 1}}')
    assert add_rows("headers", ("B",))(fragment, ("url",)) == []


def test_of_a_member_that_is_there_twice_the_last_one_is_removed():
    fragment = fragment_of('{"a": 1, "b": 2, "a": 3}')
    assert apply_edits(fragment.source, remove_member(fragment, ("a",))) == '{"a": 1, "b": 2}'
