"""Hold the reader of code to its promises: it raises on no text, and its places are inside of it."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from strongroom.document import Document
from strongroom.validator.call_validator import CallValidator
from strongroom.validator.calls.connectors import known_connectors
from strongroom.validator.fixing import fix_all
from strongroom.widgets.code import WidgetCode
from strongroom.widgets.slots import slot_at
from strongroom.widgets.suggestions import explanation, suggestions
from strongroom.widgets.tokens import Tokens

from core.validator.widget_code import REGISTRY  # isort: skip

WORDS = r"""sdk.connectors.execute( .composite { } ( ) [ ] , : ; ' " ` ${ / // /* */ \ < > => ? ?. ... ! = + as
    const let function permalink: method: 'news' 'GET' `topic` pathParams payload JSON.stringify( body x execute
    <script> </script> <!-- strongroom: ignore[ \u{110000} \ud800 async get if return new this"""
PIECES = st.sampled_from(WORDS.split())
CODE = st.lists(PIECES | st.text(max_size=3), max_size=60).map("".join) | st.text()
NAMES = st.sampled_from(["a.js", "a.tsx", "a.vue", "a.svelte", "a.html", "a"])
KNOWN = known_connectors([Document.parse(REGISTRY)])


@given(NAMES, CODE)
def test_any_text_is_read_with_places_inside_of_it(name, text):
    code = WidgetCode(name, f"execute permalink connectors {text}")
    for call in code.calls:
        assert 0 <= call.start <= call.name[0] <= call.name[1] <= call.end <= len(code.text)
        for member in call.options.members:
            start, end = member.key_span
            assert 0 <= start <= end <= len(code.text)
    for finding in CallValidator().findings(code, KNOWN):
        assert 0 <= finding.start <= finding.end <= len(code.text)
        for fix in finding.fixes:
            assert all(0 <= edit.start <= edit.end <= len(code.text) for edit in fix.edits)


@given(NAMES, CODE, st.integers(0, 80))
def test_any_place_is_completed_and_explained_without_an_error(name, text, at):
    code = WidgetCode(name, f"execute connectors {text}")
    offset = min(at, len(code.text))
    slot = slot_at(code, offset)
    if slot is not None:
        assert 0 <= slot.start <= offset <= slot.end <= len(code.text)
        assert all(one.text for one in suggestions(slot, KNOWN))
    found = explanation(code, offset, KNOWN)
    assert found is None or found.start <= found.end


@given(CODE)
def test_tokens_are_in_order_and_brackets_are_paired_both_ways(text):
    tokens = Tokens(text, ((0, len(text)),))
    ends = [(token.start, token.end) for token in tokens.items]
    assert all(one[1] <= other[0] for one, other in pairwise(ends))
    assert all(tokens.partner[other] == index for index, other in tokens.partner.items())
    assert all(token.text == text[token.start : token.end] and token.text for token in tokens.items)


OPTIONS = """permalink: 'news'|permalink: 'profile'|permalink: 'nwes'|permalink: 'topic'|method: 'GET'|method: 'get'
body: x|body|payload: JSON.stringify(x)|pathParams: {}|pathParams: { topicID: 1 }"""
CALL = st.tuples(
    st.sampled_from(["sdk.connectors.execute", "sdk.connectors.composite.execute", "sdk.execute"]),
    st.lists(st.sampled_from(OPTIONS.replace("\n", "|").split("|")), unique=True),
    st.sampled_from([", ", ",\n  ", ","]),
).map(lambda parts: f"const a = await {parts[0]}({{ {parts[2].join(parts[1])} }});")


@given(st.lists(CALL, max_size=3).map("\n".join))
def test_fixes_come_to_an_end_and_leave_no_safe_fix(text):
    fixed = fix_all(WidgetCode("a.js", text), lambda code: CallValidator().findings(code, KNOWN))
    assert [finding for finding in fixed.findings if finding.fix is not None] == []
    assert fixed.document.problems == ()
