import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.document.readings import outline, remarks
from strongroom.document import Document
from strongroom.document.json_reader import MAX_DEPTH, read_element, read_json
from strongroom.document.json_values import StringValue, decode, encode

CORPUS = Path(__file__).parents[3] / "../shared/corpus"

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=15,
)
PIECES = st.sampled_from(
    [
        *"{}[],:\"'\\\n #a1-.\t\ufeff\u00a0\u2028\U0001f600",
        *("//", "/*", "*/", "true", "NaN", '"a"', '"b": 1', "\\u00e9", "\\ud83d", '"connectors": ['),
    ]
)
BROKEN = st.lists(PIECES, max_size=25).map("".join)


def problems(text):
    """(flagged text, message, fixed text) of every problem."""
    found = []
    for problem in read_json(text).problems:
        fixed = text
        for edit in sorted(problem.edits, reverse=True):
            fixed = fixed[: edit.start] + edit.new + fixed[edit.end :]
        found.append((text[problem.start : problem.end], problem.message, fixed if problem.edits else None))
    return found


@given(VALUES, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_valid_json_reads_as_the_standard_library_reads_it(value, indent, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    reading = read_json(text)
    assert reading.problems == ()
    assert reading.root is not None
    assert reading.root.data == json.loads(text)


@given(BROKEN)
@example("[1}")
@example('{"a": "b\n"c": "d"}')
@settings(max_examples=400)
def test_a_text_has_problems_exactly_when_the_standard_library_refuses_it(text):
    reading = read_json(text)
    try:
        json.loads(text.removeprefix("\ufeff"), parse_constant=_refuse)
    except ValueError:
        assert reading.problems
    else:
        assert not reading.problems


def _refuse(name):
    raise ValueError(name)


@given(st.text() | BROKEN)
def test_problems_lie_inside_the_text(text):
    for problem in read_json(text).problems:
        assert 0 <= problem.start <= problem.end <= len(text)
        for edit in problem.edits:
            assert 0 <= edit.start <= edit.end <= len(text)


@given(st.text())
def test_encode_gives_what_json_reads_back(text):
    assert json.loads(f'"{encode(text)}"') == text
    assert decode(encode(text)) == text


@pytest.mark.parametrize(
    "path", sorted(CORPUS.glob("*/*.json")) or [None], ids=lambda path: path and path.name
)
def test_published_files_read_as_the_standard_library_reads_them(path):
    if path is None:
        pytest.skip("the corpus of published files is not here")
    text = path.read_bytes().decode()
    if path.name.startswith("18f091fa"):
        assert [text[problem.start] for problem in read_json(text).problems] == [",", ","]
        return
    reading = read_json(text)
    assert reading.root is not None
    assert (reading.root.data, reading.problems) == (json.loads(text), ())


@pytest.mark.parametrize(
    ("text", "flagged", "says", "fixed"),
    [
        ('{"a": 1,}', ",", "trailing comma", '{"a": 1}'),
        ("[1,\n]", ",", "trailing comma", "[1\n]"),
        ("[1,,2]", ",", "extra comma", "[1,2]"),
        ('{"a": 1 "b": 2}', "1", "Missing comma", '{"a": 1, "b": 2}'),
        ('["a" "b"]', '"', "Missing comma", '["a", "b"]'),
        ('{"a" 1}', '"', "Missing colon", '{"a": 1}'),
        ('{"a": }', ":", "no value", None),
        ('{a: 1}', "a", "Put the key in double quotes", '{"a": 1}'),
        ("['a']", "'a'", "single quotes", '["a"]'),
        ("[True]", "True", "Write `true`", "[true]"),
        ("[None]", "None", "Write `null`", "[null]"),
        ("[NaN]", "NaN", "JSON has no `NaN`", None),
        ("[01]", "01", "not a valid JSON number", None),
        ("[hello]", "hello", "not a valid JSON value", None),
        ("[1] // why", "// why", "does not allow comments", "[1] "),
        ("[/* x */ 1]", "/* x */", "does not allow comments", "[ 1]"),
        ("[1] # why", "# why", "does not allow comments", "[1] "),
        ('["a\tb"]', "\t", "Unescaped tab", '["a\\tb"]'),
        ('["a\nb\nc"]', "\n", "Unescaped line break", '["a\\nb\\nc"]'),
        (r'["a\d"]', r"\d", "not a JSON escape", r'["a\\d"]'),
        (r"""["get_secret(\'a\')"]""", r"\'", "write `'`", None),
        (r'["\u12"]', r"\u12", "not a JSON escape", r'["\\u12"]'),
        ('["abc', '"abc', "is not closed", '["abc"'),
        ("[1\u00a0]", "\u00a0", "whitespace character", "[1 ]"),
        ("[1", "[", "is not closed", None),
        ('{"a": [1}', "[", "is not closed", None),
        ("[1]]", "]", "no matching opening bracket", None),
        ("[1] 2", "2", "after the end", None),
        ("", "", "The file is empty", None),
    ],
)  # fmt: skip
def test_each_mistake_is_named_at_its_place(text, flagged, says, fixed):
    found = problems(text)
    assert found, "nothing was found"
    assert found[0][0] == flagged
    assert says in found[0][1]
    if fixed is not None:
        assert found[0][2] == fixed


def test_what_only_follows_from_a_mistake_is_not_reported():
    assert len(problems('{"a": "x}')) == 1
    assert len(problems('{"a": [1, 2, {"b": {"c": [')) == 1
    assert len(problems("[1}")) == 1


def test_a_key_without_quotes_is_content_from_end_to_end():
    reading = read_json("{abc: 1}")
    assert reading.root is not None
    ((key, _),) = reading.root.members
    assert (key.start, key.inner_start, key.inner_end, key.end) == (1, 1, 4, 4)


def test_names_in_unescaped_quotes_get_single_ones_and_the_rest_is_read():
    text = '{"v": "{{ get_secret("a") }}", "x": 1}'
    reading = read_json(text)
    assert reading.root is not None
    assert reading.root.data == {"v": '{{ get_secret("a") }}', "x": 1}
    assert [(found[0], found[2]) for found in problems(text)] == [
        ('"', '{"v": "{{ get_secret(\'a\') }}", "x": 1}')
    ]


def test_other_unescaped_quotes_are_escaped_but_not_without_asking():
    text = '{"v": "say "hi" now", "x": 1}'
    assert problems(text)[0][2] == '{"v": "say \\"hi\\" now", "x": 1}'
    assert not read_json(text).problems[0].is_safe


def test_unescaped_quotes_in_a_value_without_a_key_leave_the_member_before_it_alone():
    reading = read_json('{"a": "b" {}, "c": 1 "d "e" f", "g": 2}')
    assert reading.root is not None
    assert reading.root.data == {"a": "b", "c": 1, "g": 2}
    assert "A double quote inside a string" in reading.problems[-1].message


def test_a_comma_after_a_lost_bracket_does_not_ask_for_the_value_of_a_key():
    assert [found[1] for found in problems("[},]")] == ["`}` has no matching opening bracket."]


@pytest.mark.parametrize("blanks", ["", "  ", "\t"])
def test_members_after_an_unterminated_string_are_read(blanks):
    reading = read_json(f'{{"url": "abc,{blanks}\n "b": 1}}')
    assert reading.root is not None
    assert reading.root.data == {"url": "abc", "b": 1}


def test_both_places_of_a_key_that_is_there_twice_are_kept():
    reading = read_json('{"a": 1, "a": 2}')
    assert reading.root is not None
    assert [value.data for _, value in reading.root.members] == [1, 2]
    assert reading.root.data == {"a": 2}
    found = reading.root.get("a")
    assert found is not None
    assert found.data == 2


@pytest.mark.parametrize("opener", ["[", '{"a":'])
@pytest.mark.parametrize("closer", ["", "]}", "junk"])
def test_any_depth_of_nesting_is_survived_and_reported(opener, closer):
    reading = read_json(opener * 100_000 + closer * 1000)
    assert any("Nested too deeply" in problem.message for problem in reading.problems)


def test_a_balanced_value_too_deep_is_passed_over():
    deep = "[" * (MAX_DEPTH + 5) + "]" * (MAX_DEPTH + 5)
    reading = read_json(f'{{"a": {deep}, "b": 1}}')
    assert reading.root is not None
    assert reading.root.data["b"] == 1
    assert len(reading.problems) == 1


def test_a_byte_order_mark_at_the_start_is_passed_over():
    assert read_json("\ufeff{}").problems == ()


@given(st.text(st.sampled_from('ab"\\\n\t\u00e9\u2028\U0001f600'), max_size=12), st.booleans())
def test_decoded_offsets_map_to_the_source_and_back(text, ascii_only):
    source = f"  {json.dumps(text, ensure_ascii=ascii_only)}"
    value = read_json(source).root
    assert isinstance(value, StringValue)
    for offset in range(len(text)):
        start, end = value.to_source(offset), value.to_source(offset + 1)
        assert json.loads(f'"{source[start:end]}"') == text[offset]
        assert all(value.from_source(place) == offset for place in range(start, end))
    assert value.to_source(len(text)) == value.inner_end
    assert value.from_source(value.inner_end) == value.from_source(len(source) + 9) == len(text)


def test_a_surrogate_pair_is_one_character():
    value = read_json(r'"\ud83d\ude00x"').root
    assert isinstance(value, StringValue)
    assert value.data == "\U0001f600x"
    assert [value.to_source(offset) for offset in range(3)] == [1, 13, 14]


def test_an_element_ends_at_its_own_brace():
    element = read_element('{"a": 2}, 3]')
    assert element.root is not None
    assert (element.root.start, element.root.end, element.end) == (0, 8, 8)
    assert element.is_closed


@pytest.mark.parametrize(
    "text",
    [
        '{:"value": "a:b["connectors": [{#a\\{% if a %}\n""value": "',  # an inner quote before the place reached
        '"a"b' * 3_000,
        '["x" y' * 3_000,
        '{"a": "b\n' * 3_000,
    ],
    ids=["quotes on two lines", "quotes side by side", "words after strings", "unterminated strings"],
)
def test_mistakes_by_the_thousand_are_read_in_one_pass(text):
    assert problems(text[:200])
    assert read_json(text).problems


def test_after_a_lost_quote_nothing_that_seems_to_be_missing_is_put_in_for_safe():
    text = '{"name": payload(", "url": "a", "headers": []}'
    problems = read_json(text).problems
    assert any(problem.edits for problem in problems)
    assert not any(problem.is_safe for problem in problems)


def test_a_second_missing_comma_is_as_certain_as_the_first():
    problems = read_json('{"a": 1 "b": 2 "c": 3}').problems
    assert [problem.is_safe for problem in problems] == [True, True]


def content(value):
    """Return all that a reader says of a value and of what it holds."""
    own = (value.kind, value.start, value.end, repr(value.data), getattr(value, "inner_start", None))
    inside = [(content(key), content(member)) for key, member in value.members]
    return own, inside, [content(item) for item in value.items]


@given(st.integers(1, 9), BROKEN)
@example(2, '"a": "b", "c" : [1, true, "d"], e: "f\\n", "g": {"h": "i" "j"}, "k": "l"}')
@example(2, '"a": "b" c": "d"}')
def test_an_element_reads_the_same_wherever_it_begins(further, rest):
    here, there = (Document.parse(f"[{' ' * blanks}{{{rest}") for blanks in (0, further))
    assert [content(connector.value) for connector in there.connectors] == [
        content(connector.value) for connector in here.connectors
    ]
    moved = [problem for problem in here.problems if problem.start > 0]
    assert [(p.message, p.start - further, p.end - further) for p in there.problems if p.start > 0] == [
        (p.message, p.start, p.end) for p in moved
    ]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "  ",
            "[1",
            "[1}",
            "[1]]",
            "[1] 2",
            "[1] [2]",
            "[1] hello",
            "[1],",
            "[1]:",
            ":",
            ",",
            "}",
            '"a',
            "'a",
        ),
        *('{"a": 1 "b": 2}', '{"a": 1 "b"}', '{"a": 1 "b", "c": 2}', '{"a": 1 "b"', '{"a": 1 2, "b": 3}'),
        *(
            '{"a": [] "b": 1}',
            '["a" "b": 1]',
            '["a" "b"]',
            '{"a": 1 b: 2}',
            '{"a" 1}',
            '{"a" {"b": 1}}',
            '{"a" "b"}',
        ),
        *(
            '{"a": }',
            '{"a"}',
            '{"a":, "b": 1}',
            '{"a", "b": 1}',
            '{, "a": 1}',
            "[,1]",
            "[1,,2]",
            '{"a": 1,, "b": 2}',
        ),
        *(
            '{"a": 1,}',
            "[1,\n]",
            "[1, ,]",
            '{"a": 1:2}',
            '{"a"::1}',
            "[1:2]",
            '{"a": 1, {"b": 2}, "c": 3}',
            "{[1]}",
        ),
        *(
            '{"a": [1}',
            '{"a": [1, {"b": 2]}',
            '{"a": {"b": [1, 2',
            '{"a": "x}',
            '{"a": "x, "b": 1}',
            '["a, 1]',
        ),
        *(
            '{"a": "x\n, ,"b": 1]}',
            '{"a": "x\n {"b": 1}]',
            "[1}]",
            "{1: 2}",
            '["a\r\nb"]',
            "[1], 2",
            "[1]: {}",
            '[1] "a',
            "[1] 'a'",
            '{"a": "x\n, "b": [tru',
            '{"a": "x\n, [1], "b": 2}',
            '["a"", 1]',
            '["a""]',
            r'["a\d \n \u00e9 \\"]',
            '{"a",}',
            '{"a": ,}',
            '{"a": "x\n : 5}',
            '{"v": "x" y", "w": 1}',
            '["x" y "z", 1]',
            '{"a": [true, false, null]}',
            "{a: 1}",
            "{a-b: 1}",
            "{a.b: 1}",
        ),
        *(
            "[True, None, NULL]",
            "[NaN, Infinity, undefined]",
            "[01, +1, -, .5, 1.2.3]",
            f"[{'a' * 41}, {'b' * 40}]",
        ),
        *("[0, -0, -12, 1.5, -1e3, 12345678901234567890]"),
        *("['a', 'b\"c', 'd\\n', 'e\tf']", "['a\n, 1]", "[1, // x\n 2, # y\n 3 /* z */]", "[1 /* z"),
        *('["a\tb", "c\x01d"]', '["a\nb\nc", 1]', r'["a\d", "\u12", "\x41"]', r"""["\'a\'"]""", '["a\\'),
        *(
            "[1\u00a0]",
            "\ufeff[1]",
            "[\ufeff1]",
            "[1;2]",
            "[1/2]",
            '{"a": "b" c": "d"}',
            '{"a": "b"c" , "d": 1}',
        ),
        *(
            '["get_secret("a")", get_secret("b")]',
            '{"a": "x "y" z"}',
            '["x "y" and get_secret("a")"]',
            '["a"b',
        ),
        '{"a": "get_variable( "b" )"}',
    ],
)
def test_the_whole_of_what_a_broken_text_gives(text, snapshot):
    reading = read_json(text)
    read = [] if reading.root is None else [repr(reading.root.data), *outline(reading.root)]
    assert "\n".join([text, *read, *remarks(text, reading.problems)]) == snapshot


@pytest.mark.parametrize(
    "text",
    [
        *('{"a": 1} x', '{"a": [{"b": 1', '{"a": [1 ', '{"a": [1, 2] ]', '{"a": {"b": [1}', '{"a": 1]', "{"),
        *('{"a": "x\n {"b": 1}', '{"a": "x" "b": 1}', '{"a": tru}', '{"a": 1 /* x */}', '{"a": 1} // x'),
        *('{"a": "x\n, {"b": 2}]', '{"a": "x\n}', '{"a": 1, {"b": 2}}', '{"a": 1, [2]}', '{"a": {"b": 1, '),
    ],
)
def test_the_whole_of_what_a_broken_element_gives(text, snapshot):
    element = read_element(text)
    ends = f"end {element.end} closed {element.is_closed}"
    assert "\n".join(
        [text, ends, repr(element.root.data), *outline(element.root), *remarks(text, element.problems)]
    ) == snapshot(name=repr(text))


def test_a_value_too_deep_is_a_null_with_a_place():
    deep = f'{{"a": {"[" * MAX_DEPTH}x]]{"]" * (MAX_DEPTH - 2)}, "b": 1}}'
    element = read_element(deep)
    assert element.is_closed
    assert [(problem.start, problem.end) for problem in element.problems] == [(MAX_DEPTH + 5, MAX_DEPTH + 6)]
    value = element.root.get("a")
    while value.items:
        value = value.items[0]
    assert (value.kind, value.start, value.data) == ("literal", MAX_DEPTH + 5, None)
    assert deep[value.start : value.end] == "[x]"
    assert element.root.data["b"] == 1


def test_a_value_too_deep_that_is_not_closed_ends_with_the_text():
    text = "[" * (MAX_DEPTH + 1) + "x"
    value = read_json(text).root
    while value.items:
        value = value.items[0]
    assert (value.kind, value.start, value.end) == ("literal", MAX_DEPTH, len(text))


def test_a_number_that_python_refuses_to_convert_is_a_float():
    longest = 3999 * "9"
    reading = read_json(f"[{longest}, {longest}9, -{longest}]")
    assert reading.root is not None
    assert reading.root.data == [int(longest), float("inf"), float("-inf")]


@pytest.mark.parametrize(("length", "says"), [(5000, "A double quote inside"), (5001, "Missing comma")])
def test_an_inner_quote_is_looked_for_in_texts_up_to_a_length(length, says):
    text = f'["{(length - 2) * "x"}"y"]'
    assert read_json(text).problems[0].message.startswith(says)
