"""The platform's table of failures, row by row: the facts are written here, and nothing of the code is used for them.

Only what a caller of the platform sees is compared: the status, and the whole envelope.
"""

import asyncio
import json
import re
import uuid

import httpx2
import pytest

from strongroom.resolver import Inputs, MappingValues, run_connector

TABLE = """
| failure                                    | status | errors |
|---|---|---|
| path parameter invalid                     | 400    | code = INVALID_PATH_PARAMETERS; params = ["id"] |
| path parameter missing                     | 400    | code = MISSING_PATH_PARAMETERS; params = ["id"] |
| one missing and one invalid                | 400    | code = MISSING_PATH_PARAMETERS; params = ["id"] |
| path parameter not declared                | 400    | code = CONNECTOR_MISCONFIGURED; detail = * |
| a url that does not render                 | 422    | scope = Configuration (template rendering) |
| a header that does not render              | 422    | scope = Configuration (template rendering) |
| a query parameter that does not render     | 422    | scope = Configuration (template rendering) |
| a request body that does not render        | 422    | scope = Configuration (template rendering) |
| a body that is no JSON                     | 422    | scope = Configuration (template rendering) |
| a variable of the url is missing           | 422    | scope = Configuration (template rendering) |
| a secret in the url                        | 422    | scope = Configuration (template rendering) |
| a response template that does not render   | 422    | scope = Configuration (response template rendering) |
| an answer that is no JSON                  | 422    | scope = Configuration (response template rendering) |
| jwt authentication with a bad key          | 422    | scope = Authentication (JWT signing) |
| jwt_encode with a bad key                  | 422    | scope = Authentication (JWT signing) |
| an assertion with a bad key                | 422    | scope = Authentication (JWT signing) |
| the api is unreachable | 502 | scope = Downstream (network/external service) |
| the api is over time | 502 | scope = Downstream (network/external service) |
| the token endpoint is over time | 502 | scope = Downstream (network/external service) |
| a step answers 404 | 502 | scope = Composite step 'orders' (index 1): Downstream (HTTP error) |
| a step answers 500 | 502 | scope = Composite step 'orders' (index 1): Downstream (HTTP error) |
"""


def rows():
    for line in TABLE.strip().splitlines()[2:]:
        name, status, errors = (cell.strip() for cell in line.strip("|").split("|"))
        yield pytest.param(
            name, int(status), dict(part.split(" = ", 1) for part in errors.split("; ")), id=name
        )


URL = "https://api.example.com/orders"
PATH = {"url": URL + "/{{ pathParams.id }}", "path_parameters": [{"key": "id"}]}
TWO = {
    "url": URL + "/{{ pathParams.id }}/{{ pathParams.line }}",
    "path_parameters": [{"key": "line"}, {"key": "id"}],
}
BROKEN = "{{ 1 / 0 }}"
BAD_KEY = "-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----"
GRANT = {"client_id": "c", "token_url": "https://auth.example.com/token"}


def composite(status):
    def api(request):
        return httpx2.Response(200 if "contact" in str(request.url) else status, text="of the first step")

    steps = [{"name": "contact", "url": "https://api.example.com/contact"}, {"name": "orders", "url": URL}]
    return {"steps": steps}, {}, api


def slow(_request):
    raise httpx2.ReadTimeout("too slow")


def unreachable(_request):
    raise httpx2.ConnectError("no route")


def plain(_request):
    return httpx2.Response(200, text="<html>")


def auth(kind, **config):
    return {"url": URL, "authentication": {"type": kind, "config": config}}


CASES = {
    "path parameter invalid": (PATH, {"path_parameters": {"id": "a/../b"}}, plain),
    "path parameter missing": (PATH, {}, plain),
    "one missing and one invalid": (TWO, {"path_parameters": {"line": ".."}}, plain),
    "path parameter not declared": ({"url": URL + "/{{ pathParams.id }}"}, {"path_parameters": {"id": "1"}}, plain),
    "a url that does not render": ({"url": URL + BROKEN}, {}, plain),
    "a header that does not render": ({"url": URL, "headers": [{"key": "X", "value": BROKEN}]}, {}, plain),
    "a query parameter that does not render": (
        {"url": URL, "query_parameters": [{"key": "x", "value": BROKEN}]}, {}, plain,
    ),
    "a request body that does not render": ({"url": URL, "method": "POST", "request_body": BROKEN}, {}, plain),
    "a body that is no JSON": (
        {"url": URL, "method": "POST", "request_body": "{{ (body_text | from_json).a }}"}, {"payload": "{"}, plain,
    ),
    "a variable of the url is missing": ({"url": "https://api.example.com/{{ get_variable('no') }}"}, {}, plain),
    "a secret in the url": ({"url": "https://api.example.com/{{ get_secret('key') }}"}, {}, plain),
    "a response template that does not render": ({"url": URL, "response_body": BROKEN}, {}, plain),
    "an answer that is no JSON": ({"url": URL, "response_body": "{{ response.body | from_json }}"}, {}, plain),
    "jwt authentication with a bad key": (
        auth("jwt", private_key="{{ get_secret('key') }}", claims={"sub": "x"}), {}, plain,
    ),
    "jwt_encode with a bad key": (
        {"url": URL, "headers": [{"key": "X", "value": "{{ jwt_encode({}, get_secret('key'), 'RS256') }}"}]}, {}, plain,
    ),
    "an assertion with a bad key": (
        auth("oauth_jwt_bearer", private_key="{{ get_secret('key') }}", subject="s", audience="a", **GRANT), {}, plain,
    ),
    "the api is unreachable": ({"url": URL}, {}, unreachable),
    "the api is over time": ({"url": URL}, {}, slow),
    "the token endpoint is over time": (auth("oauth_client_credentials", client_secret="s", **GRANT), {}, slow),
    "a step answers 404": composite(404),
    "a step answers 500": composite(500),
}  # fmt: skip


def test_every_row_has_a_case_and_every_case_a_row():
    assert {row.id for row in rows()} == set(CASES)


@pytest.mark.parametrize(("failure", "status", "errors"), rows())
def test_the_status_and_the_envelope_are_the_platforms(failure, status, errors):
    fields, inputs, api = CASES[failure]
    running = run_connector(
        {"name": "Orders", **fields},
        MappingValues({"key": BAD_KEY}),
        Inputs(**inputs),
        transport=httpx2.MockTransport(api),
    )
    report = asyncio.run(running)
    assert report.status == status
    assert report.passed is False
    envelope = json.loads(report.body)
    assert set(envelope) == {"success", "errors", "request_id"}
    assert envelope["success"] is False
    assert envelope["request_id"] == report.request_id == str(uuid.UUID(report.request_id))
    assert set(envelope["errors"]) == set(errors)
    for key, expected in errors.items():
        found = envelope["errors"][key]
        if expected == "*":
            assert re.fullmatch(r"\S.*\.", found, re.DOTALL), found
        else:
            assert found == (json.loads(expected) if expected.startswith("[") else expected)
    assert report.headers["content-type"] == "application/json"
    assert "of the first step" not in json.dumps(report.to_json())


@pytest.mark.parametrize(
    ("value", "is_good"),
    [("a", True), ("A-Z.a_z~0", True), ("a" * 200, True), ("a" * 201, False), ("", False), (".", False), ("..", False),
     ("a..b", False), ("a.b", True), ("a b", False), ("a/b", False), ("ä", False), ("%2e", False), ("a\n", False)],
)  # fmt: skip
def test_what_a_path_parameter_may_be(value, is_good):
    called = []
    running = run_connector(
        {"name": "n", **PATH},
        MappingValues(),
        Inputs(path_parameters={"id": value}),
        transport=httpx2.MockTransport(lambda request: called.append(request) or httpx2.Response(200)),
    )
    report = asyncio.run(running)
    assert report.passed is is_good
    assert bool(called) is is_good
    if not is_good:
        expected = "INVALID_PATH_PARAMETERS" if value else "MISSING_PATH_PARAMETERS"
        assert json.loads(report.body)["errors"]["code"] == expected
