"""Real connections: TLS with a private authority, hosts that may not be called, servers that misbehave."""

# Tables of cases read better with one case a line:
# ruff: noqa: E501

import asyncio
import socket
import ssl
import threading
from contextlib import contextmanager

import pytest

from strongroom.resolver import Inputs, MappingValues, Policy, Runner, run_connector
from strongroom.resolver.network.errors import explain
from strongroom.resolver.network.guard import is_public, refusal
from strongroom.resolver.network.phases import Phases

VALUES = MappingValues({"k": "v"})


def call(url, policy=None, **fields):
    return asyncio.run(run_connector({"name": "n", "url": url, **fields}, VALUES, Inputs(), policy))


@contextmanager
def raw_server(answer, context=None):
    """A server on a loopback port that gives each connection to `answer`."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            try:
                if context is not None:
                    connection = context.wrap_socket(connection, server_side=True)
                answer(connection)
            except OSError:
                pass
            finally:
                connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        # Closing alone does not wake a thread that waits in accept.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def read_request(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)


def test_a_real_https_server_with_a_private_authority(https_server, local):
    https_server.expect_request("/x", headers={"X-Key": "v"}).respond_with_json({"ok": True})
    report = call(
        https_server.url_for("/x"), local, headers=[{"key": "X-Key", "value": "{{ get_secret('k') }}"}]
    )
    assert report.passed
    assert {"connect", "tls", "send", "wait"} <= set(report.phases)
    assert min(report.phases.values()) > 0
    assert sum(report.phases.values()) <= report.server_timing["external"] + 1


def test_a_certificate_of_an_unknown_authority_is_explained(https_server):
    report = call(https_server.url_for("/x"), Policy(("localhost",)))
    assert report.status == 502
    assert "the certificate of localhost is not trusted" in report.reason
    assert "ca-file" in report.reason


def test_a_certificate_for_another_host_is_explained(https_server, local):
    url = https_server.url_for("/x").replace("localhost", "127.0.0.1")
    report = call(url, local._replace(allowed_hosts=("127.0.0.1",)))
    assert "not trusted" in report.reason
    assert "127.0.0.1" in report.reason
    assert "ca-file" not in report.reason


@pytest.mark.parametrize(
    ("code", "is_hidden", "reason"),
    [
        (10, False, "the certificate of a.example is not trusted: the words."),
        (10, True, "the certificate of a.example is not trusted: OpenSSL's code 10."),
        *[
            (
                code,
                False,
                "the certificate of a.example is not trusted: the words. For a private authority, "
                "name its file as ca-file in the [test] table of strongroom.toml.",
            )
            for code in (18, 19, 20, 21)
        ],
    ],
)
def test_only_an_unknown_authority_may_be_named_in_a_file(code, is_hidden, reason):
    error = ssl.SSLCertVerificationError()
    error.verify_code, error.verify_message = code, "the words."
    assert explain(error, "a.example", Policy(), Phases(), is_hidden) == reason


@pytest.mark.parametrize(
    ("content", "problem"), [(None, "does not exist"), ("no certificate", "cannot be used")]
)
def test_a_file_of_authorities_that_is_no_use_is_named(tmp_path, content, problem):
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    report = call("https://localhost:1/", Policy(("localhost",), str(path)))
    assert str(path) in report.reason
    assert problem in report.reason


@pytest.mark.parametrize(
    "host",
    ["localhost", "a.localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0.0.0.0", "10.0.0.1", "172.16.0.1",
     "192.168.1.1", "169.254.169.254", "100.64.0.1", "[::1]", "[fe80::1]", "[fc00::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]",
     "[2002:7f00:1::]", "[fec0::1]", "[3fff::1]", "127。0。0。1", "[::127.0.0.1]", "%31%32%37.0.0.1", "printer.local", "x.internal", "LOCALHOST."],
)  # fmt: skip
def test_local_and_private_hosts_are_refused_and_the_way_out_is_named(host):
    report = call(f"https://{host}:8443/x")
    assert report.status == 502
    assert report.failure["errors"]["scope"] == "Downstream (network/external service)"
    assert "allow-hosts" in report.reason


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are_public(address):
    assert is_public(address)


def test_http_is_refused_unless_the_host_is_allowed_by_name(httpserver):
    assert "only https URLs can be called" in call("http://example.com/").reason
    httpserver.expect_request("/x").respond_with_data("ok")
    allowed = Policy((f"localhost:{httpserver.port}",))
    assert call(f"http://localhost:{httpserver.port}/x", allowed).passed
    assert "only https" in call("http://localhost:1/x", allowed).reason


@pytest.mark.parametrize(
    "url", ["ftp://example.com/", "file:///etc/passwd", "gopher://localhost/", "data:text/plain,x"]
)
def test_other_protocols_are_refused(url):
    assert not call(url, Policy(("localhost",))).passed


@pytest.mark.parametrize(
    "url",
    [
        "https://",
        "//example.com/x",
        "example.com/x",
        "https://[::1",
        "https://a:b@example.com/",
        "https://a.example/a\nb",
    ],
)
def test_a_url_that_is_none_is_a_configuration_failure(url):
    report = call(url)
    assert report.status == 422
    assert report.failure["errors"]["scope"] == "Configuration (template rendering)"


def resolving(monkeypatch, *answers):
    """Makes the name service give these addresses, one list a question; the last for all that follow."""
    waiting = list(answers)
    asked = []

    def getaddrinfo(host, port, **_options):
        asked.append(host)
        addresses = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if addresses is None:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["169.254.169.254"]])
def test_a_public_name_that_leads_to_a_private_address_is_refused(monkeypatch, addresses):
    resolving(monkeypatch, addresses)
    report = call("https://innocent.example.com/")
    assert "which is not a public address" in report.reason


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch):
    """A name that answers differently a moment later changes nothing: it is asked once."""
    connected = []

    async def connect(self, host, port, *_rest):
        connected.append(host)
        raise __import__("httpcore2").ConnectError

    monkeypatch.setattr("httpcore2.AnyIOBackend.connect_tcp", connect)
    asked = resolving(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
    call("https://rebinding.example.com/")
    assert connected == ["93.184.215.14"]
    assert asked == ["rebinding.example.com"]


def test_tls_and_the_host_header_keep_the_name_though_an_address_is_called(monkeypatch, authority, ca_file):
    names, heads = [], []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("api.example.test").configure_cert(context)
    context.sni_callback = lambda _socket, name, _context: names.append(name)

    def answer(connection):
        heads.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    with raw_server(answer, context) as port:
        resolving(monkeypatch, ["127.0.0.1"])
        report = call(f"https://api.example.test:{port}/", Policy(("api.example.test",), ca_file))
    assert report.passed, report.reason
    assert names == ["api.example.test"]
    assert b"Host: api.example.test" in heads[0]


PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")


@pytest.mark.parametrize("proxy", ["", *PROXIES])
def test_an_unknown_host_is_explained_and_so_is_a_proxy_that_is_not_used(monkeypatch, proxy):
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
    if proxy:
        monkeypatch.setenv(proxy, "http://127.0.0.1:1")
    resolving(monkeypatch, None)
    reason = call("https://nowhere.example.com/").reason
    assert "is not known to the name service (DNS)." in reason
    assert reason.endswith(" A proxy is set, and test runs use none.") == bool(proxy)


def test_a_port_where_nothing_listens_is_explained(local):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # so that nobody else listens there either
        report = call(f"https://localhost:{taken.getsockname()[1]}/", local)
    assert "refuses connections" in report.reason


@pytest.fixture
def time_runs_out(monkeypatch):
    """Ends a run's time at the moment when a part of the call begins: no test waits, or depends on the machine."""

    def at(event):
        limits = []
        real_timeout, real_record = asyncio.timeout, Phases.record

        def timeout(seconds):
            limits.append(real_timeout(seconds))
            return limits[-1]

        async def record(self, seen, info):
            await real_record(self, seen, info)
            if seen.endswith(f"{event}.started"):
                limits[-1].reschedule(asyncio.get_running_loop().time())

        monkeypatch.setattr("strongroom.resolver.network.sending.asyncio.timeout", timeout)
        monkeypatch.setattr(Phases, "record", record)

    return at


def test_a_slow_answer_is_a_timeout(local, authority, time_runs_out):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    released = threading.Event()

    def silent(connection):
        read_request(connection)
        released.wait()

    time_runs_out("receive_response_headers")
    with raw_server(silent, context) as port:
        report = call(f"https://localhost:{port}/", local)
        released.set()
    assert report.status == 502
    assert f"localhost did not answer within {local.timeout:g} seconds" in report.reason
    assert report.connector_timing["timeout"] is True


def test_an_answer_that_drips_is_a_timeout_too(local, authority, time_runs_out):
    """The limit is for the whole answer, not for each byte."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    stopped = threading.Event()

    def drip(connection):
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not stopped.wait(0.05):
            connection.sendall(b"a")

    time_runs_out("receive_response_body")
    with raw_server(drip, context) as port:
        report = call(f"https://localhost:{port}/", local)
        stopped.set()
    assert f"did not finish its answer within {local.timeout:g} seconds" in report.reason


def test_a_server_that_never_finishes_the_handshake_is_a_timeout(local, time_runs_out):
    released = threading.Event()
    time_runs_out("start_tls")
    with raw_server(lambda _connection: released.wait()) as port:
        report = call(f"https://localhost:{port}/", local)
        released.set()
    assert f"TLS handshake within {local.timeout:g} seconds" in report.reason


def test_a_name_service_that_does_not_answer_is_none_of_other_runs_business(local, https_server, monkeypatch):
    """However many names are waited for, the next one is looked up at once; and the limit holds for each."""
    real, released, waiting = socket.getaddrinfo, threading.Event(), []

    def getaddrinfo(host, *rest, **options):
        if host != "localhost":
            waiting.append(host)
            released.wait(60)
        return real(host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    https_server.expect_request("/x").respond_with_data("ok")

    async def all_of_them():
        async with Runner(local, at_once=60) as runner:
            stuck = [
                asyncio.create_task(runner.run({"name": "n", "url": "https://slow.example.com/"}, VALUES))
                for _ in range(50)
            ]
            while len(waiting) < 50 and not any(task.done() for task in stuck):
                await asyncio.sleep(0.001)
            report = await runner.run({"name": "n", "url": https_server.url_for("/x")}, VALUES)
            is_waiting = [not task.done() for task in stuck]
            for task in stuck:
                task.cancel()
            await asyncio.gather(*stuck, return_exceptions=True)
        return report, is_waiting

    report, is_waiting = asyncio.run(all_of_them())
    released.set()
    assert report.passed, report.reason
    assert all(is_waiting)
    assert len(waiting) == 50


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (b"", "closed the connection without an answer"),
        (b"garbage\r\n\r\n", "answered with something that is not HTTP"),
        (b"HTTP/1.1 abc OK\r\n\r\n", "answered with something that is not HTTP"),
        (b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "answered with headers that HTTP does not allow"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000, "answer are too large"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort", "before its answer was complete"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "its chunks are not HTTP's"),
    ],
)
def test_a_server_that_breaks_http_is_explained(local, authority, sent, words):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)

    def answer(connection):
        read_request(connection)
        connection.sendall(sent)

    with raw_server(answer, context) as port:
        report = call(f"https://localhost:{port}/", local)
    assert report.status == 502
    assert words in report.reason


def test_plain_http_where_tls_is_expected_is_explained(local, httpserver):
    report = call(f"https://localhost:{httpserver.port}/", local)
    assert "the TLS handshake with localhost failed" in report.reason


def test_the_proxies_of_the_environment_are_not_used(https_server, local, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    https_server.expect_request("/x").respond_with_data("ok")
    assert call(https_server.url_for("/x"), local).passed


def test_a_name_that_only_ends_like_a_local_one_is_public():
    assert "is a local host" in refusal("https", "printer.local", 443, Policy())
    assert refusal("https", "printer.thelocal", 443, Policy()) == ""


@pytest.mark.parametrize("character", ["\n", "\x01", "\x1f", "\x7f"])
def test_a_url_with_a_control_character_is_not_sent(run, api, character):
    report = run(url="https://api.example.com/{{ get_variable('v') }}", variables={"v": f"a{character}b"})
    assert "the URL holds a line break or another control character" in report.reason
    assert not api.requests


def test_a_host_may_be_allowed_with_its_port():
    assert refusal("https", "localhost", 8443, Policy(("localhost:8443",))) == ""
    assert refusal("https", "localhost", 8444, Policy(("localhost:8443",)))
    assert refusal("https", "LocalHost.", 1, Policy(("localhost",))) == ""
    assert refusal("https", "localhost", 1, Policy((" LocalHost ",))) == ""
