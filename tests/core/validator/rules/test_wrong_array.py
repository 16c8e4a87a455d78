"""Test the rule wrong-array."""

import json

import pytest

from core.validator.connector_texts import URL, apply_fixes, composite, step
from strongroom.document import Document
from strongroom.validator import validate

COMPOSITE = composite(step("a"))
CONNECTOR = f'{{"name": "Plain", {URL}}}'


def test_a_composite_among_the_connectors_is_refused(check):
    marked = COMPOSITE.replace('"steps"', '"«wrong-array:steps»"')
    (finding,) = check(f'{{"connectors": [{marked}]}}')
    assert finding.message == (
        "This is a composite connector, because it has `steps` and no `url`: move it to `composite_connectors`."
    )
    assert (finding.pointer, finding.severity.value) == ("/connectors/0/steps", "error")


def test_a_connector_among_the_composites_is_refused(check):
    marked = CONNECTOR.replace('"url"', '"«wrong-array:url»"')
    (finding,) = check(f'{{"composite_connectors": [{marked}]}}')
    assert finding.message.endswith("it has `url` and no `steps`: move it to `connectors`.")


def test_what_has_both_is_what_its_array_says(check):
    both = f'{{"name": "Both", {URL}, "steps": [{step("a")}]}}'
    assert check(f'{{"connectors": [{both}], "composite_connectors": [{both}]}}') == []


def test_outside_of_the_two_arrays_the_shape_decides(check):
    assert check(COMPOSITE) == []
    assert check(f"[{COMPOSITE}, {CONNECTOR}]") == []


INDENTED = json.dumps({"connectors": [json.loads(COMPOSITE), json.loads(CONNECTOR)]}, indent=2)
TWO = json.loads(COMPOSITE), {**json.loads(COMPOSITE), "name": "More"}


@pytest.mark.parametrize(
    "text",
    [
        f'{{"connectors": [{COMPOSITE}]}}',
        f'{{"connectors": [{CONNECTOR}, {COMPOSITE}, {CONNECTOR.replace("Plain", "Last")}]}}',
        f'{{"connectors": [{COMPOSITE}], "composite_connectors": []}}',
        f'{{"composite_connectors": [{CONNECTOR}]}}',
        f'{{"composite_connectors": [{CONNECTOR}, {COMPOSITE}], "connectors": [{CONNECTOR.replace("Plain", "a")}]}}',
        INDENTED,
        json.dumps({"connectors": [*TWO, json.loads(CONNECTOR)], "other": {}}, indent="\t"),
    ],
)
def test_the_fix_moves_the_element_as_it_is_written(text):
    before = json.loads(text)
    mended = apply_fixes(text, validate(Document.parse(text)))
    while mended != (again := apply_fixes(mended, validate(Document.parse(mended)))):
        mended = again
    after = json.loads(mended)
    assert validate(Document.parse(mended)) == []
    everything = [one for array in ("connectors", "composite_connectors") for one in before.get(array, [])]
    assert [one for one in everything if "steps" in one] == sorted(
        after["composite_connectors"], key=everything.index
    )
    assert [one for one in everything if "url" in one] == sorted(
        after.get("connectors", []), key=everything.index
    )
    assert before.get("other") == after.get("other")


def test_the_moved_element_keeps_the_style_of_the_file():
    mended = apply_fixes(INDENTED, validate(Document.parse(INDENTED)))
    expected = {"connectors": [json.loads(CONNECTOR)], "composite_connectors": [json.loads(COMPOSITE)]}
    assert mended == json.dumps(expected, indent=2)


def test_a_broken_file_has_no_fix():
    findings = validate(Document.parse(f'{{"connectors": [{COMPOSITE}] "x": 1}}'))
    assert [finding.fixes for finding in findings if finding.rule == "wrong-array"] == [()]
