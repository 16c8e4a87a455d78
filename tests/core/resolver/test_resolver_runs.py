"""What a run gives: the answer, its transformation, timings, and the platform's envelopes."""

# Tables of cases read better with one case a line:
# ruff: noqa: E501

import asyncio
import gzip
import json
import subprocess
import sys
from dataclasses import replace
from random import Random

import httpx2
import pytest

from strongroom.resolver import Inputs, MappingValues, run_connector
from strongroom.resolver.network.sending import MAX_BODY
from strongroom.resolver.terms.failures import Destination


def test_the_answer_passes_through(run, api):
    api.answers(201, '{"id": 1}', content_type="application/json", x_own="1")
    report = run(method="POST")
    assert report.passed
    assert report.passed
    assert (report.status, report.text, report.headers["x-own"]) == (201, '{"id": 1}', "1")


@pytest.mark.parametrize("status", [301, 302, 400, 401, 404, 429, 500, 503])
def test_a_status_other_than_success_does_not_pass_and_is_explained(run, api, status):
    api.answers(status, "no", location="https://elsewhere.example")
    report = run()
    assert (report.status, report.passed, report.failure, report.text) == (status, False, None, "no")
    assert any(f"The API answered {status}" in line for line in report.explanation)


def test_redirects_are_not_followed(run, api):
    api.answers(302, "", location="https://localhost/x")
    report = run()
    assert len(api.requests) == 1
    assert any("a redirect to https://localhost/x" in line for line in report.explanation)


def test_the_response_template_runs_on_every_status(run, api):
    template = (
        "{{ response.status_code }} {{ response.headers['x-own'] }} {{ response.headers.get('x-own') }}"
    )
    api.answers(503, "down", x_own="a")
    report = run(response_body=template, response_content_type="text/plain")
    assert (report.status, report.text) == (503, "503 a a")
    assert report.headers["content-type"] == "text/plain"


def test_the_response_body_is_text_for_templates(run, api):
    api.answers(200, '{"data": {"items": [1, 2]}}')
    report = run(response_body="{{ (response.body | from_json)['data']['items'] | tojson }}")
    assert json.loads(report.text) == [1, 2]


def test_a_response_template_that_fails_is_422(run, api, envelope):
    api.answers(500, "<html>")
    report = run(response_body="{{ response.body | from_json }}")
    assert report.status == 422
    assert envelope(report)["scope"] == "Configuration (response template rendering)"
    assert any("The API answered 500" in line for line in report.explanation)


def test_a_template_that_fails_is_422_and_nothing_is_called(run, api, envelope):
    report = run(headers=[{"key": "X", "value": "{{ 'x' | from_json }}"}])
    assert report.status == 422
    assert envelope(report)["scope"] == "Configuration (template rendering)"
    assert not api.requests
    assert report.debug["headers"] == {"X": "{{ 'x' | from_json }}"}


def test_a_secret_in_the_response_template_stays_an_expression(run):
    report = run(secrets={"k": "s3cr3t"}, response_body="{{ get_secret('k') }}")
    assert report.text == "{{ get_secret('k') }}"


def test_times_are_told_as_documented(run):
    report = run()
    assert set(report.server_timing) == {"setup", "transform", "cache", "external", "total"}
    assert min(report.server_timing.values()) >= 0
    assert report.server_timing["external"] > 0
    assert sum(report.server_timing.values()) <= report.server_timing["total"] * 2 + 1
    timing = report.connector_timing
    assert set(timing["breakdown"]) == {"setup_ms", "transform_ms", "cache_ms", "http_request_ms"}
    assert (timing["cache_hit"], timing["external_host"]) == (False, "api.example.com")
    assert timing["request_id"] == report.request_id
    assert report.server_timing_header.startswith("setup;dur=")


def test_a_report_is_json(run):
    report = run(secrets={"k": "s3cr3t"}, headers=[{"key": "X", "value": "{{ get_secret('k') }}"}])
    assert json.loads(json.dumps(report.to_json()))["passed"] is True


def test_a_report_as_data_has_all_that_the_report_says(run, api):
    api.answers(429, "s3cr3t-value-9")
    report = run(name=None, secrets={"k": "s3cr3t-value-9"}, response_body="{{ get_secret('k') }}{{ 1 / 0 }}")
    report = replace(report, withheld=(Destination("other.example", ("k", "l")),))
    data = report.to_json()
    as_they_are = ("passed", "status", "reason", "request_id", "headers", "server_timing", "connector_timing")
    for name in (*as_they_are, "debug", "failure", "echoes", "phases", "cache"):
        assert data.pop(name) == getattr(report, name)
    for name in ("unresolved", "explanation", "notices"):
        assert data.pop(name) == list(getattr(report, name))
    withheld = [{"host": "other.example", "secrets": ["k", "l"]}]
    body = {"body": report.text, "body_length": len(report.body), "body_is_cut": False}
    assert data == {"connector": "", "withheld": withheld, **body}


def test_the_times_of_the_header_are_metrics_with_a_token_for_a_name(run):
    report = replace(run(), server_timing={"setup": 1.25, "a step": 20})
    assert report.server_timing_header == "setup;dur=1.2, a_step;dur=20.0"


def test_a_binary_body_is_kept_as_bytes_and_left_out_of_json(run, api):
    api.answers(200, b"\x89PNG\r\n\x00\xff\xfe", content_type="image/png")
    report = run()
    assert report.body == b"\x89PNG\r\n\x00\xff\xfe"
    assert report.to_json()["body"] is None
    assert report.to_json()["body_length"] == 9


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("text/plain; charset=iso-8859-1", b"\xe9", "é"),
        ('text/plain; charset="utf-16"', "é".encode("utf-16"), "é"),
        ("text/plain; charset=nonsense", "é".encode(), "é"),
        ("text/plain", b"\xff", "�"),
    ],
)
def test_text_is_read_in_the_charset_that_is_named(run, api, content_type, body, text):
    api.answers(200, body, content_type=content_type)
    assert run().text == text


def test_a_compressed_answer_is_decompressed(run, api):
    api.answers(200, gzip.compress(b"hello"), content_encoding="gzip")
    assert run().text == "hello"
    far = Random(1).randbytes(20_000).hex() * 2  # a repetition as far away as gzip reaches
    api.answers(200, gzip.compress(far.encode()), content_encoding="gzip")
    assert run().text == far


def test_a_body_that_is_not_what_its_encoding_says_is_explained(run, api, envelope):
    api.answers(200, b"plain", content_encoding="gzip")
    report = run()
    assert report.status == 502
    assert envelope(report)["scope"] == "Downstream (network/external service)"
    assert "cannot be decompressed" in report.reason


def test_a_compression_bomb_is_cut_where_a_long_answer_is(run, api):
    api.answers(200, gzip.compress(b"a" * (MAX_BODY * 8)), content_encoding="gzip")
    report = run()
    assert report.is_cut
    assert len(report.body) == MAX_BODY
    assert "The answer is longer than 5 MiB: only its beginning is kept." in report.explanation


@pytest.mark.parametrize(
    ("raised", "words"),
    [
        (httpx2.ConnectError("secret text"), "no connection to api.example.com"),
        (httpx2.ReadError("secret text"), "broke the connection off"),
        (httpx2.RemoteProtocolError("secret text"), "not HTTP"),
        (OSError("secret text"), "failed (OSError)"),
    ],
)
def test_network_failures_are_502_and_their_texts_are_not_repeated(run, api, envelope, raised, words):
    def fail(_request):
        raise raised

    api.handler = fail
    report = run()
    assert report.status == 502
    assert envelope(report)["scope"] == "Downstream (network/external service)"
    assert words in report.reason
    assert "secret text" not in json.dumps(report.to_json())
    assert report.connector_timing["error"] == report.reason


@pytest.mark.parametrize("value", ["a\nb", "a\r\nX-Evil: 1", "a\0"])
def test_a_value_with_a_line_break_is_not_sent_as_a_header(run, api, value):
    report = run(secrets={"k": value}, headers=[{"key": "X", "value": "{{ get_secret('k') }}"}])
    assert report.status == 502
    assert report.reason.endswith("the header X holds a line break, which HTTP does not allow.")
    assert not api.requests


def test_a_line_break_at_the_end_is_told_apart(run):
    report = run(secrets={"k": "value\n"}, headers=[{"key": "X", "value": "{{ get_secret('k') }}"}])
    assert "at its end: store the value without it" in report.reason


def test_a_mistake_of_our_own_is_a_report_without_a_value(run, api, monkeypatch):
    def broken(*_args, **_options):
        raise KeyError("s3cr3t")

    monkeypatch.setattr("strongroom.resolver.running.step._outgoing", broken)
    report = run(secrets={"k": "s3cr3t"})
    assert report.status == 500
    assert "Strongroom itself failed (KeyError in broken" in report.reason
    assert "s3cr3t" not in json.dumps(report.to_json())


def test_a_hundred_runs_go_side_by_side(api):
    async def slow(request: httpx2.Request) -> httpx2.Response:
        await asyncio.sleep(0.05)
        return httpx2.Response(200, text=request.headers["x"])

    async def all_of_them():
        connector = {
            "url": "https://api.example.com/",
            "headers": [{"key": "X", "value": "{{ body_text }}{{ get_secret('k') }}"}],
        }
        transport = httpx2.MockTransport(slow)
        values = MappingValues({"k": "v"})
        runs = (run_connector(connector, values, Inputs(), transport=transport) for _ in range(100))
        return await asyncio.gather(*runs)

    assert all(report.passed for report in asyncio.run(all_of_them()))


def test_importing_the_resolver_imports_no_engine():
    code = "import sys, strongroom.resolver; print([m for m in ('jinja2', 'httpx2', 'httpcore2', 'jwt', 'cryptography') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
