"""Test the rule header-case."""

import pytest

from core.validator.connector_texts import QUIET, field, fixed, step_field


@pytest.mark.parametrize(
    ("template", "mended"),
    [
        ("{{ response.headers['«header-case:X-Thing»'] }}", "{{ response.headers['x-thing'] }}"),
        (
            "{{ response.headers.get('«header-case:X-Thing»', '1') }}",
            "{{ response.headers.get('x-thing', '1') }}",
        ),
        ("{{ response['headers']['«header-case:ETag»'] }}", "{{ response['headers']['etag'] }}"),
        ("{{ response.headers.«header-case:ETag» }}", "{{ response.headers.etag }}"),
        ("{{ response.headers.«header-case:ETag»() }}", "{{ response.headers.etag() }}"),
        (
            "{% set h = response.headers %}{{ h['«header-case:A»'] }}",
            "{% set h = response.headers %}{{ h['a'] }}",
        ),
    ],
)
def test_a_header_of_the_answer_is_written_in_lower_case(check, template, mended):
    assert fixed(field("response_body", template), check) == field("response_body", mended)


def test_a_header_of_a_step_is_found_in_every_field(check):
    for place in ("url", "headers", "query_parameters", "authentication", "request_body", "response_body"):
        template = "{{ steps.first.headers['«header-case:Mcp-Session-Id»'] }}"
        (finding,) = check(step_field(place, template), levels=QUIET)
        assert finding.message == (
            "`Mcp-Session-Id` is always empty: the keys of headers are in lower case. Write `mcp-session-id`."
        )


@pytest.mark.parametrize(
    "template",
    [
        "{{ response.headers['x-thing'] }}",
        "{{ response.headers[name] }}",
        "{{ response.headers.items() | list | length }}",
        "{{ response.headers.get('x-thing') }}",
        "{{ response.headers.get('x-thing', 'None') }}",
        "{{ response.headers.get(1) }}",
        "{{ response.headers.pop('A') }}",
        "{{ response.headers.x.replace('A', 'b') }}",
        "{{ response.headers.x }}{{ user.get('A') }}",
        "{% set h = {'A': 1} %}{{ h['A'] }}",
        "{% set response = {'headers': {'A': 1}} %}{{ response.headers['A'] }}",
        "{# response.headers['A'] #}1",
    ],
)
def test_what_is_there_is_silent(check, template):
    names = [
        one.rule for one in check(field("response_body", template), levels=QUIET.ignore(["undefined-name"]))
    ]
    assert names == []
