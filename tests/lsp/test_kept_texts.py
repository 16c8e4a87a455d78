"""The text of diagnostics that is kept connector by connector says what a fresh check says."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strongroom.document import Document
from strongroom.validator import validate
from strongroom_lsp.context.file_context import FileContext
from strongroom_lsp.diagnostics.conversion import diagnostic
from strongroom_lsp.diagnostics.kept_texts import diagnostics_text
from strongroom_lsp.documents.open_documents import OpenDocuments
from strongroom_lsp.protocol.capabilities import Client
from strongroom_lsp.protocol.encoded import Encoded, json_around
from strongroom_lsp.protocol.messages import ContentChange

TEMPLATES = st.sampled_from(
    [
        '{{ get_secret( "api_key" ) }}',
        "\U0001f600 {{ get_secret('api_key' ) }}",
        "\u2028{{ user.nmae }} 100%s %d",
        "{{ nothing }}",
        "{{ broken",
        "plain",
    ]
)
EDITS = st.tuples(
    st.floats(0, 1),
    st.integers(0, 3),
    st.sampled_from(
        ["", "x", " ", '"', "}", "\n", "\r\n", "\r", "\U0001f600", "\u2028", "{{", "get_secret("]
    ),
)


@st.composite
def registries(draw):
    rows = [
        {
            "name": draw(st.sampled_from(["Orders", "Items", f"Service {number}"])),
            "url": draw(
                st.sampled_from(["https://api.example.com/x", "http://api.example.com/\U0001f600", "x"])
            ),
            "headers": [{"key": "A", "value": draw(TEMPLATES)}, {"key": "A", "value": draw(TEMPLATES)}],
        }
        for number in range(draw(st.integers(1, 5)))
    ]
    text = json.dumps({"connectors": rows}, indent=draw(st.sampled_from([None, 2])), ensure_ascii=False)
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r"])))


def client(encoding="utf-16", **abilities):
    return Client(encoding=encoding, **abilities)


ALL = {
    "related_information": True,
    "code_description": True,
    "diagnostic_tags": True,
}


def in_order(diagnostics):
    return sorted(json.dumps(each, sort_keys=True) for each in diagnostics)


def context_of(names):
    from strongroom.settings.loading import settings_from

    return FileContext(settings=settings_from(None, "/"), names=names)


@given(
    registries(), st.lists(EDITS, max_size=6), st.sampled_from(["utf-8", "utf-16", "utf-32"]), st.booleans()
)
@settings(max_examples=200)
def test_after_each_edit_the_text_is_that_of_a_fresh_check(text, edits, encoding, is_rich):
    from strongroom.names import Kind, Knowledge, Name, Names

    names = Names(Knowledge.COMPLETE, {"api_key": Name("api_key", Kind.SECRET)}, "c")
    able = client(encoding, **(ALL if is_rich else {}))
    context = context_of(names)
    opened = OpenDocuments(encoding).open("file:///w/connectors_registry.json", 1, text)
    for place, length, new in [(0.0, 0, ""), *edits]:
        size = len(opened.document.text)
        start = round(place * size)
        ends = opened.positions.position(start), opened.positions.position(min(start + length, size))
        opened.change(2, [ContentChange(new, *ends)])
        sent = json.loads(diagnostics_text(opened, context, able).text)
        fresh = validate(Document.parse(opened.document.text), names, context.levels_for(opened.path))
        assert in_order(sent) == in_order(diagnostic(finding, opened, able) for finding in fresh)


def test_what_is_outside_of_the_connectors_stands_among_them_in_its_order():
    text = '{"connectors": [{"name": "a", "url": "x"}, 1, {"name": "a", "url": "x"}] "b": 1}'
    opened = OpenDocuments("utf-16").open("file:///w/connectors_registry.json", 1, text)
    from strongroom.names import NO_NAMES

    sent = json.loads(diagnostics_text(opened, context_of(NO_NAMES), client()).text)
    assert {each["code"] for each in sent} >= {"duplicate-permalink", "wrong-type", "json-syntax"}
    assert in_order(sent) == in_order(diagnostic(f, opened, client()) for f in validate(opened.document))


def test_what_is_no_json_is_refused():
    with pytest.raises(TypeError, match="object is not JSON"):
        json_around({"a": object()}, Encoded)
