"""Sound connectors are looked at without places first: with the same outcome as with them, and without reading them."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strongroom.document import Document, Memory, connector, document
from strongroom.document.plain_values import PlaceAsked, PlainValues
from strongroom.names import NO_NAMES, Kind, Knowledge, Name, Names
from strongroom.validator import DEFAULT_LEVELS, Levels, engine, validate

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


def with_places(file: Document, names: Names, levels: Levels = DEFAULT_LEVELS) -> list[list[object]]:
    """What the rules find in each connector by itself when they see all the places, with a memory of their own."""
    fresh = Document.parse(file.text)
    memory = engine.memory_of(fresh, names, levels)
    return [
        sorted(engine.look_with_places(fragment.connector, memory), key=lambda f: (f.start, f.end, f.rule))
        for fragment, _, _ in fresh.placed
    ]


@given(st.lists(standard, max_size=4), st.lists(composite, max_size=2), st.sampled_from([NO_NAMES, NAMES]))
@settings(max_examples=300)
def test_nothing_is_missed_without_places(connectors, composites, names):
    file = Document.parse(json.dumps({"connectors": connectors, "composite_connectors": composites}))
    memory = engine.memory_of(file, names, DEFAULT_LEVELS)
    found = [list(engine.findings_in(fragment, memory)) for fragment, _, _ in file.placed]
    assert found == with_places(file, names)


@given(standard)
@settings(max_examples=300)
def test_what_has_no_mistake_is_seldom_read_with_places(made):
    file = Document.parse(json.dumps({"connectors": [made]}))
    memory = engine.memory_of(file, NAMES, DEFAULT_LEVELS)
    fragment = file.placed[0][0]
    assert memory.quick_look.finds_nothing(fragment) == (not with_places(file, NAMES)[0])


def test_a_sound_file_without_a_mistake_is_not_read_with_places(monkeypatch):
    def refuse(*_given):
        raise AssertionError("read with places")

    monkeypatch.setattr(connector, "read_element", refuse)
    monkeypatch.setattr(document, "read_element", refuse)
    rows = [{"key": "Authorization", "value": "Bearer {{ get_secret('api_key') }}"}]
    made = {"name": "A", "url": "https://a.example/{{ pathParams.id }}", "headers": rows}
    made |= {"path_parameters": [{"key": "id"}], "response_body": "{{ response.body }}"}
    step = {"name": "one", "url": "https://a.example/x", "headers": rows}
    text = json.dumps(
        {"connectors": [made], "composite_connectors": [{"name": "C", "steps": [step, step | {"name": "b"}]}]}
    )
    assert validate(Document.parse(text), NAMES) == []


def file_of(*values: str) -> Document:
    """A file whose connectors have one of the values each, in a header."""
    made = [
        {
            "name": f"n{'ab'[at % 2] * at}",
            "url": "https://a.example/x",
            "headers": [{"key": "k", "value": value}],
        }
        for at, value in enumerate(values)
    ]
    return Document.parse(json.dumps({"connectors": made}))


def test_templates_that_differ_in_numbers_and_known_names_are_looked_at_once():
    file = file_of(
        *(
            f"{{{{ user.id }}}}-{n} {{{{ get_secret('{name}') }}}}"
            for n in range(1, 9)
            for name in ("one", "two")
        )
    )
    looked = []
    memory = engine.memory_of(file, NO_NAMES, DEFAULT_LEVELS)
    memory.quick_look._template_checks = (
        lambda template, _context: looked.append(template.text) or iter(()),
    )
    for fragment, _, _ in file.placed:
        assert memory.quick_look.finds_nothing(fragment)
    assert len(looked) == 1


@pytest.mark.parametrize(
    ("sound", "wrong"),
    [
        ("{{ get_secret('api_key') }}", "{{ get_secret('api_kye') }}"),
        ("{{ get_secret('api_key') }}", "{{ get_secret('base') }}"),
        ("{{ get_variable('base') }}", "{{ get_variable('api_key') }}"),
        ("{{ '\\N{VARIATION SELECTOR-16}' }}", "{{ '\\N{VARIATION SELECTOR-999}' }}"),
        ("{{ 1 }}", "{{ 01 }}"),
        ("{{ user.id }}", "{{ user.id 1 }}"),
    ],
)
def test_what_holds_for_one_template_is_not_said_of_one_that_looks_much_like_it(sound, wrong):
    found = validate(file_of(sound, wrong, sound), NAMES)
    assert {finding.pointer for finding in found if finding.severity == "error"} == {
        "/connectors/1/headers/0/value"
    }


def test_whoever_asks_a_plain_value_for_its_place_is_told_so():
    value = PlainValues().of({"a": ["x", 1, None, True]})
    items = value.get("a").items
    for each in (value, value.key("a"), *items):
        with pytest.raises(PlaceAsked):
            _ = each.start
    with pytest.raises(PlaceAsked):
        _ = items[0].inner_start
    assert [(item.kind, item.data) for item in items] == [
        ("string", "x"), ("number", 1), ("literal", None), ("literal", True),
    ]  # fmt: skip


def test_shapes_are_not_looked_for_where_hardly_any_connector_is_like_another():
    memory = Memory()
    texts = [json.dumps({"name": "A", "url": "https://a.example/x", f"x{'y' * n}": "z"}) for n in range(300)]
    file = Document.parse(f'{{"connectors": [{",".join(texts)}]}}', memory)
    shapes = [fragment.shape for fragment, _, _ in file.placed]
    assert None not in shapes[:60]
    assert set(shapes[100:]) == {None}
