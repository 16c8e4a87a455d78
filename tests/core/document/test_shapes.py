"""What is recognised by its shape is read the same as what is read letter by letter."""

import json
import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from strongroom.document import Document
from strongroom.document.element_scan import scan_element
from strongroom.document.json_reader import MAX_DEPTH, read_element
from strongroom.document.shapes import Shapes

TEXT = st.text(st.sampled_from('ab /"\\{}[]:,\u2028\U0001f600\n1'), max_size=8)
VALUES = st.recursive(
    st.one_of(TEXT, st.integers(), st.floats(allow_nan=False), st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=12,
)
OBJECTS = st.dictionaries(TEXT, VALUES, max_size=5)


@st.composite
def damaged(draw):
    """An object's text, sometimes with one character in the wrong place."""
    text = json.dumps(
        draw(OBJECTS), indent=draw(st.sampled_from([None, 1])), ensure_ascii=draw(st.booleans())
    )
    if draw(st.booleans()):
        at = draw(st.integers(1, len(text)))
        text = text[:at] + draw(st.sampled_from(list('{}[],:"\\ 0-+.eNtu\t\x00\ufeff'))) + text[at:]
    return text


@given(damaged(), st.sampled_from(["", "]", ", {}", " x"]))
@settings(max_examples=500)
def test_what_the_scanner_accepts_our_own_reader_reads_the_same_without_a_remark(text, rest):
    scanned = scan_element(f"  {text}{rest}", 2)
    if scanned is not None:
        element = read_element(f"  {text}{rest}", 2)
        assert element.problems == ()
        assert element.is_closed
        assert element.is_kept
        assert (element.value.data, element.end) == scanned


def test_a_key_that_stands_twice_and_words_that_are_no_json_are_left_to_our_own_reader():
    for text in (
        '{"a": 1, "a": 2}',
        '{"a": NaN}',
        '{"a": -Infinity}',
        '{"a": 01}',
        '{"a": 1' + "0" * 5000 + "}",
    ):
        assert scan_element(text, 0) is None


def test_what_nests_too_deeply_is_left_to_our_own_reader():
    deep = '{"a": ' + "[" * MAX_DEPTH + "]" * MAX_DEPTH + "}"
    assert scan_element(deep, 0) is None
    assert scan_element('{"a": ' + "[" * 100_000, 0) is None
    assert [problem.message for problem in Document.parse(f"[{deep}]").problems] == [
        f"Nested too deeply: at most {MAX_DEPTH} levels are read."
    ]


WORDS = st.sampled_from(
    ["Orders", "Orders 1", "orders-1", "a", "q" * 300, "x_y", "", "ä", "/v1", 'a"b', "get"]
)


@st.composite
def made_from_a_pattern(draw):
    word = draw(WORDS)
    name, path, key = draw(WORDS), draw(WORDS), draw(WORDS)
    return json.dumps(
        {
            "name": name,
            "url": f"https://api.example.com/{path}/{{{{ pathParams.id }}}}",
            "value": f"{{{{ get_secret('{key}') }}}}{{{{ get_secret('{word}') }}}}",
        }
    )


@given(st.lists(made_from_a_pattern(), min_size=1, max_size=20))
@settings(max_examples=200)
def test_a_connector_is_recognised_with_the_holes_that_reading_it_gives(texts):
    shapes = Shapes(often=2)
    for text in texts:
        for _ in range(2):
            found = shapes.of(text, "connectors", json.loads(text))
    for text in texts:
        known = shapes.recognise(f"[{text}]", 1, "connectors")
        found = shapes.of(text, "connectors", json.loads(text))
        if known is not None:
            assert found is not None
            assert known == (*found, 1 + len(text))


def test_a_word_that_is_repeated_must_be_plain_in_each_of_its_places():
    shapes = Shapes(often=2)
    texts = [
        json.dumps({"name": name, "value": f"{{{{ get_secret('{name}') }}}}"}) for name in ("a", "Orders")
    ]
    for text in texts * 2:
        shapes.of(text, "connectors", json.loads(text))
    for text in texts:
        known = shapes.recognise(text, 0, "connectors")
        assert known is not None
        assert known[:2] == shapes.of(text, "connectors", json.loads(text))


def test_the_same_words_in_other_places_are_another_shape():
    shapes = Shapes()

    def shape(one, other):
        text = json.dumps({"a": f"get_secret('{one}')", "b": f"get_secret('{other}')"})
        found = shapes.of(text, "connectors", json.loads(text))
        return found[0] if found else None

    assert shape("a", "b") is shape("c", "d")
    assert shape("a", "a") is shape("c", "c")
    assert shape("a", "a") is not shape("a", "b")


def test_a_name_that_is_not_the_connectors_own_is_no_hole():
    shapes = Shapes()
    for data in (
        {"name": "Orders", "claims": {"name": "Orders"}},
        {"claims": {"name": "Orders"}},
        {"name": "Orders", "steps": []},
        {"x": 'a"name', "name": ["x"]},
    ):
        found = shapes.of(json.dumps(data), "connectors", data)
        assert found is not None
        assert found[1] == ()


def test_a_key_with_an_escaped_letter_makes_no_other_key_the_connectors_own():
    text = '{"n\\u0061me": "A", "claims": {"name": "Orders"}}'
    assert Shapes().of(text, "connectors", json.loads(text))[1] == ()


def test_text_that_is_no_json_is_refused_although_nobody_has_imported_json():
    script = (
        "import sys; from strongroom.document import Document;"
        "assert 'json' not in sys.modules; Document.parse('[{\"na')"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
