"""Test the rule duplicate-permalink."""

from core.validator.connector_texts import URL, step


def test_a_permalink_is_used_once_among_connectors(check):
    one = f'{{"name": "One", "permalink": "same", {URL}}}'
    two = f'{{"name": "Two", "permalink": "«duplicate-permalink:same»", {URL}}}'
    (finding,) = check(f'{{"connectors": [{one}, {two}]}}')
    assert finding.message == "The permalink `same` is already used in this file."
    assert finding.related
    assert (finding.connector, finding.pointer) == ("Two", "/connectors/1/permalink")


def test_a_permalink_is_used_once_among_composites(check):
    one = '{"name": "One", "permalink": "same", "steps": [' + step("a") + "]}"
    two = '{"name": "Two", "permalink": "«duplicate-permalink:same»", "steps": [' + step("a") + "]}"
    check(f'{{"composite_connectors": [{one}, {two}]}}')


def test_a_connector_and_a_composite_may_share_a_permalink(check):
    one = f'{{"name": "One", "permalink": "same", {URL}}}'
    two = '{"name": "Two", "permalink": "same", "steps": [' + step("a") + "]}"
    check(f'{{"connectors": [{one}], "composite_connectors": [{two}]}}')


def test_a_permalink_made_from_a_name_counts(check):
    check(
        f'[{{"name": "REST Countries", {URL}}}, {{"name": "«duplicate-permalink:Rest  countries»", {URL}}}]'
    )
    check(f'[{{"name": "Zürich", {URL}}}, {{"name": "Zürich", {URL}}}]')
    check(f'[{{"name": "A", "permalink": "one", {URL}}}, {{"name": "A", "permalink": "two", {URL}}}]')
