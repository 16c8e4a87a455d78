"""Test the rule unknown-step."""

import json

import pytest

from core.validator.connector_texts import fixed, step_field


@pytest.mark.parametrize(
    "template",
    [
        "{{ steps.first.body }}",
        "{{ steps['first'].status_code }}",
        "{{ (steps['first'].body | from_json).places[0].latitude }}",
        "{{ steps.get('other') }}",
        "{{ steps[tenant_id] }}",
        "{% set steps = {} %}{{ steps.other }}",
    ],
)
def test_earlier_steps_are_silent(check, template):
    check(step_field("url", template))


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{ steps['«unknown-step:other»'].body }}", "There is no step `other`."),
        ("{{ steps.«unknown-step:other».body }}", "There is no step `other`."),
        ("{{ steps['«unknown-step:fetch-user»'].body }}",
         "`fetch-user` is this step itself: only earlier steps can be read."),
        ("{{ steps['«unknown-step:frist»'].body }}", "There is no step `frist`. Did you mean `first`?"),
        ("{{ steps.first.«undefined-name:json» }}",
         "`steps['first']` has no field `json`: it has body, status_code and headers."),
    ],
)  # fmt: skip
def test_steps_that_cannot_be_read_are_flagged(check, template, message):
    (finding,) = check(step_field("url", template))
    assert finding.message == message
    assert finding.field == "steps[1].url"
    assert finding.pointer == "/steps/1/url"


def test_a_step_that_comes_later_is_flagged(check):
    steps = [
        {"name": "a", "url": "https://a.example/{{ steps['«unknown-step:b»'].body }}"},
        {"name": "b", "url": "https://a.example/{{ steps.a.body }}"},
    ]
    (finding,) = check(json.dumps({"name": "n", "steps": steps}, ensure_ascii=False))
    assert finding.message == "The step `b` has not run yet: only earlier steps can be read."


def test_a_hyphenated_step_behind_a_dot_is_mended(check):
    def both(template):
        steps = [
            {"name": "zip-to-coords", "url": "https://a.example"},
            {"name": "b", "url": f"https://a.example/{template}"},
        ]
        return json.dumps({"name": "n", "steps": steps}, ensure_ascii=False)

    marked = both("{{ steps.«unknown-step:zip-to-coords».body }}")
    assert fixed(marked, check) == both("{{ steps['zip-to-coords'].body }}")
    marked = both("{{ steps.«unknown-step:zip_to_coords».body }}")
    assert fixed(marked, check) == both("{{ steps['zip-to-coords'].body }}")


def test_a_step_that_reads_its_own_response_by_its_name_is_shown_the_way(check):
    (finding,) = check(step_field("response_body", "{{ steps['«unknown-step:fetch-user»'].status_code }}"))
    assert finding.message.endswith(" only earlier steps can be read. Its own response is `response`.")


def test_the_only_near_step_is_offered_and_written_in_the_same_quotes(check):
    marked = step_field("url", "{{ steps['«unknown-step:frist»'].body }}")
    (finding,) = check(marked)
    assert (finding.fix, [fix.title for fix in finding.fixes]) == (None, ["Change to steps['first']"])
    assert finding.data == {"name": "frist"}
    assert fixed(marked, check, unsafe=True) == step_field("url", "{{ steps['first'].body }}")
    double = step_field("url", '{{ steps["«unknown-step:frist»"].body }}')
    assert fixed(double, check, unsafe=True) == step_field("url", '{{ steps["first"].body }}')
