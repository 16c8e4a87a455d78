"""The index of a workspace: what it finds, and that a changed file changes it alone."""

import json

import pytest

from strongroom.document import Document
from strongroom.workspace.index import Span, WorkspaceIndex, facts_of, matches, read_facts
from strongroom.workspace.references import Symbol, SymbolKind

TOKEN = Symbol(SymbolKind.NAME, "token")


def document(name: str, *templates: str) -> Document:
    rows = [{"key": f"H{number}", "value": value} for number, value in enumerate(templates)]
    connector = {"name": name, "permalink": name.lower(), "url": "https://a.example", "headers": rows}
    return Document.parse(json.dumps({"connectors": [connector]}, indent=1))


@pytest.fixture
def index() -> WorkspaceIndex:
    index = WorkspaceIndex()
    index.put("a", facts_of(document("One", "{{ get_secret('token') }}", "{{ get_variable('token') }}")))
    index.put("b", facts_of(document("Two", "{{ get_secret('other') }}")))
    return index


def test_a_name_is_found_in_every_file_that_uses_it(index: WorkspaceIndex) -> None:
    index.put("c", facts_of(document("Three", "é {{ get_secret('token') }}")))
    found = list(index.places(TOKEN))
    assert [path for path, _ in found] == ["a", "a", "c"]
    assert found[2][1].occurrence.connector == "Three"
    assert found[2][1].span == Span(9, 37, 9, 42)
    assert index.count(SymbolKind.NAME, "token") == 3
    assert index.names() == ("other", "token")


def test_a_file_that_changed_or_went_takes_its_uses_with_it(index: WorkspaceIndex) -> None:
    index.put("a", facts_of(document("One", "{{ get_secret('other') }}")))
    assert list(index.places(TOKEN)) == []
    assert index.files_with(SymbolKind.NAME, "other") == ("a", "b")
    index.remove("b")
    index.remove("b")
    assert index.files_with(SymbolKind.NAME, "other") == ("a",)
    assert [connector.name for _, connector in index.connectors()] == ["One"]
    index.clear()
    assert index.names() == ()


def test_reading_pauses_after_each_connector() -> None:
    text = json.dumps({"connectors": [{"name": f"c{n}", "url": "https://a.example"} for n in range(5)]})
    reading = read_facts(Document.parse(text), lambda start, end: Span(0, start, 0, end))
    assert sum(1 for _ in reading) == 5


def test_no_value_and_no_text_is_kept(index: WorkspaceIndex) -> None:
    index.put("c", facts_of(document("Three", "canary {{ get_secret('token') }}")))
    assert "canary" not in repr(vars(index))


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [("", "Orders", True), ("ord", "Orders", True), ("osr", "Orders", False), ("OL", "Orders lookup", True)],
)
def test_a_query_matches_letters_in_their_order(query: str, text: str, expected: bool) -> None:
    assert matches(query, text) is expected


def test_a_use_with_a_default_may_miss_its_name() -> None:
    templates = "{{ get_variable('token') | default('a') }}", "{{ get_variable('token') }}"
    facts = facts_of(document("One", *templates))
    assert [p.occurrence.may_miss for p in facts.places if p.occurrence.symbol == TOKEN] == [True, False]
