import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.document.readings import outline, remarks
from strongroom.document import Document
from strongroom.document.connector import declared_path_parameters
from strongroom.document.json_reader import MAX_DEPTH
from strongroom.document.json_values import Value, pointer_of
from strongroom.platform.places import FieldPlace

CONNECTOR = {
    "name": "Weather",
    "permalink": "weather",
    "url": "https://api.example.com/{{ get_variable('path') }}",
    "headers": [{"key": "X-Key", "value": '\u00e9 \U0001f600 {{ get_secret("a") }}'}],
    "query_parameters": [{"key": "no-value"}, {"key": "q", "value": "{{ user.email }}"}],
    "authentication": {
        "type": "jwt",
        "config": {"private_key": "{{ get_secret('k') }}", "claims": {"iss": ["x~/"]}},
    },
    "request_body": "{{ body_text }}",
    "response_body": "",
}
COMPOSITE = {
    "name": "Both",
    "steps": [
        {"name": "one", "url": "https://a.example/"},
        {"name": "two", "request_body": "{{ steps.one.body }}"},
    ],
}


def test_a_registry_has_standard_and_composite_connectors_in_the_order_of_the_file():
    text = json.dumps({"composite_connectors": [COMPOSITE], "connectors": [CONNECTOR, CONNECTOR]}, indent=2)
    document = Document.parse(text)
    assert document.is_connector_file
    assert [(c.name, c.pointer, c.is_composite) for c in document.connectors] == [
        ("Both", "/composite_connectors/0", True),
        ("Weather", "/connectors/0", False),
        ("Weather", "/connectors/1", False),
    ]
    assert [json.loads(text[c.start : c.end]) for c in document.connectors] == [
        COMPOSITE,
        CONNECTOR,
        CONNECTOR,
    ]
    assert document.connectors[1].data == CONNECTOR
    assert document.connectors[1].permalink == "weather"
    assert document.connectors[0].permalink is None


def test_a_bare_array_and_a_connector_alone_are_connector_files():
    assert [c.pointer for c in Document.parse(json.dumps([CONNECTOR])).connectors] == ["/0"]
    assert [c.pointer for c in Document.parse(json.dumps(CONNECTOR)).connectors] == [""]
    assert Document.parse(json.dumps(COMPOSITE)).connectors[0].is_composite
    assert not Document.parse('{"name": "a", "permalink": "b"}').connectors[0].is_composite


def test_a_connector_alone_begins_and_ends_with_its_braces():
    text = ' \n {"url": "x"} '
    (connector,) = Document.parse(text).connectors
    assert text[connector.start : connector.end] == text.strip()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "1", '"url"', '{"name": "package", "version": "1"}', "[[1]]"]
)
def test_other_json_is_no_connector_file(text):
    document = Document.parse(text)
    assert not document.is_connector_file
    assert document.connectors == ()


def test_each_template_field_has_its_place_label_and_pointer():
    document = Document.parse(json.dumps({"connectors": [CONNECTOR]}))
    fields = [template.field for template in document.templates]
    assert [(field.place, field.label, field.pointer.removeprefix("/connectors/0")) for field in fields] == [
        (FieldPlace.URL, "url", "/url"),
        (FieldPlace.HEADER, "headers[0].value", "/headers/0/value"),
        (FieldPlace.QUERY, "query_parameters[1].value", "/query_parameters/1/value"),
        (FieldPlace.AUTH, "authentication.config.private_key", "/authentication/config/private_key"),
        (FieldPlace.AUTH, "authentication.config.claims.iss[0]", "/authentication/config/claims/iss/0"),
        (FieldPlace.REQUEST_BODY, "request_body", "/request_body"),
        (FieldPlace.RESPONSE_BODY, "response_body", "/response_body"),
    ]  # fmt: skip


def test_the_steps_of_a_composite_have_their_own_fields():
    text = json.dumps({"composite_connectors": [COMPOSITE]})
    document = Document.parse(text)
    (composite,) = document.connectors
    assert [json.loads(text[step.start : step.end]) for step in composite.steps] == COMPOSITE["steps"]
    assert [(step.name, step.pointer, step.is_step) for step in composite.steps] == [
        ("one", "/composite_connectors/0/steps/0", True),
        ("two", "/composite_connectors/0/steps/1", True),
    ]
    assert [template.field.label for template in composite.templates] == [
        "steps[0].url",
        "steps[1].request_body",
    ]
    assert all(template.in_composite for template in composite.templates)
    assert (
        next(composite.steps[1].own_templates).field.pointer == "/composite_connectors/0/steps/1/request_body"
    )


def test_a_path_parameter_is_declared_by_a_key_that_is_a_text():
    rows = [{"key": ""}, {"key": 1}, {}, "id", {"key": "id"}]
    assert declared_path_parameters({"path_parameters": rows}) == [(4, "id")]


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("newline", ["\n", "\r\n", None])
def test_the_places_of_a_call_are_those_of_the_source(ascii_only, newline):
    text = json.dumps({"connectors": [CONNECTOR]}, indent=2 if newline else None, ensure_ascii=ascii_only)
    text = text.replace("\n", newline or "\n")
    document = Document.parse(text)
    template = next(template for template in document.templates if template.field.place is FieldPlace.HEADER)
    (call,) = template.content.calls
    for place, source in [
        ((call.node.start, call.node.end), 'get_secret(\\"a\\")'),
        (call.literal, '\\"a\\"'),
        (call.argument, "a"),
    ]:
        start, end = map(template.to_source, place)
        assert text[start:end] == source
    assert (call.function, call.name, call.quote) == ("get_secret", "a", '"')
    assert json.loads(f'"{text[template.start : template.end]}"') == template.text


@pytest.mark.parametrize(
    ("template", "names"),
    [
        ("{{ get_secret('a') }}", ["a"]),
        ("{% set x = get_secret('a') %}", ["a"]),
        ("{% if get_secret('a') == get_secret('b') %}{% endif %}", ["a", "b"]),
        ("{{ jwt_encode({'k': get_secret('a')}, get_secret('b'), 'HS256') }}", ["a", "b", None]),
        ("{{ ('x:' ~ get_secret('a')) | base64_encode }}", ["a"]),
        ("{{ get_secret(name) }}", [None]),
        ("{{ get_secret('a' ~ b) }}", [None]),
        ("{{ get_secret('a', 'b') }}", [None]),
        ("{{ get_secret() }}", [None]),
        ("{{ get_secret('a' 'b') }}", [None]),
        ("{{ get_secret(name='a') }}", [None]),
        ("{# {{ get_secret('a') }} #}", []),
        ("{% raw %}{{ get_secret('a') }}{% endraw %}", []),
        ("{{ \"get_secret('a')\" }}", []),
        ("get_secret('a')", []),
        ("{{ x.get_secret('a') }}", []),
        ("{% macro get_secret(x) %}{% endmacro %}{{ get_secret('a') }}", []),
        ("{{ get_secret('a') }} {{ oops", ["a"]),
    ],
)
def test_calls_are_found_where_the_template_really_calls(template, names):
    document = Document.parse(json.dumps({"url": "", "request_body": template}))
    found = next(t for t in document.templates if t.field.place is FieldPlace.REQUEST_BODY)
    assert [call.name for call in found.content.calls] == names


@pytest.mark.parametrize(
    ("marked", "slot"),
    [
        ("{{ get_secret('ap^i') }}", ("api", "'")),
        ("{{ get_secret('^') }}", ("", "'")),
        ("{{ get_variable('api^') }}", ("api", "'")),
        ("{{ get_secret('ap^", ("ap", "'")),
        ("{{ get_secret('ap^ }}", ("ap", "'")),
        ("{{ get_secret('^ }}", ("", "'")),
        ('{{ get_secret(\\"ap^i\\") }}', ("api", '"')),
        ("\\u00e9 {{ get_secret( '^api' ) }}", ("api", "'")),
        ("{{ get_secret('api')^ }}", None),
        ("{{ get_secret(^'api') }}", None),
        ("{{ other('a^pi') }}", None),
        ("{# get_secret('a^pi') #}", None),
        ("plain ^text", None),
    ],
)
def test_the_slot_of_a_name_is_found_finished_or_not(marked, slot):
    text = f'{{"name": "n", "url": "x", "headers": [{{"key": "k", "value": "{marked}"}}]}}'
    at = text.index("^")
    document = Document.parse(text.replace("^", ""))
    found = document.string_slot_at(at)
    assert (found and (found.text, found.quote)) == slot
    if found is not None:
        assert document.text[found.start : found.end] == found.text
        assert found.field.label == "headers[0].value"


def test_a_slot_is_found_in_a_string_that_is_not_closed_yet():
    text = '{"connectors": [{"url": "x",\n"request_body": "{{ get_secret(\'ap\n}]}'
    found = Document.parse(text).string_slot_at(text.index("ap\n") + 2)
    assert found is not None
    assert (found.text, found.start) == ("ap", text.index("ap\n"))


def test_connectors_around_a_broken_one_are_read():
    good = json.dumps(CONNECTOR)
    text = f'{{"connectors": [{good},\n{{"name": "broken", "url": "x\n}},\n{good}]}}'
    document = Document.parse(text)
    assert [connector.name for connector in document.connectors] == ["Weather", "broken", "Weather"]
    assert document.connectors[2].data == CONNECTOR
    assert len(document.problems) == 1


# -- edits
# ---------------------------------------------------------------------------------------------------------

SNIPPETS = st.sampled_from(
    [
        *"\"'{}[],:\\\n\r\u2028\U0001f600x",
        *("\\u00e9", "\r\n", "{{", "}}", "", "//", "{%"),
        "{{ get_secret('a') }}",
        '{"name": "new", "url": "y"}',
        'get_secret( \\"b\\" )',
        '"steps": []',
    ]
)
STARTS = st.sampled_from(
    [
        json.dumps(
            {"connectors": [CONNECTOR, COMPOSITE, CONNECTOR], "composite_connectors": [COMPOSITE]}, indent=1
        ),
        json.dumps({"connectors": [CONNECTOR, CONNECTOR]}, ensure_ascii=False),
        json.dumps([COMPOSITE, CONNECTOR]),
        json.dumps(CONNECTOR, indent=2).replace("\n", "\r\n"),
        "",
    ]
)


def tree(value: Value | None) -> object:
    """Where a value and all that is in it stand."""
    if value is None:
        return None
    members = [(key.start, key.end, key.data, tree(member)) for key, member in value.members]
    return value.kind, value.start, value.end, members, [tree(item) for item in value.items]


def picture(document: Document) -> object:
    """Everything a document says, for comparing two of them."""
    return (
        document.text,
        document.problems,
        document.is_connector_file,
        [(c.start, c.end, c.pointer, c.name, c.is_composite, repr(c.data)) for c in document.connectors],
        [
            (
                t.start,
                t.end,
                t.field,
                t.text,
                [t.to_source(call.argument[0]) for call in t.content.calls],
                t.is_damaged,
                t.parsed.problem,
            )
            for t in document.templates
        ],
        tree(document.root),
        [tree(connector.value) for connector in document.connectors],
        document.is_one_connector,
        [document.lines.line_start(line) for line in range(document.lines.line_count)],
    )


@given(STARTS, st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), SNIPPETS), max_size=6))
@example('[{"name": "a", "url": "x"},\n {"b": 1}]', [(0.5, 1, "")])
@settings(max_examples=500)
def test_after_any_edits_a_document_is_what_parsing_its_text_gives(start, edits):
    document = Document.parse(start)
    for place, length, new in edits:
        at = round(place * len(document.text))
        expected = document.text[:at] + new + document.text[at + length :]
        document = document.edit(at, at + length, new)
        assert document.text == expected
        assert picture(document) == picture(Document.parse(expected))


def test_an_edit_reads_only_the_connector_it_touches():
    text = json.dumps({"connectors": [CONNECTOR] * 3}, indent=2)
    before = Document.parse(text)
    at = before.connectors[1].start + text[before.connectors[1].start :].index("Weather")
    after = before.edit(at, at, "My ")
    kept = [
        old.fragment is new.fragment for old, new in zip(before.connectors, after.connectors, strict=True)
    ]
    assert kept == [True, False, True]
    assert [connector.name for connector in after.connectors] == ["Weather", "My Weather", "Weather"]


def test_an_edit_right_beside_a_connector_keeps_it():
    before = Document.parse('[{"name": "A"}, {"name": "B"}]')
    for at in (before.connectors[1].start, before.connectors[0].end):
        after = before.edit(at, at, " ")
        assert all(old[0] is new[0] for old, new in zip(before.placed, after.placed, strict=True))


@pytest.mark.parametrize(
    ("written", "is_kept"),
    [
        ('{"name": "A"}', True),
        ('{"name": "A",}', True),
        ('{"name": "A" "url": "x"}', True),
        ('{"name": "A", "name": "B"}', True),
        ('{"name": "A" /* why */}', False),
        ('{"name": tru}', False),
        (f'{{"name": {"[" * MAX_DEPTH}{"]" * MAX_DEPTH}}}', False),
        ('{"name": "A"}, "url": "x"}', False),
    ],
)
def test_an_edit_keeps_a_connector_whose_reading_looked_at_nothing_past_its_brace(written, is_kept):
    before = Document.parse(f'{{"connectors": [{written}, {{"name": "B"}}]}}')
    for at in (0, before.text.rindex("B")):
        after = before.edit(at, at, " ")
        assert (after.placed[0][0] is before.placed[0][0]) == is_kept
        assert picture(after) == picture(Document.parse(after.text))


def test_a_connector_alone_that_comes_into_an_array_is_read_again():
    before = Document.parse('{"name": "A", "url": "x"} ')
    after = before.edit(0, 0, "[")
    assert picture(after) == picture(Document.parse(after.text))


@given(STARTS, st.floats(0, 1), st.integers(0, 9), SNIPPETS)
def test_replacing_the_whole_text_gives_what_parsing_it_gives(start, place, length, new):
    at = round(place * len(start))
    text = start[:at] + new + start[at + length :]
    assert picture(Document.parse(start).replace_text(text)) == picture(Document.parse(text))


@pytest.mark.parametrize(
    ("old", "new"),
    [("[1, 1]", "[1, 1, 1]"), ("[1, 1, 1]", "[1, 1]"), ("", "[]"), ("[]", ""), ("[1]", "[2]"), ("[]", "[]")],
)
def test_a_text_that_repeats_itself_is_replaced_whole(old, new):
    assert Document.parse(old).replace_text(new).text == new


def test_replacing_the_whole_text_reads_only_the_connectors_between_its_equal_ends():
    text = '[{"name": "A"}, {"name": "B"}, {"name": "C"}]'
    before = Document.parse(text)
    for new in (text.replace('"B"', '"My B"'), text.replace('"B"', '""')):
        after = before.replace_text(new)
        pairs = zip(before.placed, after.placed, strict=True)
        assert [old[0] is new[0] for old, new in pairs] == [True, False, True]
    for new in (f"[1, {text[1:]}", f"{text[:-1]}, 1]"):
        after = before.replace_text(new)
        assert all(old[0] is new[0] for old, new in zip(before.placed, after.placed, strict=True))


def test_a_connector_is_found_from_its_opening_brace_to_behind_its_closing_one():
    document = Document.parse('[{"a": 1}, {"b": 2}]')
    found = [document.connector_at(offset) for offset in (0, 1, 9, 10, 11)]
    first, second = document.connectors
    assert found == [None, first, first, None, second]


def test_a_template_is_found_from_its_first_offset_to_behind_its_last():
    document = Document.parse('{"url": "ab", "method": "GET"}')
    (template,) = (found for found in document.templates if found.field.place is FieldPlace.URL)
    found = [document.template_at(template.start + offset) for offset in (-1, 0, 2, 3)]
    assert found == [None, template, template, None]


@given(st.text() | st.lists(SNIPPETS).map("".join))
def test_no_text_makes_reading_fail(text):
    document = Document.parse(text)
    for template in document.templates:
        assert 0 <= template.start <= template.end <= len(text)
    for offset in range(0, len(text), 3):
        document.string_slot_at(offset)


EARLY = (
    '{"connectors": [{"name": "A"%s "url": "https://a.example"}, {"name": "B", "url": "https://b.example"}]}'
)


@pytest.mark.parametrize("brace", ["}", "},", "\n  }\n,", ", }", ",\n}\n"])
def test_a_brace_that_closes_a_connector_too_early_is_named_and_read_past(brace):
    text = EARLY % brace
    document = Document.parse(text)
    problem = document.problems[-1]
    assert (text[problem.start : problem.end], problem.title) == ("}", "Remove the brace")
    assert [connector.data for connector in document.connectors] == [
        {"name": "A", "url": "https://a.example"},
        {"name": "B", "url": "https://b.example"},
    ]


def test_where_an_array_is_not_closed_the_brace_before_the_next_one_is_not_blamed():
    document = Document.parse('{"connectors": [{"name": "A"}, "composite_connectors": []}')
    assert not [problem for problem in document.problems if "too early" in problem.message]


def test_a_connector_before_a_brace_that_closes_the_file_too_early_is_read():
    text = '{"connectors": [{"name": "A"}}, {"name": "B"}]}'
    document = Document.parse(text)
    assert [connector.name for connector in document.connectors] == ["A"]
    assert [problem.message for problem in document.problems] == ["`[` is not closed: `]` is missing."]


def test_a_brace_too_many_comes_and_goes_with_an_edit():
    text = EARLY % ","
    at = text.index('"url"')
    sound = Document.parse(text)
    broken = sound.edit(at, at, "}")
    assert broken.problems == Document.parse(broken.text).problems
    assert [problem.message for problem in broken.problems] == [
        "This brace closes the connector too early: members of it follow."
    ]
    assert broken.edit(at, at + 1, "").problems == ()
    # What follows a connector decides whether its brace is one too many.
    end = text.index("}, {") + 1
    followed = sound.edit(end, end, ' "x": 1}')
    assert followed.problems == Document.parse(followed.text).problems


@pytest.mark.parametrize(
    "text",
    [
        '{"connectors": [{"name": "A"}, 1, {"name": "B"} , {"name": "C"}], "composite_connectors": [{"name": "D"}]}',
        '{"connectors": [{"name": "A", "connectors": [{"name": "B"}]}]}',
        '{"kept": {"connectors": [{"name": "A"}]}, "connectors": [[{"name": "B"}], {"name": "C"}]}',
        '[{"name": "A"}, [{"name": "B"}], {"name": "C"}',
        '{"connectors": [{"name": "A", "url": "x"}, "method": "GET"}, {"name": "B"}]}',
        '{"connectors": [{"name": "A", "url": "x"} "method": "GET"}, {"name": "B"}]}',
        '{"connectors": [{"name": "A"}, "composite_connectors": [{"name": "B"}]}',
        '{"connectors": [{"name": "A"}, "more": 1}',
        '{"connectors": [{"name": "A" "url": "x}, {"name": "B"}]}',
        '{"connectors": [{"name": "A", "url": "x"]}',
        '{"connectors": [{"name": "A", "headers": [{"key": "a"]}, {"name": "B"}], "x": 1}',
        '{"connectors": [{"name": "A", {"name": "B"}], "x": 1}',
        '{"connectors": [{"name": "A", "url": "x\n {"name": "B"}], "x": 1}',
        '{"connectors": [{"name": "A"',
        '{"connectors": [{"name": "A", "name": "B"}, {"name": tru}] "x": 1}',
        '{"name": "A", "url": "x" "method": "GET"}',
        '{"name": "A", "url": "x", /* y */ "method": "GET",}',
    ],
)
def test_the_whole_of_what_a_registry_gives(text, snapshot):
    document = Document.parse(text)
    assert document.root is not None
    lines = [text, f"connector file {document.is_connector_file} one {document.is_one_connector}"]
    lines += [repr(document.root.data), *outline(document.root), *remarks(text, document.problems)]
    for connector in document.connectors:
        lines += [
            f"{connector.pointer} in {connector.fragment.key!r} {text[connector.start : connector.end]!r}",
            repr(connector.data),
        ]
        lines += outline(connector.value)
        lines += [f"template {t.field} {t.start}:{t.end} {t.text!r}" for t in connector.templates]
    assert "\n".join(lines) == snapshot


def test_a_pointer_escapes_its_own_marks():
    assert pointer_of(("a/b", 0, "~c~1")) == "/a~1b/0/~0c~01"
