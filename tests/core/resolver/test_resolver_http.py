"""What real servers do: redirects, compression, odd bodies, slowness. Each is handled, and explained in plain words."""

import asyncio
import datetime
import gzip
import json
import socket
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


@pytest.fixture
def follow(local):
    return local._replace(follow_redirects=True)


# -- redirects ------------------------------------------------------------------------------


def test_a_redirect_is_the_answer_unless_the_policy_follows_it(https_server, local):
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
    ],
)
def test_where_a_redirect_leads_is_said(https_server, local, location, words):
    redirect(https_server, location)
    assert words in told(call(https_server, local))


def test_a_location_that_is_no_address_leads_nowhere():
    assert [target("https://a.example/x/y", given) for given in ("https://[::1", "../z#f", "?q")] == [
        "", "https://a.example/z", "https://a.example/x/y?q",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "method", "then"),
    [
        (301, "GET", "GET"),
        (302, "POST", "GET"),
        (303, "PUT", "GET"),
        (302, "PUT", "PUT"),
        (307, "POST", "POST"),
        (308, "POST", "POST"),
        (303, "HEAD", "HEAD"),
    ],
)
def test_a_followed_redirect_keeps_or_changes_the_method_as_http_says(
    https_server, follow, status, method, then
):
    redirect(https_server, "/next", status)
    https_server.expect_request("/next", method=then).respond_with_data("there")
    payload = "" if method == "HEAD" else "the body"
    rows = [*KEY, {"key": "Content-Type", "value": "text/plain"}]
    report = call(https_server, follow, method=method, inputs=Inputs(payload=payload), headers=rows)
    assert report.passed, report.reason
    second = https_server.log[1][0]
    assert second.data.decode() == (payload if then == method and method != "GET" else "")
    assert ("Content-Type" in second.headers) is (second.data != b"")
    assert second.headers["X-Key"] == "s3cret-key"
    assert (
        f"The API answered {status}; the redirect to {https_server.url_for('/next')} was followed."
        in told(report)
    )


def test_credentials_and_secrets_go_to_no_other_host(https_server, ca_file):
    other = Policy(("localhost", "127.0.0.1"), ca_file, follow_redirects=True)
    # A server without TLS, since the certificate is for one name only.
    with HTTPServer(host="127.0.0.1") as second:
        second.expect_request("/next").respond_with_data("there")
        redirect(https_server, second.url_for("/next"))
        report = call(https_server, other, headers=[*KEY, {"key": "X-Plain", "value": "1"}])
        assert report.passed, report.reason
        arrived = second.log[0][0].headers
        assert ("X-Key" in arrived, "Authorization" in arrived, arrived["X-Plain"]) == (False, False, "1")
        assert "without X-Key, Authorization, since it is another host" in told(report)


@pytest.mark.parametrize(
    "location",
    [
        "https://127.0.0.1/x",
        "https://169.254.169.254/latest",
        "https://printer.local/",
        "http://localhost:1/",
    ],
)
def test_a_redirect_to_a_private_host_is_refused_though_redirects_are_followed(
    https_server, ca_file, location
):
    policy = Policy((f"localhost:{https_server.port}",), ca_file, follow_redirects=True)
    redirect(https_server, location)
    report = call(https_server, policy)
    assert report.status == 502
    assert report.failure["errors"]["scope"] == "Downstream (network/external service)"
    assert "the host that the API redirects to" in report.reason or "only https" in report.reason


def test_a_redirect_whose_name_leads_to_a_private_address_is_refused(https_server, ca_file, monkeypatch):
    real = socket.getaddrinfo

    def getaddrinfo(host, port, **options):
        if host == "innocent.example.com":
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.1.2.3", port))]
        return real(host, port, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    redirect(https_server, "https://innocent.example.com/")
    report = call(https_server, Policy(("localhost",), ca_file, follow_redirects=True))
    assert "which is not a public address" in report.reason


def test_redirects_in_a_circle_and_without_end_are_explained(https_server, follow):
    redirect(https_server, "/second")
    redirect(https_server, "/start", path="/second")
    assert "redirects in a circle" in call(https_server, follow).reason
    https_server.clear()
    for number in range(12):
        redirect(https_server, f"/r{number + 1}", path=f"/r{number}")
    assert "redirects more than 10 times" in call(https_server, follow, "/r0").reason


def test_a_token_endpoint_that_redirects_gets_no_second_request(https_server, follow):
    redirect(https_server, "/next", path="/token")
    config = {
        "client_id": "{{ get_secret('id') }}",
        "client_secret": "{{ get_secret('secret') }}",
        "token_url": https_server.url_for("/token"),
    }
    report = call(https_server, follow, authentication={"type": "oauth_client_credentials", "config": config})
    assert "the token endpoint answered 302 and no token" in report.reason
    assert len(https_server.log) == 1


def test_a_secret_in_a_location_is_masked(https_server, local, follow):
    redirect(https_server, "/next?key=s3cret-key")
    assert "s3cret-key" not in json.dumps(call(https_server, local, headers=KEY).to_json())
    https_server.expect_request("/next").respond_with_data("there")
    report = call(https_server, follow, headers=KEY)
    assert report.passed
    assert "s3cret-key" not in json.dumps(report.to_json())
    assert "was followed" in told(report)


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
