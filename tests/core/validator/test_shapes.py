"""Connectors of one shape share their findings: never with another result than each of them has by itself."""

import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from strongroom.document import Document, Memory
from strongroom.document.shapes import Shapes
from strongroom.names import NO_NAMES, Kind, Knowledge, Name, Names
from strongroom.validator import Levels, engine, validate

NAMES = Names(
    Knowledge.COMPLETE,
    {
        "api_key": Name("api_key", Kind.SECRET),
        "other_key": Name("other_key", Kind.SECRET),
        "base": Name("base", Kind.VARIABLE),
        "region": Name("region", Kind.VARIABLE),
    },
    "c",
)
WORDS = st.sampled_from(["Orders", "Orders 2", "A", "x" * 101, "name", "get it", "Ümlaut", "", " ", "tab\t"])
SLUGS = st.sampled_from(["orders", "orders-2", "a", "Orders", "y" * 251, "", "a--b"])
PATHS = st.sampled_from(
    ["", "/v1/orders", "/v2/items", "/v1/token", "/a/" + "b" * 240, "/pathParams/x", "/{id}", "/a b", "//"]
)
HOSTS = st.sampled_from(
    [
        "api1.example.com",
        "[fe80::1]",
        "[fc00::1]",
        "api.example.com",
        "127.0.0.1",
        "localhost",
        "{{ get_variable('base') }}",
    ]
)
CALLS = st.sampled_from(["api_key", "other_key", "base", "region", "api_kye", "api-key", "k" * 240, "Api"])
TAILS = st.sampled_from(
    ["/{{ pathParams.id1 }}/x1", "", "/", "/{{ pathParams.id }}", "?q={{ queryParams.q }}", ".json"]
)
SPACES = st.sampled_from(["", "", "", " "])
PREFIXES = st.sampled_from(["", "Bearer ", "p" * 230, "\U0001f600", 'say "hi" ', "\u2028", "p" * 960])


NUMBERED_WORDS = st.sampled_from(
    ["X-1", "X-2", "rows1", "rows2", "Rows1", "HS256", "HS257", "id1", "fe80", "a_1"]
)
NUMBERED = st.one_of(
    NUMBERED_WORDS,
    st.sampled_from(
        [
            "{% set rows1 = response.body | from_json %}{{ rows1['items'] | tojson }}",
            "{% set rows1 = 1 %}{{ rows2 }}",
            "{{ rows1 }}",
            "{{ user.id }}-1-2",
            "{{ user.id1 }}",
            "{% for row1 in rows1.items %}{{ row1 }}{% endfor %}",
            "{{ get_secret( 'key1' ) }}",
            '{{ get_secret("key1") }}',
            "{{ get_secret('key' ~ rows1) }}",
            "{{ x | rows1 }}{{ rows1(1) }}",
            "{{ jwt_encode({}, 'key1', 'HS256') }}",
            "https://user:pass1@api1.example.com/x",
            "{# strongroom: ignore[rows1] #}",
            "{{ pathParams.id1 }}",
            "{{ 5-3-2 }}",
            "{{ rows1",
            "\\u00e9\n1 Bearer abc123",
        ]
    ),
)


@st.composite
def templates(draw):
    function = draw(st.sampled_from(["get_secret", "get_variable"]))
    space = draw(SPACES)
    call = f"{function}({space}'{draw(CALLS)}'{space})"
    more = draw(st.sampled_from(["", f" ~ get_secret('{draw(CALLS)}')", " | defualt('x')"]))
    return draw(PREFIXES) + "{{ " + call + more + " }}"


@st.composite
def connectors(draw):
    made = {
        "name": draw(WORDS),
        "url": f"https://{draw(HOSTS)}{draw(PATHS)}{draw(TAILS)}",
        "headers": [{"key": "Authorization", "value": draw(templates())}],
    }
    if draw(st.booleans()):
        made["permalink"] = draw(SLUGS)
    if draw(st.booleans()):
        made["headers"].append({"key": "Authorization", "value": draw(templates())})
    if draw(st.booleans()):
        made["response_body"] = draw(NUMBERED) + draw(st.sampled_from(["", "p" * 300])) + draw(NUMBERED)
        made["headers"].append({"key": draw(NUMBERED_WORDS), "value": draw(NUMBERED)})
        made["headers"].append({"key": draw(NUMBERED_WORDS), draw(NUMBERED_WORDS): draw(NUMBERED)})
        made["path_parameters"] = [{"key": draw(NUMBERED_WORDS)}]
        made["authentication"] = {
            "type": "jwt",
            "config": {"algorithm": draw(NUMBERED_WORDS), "private_key": draw(NUMBERED)},
        }
    extra = draw(st.sampled_from(["", "", "claims", "row", "steps", "escaped", "method"]))
    if extra == "claims":
        made["authentication"] = {
            "type": "jwt",
            "config": {"name": draw(WORDS), "private_key": draw(templates())},
        }
    elif extra == "row":
        made["headers"].append({"name": draw(WORDS), "value": "x"})
    elif extra == "steps":
        made["steps"] = [{"name": draw(SLUGS), "url": "https://api.example.com/x"}]
    elif extra == "method":
        made.update(method="GET", request_body=draw(templates()))
    items = list(made.items())
    text = json.dumps(
        dict(draw(st.permutations(items))),
        indent=draw(st.sampled_from([None, 1])),
        ensure_ascii=draw(st.booleans()),
    )
    return text.replace('"name"', '"n\\u0061me"', 1) if extra == "escaped" else text


@st.composite
def families(draw):
    """Connectors that were made from a few patterns by changing words."""
    patterns = draw(st.lists(connectors(), min_size=1, max_size=3))
    made = []
    for _ in range(draw(st.integers(2, 24))):
        text = draw(st.sampled_from(patterns))
        for old, new in draw(
            st.lists(
                st.tuples(
                    st.sampled_from(
                        ["Orders", "orders", "api_key", "other_key", "base", "/v1", "Bearer", "x"]
                    ),
                    st.sampled_from(
                        [
                            "Items",
                            "items",
                            "other_key",
                            "region",
                            "nothing",
                            "/v9",
                            "q" * 60,
                            *"17",
                            "ROWS1",
                            "fe80",
                        ]
                    ),
                ),
                max_size=3,
            )
        ):
            text = text.replace(old, new)
        made.append(text)
    return made


def by_itself(text, names, array):
    """The findings of one connector in a file of its own, moved to its beginning."""
    before = f'{{"{array}": ['
    found = validate(Document.parse(f"{before}{text}]}}"), names, LEVELS)
    return [finding.moved(-len(before), "") for finding in found]


LEVELS = Levels().ignore(["duplicate-permalink"])


@given(
    families(),
    st.sampled_from([NAMES, NO_NAMES]),
    st.sampled_from(["connectors", "composite_connectors"]),
    st.integers(2, 9),
)
@settings(max_examples=300)
def test_each_connector_has_the_findings_that_it_has_by_itself(family, names, array, often):
    text = f'{{"{array}": [' + ",\n".join(family) + "]}"
    document = Document.parse(text, Memory(Shapes(often)))
    found = validate(document, names, LEVELS)
    expected = []
    at = len(array) + 6
    for index, connector in enumerate(family):
        assert text.startswith(connector, at)
        old, new = f"/{array}/0", f"/{array}/{index}"
        for finding in by_itself(connector, names, array):
            moved = finding.moved(at, "")
            expected.append(moved._replace(pointer=re.sub(f"^{old}", new, moved.pointer)))
        at += len(connector) + 2
    assert found == sorted(expected, key=lambda finding: (finding.start, finding.end, finding.rule))


@given(families())
@settings(max_examples=100)
def test_a_document_that_shares_a_memory_reads_the_same_as_one_that_does_not(family):
    memory = Memory(Shapes(often=2))
    for text in family * 2:
        file = f'{{"connectors": [{text}]}}'
        shared, alone = Document.parse(file, memory), Document.parse(file)
        assert validate(shared, NAMES) == validate(alone, NAMES)
        assert [c.data for c in shared.connectors] == [c.data for c in alone.connectors]
        assert [(c.name, c.permalink) for c in shared.connectors] == [
            (c.value.data.get("name"), c.value.data.get("permalink") or None) for c in alone.connectors
        ]


def connector(number, **more):
    made = {"name": f"Orders {number}", "url": f"https://api.example.com/v1/r{number}/x"}
    return json.dumps(made | more)


def test_many_connectors_of_one_shape_are_looked_at_once(monkeypatch):
    looked = []
    look = engine._look
    monkeypatch.setattr(engine, "_look", lambda *given: looked.append(1) or look(*given))
    validate(Document.parse('{"connectors": [' + ",".join(connector(n) for n in range(100)) + "]}"))
    assert len(looked) == 1


def test_the_length_of_a_word_that_passes_a_limit_is_seen_in_a_known_shape():
    rows = [
        {"key": "A", "value": "p" * 960 + "{{ get_secret('" + "k" * length + "') }}"} for length in (5, 80)
    ]
    family = [connector(n, headers=[rows[n > 20]]) for n in range(22)]
    found = validate(Document.parse('{"connectors": [' + ",".join(family) + "]}"))
    assert [(f.rule, f.pointer) for f in found if f.rule == "too-long"] == [
        ("too-long", "/connectors/21/headers/0/value")
    ]


def test_a_name_that_becomes_known_is_no_longer_reported():
    family = [connector(n, headers=[{"key": "A", "value": "{{ get_secret('api_key') }}"}]) for n in range(30)]
    document = Document.parse('{"connectors": [' + ",".join(family) + "]}")
    nothing = Names(Knowledge.COMPLETE, {}, "c")
    assert {f.rule for f in validate(document, nothing)} == {"unknown-secret"}
    assert validate(document, NAMES) == []
    assert len(validate(document, nothing)) == 30


def test_files_with_equal_levels_share_what_was_found(monkeypatch):
    looked = []
    look = engine._look
    monkeypatch.setattr(engine, "_look", lambda *given: looked.append(1) or look(*given))
    memory = Memory()
    for number in range(20):
        document = Document.parse(f'{{"connectors": [{connector(number)}]}}', memory)
        validate(document, NAMES, Levels().ignore(["too-long"]))
    assert len(looked) == 1
