"""What a validator keeps changes no finding, is used, and spares the reading with places."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.validator.connector_texts import apply_fixes
from strongroom.document import Document, connector, elements
from strongroom.names import NO_NAMES, Kind, Knowledge, Name, Names
from strongroom.validator import Levels, Validator, Validators, validate

NAMES = Names(
    Knowledge.COMPLETE,
    {
        "api_key": Name("api_key", Kind.SECRET),
        "other_key": Name("other_key", Kind.SECRET, "another note"),
        "base": Name("base", Kind.VARIABLE, value="https://a.example"),
    },
    "c",
)
TEMPLATES = [
    "", " ", "x", "12", "{id}", "{{", "{{ get_secret('api_key') }}", "Bearer {{ get_secret('other_key') }}",
    "{{ get_secret('api_kye') }}", '{{ get_secret("api_key") }}', "{{ get_secret( 'api_key' ) }}",
    "get_secret('api_key')",
    "{{ get_secret('base') }}", "{{ get_variable('base') }}", "{{ get_variable('api_key') }}", "{{ get_secret(x) }}",
    "{{ get_secret('api-key') }}", "{{ pathParams.id }}", "{{ pathParams['id'] }}", "{{ user.id | default(12) }}",
    "{{ steps.first.body }}", "{{ steps.later.body }}", "{{ steps['first-2'].body }}", "{{ steps.first-2.body }}",
    "{{ body_text | from_json }}", "{{ (response.body | from_json).items | tojson }}", "{{ '\\N{DIGIT ONE}' }}",
    "{{ '\\N{VARIATION SELECTOR-16}' }}", "{{ '\\N{VARIATION SELECTOR-999}' }}", "{{ '\\12' }}", "{{ 1 + 2.5 }}",
    "{{ 08 }}",
    "{% set n = 0 %}{% for x in 'ab' %}{% set n = n + 1 %}{% endfor %}{{ n }}", "{{ x.1.2 }}",
    "{{ x | default(1, 2) }}",
    "{# strongroom: ignore[secret-quotes] #}{{ get_secret(\"api_key\") }}", "{# strongroom: ignore[none-text] #}",
    "{{ jwt_encode({}, 'key', 'HS256') }}", "{{ jwt_encode({}, get_secret('api_key'), 'HS257') }}", "{{ now(3600) }}",
    "http://a.example", "https://a.example/1", "https://127.0.0.1/x", "https://2130706433/x", "https://{{ x }}/y",
    "https://a.example/{{ pathParams.id }}", "{{ get_variable('base') }}/x", "https://u:p@a.example/", "//a b",
    "p" * 256, "p" * 1001, "\u2028", "\U0001f600", "\n",
]  # fmt: skip
texts = st.sampled_from(TEMPLATES)
scalars = texts | st.sampled_from(
    [None, True, False, 0, 1.5, "GET", "POST", "get", "TRACE", "jwt", "api_key", "header"]
)
keys = st.sampled_from(
    ["key", "value", "overridable", "in", "type", "config", "private_key", "algorithm", "client_id", "client_secret",
     "claims", "token_url", "scope", "first", "name", "url"]
)  # fmt: skip
objects = st.dictionaries(keys, scalars | st.lists(scalars, max_size=2), max_size=4)
rows = st.lists(
    st.fixed_dictionaries(
        {"key": st.sampled_from(["Authorization", "X-User", "id", "api_key"])},
        optional={"value": texts, "overridable": scalars},
    )
    | objects
    | scalars,
    max_size=3,
)
authentication = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["none", "api_key", "apikey", "jwt", "oauth_client_credentials", "Jwt", 1]),
        "config": objects | scalars,
        "key": texts,
    },
)
FIELDS = {
    "method": scalars,
    "permalink": st.sampled_from(["a", "a-b", "A b", "", None, 1]),
    "headers": rows | scalars,
    "query_parameters": rows,
    "query_params": rows,
    "path_parameters": rows,
    "authentication": authentication | scalars,
    "request_body": scalars | objects,
    "response_body": texts,
    "response_content_type": scalars,
    "anything": scalars,
}
URLS = st.sampled_from(["https://a.example/x", "https://a.example/{{ pathParams.id }}"]) | texts
standard = st.fixed_dictionaries({"name": st.sampled_from(["A", "a b", "", 1]), "url": URLS}, optional=FIELDS)
step = st.fixed_dictionaries(
    {"name": st.sampled_from(["first", "first-2", "later", "First", ""]), "url": URLS}, optional=FIELDS
)
composite = st.fixed_dictionaries(
    {"name": st.just("C")}, optional={"steps": st.lists(step | scalars, max_size=3), "url": URLS, **FIELDS}
)
made_files = st.tuples(st.lists(standard, max_size=4), st.lists(composite, max_size=2)).map(
    lambda made: json.dumps({"connectors": made[0], "composite_connectors": made[1]})
)
OTHER = Names(Knowledge.COMPLETE, {"api_kye": Name("api_kye", Kind.SECRET)}, "d")
edits = st.lists(
    st.tuples(
        st.floats(0, 1), st.integers(0, 6), st.text(st.sampled_from("\"'{}(), a\n\U0001f600"), max_size=4)
    ),
    max_size=3,
)


@given(
    st.lists(made_files, min_size=1, max_size=3), edits, st.sampled_from([NO_NAMES, NAMES, (NAMES, OTHER)])
)
@settings(max_examples=300)
def test_findings_are_the_same_whether_anything_is_kept_or_not(texts, edits, names):
    keeping, forgetting = Validator(names), Validator(names, is_caching=False)
    for text in texts:
        file = Document.parse(text)
        assert keeping.findings(file) == forgetting.findings(Document.parse(text))
        for place, length, new in edits:
            at = round(place * len(file.text))
            file = file.edit(at, at + length, new)
            assert keeping.findings(file) == forgetting.findings(Document.parse(file.text))


@given(made_files)
@settings(max_examples=200)
def test_each_connector_has_the_findings_that_it_has_by_itself(text):
    file = Document.parse(text)
    levels = Levels().ignore(["duplicate-permalink"])
    expected = []
    for fragment, base, pointer in file.placed:
        array = pointer.split("/")[1]
        before = f'{{"{array}": ['
        for found in validate(Document.parse(f"{before}{fragment.source}]}}"), NAMES, levels):
            own = found.pointer.removeprefix(f"/{array}/0")
            expected.append((found.rule, found.start - len(before) + base, found.message, pointer + own))
    found = [(f.rule, f.start, f.message, f.pointer) for f in validate(file, NAMES, levels)]
    assert sorted(found) == sorted(expected)


def file_of(*values: str) -> str:
    """A file whose connectors have one of the values each, in a header."""
    made = [
        {
            "name": f"n{number}",
            "permalink": f"n{number}",
            "url": "https://a.example/x",
            "headers": [{"key": "k", "value": value}],
        }
        for number, value in enumerate(values)
    ]
    return json.dumps({"connectors": made})


def test_a_sound_file_without_a_mistake_is_not_read_with_places(monkeypatch):
    def refuse(*_given):
        raise AssertionError("read with places")

    monkeypatch.setattr(connector, "read_element", refuse)
    monkeypatch.setattr(elements, "read_element", refuse)
    rows = [{"key": "Authorization", "value": "Bearer {{ get_secret('api_key') }}"}]
    made = {"name": "A", "url": "https://a.example/{{ pathParams.id }}", "headers": rows}
    made |= {"path_parameters": [{"key": "id"}], "response_body": "{{ response.body | tojson }}"}
    step = {"name": "one", "url": "https://a.example/x", "headers": rows}
    text = json.dumps(
        {"connectors": [made], "composite_connectors": [{"name": "C", "steps": [step, step | {"name": "b"}]}]}
    )
    assert validate(Document.parse(text), NAMES) == []


def test_of_a_file_with_one_mistake_only_its_connector_is_read_with_places(monkeypatch):
    read = []
    element = connector.read_element
    monkeypatch.setattr(connector, "read_element", lambda source: read.append(source) or element(source))
    sound = "{{ get_secret('api_key') }}"
    (finding,) = validate(Document.parse(file_of(sound, "{{ get_secret('api_kye') }}", sound)), NAMES)
    assert finding.rule == "unknown-secret"
    assert len(read) == 1
    assert "api_kye" in read[0]


def test_after_an_edit_only_the_edited_connector_is_looked_at_again():
    text = file_of("{{ get_secret( 'api_key' ) }}", "x", "{{ get_secret( 'api_key' ) }}")
    before = Document.parse(text)
    validator = Validator(NAMES)
    marks = [validator.marks(fragment) for fragment, _, _ in before.placed]
    at = text.index('"x"') + 1
    after = [validator.marks(fragment) for fragment, _, _ in before.edit(at, at, "{{ a }}").placed]
    assert [one is other for one, other in zip(marks, after, strict=True)] == [True, False, True]


def test_what_was_found_goes_with_the_documents_that_have_it():
    import gc
    import weakref

    validator = Validator(NAMES)
    file = Document.parse(file_of("{{ get_secret( 'api_key' ) }}"))
    validator.findings(file)
    fragment = weakref.ref(file.placed[0][0])
    del file
    gc.collect()
    assert fragment() is None


def test_equal_levels_have_one_validator():
    validators = Validators(NAMES)
    assert validators.of(Levels().ignore(["too-long"])) is validators.of(Levels().ignore(["too-long"]))
    assert validators.of(Levels()) is not validators.of(Levels().ignore(["too-long"]))


@pytest.mark.parametrize(
    ("sound", "wrong"),
    [
        ("{{ get_secret('api_key') }}", "{{ get_secret('api_kye') }}"),
        ("{{ get_variable('base') }}", "{{ get_variable('api_key') }}"),
        ("{{ 1 }}", "{{ 01 }}"),
        ("{{ user.id }}", "{{ user.id 1 }}"),
    ],
)
def test_what_is_kept_of_one_template_is_not_said_of_another(sound, wrong):
    found = validate(Document.parse(file_of(sound, wrong, sound)), NAMES)
    assert {finding.pointer for finding in found if finding.severity == "error"} == {
        "/connectors/1/headers/0/value"
    }


def test_what_is_kept_of_a_template_holds_for_its_place_only():
    text = json.dumps(
        {
            "name": "A",
            "url": "https://a.example/x",
            "headers": [{"key": "k", "value": "{{ get_secret('api_key') }}"}],
            "method": "POST",
            "request_body": "{{ get_secret('api_key') }}",
        }
    )
    found = validate(Document.parse(text), NAMES)
    assert [(finding.rule, finding.field) for finding in found] == [("misplaced-secret", "request_body")]


def test_places_and_fixes_of_equal_templates_are_those_of_how_each_is_written():
    plain, escaped = "\u20ac{{ get_secret( 'api_key' ) }}", "\\u20ac{{ get_secret( \\u0027api_key' ) }}"
    text = (
        '{"connectors": [{"name": "A", "url": "https://a.example/x", "headers": ['
        f'{{"key": "a", "value": "{plain}"}}, {{"key": "b", "value": "{escaped}"}}]}}]}}'
    )
    found = [f for f in validate(Document.parse(text), NAMES) if f.rule == "secret-spacing"]
    assert [text[finding.start : finding.end] for finding in found] == [" ", " "]
    assert [text[finding.start - 1] + text[finding.end] for finding in found] == ["('", "(\\"]
    fixed = json.loads(apply_fixes(text, found))
    assert [row["value"] for row in fixed["connectors"][0]["headers"]] == [
        "\u20ac{{ get_secret('api_key') }}"
    ] * 2


def test_the_pointer_and_the_label_of_a_finding_are_those_of_its_value():
    text = json.dumps(
        {
            "connectors": [
                {
                    "name": "A",
                    "url": "https://a.example/x",
                    "headers": ["Accept: text/plain"],
                    "m~thod": "POST",
                }
            ]
        }
    )
    found = validate(Document.parse(text), NAMES)
    assert [(finding.pointer, finding.field) for finding in found] == [
        ("/connectors/0/headers/0", "headers[0]"),
        ("/connectors/0/m~0thod", "m~thod"),
    ]


def test_a_bare_word_is_not_judged_unless_another_value_takes_its_place():
    word = '[{"url": "https://a.example/x", "name": undefined}]'
    twice = '[{"url": "https://a.example/x", "name": undefined, "name": {}}]'
    assert "wrong-type" not in {finding.rule for finding in validate(Document.parse(word))}
    (finding,) = [f for f in validate(Document.parse(twice)) if f.rule == "wrong-type"]
    assert twice[finding.start : finding.end] == "{}"


def test_what_is_kept_of_a_template_in_a_connector_does_not_hold_in_a_step():
    made = {"name": "a", "url": "https://a.example/x", "method": "POST", "request_body": "{{ body_text }}"}
    text = json.dumps({"connectors": [made], "composite_connectors": [{"name": "C", "steps": [made]}]})
    assert [(f.rule, f.pointer) for f in validate(Document.parse(text)) if f.severity == "error"] == [
        ("misplaced-name", "/composite_connectors/0/steps/0/request_body")
    ]


def test_what_several_communities_have_in_common_is_found_once_at_each_of_its_places():
    twice = "{{ get_secret('missing') }}{{ get_secret('missing') }}"
    lists = tuple(Names(Knowledge.COMPLETE, {}, community) for community in ("c", "c", "d"))
    found = validate(Document.parse(file_of(twice)), lists)
    assert [finding.message for finding in found] == [
        "Unknown secret `missing` in community `c`.",
        "Unknown secret `missing` in community `d`.",
    ] * 2
    assert len({finding.start for finding in found}) == 2


@pytest.mark.parametrize(
    "url",
    ["http://a«json-syntax:\\d».example/{{ nope( }}", "http://a.example/{{ «template-syntax:}}»"],
    ids=["a damaged text", "a refused template"],
)
def test_a_url_that_cannot_be_read_has_only_the_mistake_that_makes_it_so(check, url):
    check(f'{{"name": "A", "url": "{url}"}}')


def test_a_step_without_a_name_is_marked_before_its_first_brace():
    step = {"url": "https://a.example/oauth", "request_body": "grant_type=x"}
    other = {"name": "b", "url": "https://a.example/x"}
    text = json.dumps([{"name": "C", "steps": [step, other]}])
    (found,) = [finding for finding in validate(Document.parse(text)) if finding.rule == "token-step"]
    assert (found.start, found.end) == (text.index('{"url": "https://a.example/oauth"'),) * 2
    assert found.pointer == "/0/steps/0/name"
