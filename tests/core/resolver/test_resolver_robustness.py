"""Whatever a connector file says, a run is a report of the platform's kind: no exception, no failure of our own."""

import asyncio
import json

import httpx2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from strongroom.resolver import Answered, Inputs, MappingValues, render_request, run_connector
from strongroom.resolver.request import curl as curl_of

TEMPLATES = [
    "", "x", "{{", "}}", "{{ }}", "{% for %}", "{{ get_secret('k') }}", "{{ get_secret() }}", "{{ get_secret(1) }}",
    "{{ get_variable('v') }}", "{{ user.email }}", "{{ user.nope.nope }}", "{{ pathParams.id }}", "{{ steps.a.body }}",
    "{{ request.body_text }}", "{{ response.body | from_json }}", "{{ now('x') }}", "{{ jwt_encode() }}",
    "{{ jwt_encode({}, 'k', 'HS256') }}", "{{ 1/0 }}", "https://a.example/{{ user.id }}", "https://a.example", "http://[::1",
    "https://a.example/\ud800", "\x00", "{{ '\ud800' }}", "{{ get_secret('k') | tojson | base64_encode | urlencode }}",
]  # fmt: skip
text = st.sampled_from(TEMPLATES)
scalar = st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | text
anything = st.recursive(
    scalar, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3), max_leaves=6
)
row = st.fixed_dictionaries({}, optional={"key": scalar, "value": scalar, "overridable": scalar}) | anything
rows = st.lists(row, max_size=3) | anything
config = st.dictionaries(
    st.sampled_from(
        ["key", "value", "in", "client_id", "client_secret", "token_url", "scope", "private_key", "algorithm", "claims",
         "jwt_headers", "subject", "audience", "token_ttl", "additional_claims"]
    ),
    scalar | anything,
    max_size=8,
)  # fmt: skip
authentication = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(
            ["none", "api_key", "apikey", "jwt", "oauth_client_credentials", "oauth_jwt_bearer", "x"]
        )
        | anything,
        "config": config | anything,
    },
)
fields = {
    "name": scalar,
    "permalink": scalar,
    "url": scalar,
    "method": st.sampled_from(["GET", "POST", "head", "X"]) | anything,
    "headers": rows,
    "query_parameters": rows,
    "path_parameters": rows,
    "authentication": authentication | anything,
    "request_body": scalar | anything,
    "response_body": scalar | anything,
    "response_content_type": scalar,
}
step = st.fixed_dictionaries({}, optional=fields)
connector = (
    st.fixed_dictionaries({}, optional={**fields, "steps": st.lists(step | anything, max_size=3)}) | step
)
inputs = st.builds(
    Inputs,
    query=st.dictionaries(text, text, max_size=2),
    headers=st.dictionaries(text, text, max_size=2),
    path_parameters=st.dictionaries(text, text, max_size=2),
    payload=st.binary(max_size=5) | text,
    user=st.sampled_from([{}, {"id": 1}, {"id": None, "profile_fields": {1: "x"}}]),
)
VALUES = MappingValues({"k": "v\ud800alue-1"}, {"v": "w"})


async def answering(_asked):
    return Answered(200, (("content-type", "text/plain; charset=\ud800x"),), b"\xff{}")


@settings(max_examples=150)
@given(connector=connector, inputs=inputs)
@example(connector={"url": "https://a.example", "authentication": {"type": ["jwt"]}}, inputs=Inputs())
@example(connector={"steps": [{"name": ["a"], "url": "https://a.example"}]}, inputs=Inputs())
@example(
    connector={"url": "https://a.example", "headers": [{"key": "a", "value": {"b": 1}}]}, inputs=Inputs()
)
def test_any_connector_gives_a_report(connector, inputs):
    report = asyncio.run(run_connector(connector, VALUES, inputs, sender=answering))
    assert "Strongroom itself failed" not in report.reason
    assert report.status in (200, 400, 401, 405, 422, 500, 502)
    assert isinstance(report.curl, str)
    report.to_json()


@settings(max_examples=100)
@given(connector=step, inputs=inputs)
def test_any_connector_renders_or_says_why_not(connector, inputs):
    request = render_request(connector, VALUES, inputs)
    request.debug()
    curl_of.of_request(request)
    assert "alue-1" not in repr(request.debug())


HALF = "\ud800"
"""Half of a surrogate pair: JSON can say it, no encoding has it."""
_GRANT = {"client_id": "a", "client_secret": "s", "token_url": "https://a.example/token"}
_SIGNED = {"private_key": "k" * 40, "algorithm": "HS256", "claims": {}}
SILENT = httpx2.MockTransport(lambda _request: httpx2.Response(200, json={"access_token": "t"}))
HALF_A_PAIR = {
    "query key": {"query_parameters": [{"key": HALF, "value": "x"}]},
    "query value": {"query_parameters": [{"key": "x", "value": HALF}]},
    "header key": {"headers": [{"key": HALF, "value": "x"}]},
    "header value": {"headers": [{"key": "x", "value": HALF}]},
    "host": {"url": f"https://{HALF}.example/"},
    "path": {"url": f"https://a.example/{HALF}"},
    "query in url": {"url": f"https://a.example/?q={HALF}"},
    "body": {"method": "POST", "request_body": HALF},
    "api key in query": {
        "authentication": {"type": "api_key", "config": {"key": HALF, "value": HALF, "in": "query"}}
    },
    "api key in header": {
        "authentication": {"type": "api_key", "config": {"key": "x", "value": HALF, "in": "header"}}
    },
    **{
        f"grant's {key}": {
            "authentication": {"type": "oauth_client_credentials", "config": {**_GRANT, key: HALF}}
        }
        for key in ("client_id", "client_secret", "scope", "token_url")
    },
    **{
        f"token's {key}": {"authentication": {"type": "jwt", "config": {**_SIGNED, key: {HALF: HALF}}}}
        for key in ("claims", "jwt_headers")
    },
    "signing key": {"authentication": {"type": "jwt", "config": {**_SIGNED, "private_key": HALF}}},
}


@pytest.mark.parametrize("field", HALF_A_PAIR)
def test_half_of_a_surrogate_pair_gives_a_report_wherever_it_stands(field):
    connector = {"url": "https://a.example/", **HALF_A_PAIR[field]}
    inputs = Inputs(query={"a": HALF}, headers={"a": HALF}, payload=HALF)
    report = asyncio.run(run_connector(connector, VALUES, inputs, transport=SILENT))
    assert "Strongroom itself failed" not in report.reason
    assert "Error" not in report.reason
    assert report.status in (200, 422, 502)
    json.dumps(report.to_json())
    assert HALF not in report.curl
