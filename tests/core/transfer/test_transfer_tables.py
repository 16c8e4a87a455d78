"""CSV and JSON: what is read, what is refused, and that writing and reading are each other's opposite."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.errors import StrongroomError
from strongroom.names import Kind
from strongroom.store.rows.many import EntryWithValue
from strongroom.transfer import csv_format, json_format
from strongroom.transfer.decoding import decode, decode_strictly
from strongroom.transfer.errors import SourceUnreadable
from strongroom.values.secret_value import SecretValue

TEXT = st.text(st.characters(codec="utf-8"))


def values(source) -> list[tuple[int, str, str]]:
    return [(item.line, item.name, item.value.reveal()) for item in source.entries]


def reasons(source) -> list[tuple[int, str]]:
    return [(refusal.line, refusal.reason) for refusal in source.refusals]


def test_csv_is_read_as_rfc_4180_has_it() -> None:
    text = 'name,value,note\r\na,"x,""y""\r\nz",n\r\n\r\nb,2,\r\n'
    assert values(csv_format.read(text)) == [(2, "a", 'x,"y"\r\nz'), (5, "b", "2")]


def test_csv_columns_come_in_any_order() -> None:
    (item,) = csv_format.read("expires,kind,value,name\n2030-01-31,variable,v,a").entries
    assert (item.kind, item.expires, item.note) == (Kind.VARIABLE, "2030-01-31", None)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("a", "it has 1 field, and the header has 2"),
        ("a,b,c", "it has 3 fields, and the header has 2"),
        ('a,"never', "never closed"),
        ('a,"x"y', "text after a closing quote"),
        ('a,x"y', "a quote inside a field"),
    ],
)
def test_a_bad_row_is_named_and_the_rows_around_it_are_read(row: str, reason: str) -> None:
    source = csv_format.read(f"name,value\nfirst,1\n{row}\nlast,2\n")
    ((line, found),) = reasons(source)
    assert line == 3
    assert reason in found
    assert [name for _, name, _ in values(source)] == ["first", "last"]


@pytest.mark.parametrize("text", ["", "api_key,canary\n", "name,value,canary\n", "name,name,value\n"])
def test_a_file_without_the_header_is_refused_unquoted(text: str) -> None:
    with pytest.raises(SourceUnreadable) as caught:
        csv_format.read(text)
    assert "canary" not in str(caught.value)


def test_json_may_be_an_object_of_names() -> None:
    text = '{\n "a": "x",\n "b": {"value": "y", "kind": "variable"},\n "port": 8080, "on": true}'
    source = json_format.read(text)
    assert values(source) == [(2, "a", "x"), (3, "b", "y"), (4, "port", "8080"), (4, "on", "true")]
    assert source.entries[1].kind is Kind.VARIABLE


def test_json_may_be_a_list_of_entries() -> None:
    (item,) = json_format.read('[{"name": "a", "value": "x", "note": "n", "expires": null}]').entries
    assert (item.note, item.expires, item.kind) == ("n", None, None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": null}', "null"),
        ('{"a": ["canary"]}', "a list, not text"),
        ('[["canary"]]', "not an object"),
        ('[{"value": "canary"}]', "not an object with a `name`"),
        ('[{"name": "a"}]', "no `value`"),
        ('[{"name": "a", "value": "canary", "canary": "1"}]', "a field other than"),
        ('[{"name": "a", "value": "canary", "value": "2"}]', "one field twice"),
        ('[{"name": "a", "value": "canary", "kind": "canary"}]', "kind is neither"),
        ('{"a": {"value": {"b": "canary"}}}', "an object, not text"),
    ],
)
def test_a_wrong_json_entry_is_refused_unquoted(text: str, reason: str) -> None:
    source = json_format.read(text)
    ((line, found),) = reasons(source)
    assert line == 1
    assert reason in found
    assert "canary" not in repr(source)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[1,]",
        "[01]",
        "[" * 100_000,
        '{"a": "canary}',
        '{"a" "canary"}',
        '{"a": canary}',
        '["canary" "b"]',
        '{"a": "canary"} x',
        '{"a": "\\canary"}',
        '"canary"',
        "{'a': 'canary'}",
    ],
    ids=range(13),
)
def test_a_file_that_is_no_json_is_refused_unquoted(text: str) -> None:
    with pytest.raises(StrongroomError) as caught:
        json_format.read(text)
    shown = str(caught.value) + repr(caught.value.__context__ and caught.value.__cause__)
    assert "canary" not in shown


def test_an_export_of_a_later_version_is_refused() -> None:
    with pytest.raises(SourceUnreadable, match="does not know"):
        json_format.read('{"strongroom": "export", "version": 2, "entries": []}')


def test_json_in_another_encoding_is_refused_by_line() -> None:
    with pytest.raises(SourceUnreadable, match="Line 2 "):
        decode_strictly(b'{\n"a": "\xff"}')
    assert json_format.read(decode_strictly('{"a": "é"}'.encode("utf-16"))).entries[0].value.reveal() == "é"


@given(TEXT, TEXT)
def test_csv_and_json_are_read_back_exactly(value: str, note: str) -> None:
    held = EntryWithValue("a", Kind.VARIABLE, SecretValue(value), note, "2030-01-31", 3)
    for form in (csv_format, json_format):
        source = form.read(decode(form.write([held, held._replace(name="b")]).encode()))
        assert source.refusals == []
        assert source.entries[1]._replace(line=0) == (0, "b", held.value, held.kind, note, held.expires)


@given(st.text())
def test_json_keeps_any_text_even_halves_of_pairs(value: str) -> None:
    text = json_format.write([EntryWithValue("a", Kind.SECRET, SecretValue(value), "", "", 1)])
    assert json_format.read(text).entries[0].value.reveal() == value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(JSON)
def test_every_json_is_understood_as_json(data: object) -> None:
    if isinstance(data, (dict, list)) and not (isinstance(data, dict) and "strongroom" in data):
        source = json_format.read(json.dumps(data))
        assert len(source.entries) + len(source.refusals) == len(data)


@given(st.text(st.sampled_from('{}[]:,"\\ a1\n')))
def test_no_text_makes_a_reader_fail_otherwise(text: str) -> None:
    for form in (csv_format, json_format):
        try:
            form.read(text)
        except SourceUnreadable:
            continue
