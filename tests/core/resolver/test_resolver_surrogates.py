"""Half of a surrogate pair, as a broken escape leaves it in JSON: in every place a report, and a sentence about it."""

import json

import pytest

from strongroom.resolver.signing import Signer

HALF = "a\ud800b"
SENT = "a\ufffdb"
SAID = "half of a surrogate pair (a broken \\u escape) is not a character: U+FFFD takes its place."
VALUES = {"secrets": {"k": f"secret-{HALF}"}, "variables": {"v": HALF}}
TOKEN_URL = "https://auth.example.com/token"


def told(report):
    return "\n".join(report.explanation)


def authentication(kind, **config):
    return {"authentication": {"type": kind, "config": config}}


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"query_parameters": [{"key": HALF, "value": "x"}]}, f"query_parameters[0].value ({HALF})"),
        ({"query_parameters": [{"key": "q", "value": HALF}]}, "query_parameters[0].value (q)"),
        ({"headers": [{"key": "X-A", "value": "{{ get_variable('v') }}"}]}, "headers[0].value (X-A)"),
        ({"url": f"https://api.example.com/{HALF}?q={HALF}"}, "url"),
        ({"url": "https://api.example.com/{{ get_variable('v') }}"}, "url"),
        ({"method": "POST", "request_body": HALF}, "request_body"),
        (authentication("api_key", key="X-A", value=HALF, **{"in": "header"}), "authentication.config.value"),
        (authentication("api_key", key=HALF, value="x", **{"in": "query"}), "authentication.config.key"),
    ],
)
def test_it_is_sent_as_the_replacement_character_and_that_is_said(run, api, fields, title):
    report = run(**VALUES, **fields)
    assert report.passed, report.reason
    assert f"{title}: {SAID}" in told(report)
    seen = api.request
    sent = [*seen.url.params.multi_items(), ("", seen.url.path), ("", seen.content.decode())]
    sent += [(key.decode(), value.decode()) for key, value in seen.headers.raw]
    assert any(SENT in part for pair in sent for part in pair)
    assert json.dumps(report.to_json()).isascii()
    assert report.curl.encode()


@pytest.mark.parametrize("place", ["client_id", "client_secret", "scope"])
def test_it_is_sent_so_to_a_token_endpoint(run, api, place):
    config = {"client_id": "i", "client_secret": "s", "scope": "x", "token_url": TOKEN_URL, place: HALF}
    report = run(**authentication("oauth_client_credentials", **config))
    assert f"authentication.config.{place}: {SAID}" in told(report)
    assert "a%EF%BF%BDb" in api.requests[0].content.decode()
    assert report.curl.encode()


def test_a_secret_with_one_is_masked_in_what_comes_back(run):
    report = run(**VALUES, headers=[{"key": "X-A", "value": "{{ get_secret('k') }}"}])
    assert report.passed
    assert report.echoes == {"k": 1}
    assert "secret-a" not in report.text


def test_claims_keep_it_as_json_writes_it(run):
    config = {"private_key": "k" * 40, "algorithm": "HS256", "claims": {"sub": HALF}}
    report = run(**authentication("jwt", **config))
    assert report.passed, report.reason
    assert SAID not in told(report)


@pytest.mark.parametrize(
    ("fields", "status", "reason"),
    [
        ({"url": f"https://{HALF}.example/"}, 502, "the URL is not valid."),
        ({"headers": [{"key": HALF, "value": "x"}]}, 422, "the name of a header holds a character"),
        ({"method": HALF}, 400, "is not one of GET, POST"),
        (authentication(HALF), 400, "the authentication type"),
        (
            {"headers": [{"key": "X", "value": "{{ get_variable('v') | urlencode }}"}]},
            422,
            "headers[0].value does not render: it encodes half of a surrogate pair, which is not a character.",
        ),
        (
            {"headers": [{"key": "X", "value": "{{ get_secret('k') | urlencode }}"}]},
            422,
            "headers[0].value does not render: it encodes half of a surrogate pair, which is not a character.",
        ),
        (
            authentication("jwt", private_key=HALF * 20, algorithm="HS256", claims={}),
            422,
            "the key holds half of a surrogate pair",
        ),
    ],
)
def test_where_it_cannot_be_sent_the_report_says_why(run, fields, status, reason):
    report = run(**VALUES, **fields)
    assert report.status == status
    assert reason in report.reason
    assert report.curl.encode()
    assert json.dumps(report.to_json()).isascii()


def test_the_server_timing_header_stays_a_header_whatever_a_step_is_called(run):
    steps = [{"name": f"{HALF}; x=1", "url": "https://api.example.com/"}]
    report = run(steps=steps)
    assert "step.a_b__x_1;dur=" in report.server_timing_header
    assert report.server_timing_header.isascii()


def test_a_response_template_may_hold_one(run):
    assert run(response_body=f"{HALF}{{{{ response.status_code }}}}").text == f"{SENT}200"


def test_no_key_with_one_is_shown():
    assert "ab-key" not in repr(Signer().sign({}, "ab-key\ud800", "HS256"))
