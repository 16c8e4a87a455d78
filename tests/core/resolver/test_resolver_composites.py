"""Composite connectors: steps in order, each seeing what came before, and the platform's envelope."""

# Tables of cases read better with one case a line:
# ruff: noqa: E501

import json

import httpx2
import pytest

from strongroom.resolver import Inputs

STEPS = [
    {"name": "fetch-user", "url": "https://api.example.com/user"},
    {
        "name": "orders",
        "url": "https://api.example.com/orders/{{ (steps['fetch-user'].body | from_json).id }}",
        "method": "POST",
        "request_body": "{{ request.body_text }} {{ steps['fetch-user'].status_code }}",
        "response_body": "{{ response.body }} {{ request.query_parameters.q }} {{ steps['fetch-user'].headers['x-own'] }}",
        "response_content_type": "text/plain",
    },
]


@pytest.fixture
def user_api(api):
    def answer(request):
        if request.url.path == "/user":
            return httpx2.Response(200, json={"id": 7}, headers={"X-Own": "h"})
        return httpx2.Response(200, text=f"{request.url.path} {request.content.decode()}")

    api.handler = answer
    return api


def test_steps_see_the_call_and_the_steps_before_them(run, user_api):
    report = run(url=None, steps=STEPS, inputs=Inputs(payload="in", query={"q": "x"}))
    assert report.passed
    assert report.text == "/orders/7 in 200 x h"
    assert report.headers["content-type"] == "text/plain"
    assert {"step.fetch-user", "step.orders"} <= set(report.server_timing)
    assert [step["name"] for step in report.debug["steps"]] == ["fetch-user", "orders"]


def test_a_step_gives_what_its_response_template_gives(run, user_api):
    first = {**STEPS[0], "response_body": "{{ (response.body | from_json).id + 1 }}"}
    second = {"name": "b", "url": "https://api.example.com/{{ steps['fetch-user'].body }}"}
    run(url=None, steps=[first, second])
    assert user_api.request.url.path == "/8"


def test_a_later_step_is_not_there_yet(run, user_api):
    report = run(
        url=None, steps=[{"name": "a", "url": "https://api.example.com/{{ steps.b.body }}"}, STEPS[0]]
    )
    assert report.status == 422
    assert (
        report.failure["errors"]["scope"]
        == "Composite step 'a' (index 0): Configuration (template rendering)"
    )


@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_step_that_answers_an_error_is_502_and_nothing_of_earlier_steps_is_returned(run, api, status):
    def answer(request):
        return httpx2.Response(200 if request.url.path == "/user" else status, text='{"id": "private data"}')

    api.handler = answer
    report = run(url=None, steps=[STEPS[0], {"name": "b", "url": "https://api.example.com/b"}, STEPS[1]])
    assert report.status == 502
    assert report.failure["errors"]["scope"] == "Composite step 'b' (index 1): Downstream (HTTP error)"
    assert len(api.requests) == 2
    assert "private data" not in json.dumps(report.to_json())


def test_a_step_whose_failure_has_a_code_and_no_scope_is_named_with_the_code(run, api):
    authentication = {"type": "api_key", "config": {"key": "", "value": "v"}}
    steps = [{"name": "a", "url": "https://api.example.com/", "authentication": authentication}]
    report = run(url=None, steps=steps)
    assert report.failure["errors"]["scope"] == "Composite step 'a' (index 0): CONNECTOR_MISCONFIGURED"
    assert not api.requests


def test_a_step_that_cannot_be_reached_is_named(run, api):
    def fail(_request):
        raise httpx2.ConnectError("no")

    api.handler = fail
    report = run(url=None, steps=STEPS)
    assert report.status == 502
    scope = "Composite step 'fetch-user' (index 0): Downstream (network/external service)"
    assert report.failure["errors"]["scope"] == scope


def test_a_secret_that_one_api_repeats_is_masked_in_the_debug_view_of_the_next(run, api):
    api.handler = lambda request: httpx2.Response(200, text=request.headers.get("x-key", "end"))
    steps = [
        {
            "name": "a",
            "url": "https://api.example.com/",
            "headers": [{"key": "X-Key", "value": "{{ get_secret('k') }}"}],
        },
        {
            "name": "b",
            "url": "https://api.example.com/?echo={{ steps.a.body }}",
            "response_body": "{{ steps.a.body }}",
        },
    ]
    report = run(url=None, steps=steps, secrets={"k": "s3cr3t-value"})
    assert report.passed
    assert "s3cr3t-value" not in json.dumps(report.to_json())


def test_a_secret_stays_an_expression_in_a_steps_url_and_body(run, api):
    report = run(
        url=None,
        secrets={"k": "v"},
        steps=[{"name": "a", "url": "https://api.example.com/{{ get_secret('k') }}"}],
    )
    assert report.status == 422


def test_a_composite_without_steps_is_an_unexpected_error(run):
    report = run(url=None, steps=[])
    assert (report.status, report.failure["errors"]) == (500, {"scope": "Unexpected error"})


def test_the_callers_parameters_go_nowhere_by_themselves(run, api):
    row = {"key": "q", "value": "own", "overridable": True}
    template = "{{ request.query_parameters.q }}"
    step = {
        "name": "a",
        "url": "https://api.example.com",
        "query_parameters": [row, {"key": "p", "value": template}],
        "headers": [{"key": "X-A", "value": "own", "overridable": True}],
    }
    run(url=None, steps=[step], inputs=Inputs(query={"q": "theirs", "z": "1"}, headers={"X-A": "theirs"}))
    assert dict(api.request.url.params) == {"q": "own", "p": "theirs"}
    assert api.request.headers["x-a"] == "own"


def test_a_step_reads_the_callers_body_as_bytes_too(run, api):
    step = {**STEPS[0], "method": "POST", "request_body": "{{ request.body_raw | base64_encode }}"}
    run(url=None, steps=[step], inputs=Inputs(payload=b"\xff\x00a"))
    assert api.request.content == b"/wBh"


@pytest.mark.parametrize(
    ("headers", "payload", "sent"),
    [
        ({}, '{"a": 1}', "application/json"),
        ({"content-type": "text/plain"}, "x", "text/plain"),
        ({}, "", ""),
        ({"Authorization": "mine"}, "", ""),
    ],
)
def test_of_the_callers_headers_a_step_reads_the_content_type_only(run, api, headers, payload, sent):
    rows = [
        {"key": "X-A", "value": "{{ request.headers.authorization }}{{ request.headers['Authorization'] }}"},
        {"key": "X-B", "value": "{{ request.headers['Content-Type'] }}"},
    ]
    step = {"name": "a", "url": "https://api.example.com", "headers": rows}
    run(url=None, steps=[step], inputs=Inputs(headers=headers, payload=payload))
    assert (api.request.headers["x-a"], api.request.headers["x-b"]) == ("", sent)


def test_a_host_made_of_an_echoed_secret_is_masked_in_the_timing(run, api):
    api.handler = lambda request: httpx2.Response(200, text=request.headers.get("x-key", ""))
    steps = [
        {
            "name": "a",
            "url": "https://api.example.com",
            "headers": [{"key": "X-Key", "value": "{{ get_secret('k') }}"}],
        },
        {"name": "b", "url": "https://{{ steps.a.body }}.example.com/"},
    ]
    report = run(url=None, steps=steps, secrets={"k": "canary4711"})
    assert api.request.url.host == "canary4711.example.com"
    assert report.connector_timing["external_host"].endswith(".example.com")
    assert "canary4711" not in json.dumps(report.to_json())


def test_what_a_template_changes_is_changed_for_itself_alone(run, api):
    api.answers(200, '{"a": 1}', x_total="2")
    change = (
        "{% set _ = steps.clear() %}{% set _ = request.query_parameters.update({'q': '9'}) %}"
        "{{ request.query_parameters.q }}{{ steps | length }}"
    )
    read = "{{ request.query_parameters.q }}{{ steps.a.headers['x-total'] }}"
    rows = [{"key": "X-A", "value": change}, {"key": "X-B", "value": read}]
    inputs = Inputs(query={"q": "1"})
    steps = [
        {"name": "a", "url": "https://api.example.com"},
        {"name": "b", "url": "https://api.example.com", "headers": rows},
        {"name": "c", "url": "https://api.example.com", "headers": rows[1:]},
    ]
    assert run(url=None, steps=steps, inputs=inputs).passed
    assert (api.requests[1].headers["x-a"], api.requests[1].headers["x-b"]) == ("90", "12")
    assert api.request.headers["x-b"] == "12"
    assert inputs.query == {"q": "1"}
