"""Fields in which nothing was found are not looked at again, whatever they stand beside, and nothing is missed."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strongroom.document import Document
from strongroom.document.json_reader import read_json
from strongroom.document.shapes import MEANT
from strongroom.names import NO_NAMES, Kind, Knowledge, Name, Names
from strongroom.platform.authentication import AUTH_TYPES, SENSITIVE_HEADERS, SENSITIVE_PARAMETERS
from strongroom.platform.fields import AUTHENTICATION_FIELDS, CONNECTOR_FIELDS, ROW_FIELDS
from strongroom.validator import DEFAULT_LEVELS, RULES, engine
from strongroom.validator.likeness import Likenesses
from strongroom.validator.name_classes import NameClasses
from strongroom.validator.rule import Context

NAMES = Names(
    Knowledge.COMPLETE,
    {
        "api_key": Name("api_key", Kind.SECRET),
        "other_key": Name("other_key", Kind.SECRET),
        "base": Name("base", Kind.VARIABLE),
    },
    "c",
)
SOUND = {"name": "A", "url": "https://a.example/x"}


def memory_and_fragments(connectors, names=NAMES, levels=DEFAULT_LEVELS):
    file = Document.parse(json.dumps({"connectors": connectors}))
    return engine.memory_of(file, names, levels), [fragment for fragment, _, _ in file.placed]


def place(finding):
    return finding.start, finding.end, finding.rule


def assert_nothing_is_missed(connectors, names=NAMES):
    """All in one file find what each finds by itself when its places are seen."""
    memory, fragments = memory_and_fragments(connectors, names)
    found = [list(engine.findings_in(fragment, memory)) for fragment in fragments]
    expected = []
    for made in connectors:
        fresh, (alone,) = memory_and_fragments([made], names)
        expected.append(sorted(engine.look_with_places(alone.connector, fresh), key=place))
    assert [[said(f) for f in each] for each in found] == [[said(f) for f in each] for each in expected]


def said(finding):
    return finding.rule, finding.message, finding.start, finding.end, finding.field, finding.pointer


WORDS = st.sampled_from(
    ["orders_1", "orders_22", "HS256", "HS257", "12", "7", "0", "a", "get_1", "sha256", "user1"]
)
SECRETS = st.sampled_from(["api_key", "other_key", "base", "api_kye", "key1", "key2"])
TEXTS = st.one_of(
    WORDS,
    SECRETS.map("{{{{ get_secret('{}') }}}}".format),
    SECRETS.map("Bearer {{{{ get_secret('{}') }}}}".format),
    SECRETS.map("{{{{ get_variable('{}') }}}}".format),
    WORDS.map("{{{{ user.id | default('{}') }}}}".format),
    WORDS.map("{{{{ now({}) }}}}".format),
    st.builds(lambda word, n: word * n, st.sampled_from(["x", "1", "é"]), st.sampled_from([1, 249, 255, 256, 1001])),
    st.builds(lambda n, fill: f"{'y' * fill} {n}", st.sampled_from([1, 22, 333333]), st.sampled_from([245, 250, 995])),
)  # fmt: skip
ROWS = st.lists(
    st.fixed_dictionaries(
        {"key": WORDS | st.sampled_from(["Authorization", "authorization", "X-1", "X-2", "api_key"])},
        optional={"value": TEXTS | st.sampled_from([1, 2, 1.0, True, None]),
                  "overridable": st.sampled_from([True, False, 1, "true", None])},
    ),
    max_size=3,
)  # fmt: skip
PATHS = st.sampled_from(
    ["/x", "/v1/x", "/v22/x/", "/{id}", "/{{ pathParams.id }}", "/{{ pathParams.id2 }}", "?a=12", ""]
)
URLS = st.builds(
    "{}{}".format,
    st.sampled_from(["https://a.example", "https://2130706433", "https://1", "https://127.0.0.1", "http://a.example",
                     "https://{{ get_variable('base') }}", "https://{{ get_variable('api_key') }}"]),
    PATHS,
)  # fmt: skip
CONFIGS = st.dictionaries(
    st.sampled_from(["key", "value", "in", "client_id", "client_secret", "token_url", "private_key", "algorithm",
                     "key1"]),
    TEXTS | st.sampled_from(["header", "query", "header1", "header2", 12, 7]),
    max_size=4,
)  # fmt: skip
CONNECTORS = st.fixed_dictionaries(
    {"name": st.sampled_from(["A", "Orders 1", "Orders  2", " ", "a" * 256]), "url": URLS},
    optional={
        "permalink": st.sampled_from(["a", "orders-1", "Orders-1", "a" * 256]),
        "method": st.sampled_from(["GET", "POST", "get", "HEAD", None]),
        "request_body": st.sampled_from(["", "x", None, "{{ body_text }}", "{{ 12 }}", "{{ 012 }}"]),
        "headers": ROWS,
        "query_parameters": ROWS,
        "path_parameters": st.lists(st.sampled_from(["id", "id2", "id3"]).map(lambda key: {"key": key}), max_size=2)
        | st.none(),
        "authentication": st.fixed_dictionaries(
            {"type": st.sampled_from(["api_key", "apikey", "jwt", "none", "jwt1", "oauth_client_credentials"])},
            optional={"config": CONFIGS},
        ),
        "response_body": TEXTS,
        "header": ROWS,
    },
)  # fmt: skip


@given(st.lists(CONNECTORS, min_size=2, max_size=8), st.sampled_from([NO_NAMES, NAMES]))
@settings(max_examples=300)
def test_nothing_is_missed_in_fields_that_stand_beside_others_than_before(connectors, names):
    assert_nothing_is_missed(connectors, names)


@given(st.lists(CONNECTORS, min_size=2, max_size=4), st.data())
@settings(max_examples=150)
def test_nothing_is_missed_in_connectors_made_from_the_fields_of_others(connectors, data):
    fields = [(name, value) for made in connectors for name, value in made.items()]
    mixed = [
        SOUND | dict(data.draw(st.lists(st.sampled_from(fields), max_size=6), label="fields"))
        for _ in range(4)
    ]
    assert_nothing_is_missed([*connectors, *mixed])


DECLARED = SOUND | {"url": "https://a.example/{{ pathParams.id1 }}", "path_parameters": [{"key": "id1"}]}


@pytest.mark.parametrize(
    ("sound", "wrong", "rules"),
    [
        (
            DECLARED,
            DECLARED | {"path_parameters": [{"key": "id2"}]},
            ["undeclared-path-parameter", "unused-path-parameter"],
        ),
        (SOUND | {"response_body": "{'a': 1}"}, SOUND | {"response_body": {"a": 1}}, ["wrong-type"]),
        (
            SOUND | {"method": "POST", "request_body": "x"},
            SOUND | {"method": "GET", "request_body": "x"},
            ["ignored-body"],
        ),
        (
            SOUND | {"headers": [{"key": "k", "value": "1", "overridable": True}]},
            SOUND | {"headers": [{"key": "k", "value": "1", "overridable": 1}]},
            ["wrong-type"],
        ),
    ],
)
def test_a_field_is_not_taken_for_one_that_looks_much_like_it(sound, wrong, rules):
    memory, fragments = memory_and_fragments([sound, wrong, sound])
    found = [[finding.rule for finding in engine.findings_in(fragment, memory)] for fragment in fragments]
    assert found == [[], rules, []]


def test_a_shape_that_was_met_often_does_not_hide_an_undeclared_path_parameter():
    made = [DECLARED | {"name": f"A {'b' * n}"} for n in range(1, 70)]
    memory, fragments = memory_and_fragments([*made, DECLARED | {"path_parameters": [{"key": "id2"}]}])
    found = [finding.rule for fragment in fragments for finding in engine.findings_in(fragment, memory)]
    assert found == ["undeclared-path-parameter", "unused-path-parameter"]


def examples(rule):
    """The standard connectors of a rule's page, the sound ones first."""
    found = []
    for snippet in reversed(re.findall(r"```json\n(.*?)\n```", rule.page, re.DOTALL)):
        if not read_json(snippet, None).problems:
            data = json.loads(snippet)
            found += data.get("connectors", [] if "steps" in data else [data])
    return found


def test_nothing_is_missed_in_a_rule_s_example_after_what_to_use_instead(known):
    connectors = [made for rule in RULES.values() for made in examples(rule)]
    assert len(connectors) > 60
    assert_nothing_is_missed(connectors, known)
    for made in connectors:
        assert_nothing_is_missed([*({**SOUND, name: value} for name, value in made.items()), made], known)


def looks(connectors, names=NAMES):
    """What the rules looked at, one connector after the other."""
    memory, fragments = memory_and_fragments(connectors, names)
    seen = []
    memory.quick_look._checks = (lambda connector, _context: seen.append(connector.data) or iter(()),)
    for fragment in fragments:
        assert memory.quick_look.finds_nothing(fragment)
    return seen


def test_only_fields_that_are_like_none_before_are_looked_at():
    row = {"key": "Accept", "value": "application/json"}
    first = SOUND | {"method": "POST", "request_body": "x", "headers": [row]}
    seen = looks(
        [
            first,
            first,
            {**first, "headers": [{"key": "X-User", "value": "1"}, row]},
            {**first, "name": "Another 2", "url": "https://a.example/another/7"},
            {**first, "method": "PUT"},
        ]
    )
    assert seen == [
        first,
        {**SOUND, "headers": [{"key": "X-User", "value": "1"}]},
        {**SOUND, "method": "PUT", "request_body": "x"},
    ]


def test_a_field_in_which_something_was_found_is_told_from_those_beside_it():
    row = {"key": "k", "value": "{{ get_secret('api_kye') }}"}
    wrong, sound = SOUND | {"headers": [row], "method": "POST"}, SOUND | {"method": "POST"}
    memory, fragments = memory_and_fragments([wrong, wrong, sound])
    assert not memory.quick_look.finds_nothing(fragments[0])
    seen = []
    memory.quick_look._checks = (lambda connector, _context: seen.append(connector.data) or iter(()),)
    assert [memory.quick_look.finds_nothing(fragment) for fragment in fragments[1:]] == [False, True]
    assert seen == []


def test_two_rows_that_are_known_and_have_one_key_are_not_in_order():
    rows = [{"key": "k", "value": value} for value in ("a", "b")]
    made = [SOUND | {"headers": each} for each in ([rows[0]], [rows[1]], rows)]
    memory, fragments = memory_and_fragments(made)
    assert [memory.quick_look.finds_nothing(fragment) for fragment in fragments] == [True, True, False]


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("name", "Orders 1", "Weather"),
        ("permalink", "orders-1", "weather"),
        ("url", "https://a.example/x", "https://a.example/v2/y"),
        ("url", "https://a.example/x/{{ pathParams.id }}", "https://a.example/yy/{{ pathParams.id }}"),
        ("headers", {"key": "orders_1", "value": "7"}, {"key": "parcels_2", "value": "8"}),
        ("headers", {"value": "{{ get_secret('api_key') }}"}, {"value": "{{ get_secret('other_key') }}"}),
        ("response_body", "{{ 1 }}" + "x" * 9000, "{{ 22 }}" + "x" * 9000),
    ],
)
def test_what_is_alike(field, one, other):
    likenesses = Likenesses(NameClasses(Context(NAMES)))
    assert likenesses.of_field(field, one) == likenesses.of_field(field, other) is not None


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("name", "Orders 1", "Orders  1"),
        ("permalink", "orders-1", "Orders-1"),
        ("url", "https://1/x", "https://2130706433/x"),
        ("url", "https://a.example/x", "http://a.example/x"),
        ("url", "https://a.example/x", "https://b.example/x"),
        ("headers", {"value": 1}, {"value": 1.0}),
        ("headers", {"value": 1}, {"value": True}),
        ("headers", {"value": 1}, {"value": "1"}),
        ("headers", {"key1": "a"}, {"key2": "a"}),
        ("headers", {"value": "{{ get_secret('api_key') }}"}, {"value": "{{ get_secret('base') }}"}),
        ("authentication", {"algorithm": "HS256"}, {"algorithm": "HS257"}),
        ("authentication", [], "[]"),
    ],
)
def test_what_is_not_alike(field, one, other):
    likenesses = Likenesses(NameClasses(Context(NAMES)))
    assert likenesses.of_field(field, one) != likenesses.of_field(field, other)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "a" * 251),
        ("url", "https://a.example/" + "x" * 300),
        ("headers", {"value": "x" * 250}),
        ("headers", {"value": "\n 12"}),
        ("headers", {"value": "{{ get_secret('api_kye') }}"}),
        ("response_body", "{{ '\\N{VARIATION SELECTOR-16}' }}"),
    ],
)
def test_what_is_like_nothing_else(field, value):
    assert Likenesses(NameClasses(Context(NAMES))).of_field(field, value) is None


def test_no_word_that_the_platform_knows_is_taken_for_one_without_meaning():
    words = {
        *AUTH_TYPES,
        *SENSITIVE_HEADERS,
        *SENSITIVE_PARAMETERS,
        *CONNECTOR_FIELDS,
        *AUTHENTICATION_FIELDS,
        *ROW_FIELDS,
    }
    for kind in AUTH_TYPES.values():
        for field in kind.fields.values():
            words |= {field.name, *field.allowed}
    numbered = {word for word in words if re.fullmatch(r"[A-Za-z_]+[0-9]+", word)}
    assert {word.lower() for word in numbered} <= MEANT
