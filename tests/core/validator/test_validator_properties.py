"""What holds for every text: no failure, places inside the text, fixes that mend and touch nothing else."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from core.validator.connector_texts import apply_fixes
from strongroom.document import Document
from strongroom.names import Kind, Knowledge, Name, Names
from strongroom.validator import Levels, validate
from strongroom.validator.fixing import fix_all

NAMES = Names(
    Knowledge.COMPLETE, {"api_key": Name("api_key", Kind.SECRET), "base": Name("base", Kind.VARIABLE)}, "c"
)
FORMATTING = {"secret-quotes", "secret-spacing"}

BLANK = st.sampled_from(["", "", " ", "  ", "\n", "\t"])
QUOTE = st.sampled_from(["'", '"'])
NAME = st.sampled_from(["api_key", "api_kye", "API_KEY", "base", "api-key", "", "nothing_like_it"])


@st.composite
def call(draw):
    quote = draw(QUOTE)
    function = draw(st.sampled_from(["get_secret", "get_variable"]))
    return f"{function}({draw(BLANK)}{quote}{draw(NAME)}{quote}{draw(BLANK)})"


TEMPLATES = st.lists(
    st.one_of(
        call().map(lambda text: f"{{{{ {text} }}}}"),
        st.sampled_from(["a", '"', "\\", "\u2028", "\U0001f600", "\n", "{# x #}"]),
    ),
    max_size=5,
).map("".join)


@st.composite
def files(draw):
    """A connector file of good JSON with templates of every kind in every field."""
    connectors = [
        {
            "name": "n",
            "url": draw(TEMPLATES),
            "headers": [{"key": "k", "value": draw(TEMPLATES)}],
            "request_body": draw(TEMPLATES),
        }
        for _ in range(draw(st.integers(1, 3)))
    ]
    text = json.dumps(
        {"connectors": connectors}, indent=draw(st.sampled_from([None, 2])), ensure_ascii=draw(st.booleans())
    )
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


PIECES = st.sampled_from(
    [
        *"{}[],:\"'\\\n\U0001f600\u2028",
        *(
            '"connectors": [',
            '"url": "',
            '"headers": ',
            '"steps": [',
            '"value": "',
            "{{ ",
            " }}",
            "{% if a %}",
            "{#",
            "#}",
        ),
        *("get_secret('a')", 'get_secret( \\"b\\" )'),
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join), files())


@given(TEXTS)
@settings(max_examples=300)
def test_findings_of_any_text_lie_inside_it_in_order(text):
    findings = validate(Document.parse(text), NAMES)
    assert findings == sorted(findings, key=lambda finding: (finding.start, finding.end, finding.rule))
    for finding in findings:
        places = [finding, *finding.related, *(edit for fix in finding.fixes for edit in fix.edits)]
        assert all(0 <= place.start <= place.end <= len(text) for place in places)
        assert finding.message.endswith((".", "?"))


@given(TEXTS)
def test_no_two_findings_are_the_same(text):
    findings = [(f.rule, f.start, f.end, f.message) for f in validate(Document.parse(text), NAMES)]
    assert len(findings) == len(set(findings))


@given(files())
@settings(max_examples=300)
def test_after_the_safe_fixes_no_formatting_mistake_is_left_and_nothing_else_has_changed(text):
    levels = Levels().select(FORMATTING)
    document = Document.parse(text)
    fixed = fix_all(document, lambda document: validate(document, NAMES, levels)).document.text
    assert validate(Document.parse(fixed), NAMES, levels) == []
    assert apply_fixes(fixed, validate(Document.parse(fixed), NAMES, levels)) == fixed
    before, after = (
        validate(Document.parse(each), NAMES, Levels().ignore(FORMATTING)) for each in (text, fixed)
    )
    assert [finding.rule for finding in before] == [finding.rule for finding in after]
    assert _without_formatting(json.loads(fixed)) == _without_formatting(json.loads(text))


def _without_formatting(value):
    text = json.dumps(value)
    for mark in (" ", "\\n", "\\t", '\\"', "'"):
        text = text.replace(mark, "")
    return text


@given(TEXTS)
@settings(max_examples=200)
def test_safe_fixes_of_any_text_come_to_an_end(text):
    for _ in range(12):
        fixed = apply_fixes(text, validate(Document.parse(text), NAMES))
        if fixed == text:
            return
        text = fixed
    raise AssertionError(f"the fixes never settle: {text!r}")


@given(
    files(),
    st.floats(0, 1),
    st.integers(0, 6),
    st.text(st.sampled_from("\"'{}(), a\n\U0001f600\u2028"), max_size=5),
)
@settings(max_examples=200)
def test_findings_after_an_edit_are_those_of_the_new_text(text, place, length, new):
    document = Document.parse(text)
    levels = Levels()
    validate(document, NAMES, levels)
    at = round(place * len(text))
    edited = document.edit(at, at + length, new)
    assert validate(edited, NAMES, levels) == validate(Document.parse(edited.text), NAMES, levels)


@given(files())
@settings(max_examples=50)
def test_findings_that_were_kept_are_not_used_for_other_names_or_levels(text):
    document = Document.parse(text)
    validate(document)
    assert validate(document, NAMES) == validate(Document.parse(text), NAMES)
    only = Levels().select(["secret-quotes"])
    assert validate(document, NAMES, only) == validate(Document.parse(text), NAMES, only)
