"""A JSON body is shown as it was written: numbers, keys that come twice, and where it stops being JSON."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tui_support import report

from strongroom_tui.model.runs.result import Result
from strongroom_tui.model.text.json_body import Number, find_break, parse, written
from strongroom_tui.model.text.json_tree import JsonTree, find


def lines_of(text: str) -> list[str]:
    tree = JsonTree(parse(text))
    return ["".join(piece for piece, _ in tree.line(i)).strip() for i in range(len(tree))]


def result_of(text: str, content_type: str = "application/json") -> Result:
    return Result(report(text=text, headers={"Content-Type": content_type}))


def shown(result: Result, part: str, width: int = 80) -> str:
    made = result.part(part, width)
    return "\n".join("".join(text for text, _ in made.line(i)) for i in range(made.height))


@pytest.mark.parametrize(
    "number", ["1e400", "-0", "1.10", "1E5", "0.1", "12", "-0.0", "9" * 400, "1e-400", "1.0"]
)
def test_a_number_is_shown_as_it_was_written(number: str) -> None:
    text = f'{{"a": {number}, "b": [{number}]}}'
    assert f"a: {number}" in lines_of(text)
    assert written(parse(text)) == json.dumps({"a": 0, "b": [0]}, indent=2).replace("0", number)
    assert find(parse(text), number) == [("a",), ("b", 0)]


def test_every_place_of_a_key_that_comes_twice_is_shown_and_told() -> None:
    assert lines_of('{"a": 1, "b": 0, "a": {"x": 1}, "a": 3}') == [
        "▾ {4 keys}",
        "a: 1  ! duplicate key, not used",
        "b: 0",
        "▾ a: {1 key}  ! duplicate key, not used",
        "x: 1",
        "a: 3  ! duplicate key, this value counts",
    ]


def test_every_place_of_a_key_that_comes_twice_can_be_revealed() -> None:
    data = parse('{"a": {"needle": 1}, "a": {"needle": 2}}')
    tree = JsonTree(data)
    found = find(data, "needle")
    assert [tree.rows[tree.reveal(path)].value for path in found] == [1, 2]


@pytest.mark.parametrize(
    ("text", "place", "told"),
    [
        ('{"a":1,}', "line 1, column 7", "trailing comma"),
        ('{"a":NaN,"a":2}', "line 1, column 6", "NaN"),
        ('{\n  "a": 1\n  "b": 2\n}', "line 3, column 3", "comma"),
        ('{"a": tru}', "line 1, column 7", "tru"),
        ("{'a': 1}", "line 1, column 2", "double quotes"),
        ("[1, 2", "line 1, column 6", "not closed"),
        ('{"a": 1} x', "line 1, column 10", "after the end"),
        ("[" * 5000, "line 1, column 1", "deeply"),
        ("<html>", "line 1, column 1", ""),
    ],
)
def test_a_body_that_is_not_json_says_where_it_breaks_above_its_text(
    text: str, place: str, told: str
) -> None:
    result = result_of(text)
    assert result.tree is None
    for part in ("Response", "Raw"):
        first, *rest = shown(result, part).splitlines()
        assert first.startswith(f"✗ not JSON  {place}: ")
        assert told in " ".join([first, *rest[:2]])
        assert text[:40].splitlines()[0] in "\n".join(rest)


@pytest.mark.parametrize(
    ("text", "type_"), [("plain words", "text/plain"), ("", "application/json"), ("3", "a/json")]
)
def test_a_body_that_never_said_that_it_is_json_is_not_told_to_be_broken(text: str, type_: str) -> None:
    assert "not JSON" not in shown(result_of(text, type_), "Response")


def test_an_object_is_looked_at_as_json_whatever_its_content_type_says() -> None:
    assert find_break('{"a": 1,}', "text/html") is not None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.lists(JSON) | st.dictionaries(st.text(), JSON))
def test_what_is_json_is_read_as_python_reads_it_and_written_as_python_writes_it(data: Any) -> None:
    text = json.dumps(data, indent=2, ensure_ascii=False)
    assert parse(text) == json.loads(text)
    assert written(parse(text)) == text
    assert find_break(text, "application/json") is None


@given(st.text(alphabet='{}[]",:.0123456789eE+-truefalsn \n\\N'))
def test_whatever_is_no_json_has_a_place_inside_the_text(text: str) -> None:
    at = find_break(text, "application/json")
    if at is not None:
        lines = text.split("\n")
        assert 1 <= at.line <= len(lines)
        assert 1 <= at.column <= len(lines[at.line - 1]) + 1


def test_a_number_that_python_would_change_keeps_its_value_for_checks() -> None:
    number = parse("[1.10]")[0]
    assert isinstance(number, Number)
    assert number == 1.1
