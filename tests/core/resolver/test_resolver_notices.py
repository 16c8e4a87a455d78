"""What a run noticed stands in its report also if it passed, and says the same as `check`."""

import json

import pytest

from strongroom.document import Document
from strongroom.resolver import Inputs, MappingValues, render_request
from strongroom.resolver.reports.notices import notices_of
from strongroom.resolver.templates.changes import changes_of_secrets
from strongroom.validator import validate

POST = {"method": "POST", "headers": [{"key": "Content-Type", "value": "application/json"}]}
PAYLOAD = Inputs(payload='{"a": "x"}')
BLANK = "is printed with HTML escapes, so that its JSON breaks: leave the field blank."
PARSE = "is printed with HTML escapes, so that its JSON breaks: add `| from_json | tojson`."


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"request_body": "{{ body_text }}"}, f"request_body: `body_text` {BLANK}"),
        ({"request_body": '{"b": {{ body_text }}}'}, f"request_body: `body_text` {PARSE}"),
        ({"response_body": "{{ response.body }}"}, f"response_body: `response.body` {BLANK}"),
        (
            {"response_body": "{{ response.headers['X-A'] | tojson }}"},
            "response_body: `X-A` is always empty: the keys of headers are in lower case. Write `x-a`.",
        ),
    ],
)
def test_a_run_and_check_say_the_same(run, api, fields, told):
    api.answers(200, '{"a": "x"}')
    report = run(inputs=PAYLOAD, **POST, **fields)
    assert report.passed
    assert told in report.notices
    assert told in report.explanation
    connector = {"name": "Sample", "url": "https://api.example.com/things", **POST, **fields}
    assert told in notices_of(render_request(connector, MappingValues(), PAYLOAD)), "before anything is sent"
    findings = validate(Document.parse(json.dumps(connector)))
    assert told.partition(": ")[2] in [finding.message for finding in findings]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"request_body": '{"a": "{{ body_text }}"}'}, "request_body: HTML escaping changed a value"),
        ({"request_body": '{"a": "{{ none }}"}'}, "request_body: a value is not known here"),
        ({"response_body": '"{{ response.body }}"'}, "response_body: HTML escaping changed a value"),
        ({"response_body": '"{{ none }}"'}, "response_body: a value is not known here"),
        (
            {"query_parameters": [{"key": "{{ a }}", "value": "1"}]},
            "query_parameters[0].key: it is not a template",
        ),
        ({"response_content_type": "{{ user.id }}"}, "response_content_type: it is not a template"),
        (
            {"query_parameters": [{"key": "a", "value": "{{ get_variable('no') | default('1') }}"}]},
            "query_parameters[0].value (a): no variable is named 'no', so the default is used.",
        ),
    ],
)
def test_what_came_out_otherwise_than_written_is_noticed(run, api, fields, told):
    api.answers(200, '{"a": "x"}')
    report = run(inputs=PAYLOAD, **POST, **fields)
    assert report.passed
    assert [line for line in report.notices if line.startswith(told)]


def test_what_the_api_escaped_itself_is_no_notice(run, api):
    api.answers(200, '{"a": "&amp; None"}')
    assert run(response_body="{{ response.body | safe }}").notices == ()
    assert run(**POST, inputs=PAYLOAD).notices == ()


@pytest.mark.parametrize(
    ("status", "body", "fields", "told"),
    [
        (204, "", {}, "The answer is empty"),
        (201, " ", {}, "The answer is empty"),
        (200, "<html>", {}, "The answer is not JSON"),
        (200, b"\xff", {}, "The answer is not JSON"),
        (200, "[NaN]", {}, "The answer is not JSON"),
        (200, "{}", {"response_body": "{% if false %}{% endif %}"}, "What response_body gives is empty"),
        (200, "{}", {"response_body": "done"}, "What response_body gives is not JSON"),
        (204, "", {"response_body": "{}"}, ""),
        (200, "1", {}, ""),
        (404, "", {}, ""),
    ],
)
def test_an_answer_that_no_widget_can_parse_is_noticed(run, api, status, body, fields, told):
    api.answers(status, body)
    report = run(**fields)
    lost = [line for line in report.notices if "`execute`" in line]
    assert [line.partition(":")[0] for line in lost] == ([told] if told else [])
    assert report.passed is (status < 300)
    assert set(lost) <= set(report.verdict)


def test_a_step_is_named(run, api):
    api.answers(200, "{}")
    steps = [{"name": "a", "url": "https://api.example.com"}]
    steps.append(
        {"name": "b", "url": "https://api.example.com", **POST, "request_body": "{{ steps.a.body }}"}
    )
    assert run(url=None, steps=steps).notices == (f"step b: request_body: `steps.a.body` {PARSE}",)


@pytest.mark.parametrize(
    ("template", "changes"),
    [
        ("{{ get_secret('a') | upper }}", [("a", "the filter upper")]),
        ("{{ get_secret('a').upper() }}", [("a", "upper()")]),
        ("{{ get_secret(name='a') | trim | length }}", [("a", "the filter trim")]),
        ("{{ (get_secret('a') ~ get_secret('b')).strip() }}", [("a", "strip()"), ("b", "strip()")]),
        ("{{ get_secret('a') | upper }}{{ get_secret('a') | upper }}", [("a", "the filter upper")]),
        ("{{ get_secret('a').upper | length }}", []),
        ("{{ get_secret('a') | length }}", []),
        ("{{ get_secret('a').split('b') }}", []),
        ("{{ get_variable('a') | upper }}", []),
        ("{{ user.get_secret('a') | upper }}", []),
        ("{{ upper(get_secret('a')) }}", []),
        ("{% filter upper %}{{ get_secret('a') }}{% endfilter %}", []),
        ("{{ get_secret('a') | upper", []),
    ],
)
def test_only_what_would_change_a_secret_is_found(template, changes):
    assert changes_of_secrets(template) == tuple(changes)
