"""What real servers do: redirects, compression, odd bodies, slowness. Each is handled, and explained in plain words."""

import asyncio
import datetime
import gzip
import json
import ssl
import tracemalloc
import zlib

import pytest
import trustme
from pytest_httpserver import HTTPServer
from werkzeug import Response

from strongroom.resolver import Inputs, MappingValues, Policy, run_connector
from strongroom.resolver.network.decoding import Decoding, read_bounded
from strongroom.resolver.network.redirects import target
from strongroom.resolver.network.sending import MAX_BODY

VALUES = MappingValues({"k": "s3cret-key", "id": "client", "secret": "s3cret"})
KEY = [{"key": "X-Key", "value": "{{ get_secret('k') }}"}, {"key": "Authorization", "value": "Bearer abc"}]


def call(server, policy, path="/start", inputs=None, **fields):
    url = path if "://" in path else server.url_for(path)
    return asyncio.run(run_connector({"name": "n", "url": url, **fields}, VALUES, inputs or Inputs(), policy))


def told(report):
    return " ".join(report.explanation)


def redirect(server, location, status=302, path="/start"):
    server.expect_request(path).respond_with_response(Response(status=status, headers={"Location": location}))


# -- redirects ------------------------------------------------------------------------------


def test_a_redirect_is_the_answer(https_server, local):
    redirect(https_server, "/next")
    report = call(https_server, local)
    assert (report.status, len(https_server.log)) == (302, 1)
    assert "a redirect to /next, which is not followed: use the new address as the url." in told(report)


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("https://10.0.0.1/x", "it leads where no connector may call: 10.0.0.1 is a private address"),
        ("http://example.com/", "only https URLs can be called"),
        (
            "https://other.example.com/",
            "it leads to another host, other.example.com, which would not get the",
        ),
        ("/start", "it leads to the same URL again, a loop"),
        ("/other", "a redirect to /other, which is not followed: use the new address as the url."),
    ],
)
def test_where_a_redirect_leads_is_said(https_server, local, location, words):
    redirect(https_server, location)
    assert words in told(call(https_server, local))


def test_a_location_that_is_no_address_leads_nowhere():
    assert [target("https://a.example/x/y", given) for given in ("https://[::1", "mailto:x", "../z#f", "?q ")] == [
        "", "", "https://a.example/z", "https://a.example/x/y?q",
    ]  # fmt: skip


def test_a_token_endpoint_that_redirects_gets_no_second_request(https_server, local):
    redirect(https_server, "/next", path="/token")
    config = {
        "client_id": "{{ get_secret('id') }}",
        "client_secret": "{{ get_secret('secret') }}",
        "token_url": https_server.url_for("/token"),
    }
    report = call(https_server, local, authentication={"type": "oauth_client_credentials", "config": config})
    assert "the token endpoint answered 302 and no token" in report.reason
    assert len(https_server.log) == 1


def test_a_secret_in_a_location_is_masked(https_server, local):
    redirect(https_server, "/next?key=s3cret-key")
    report = call(https_server, local, headers=KEY)
    assert "s3cret-key" not in json.dumps(report.to_json())
    assert "which is not followed" in told(report)


# -- compression ----------------------------------------------------------------------------

TEXT = json.dumps({"numbers": list(range(500))})


def raw_deflate(data):
    deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflate.compress(data) + deflate.flush()


@pytest.mark.parametrize(
    ("coding", "compress"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", raw_deflate),
        ("gzip, gzip", lambda data: gzip.compress(gzip.compress(data))),
        ("identity", bytes),
    ],
    ids=["gzip", "x-gzip", "zlib", "raw deflate", "twice", "identity"],
)
def test_compressed_answers_are_read(https_server, local, coding, compress):
    https_server.expect_request("/start").respond_with_data(
        compress(TEXT.encode()), headers={"Content-Encoding": coding}
    )
    report = call(https_server, local, response_body="{{ (response.body | from_json)['numbers'] | length }}")
    assert (report.passed, report.text) == (True, "500")
    assert https_server.log[0][0].headers["Accept-Encoding"] == "gzip, deflate"


@pytest.mark.parametrize("coding", ["br", "zstd", "rot13"])
def test_a_coding_that_was_not_asked_for_is_named(https_server, local, coding):
    https_server.expect_request("/start").respond_with_data(b"\x1b\x00", headers={"Content-Encoding": coding})
    report = call(https_server, local)
    assert (report.status, report.body) == (200, b"\x1b\x00")
    assert f"The answer is compressed ({coding}) in a way that was not asked for" in told(report)


def bomb(size, times=1):
    data = gzip.compress(bytes(size), 9)
    for _ in range(times - 1):
        data = gzip.compress(data, 9)
    return data


@pytest.mark.parametrize(("coding", "times"), [("gzip", 1), ("gzip, gzip", 2)])
def test_a_small_answer_that_grows_beyond_all_bounds_is_cut(https_server, local, coding, times):
    https_server.expect_request("/start").respond_with_data(
        bomb(20_000_000, times), headers={"Content-Encoding": coding}
    )
    report = call(https_server, local)
    assert (len(report.body), report.is_cut) == (MAX_BODY, True)
    assert "longer than 5 MiB: only its beginning is kept" in told(report)


@pytest.mark.parametrize(("coding", "times"), [("gzip", 1), ("gzip, gzip", 2)])
def test_what_is_beyond_the_limit_is_never_in_memory(coding, times):
    data = bomb(60_000_000, times)

    async def arriving():
        yield data

    async def read():
        return await read_bounded(arriving(), Decoding(coding), 1_000_000)

    tracemalloc.start()
    body, is_cut = asyncio.run(read())
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(body), is_cut) == (1_000_000, True)
    assert peak < 10_000_000


def test_an_answer_compressed_too_often_is_refused(https_server, local):
    https_server.expect_request("/start").respond_with_data(
        bomb(1000, 3), headers={"Content-Encoding": "gzip, gzip, gzip"}
    )
    assert "compressed 3 times over" in call(https_server, local).reason


def test_a_compressed_answer_that_ends_too_early_is_told(https_server, local):
    https_server.expect_request("/start").respond_with_data(
        gzip.compress(TEXT.encode())[:-20], headers={"Content-Encoding": "gzip"}
    )
    report = call(https_server, local)
    assert report.status == 200
    assert "The compressed answer ends too early" in told(report)


# -- bodies ---------------------------------------------------------------------------------


def test_a_binary_body_passes_through_whole(https_server, local):
    body = bytes(range(256)) * 4
    https_server.expect_request("/start").respond_with_data(body, content_type="image/png")
    report = call(https_server, local)
    assert report.body == body
    assert report.to_json()["body"] is None
    assert report.to_json()["body_length"] == 1024


def test_a_body_larger_than_what_is_kept_is_cut_and_the_connection_is_not_reused(https_server, local):
    https_server.expect_request("/start").respond_with_data(b"a" * (MAX_BODY + 1))
    report = call(https_server, local)
    assert (report.passed, len(report.body), report.is_cut) == (True, MAX_BODY, True)


@pytest.mark.parametrize(("status", "body"), [(204, ""), (304, ""), (200, "")])
def test_an_answer_without_a_body_is_an_answer(https_server, local, status, body):
    https_server.expect_request("/start").respond_with_data(body, status=status)
    report = call(https_server, local)
    assert (report.status, report.body) == (status, b"")


def test_head_has_no_body(https_server, local):
    https_server.expect_request("/start", method="HEAD").respond_with_data("a body that is not sent")
    report = call(https_server, local, method="HEAD")
    assert (report.passed, report.body) == (True, b"")


# -- TLS ------------------------------------------------------------------------------------


def with_certificate(server_context, **names):
    return HTTPServer(host="localhost", ssl_context=server_context, **names)


def context_of(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def test_an_expired_certificate_is_explained(authority, local):
    yesterday = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    certificate = authority.issue_cert("localhost", not_after=yesterday)
    with with_certificate(context_of(certificate)) as server:
        report = call(server, local)
    assert report.status == 502
    assert "the certificate of localhost is not trusted: certificate has expired" in report.reason


def test_a_certificate_for_another_name_is_explained(authority, local):
    with with_certificate(context_of(authority.issue_cert("other.example"))) as server:
        report = call(server, local)
    assert "the certificate of localhost is not trusted: Hostname mismatch" in report.reason
    assert "other.example" not in report.reason or "localhost" in report.reason


def test_a_certificate_that_signed_itself_is_explained(local):
    stranger = trustme.CA()
    with with_certificate(context_of(stranger.issue_cert("localhost"))) as server:
        report = call(server, local)
    assert "is not trusted" in report.reason
    assert "ca-file in the [test] table of strongroom.toml" in report.reason


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_server_that_speaks_only_old_tls_is_explained(authority, local):
    context = context_of(authority.issue_cert("localhost"))
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    with with_certificate(context) as server:
        report = call(server, local)
    assert "the TLS handshake with localhost failed" in report.reason


# -- time -----------------------------------------------------------------------------------


def test_fifteen_seconds_are_what_an_api_is_given():
    assert Policy().timeout == 15.0


@pytest.mark.parametrize("kind", ["oauth_client_credentials", "none"])
def test_time_runs_out_for_a_step_and_for_a_token_request(kind, local, monkeypatch):
    """The clock is asyncio's: the deadline is read from what it is given, not waited for."""
    deadlines = []
    real = asyncio.timeout

    def timeout(seconds):
        deadlines.append(seconds)
        return real(0)

    monkeypatch.setattr("strongroom.resolver.network.sending.asyncio.timeout", timeout)
    config = {"client_id": "a", "client_secret": "b", "token_url": "https://localhost:9/token"}
    report = call(
        None,
        local._replace(timeout=15.0),
        "https://localhost:9/x",
        authentication={"type": kind, "config": config},
    )
    assert (report.status, deadlines) == (502, [15.0])
    assert report.connector_timing["timeout"] is True
    assert "within 15 seconds" in report.reason
