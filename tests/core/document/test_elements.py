"""What the quick scanner accepts is read the same as by our own reader."""

import json
import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from strongroom.document import Document, elements
from strongroom.document.elements import scan_element
from strongroom.document.json_reader import MAX_DEPTH, read_element

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
        element = read_element(f"{text}{rest}")
        assert element.problems == ()
        assert element.is_closed
        assert (element.root.data, 2 + element.end) == scanned


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


def test_the_depth_of_an_element_has_nothing_to_do_with_those_beside_it():
    many = ", ".join(['{"a": [1]}'] * (MAX_DEPTH + 1))
    assert all(fragment.is_sound for fragment, _, _ in Document.parse(f"[{many}]").placed)


def test_where_python_has_no_scanner_our_own_reader_reads_everything(monkeypatch):
    text = '[{"name": "A"}, {"name": "B"}]'
    sound = Document.parse(text)
    monkeypatch.setattr(elements, "_scan", None)
    again = Document.parse(text)
    assert again.problems == ()
    assert [(c.start, c.end, c.data) for c in again.connectors] == [
        (c.start, c.end, c.data) for c in sound.connectors
    ]


def test_text_that_is_no_json_is_refused_although_nobody_has_imported_json():
    script = (
        "import sys; from strongroom.document import Document;"
        "assert 'json' not in sys.modules; Document.parse('[{\"na')"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
