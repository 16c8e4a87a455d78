"""Applying fixes: what is refused together, and what is refused at all."""

import json

import pytest

from strongroom.document import Document
from strongroom.names import Kind, Knowledge, Name, Names
from strongroom.text.edits import apply_edits
from strongroom.validator import Edit, Finding, Fix, Severity, validate
from strongroom.validator.fixing import apply_together, fix_all

NAMES = Names(Knowledge.COMPLETE, {"inst": Name("inst", Kind.VARIABLE)}, "c")


def registry(**fields):
    connector = {"name": "A", "permalink": "a", "url": "https://api.example.com/"} | fields
    return json.dumps({"connectors": [connector]})


def fixed(text, *, unsafe=False):
    """The connector after all fixes."""
    result = fix_all(Document.parse(text), lambda document: validate(document, NAMES), unsafe=unsafe)
    assert apply_edits(text, result.edits) == result.document.text
    return json.loads(result.document.text)["connectors"][0]


GUARDED = "{{% if response.status_code == 200 %}}{}{{% endif %}}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "{{ (response.body | from_json).items | tojson }}",
            "{{ (response.body | from_json)['items'] | tojson }}",
        ),
        ("{{ (a).items }}", "{{ (a)['items'] }}"),
        ("{{ (a or {}).items }}", "{{ (a or {})['items'] }}"),
        ("{{ ((a)).keys }}", "{{ ((a))['keys'] }}"),
        ("{{ (a | default({})).get }}", "{{ (a | default({}))['get'] }}"),
        ("{% for x in (a) . items %}{% endfor %}", "{% for x in (a)['items'] %}{% endfor %}"),
        ("{{ default(a, (b)) }}", "{{ a | default((b)) }}"),
        ("{{ join((a), (',')) }}", "{{ (a) | join((',')) }}"),
        ("{{ 1 + (default)((a + 1), b,) }}", "{{ 1 + ((a + 1) | default(b,)) }}"),
        ("{{ not default((a) if b else c) }}", "{{ not (((a) if b else c) | default) }}"),
        ("{{ default((a, b)) }}", "{{ (a, b) | default }}"),
    ],
)
def test_a_fix_goes_by_the_parentheses_around_an_expression(before, after):
    assert fixed(registry(response_body=GUARDED.format(before)))["response_body"] == GUARDED.format(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{{ (body_text | from_json) | safe }}", "{{ (body_text | from_json) | tojson }}"),
        ("{{ ((body_text | from_json) | safe) | safe }}", "{{ (body_text | from_json) | tojson }}"),
        ("{{ ((body_text | from_json)) }}", "{{ ((body_text | from_json | tojson)) }}"),
        ("{{ body_text | from_json() }}", "{{ body_text | from_json() | tojson }}"),
        ("{{ (request).body_text | upper }}", "{{ body_text | upper }}"),
        ("{{ 1 in(request).body_text }}", "{{ 1 in body_text }}"),
        ("{{ 1 in (request).body_text }}", "{{ 1 in body_text }}"),
        ("{% set body_text = 1 %}{{ request.body_text }}", "{% set body_text = 1 %}{{ request.body_text }}"),
    ],
)
def test_so_does_one_that_somebody_has_to_look_at(before, after):
    assert fixed(registry(method="POST", request_body=before), unsafe=True)["request_body"] == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('get_variable("inst")/x', "{{ get_variable('inst') }}/x"),
        ('{get_variable( "inst" )}/a b', "{{ get_variable('inst') }}/a%20b"),
        ("a {% set x = 1 %} b{{ x }}", "a%20{% set x = 1 %}%20b{{ x }}"),
        ("{ {id}", "{ {{ pathParams.id }}"),
        ("{{ a }}{{# c #}{id}", "{{ a }}{{# c #}{id}"),
    ],
)
def test_fixes_of_a_url_keep_out_of_each_other_and_of_tags(before, after):
    found = fixed(registry(url=f"https://api.example.com/{before}"))
    assert found["url"] == f"https://api.example.com/{after}"


def finding(*edits):
    fix = Fix("Mend it", tuple(Edit(*edit) for edit in edits), True)
    return Finding("rule", Severity.ERROR, "Wrong.", edits[0][0], edits[0][1], fixes=(fix,))


def test_of_fixes_that_break_a_text_only_the_culprits_are_left_out():
    text = registry(response_body="{{ a }} {{ b }} {{ c }}")
    names = [text.index(name) for name in ("a }}", "b }}", "c }}")]
    good = [Fix("Good", (Edit(at, at + 1, "x"),), True) for at in names[:2]]
    unbalanced = Fix("Unbalanced", (Edit(names[2], names[2] + 1, "(c"),), True)
    no_json = Fix("No JSON", (Edit(0, 1, ""),), True)
    taken = apply_together(Document.parse(text), [no_json, good[0], unbalanced, good[1]])
    assert taken.fixes == tuple(good)
    assert json.loads(taken.document.text)["connectors"][0]["response_body"] == "{{ x }} {{ x }} {{ c }}"


def test_two_fixes_that_only_together_break_a_template_are_not_both_taken():
    text = registry(response_body="{{ a }}")
    at = text.index("a }}")
    one, other = Fix("One", (Edit(at, at, "1 "),), True), Fix("Other", (Edit(at - 1, at - 1, "+"),), True)
    both = Fix("Both", (Edit(at - 1, at, ""), Edit(at, at + 1, "")), True)
    assert len(apply_together(Document.parse(text), [one, other]).fixes) == 1
    assert apply_together(Document.parse(text), [both]).fixes == ()


def test_a_template_that_is_broken_already_does_not_keep_others_from_being_mended():
    text = registry(
        headers=[{"key": "X-A", "value": "{{ ("}, {"key": "X-B", "value": '{{ get_variable("inst") }}'}]
    )
    assert [row["value"] for row in fixed(text)["headers"]] == ["{{ (", "{{ get_variable('inst') }}"]


def test_one_fix_has_all_between_its_edits_in_a_template_for_itself():
    text = registry(response_body="{{ ab }}")
    at = text.index("ab")
    around = finding((at, at, "("), (at + 2, at + 2, ")"))
    between = finding((at + 1, at + 1, "."))
    assert len(apply_together(Document.parse(text), [around.fixes[0], between.fixes[0]]).fixes) == 1
