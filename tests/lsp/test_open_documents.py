"""The server's text is the client's text, whatever is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from strongroom.document import Document
from strongroom.validator import validate
from strongroom_lsp.documents.open_documents import OpenDocument, OpenDocuments
from strongroom_lsp.protocol.messages import ContentChange
from strongroom_lsp.protocol.positions import UTF8, UTF16, UTF32

URI = "file:///site/connectors_registry.json"
ENCODINGS = (UTF8, UTF16, UTF32)
START = (
    '{"connectors": [\r\n  {"name": "A é🙂", "url": "https://a.example", "headers": [{"key": "K", '
    '"value": "{{ get_secret(\'api_key\') }}\u2028"}]},\r  {"name": "B", "url": "https://b.example"}\n]}\n'
)
PIECES = [
    '"',
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\\",
    "\n",
    "\r\n",
    "\r",
    "\u2028",
    "é",
    "🙂",
    "{{ get_secret('x') }}",
    "a",
    "",
]

edits = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 30), st.lists(st.sampled_from(PIECES), max_size=3).map("".join)),
    max_size=12,
)  # fmt: skip


def place(text, offset, encoding):
    """Where a client would say that `offset` is. Written apart from the server's own way of finding it."""
    lines, line = [0], 0
    index = 0
    while index < len(text):
        index += 2 if text[index : index + 2] == "\r\n" else 1
        if text[index - 1] in "\r\n":
            lines.append(index)
    line = max(number for number, start in enumerate(lines) if start <= offset)
    codec, width = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}[encoding]
    return line, len(text[lines[line] : offset].encode(codec)) // width


def typed(opened, edits, encoding):
    """Make the edits one by one; yields the text that there should be after each."""
    text = START
    for version, (wanted, length, new) in enumerate(edits, 1):
        start = min(wanted, len(text))
        end = min(start + length, len(text))
        # Nobody can put a cursor between the two halves of a line break.
        start -= text[start - 1 : start + 1] == "\r\n"
        end += text[end - 1 : end + 1] == "\r\n"
        opened.change(version, [ContentChange(new, place(text, start, encoding), place(text, end, encoding))])
        text = text[:start] + new + text[end:]
        yield text


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(edits=edits)
def test_after_any_edits_the_text_and_the_findings_are_those_of_a_fresh_look(encoding, edits):
    opened = OpenDocument(URI, 0, START, encoding)
    for text in typed(opened, edits, encoding):
        assert opened.document.text == text
        assert validate(opened.document) == validate(Document.parse(text))
    assert opened.version == len(edits)


def test_several_changes_in_one_message_follow_each_other():
    opened = OpenDocument(URI, 0, "abc", "utf-16")
    opened.change(
        1,
        [
            ContentChange("x\n", (0, 0), (0, 1)),
            ContentChange("y", (1, 0), (1, 2)),
            ContentChange("!", (1, 1), (1, 1)),
        ],
    )
    assert opened.document.text == "x\ny!"


def test_a_change_without_a_range_is_the_whole_text():
    opened = OpenDocument(URI, 0, "abc", "utf-16")
    opened.change(5, [ContentChange("new"), ContentChange("er", (0, 3), (0, 3))])
    assert (opened.document.text, opened.version, opened.generation) == ("newer", 5, 1)


def test_a_range_that_ends_before_it_starts_is_turned_round():
    opened = OpenDocument(URI, 0, "abcd", "utf-16")
    opened.change(1, [ContentChange("", (0, 3), (0, 1))])
    assert opened.document.text == "ad"


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(edits=edits)
def test_a_text_that_is_read_after_many_edits_is_that_of_a_fresh_look(encoding, edits):
    opened = OpenDocument(URI, 0, START, encoding)
    text = [START, *typed(opened, edits, encoding)][-1]
    assert opened.document.text == text
    assert validate(opened.document) == validate(Document.parse(text))
    places = [opened.positions.position(offset) for offset in range(len(text) + 1)]
    assert places == [
        OpenDocument(URI, 0, text, encoding).positions.position(at) for at in range(len(text) + 1)
    ]


def test_of_a_burst_of_keys_only_the_last_text_is_read(monkeypatch):
    opened = OpenDocument(URI, 0, START, "utf-16")
    read = []
    edit = Document.edit
    monkeypatch.setattr(Document, "edit", lambda *given: read.append(given) or edit(*given))
    for column in range(30):
        opened.change(column, [ContentChange("x", (1, 12 + column), (1, 12 + column))])
    assert read == []
    assert opened.document.text == START.replace('"A é', '"' + "x" * 30 + "A é")
    assert len(read) == 1


def test_documents_are_kept_by_their_uri():
    documents = OpenDocuments("utf-16")
    first = documents.open(URI, 1, "{}")
    assert documents.get(URI) is first
    second = documents.open(URI, 2, "[]")
    assert documents.all() == (second,)
    assert documents.close(URI) is second
    assert documents.close(URI) is None


def test_places_are_converted_in_the_units_of_the_client():
    document = OpenDocument("file:///a.json", 1, '{"\U0001f600":\n 1}', UTF16)
    assert document.offset_at_position(types.Position(0, 4)) == 3
    assert document.position_at_offset(3) == types.Position(0, 4)
    place = types.Range(types.Position(0, 4), types.Position(1, 1))
    assert document.offsets_of_range(place) == (3, 7)
    assert document.range(3, 7) == place
    assert document.positions.json_range(3, 7) == {
        "start": {"line": 0, "character": 4},
        "end": {"line": 1, "character": 1},
    }
