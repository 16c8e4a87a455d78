"""Test the rule registry-differs."""

import json

import pytest

from strongroom.document import Document
from strongroom.validator import Validator
from strongroom.validator.publication import Convention, Publication, first_files, table_of

WEATHER = {"name": "Weather", "permalink": "weather", "url": "https://api.example.com/now"}
ORDERS = {"name": "Orders", "steps": [{"name": "one", "url": "https://api.example.com/orders"}]}


def text_of(*connectors, composites=()):
    return json.dumps({"connectors": connectors, "composite_connectors": composites})


@pytest.fixture
def between(snapshot):
    """between(text, registry=, widgets=, own=, convention=) -> (marked text, message) of each finding."""

    def found(
        text, registry=None, widgets=(), own="widgets/a/connectors.json", convention=Convention.UNKNOWN
    ):
        publication = Publication(
            own,
            None if registry is None else table_of(Document.parse(registry)),
            first_files(
                (f"widgets/{name}/connectors.json", table_of(Document.parse(text))) for name, text in widgets
            ),
            convention,
        )
        document = Document.parse(text)
        findings = list(Validator().findings_between(document, publication))
        has_any = Validator().has_findings_between(table_of(document), publication)
        assert has_any == bool(findings)
        shown = [(one.rule, one.severity.value, text[one.start : one.end], one.message) for one in findings]
        assert shown == snapshot
        return [(marked, message) for _, _, marked, message in shown]

    return found


def test_the_fields_that_differ_are_named(between):
    ((marked, message),) = between(
        text_of(WEATHER | {"response_body": "{}", "method": "POST"}), registry=text_of(WEATHER)
    )
    assert marked == "weather"
    assert message.startswith("`connectors_registry.json` has another `method` and `response_body`")


def test_a_connector_that_the_registry_does_not_have_is_marked_at_its_name(between):
    ((marked, message),) = between(
        text_of(WEATHER, {"name": "New", "url": "https://b.example/"}), text_of(WEATHER)
    )
    assert marked == "New"
    assert "does not have this connector" in message


@pytest.mark.parametrize(
    "same",
    [
        {"method": "GET"},
        {"request_body": None},
        {"response_body": ""},
        {"headers": []},
        {"comment": "pasted from Code Mode"},
    ],
)
def test_a_default_that_is_written_out_is_no_difference(between, same):
    assert between(text_of(WEATHER | same), registry=text_of(WEATHER)) == []


def test_rows_and_steps_are_compared_in_their_order(between):
    row = {"key": "X-A", "value": "1"}
    with_row = WEATHER | {"headers": [row | {"overridable": False}]}
    assert between(text_of(with_row), registry=text_of(WEATHER | {"headers": [row]})) == []
    assert between(text_of(with_row), registry=text_of(WEATHER | {"headers": [row, {"key": "X-B"}]}))
    step = ORDERS["steps"][0]
    other = ORDERS | {"steps": [step | {"method": "POST"}]}
    assert between(text_of(composites=[ORDERS]), registry=text_of(composites=[ORDERS])) == []
    ((_, message),) = between(text_of(composites=[other]), registry=text_of(composites=[ORDERS]))
    assert "another `steps`" in message


def test_a_composite_and_a_connector_of_one_permalink_are_two(between):
    composite = ORDERS | {"name": "Weather"}
    assert between(text_of(composites=[composite]), registry=text_of(WEATHER))
    assert between(text_of(WEATHER), registry=text_of(WEATHER, composites=[composite])) == []


def test_nothing_is_said_without_a_registry(between):
    assert between(text_of(WEATHER)) == []


def test_a_connector_that_the_next_build_removes_is_marked_in_the_registry(between):
    other = text_of({"name": "Other", "url": "https://b.example/"})
    options = {"own": "connectors_registry.json", "widgets": [("b", other)]}
    ((marked, message),) = between(text_of(WEATHER), convention=Convention.BUILT, **options)
    assert marked == "weather"
    assert "the next build removes it" in message
    for convention in (Convention.WRITTEN, Convention.UNKNOWN):
        assert between(text_of(WEATHER), convention=convention, **options) == []


def test_each_convention_has_its_way_out(between):
    said = {
        convention: between(text_of(WEATHER), registry=text_of(), convention=convention)[0][1]
        for convention in Convention
    }
    assert len(set(said.values())) == len(Convention)


def test_files_that_nothing_merges_may_share_a_permalink(between):
    widgets = [("a", text_of(WEATHER)), ("b", text_of(WEATHER))]
    own = "widgets/b/connectors.json"
    assert between(text_of(WEATHER), widgets=widgets, own=own, convention=Convention.WRITTEN) == []
    ((_, message),) = between(text_of(WEATHER), widgets=widgets, own=own, convention=Convention.BUILT)
    assert message == "widgets/a/connectors.json already uses the permalink `weather`."


def test_a_connector_without_a_name_is_called_by_its_permalink():
    connector = {"permalink": "weather", "url": "https://api.example.com/"}
    publication = Publication("widgets/a/connectors.json", {}, {}, Convention.UNKNOWN)
    (finding,) = Validator().findings_between(Document.parse(text_of(connector)), publication)
    assert (finding.connector, finding.pointer) == ("weather", "/connectors/0/permalink")
