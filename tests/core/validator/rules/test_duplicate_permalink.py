"""Test the rule duplicate-permalink."""

from core.validator.connector_texts import URL, step
from strongroom.document import Document
from strongroom.validator.permalinks import duplicates_across


def test_a_permalink_stands_once_in_a_file(check):
    one = '{"name": "One", "permalink": "same", "steps": [' + step("a") + "]}"
    two = '{"name": "Two", "permalink": "«duplicate-permalink:same»", "steps": [' + step("a") + "]}"
    (finding,) = check(f'{{"connectors": [], "composite_connectors": [{one}, {two}]}}')
    assert finding.message == "The permalink `same` is already used in this file."
    assert finding.related
    assert (finding.connector, finding.pointer) == ("Two", "/composite_connectors/1/permalink")


def test_a_connector_and_a_composite_may_have_one_permalink(check):
    one = '{"name": "One", "permalink": "same", "url": "https://a.example"}'
    two = '{"name": "Two", "permalink": "same", "steps": [' + step("a") + "]}"
    assert check(f'{{"connectors": [{one}], "composite_connectors": [{two}]}}') == []
    made = '{"name": "Same", "url": "https://a.example"}'
    assert check(f'{{"connectors": [{made}], "composite_connectors": [{two}]}}') == []


def test_a_permalink_made_from_a_name_counts(check):
    check(
        f'[{{"name": "REST Countries", {URL}}}, {{"name": "«duplicate-permalink:Rest  countries»", {URL}}}]'
    )
    check(f'[{{"name": "Zürich", {URL}}}, {{"name": "Zürich", {URL}}}]')
    check(f'[{{"name": "A", "permalink": "one", {URL}}}, {{"name": "A", "permalink": "two", {URL}}}]')


def test_permalinks_of_widgets_that_are_merged_are_unique_across_their_files():
    one = Document.parse(f'{{"connectors": [{{"name": "One", {URL}}}]}}')
    two = Document.parse(f'{{"connectors": [{{"name": "Other", "permalink": "one", {URL}}}]}}')
    files = [
        ("repo/connectors_registry.json", one),
        ("repo/widgets/b/connectors.json", two),
        ("repo/widgets/a/connectors.json", one),
        ("elsewhere/widgets/a/connectors.json", one),
    ]
    composite = f'{{"name": "One", "steps": [{{"name": "s", {URL}}}]}}'
    third = Document.parse(f'{{"composite_connectors": [{composite}]}}')
    files.append(("repo/widgets/c/connectors.json", third))
    found = duplicates_across(files)
    assert list(found) == ["repo/widgets/b/connectors.json"]
    (finding,) = found["repo/widgets/b/connectors.json"]
    assert finding.message == "The permalink `one` is already used in repo/widgets/a/connectors.json."
    assert two.text[finding.start : finding.end] == "one"
