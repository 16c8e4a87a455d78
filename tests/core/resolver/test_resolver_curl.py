"""The curl command of a run: bash and curl run it, and the request that arrives is compared with the run's own."""

import asyncio
import base64
import json
import os
import shutil
import subprocess
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from strongroom.resolver import Inputs, MappingValues, Policy, render_request, run_connector
from strongroom.resolver.request import curl

needs_curl = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("bash")), reason="needs bash and curl"
)

OWN = {"user-agent", "accept", "accept-encoding", "connection", "content-length"}
"""Headers that every client sends in its own way."""


class Seen(BaseHTTPRequestHandler):
    def answer(self):
        length = int(self.headers.get("content-length") or 0)
        self.server.seen.append((self.command, self.path, self.headers.items(), self.rfile.read(length)))
        body = b'{"token_type": "bearer", "access_token": "issued-1"}'
        self.send_response(200)
        self.send_header("Content-Length", "0" if self.command == "HEAD" else str(len(body)))
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = answer  # noqa: N815

    def log_message(self, *_args):
        pass


@pytest.fixture(scope="module")
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Seen) as server:
        server.seen = []
        server.base = f"http://localhost:{server.server_port}"
        server.policy = Policy((f"localhost:{server.server_port}",), timeout=300.0)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()


def shell(text, secrets):
    names = {name.upper(): value for name, value in secrets.items()}
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **names}
    # From a pipe bash reads a script byte by byte, which takes it minutes on a busy machine.
    with tempfile.NamedTemporaryFile(suffix=".sh") as script:
        script.write(text.encode())
        script.flush()
        done = subprocess.run(
            ["bash", script.name], env=environment, capture_output=True, timeout=300, check=False
        )
    assert done.returncode == 0, done.stderr.decode()
    return done


def as_compared(request):
    """What matters of a request: names of headers in lower case, the query decoded."""
    method, path, headers, body = request
    parts = urlsplit(path)
    kept = sorted((key.lower(), value) for key, value in headers if key.lower() not in OWN)
    query = parse_qsl(parts.query, keep_blank_values=True, encoding="utf-8", errors="replace")
    return method, parts.path, query, kept, body


def both(server, connector, secrets, inputs=None):
    """The requests of a run, and those of its curl command."""
    connector = {"name": "n", **connector}
    values = MappingValues(secrets)
    server.seen.clear()
    report = asyncio.run(run_connector(connector, values, inputs, server.policy))
    assert report.passed, report.reason
    ours = list(server.seen)
    server.seen.clear()
    shell(report.curl, secrets)
    return [as_compared(one) for one in ours], [as_compared(one) for one in server.seen]


line = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=20)
text = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
printable = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)


@needs_curl
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]),
    path=st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="?#{}%\\"), max_size=12
    ),
    query=line,
    plain=printable,
    body=text,
    secret=printable,
)
@example(
    method="POST",
    path="a b",
    query="'\"$`!\\ \t&=+#",
    plain="'\"$HOME`id`!\\",
    body="@/etc/passwd",
    secret="'\"$`!\\",
)
@example(method="PUT", path="é", query="\x1b[31m", plain="!x!", body="\x1b\x7f\u202e1", secret="$(id)")
@example(method="POST", path="[1]", query="{a,b}", plain="@x", body="line\nline\n", secret="@x")
@example(method="GET", path="..", query="", plain=";", body="", secret="%20+&=")
def test_the_request_that_curl_sends_is_the_one_that_the_run_sent(
    server, method, path, query, plain, body, secret
):
    connector = {
        "method": method,
        "url": f"{server.base}/x{path}",
        "headers": [
            {"key": "X-Plain", "value": "{{ user.email }}"},
            {"key": "X-Mixed", "value": "it's \"{{ get_secret('key_1') }}\"a $HOME !"},
            {"key": "X-Basic", "value": "Basic {{ ('u:' ~ get_secret('key_1')) | base64_encode }}"},
            {"key": "X-Empty", "value": ""},
        ],
        "query_parameters": [
            {"key": "q[]", "value": "{{ user.username | safe }}"},
            {"key": "key", "value": "{{ get_secret('key_1') }}"},
            {"key": "last", "value": "1"},
        ],
    }
    inputs = Inputs(user={"email": plain, "username": query}, payload=body)
    ours, theirs = both(server, connector, {"key_1": secret}, inputs)
    assert theirs == ours


@needs_curl
@pytest.mark.parametrize(
    "payload", [b"\0\xff\xfe binary", b"x" * 300_000, "ü" * 1_100_000], ids=["binary", "large", "huge"]
)
def test_binary_and_large_bodies_arrive_whole(server, payload):
    connector = {"method": "POST", "url": server.base, "headers": [{"key": "Content-Type", "value": "a/b"}]}
    ours, theirs = both(server, connector, {}, Inputs(payload=payload))
    assert theirs == ours or pytest.fail("another body arrived")


@needs_curl
def test_a_token_is_fetched_by_a_command_of_its_own(server):
    config = {
        "client_id": "{{ get_secret('client') }}",
        "client_secret": "{{ get_secret('secret') }}",
        "token_url": f"{server.base}/token",
        "scope": "read write",
    }
    connector = {
        "url": f"{server.base}/x",
        "authentication": {"type": "oauth_client_credentials", "config": config},
    }
    ours, theirs = both(server, connector, {"client": "me&+ü", "secret": "s3cr=t value"})
    assert [one[1] for one in theirs] == ["/token", "/x"]
    assert ("authorization", "Bearer issued-1") in theirs[1][3]
    assert theirs[1] == ours[1]
    assert parse_qsl(theirs[0][4].decode()) == parse_qsl(ours[0][4].decode())


@needs_curl
@pytest.mark.parametrize("place", ["header", "query"])
def test_an_api_key_goes_where_the_run_puts_it(server, place):
    config = {"key": "X-Key", "value": "{{ get_secret('k') }}", "in": place}
    connector = {"url": f"{server.base}/x?a=1", "authentication": {"type": "api_key", "config": config}}
    ours, theirs = both(server, connector, {"k": "val ue&1"})
    assert theirs == ours


@needs_curl
@pytest.mark.skipif(not shutil.which("jq"), reason="needs jq")
def test_encoded_secrets_are_made_of_the_plain_ones(server):
    connector = {
        "url": f"{server.base}/x",
        "headers": [
            {"key": "X-Json", "value": "{{ {'k': get_secret('k')} | tojson }}"},
            {"key": "X-Percent", "value": "{{ get_secret('k') | urlencode }}"},
        ],
    }
    ours, theirs = both(server, connector, {"k": 'a"b\\c d&e'})
    assert theirs == ours


def written(connector, secrets=None, inputs=None):
    return curl.of_request(render_request({"name": "n", **connector}, MappingValues(secrets), inputs))


def test_a_secret_is_a_variable_named_after_it():
    header = {"key": "Authorization", "value": "Bearer {{ get_secret('weather_api_key') }}"}
    text = written({"url": "https://a.example/x", "headers": [header]}, {"weather_api_key": "v"})
    assert '--header "Authorization: Bearer $WEATHER_API_KEY"' in text
    assert "# WEATHER_API_KEY: the secret 'weather_api_key'" in text


def test_a_body_with_a_token_is_in_the_command_and_a_large_one_is_before_it():
    post = {"url": "https://a.example", "method": "POST"}
    signed = "{{ jwt_encode({'sub': '1'}, 'a-key-of-more-than-thirty-two-bytes', 'HS256') }}"
    assert '--data-raw "$SIGNED_TOKEN_1"' in written({**post, "request_body": signed})
    assert "base64 -d |" in written({**post, "request_body": "x" * 100_001})
    assert "base64 -d |" not in written({**post, "request_body": "x" * 100_000})


def test_a_secret_is_one_variable_however_its_call_is_written():
    headers = [{"key": "A", "value": "{{ get_secret('k') }}"}, {"key": "B", "value": "{{get_secret('k')}}"}]
    text = written({"url": "https://a.example", "headers": headers}, {"k": "v"})
    assert '--header "A: $K"' in text
    assert '--header "B: $K"' in text


def test_names_that_mean_something_to_a_shell_are_not_taken_and_cases_are_kept_apart():
    names = ["path", "PATH", "ld_preload", "key", "Key"]
    headers = [{"key": f"H{i}", "value": f"{{{{ get_secret('{name}') }}}}"} for i, name in enumerate(names)]
    text = written({"url": "https://a.example", "headers": headers}, dict.fromkeys(names, "v"))
    variables = [row.split(": ")[1].strip('"') for row in text.splitlines() if "--header" in row]
    assert [name.rstrip(' \\"') for name in variables] == [
        "$SECRET_PATH", "$SECRET_PATH_2", "$SECRET_LD_PRELOAD", "$KEY", "$KEY_2",
    ]  # fmt: skip


def test_what_has_to_be_signed_is_said_in_comments_and_stands_as_a_variable():
    config = {
        "private_key": "{{ get_secret('pem') }}",
        "algorithm": "ES256",
        "claims": {"sub": "{{ user.id }}"},
    }
    text = written(
        {"url": "https://a.example", "authentication": {"type": "jwt", "config": config}}, {"pem": "PEMPEM"}
    )
    assert """# Authentication: SIGNED_TOKEN is a JWT signed by ES256 with {{ get_secret('pem') }}""" in text
    assert '{"sub": "1"}' in text
    assert '"Authorization: Bearer $SIGNED_TOKEN"' in text
    assert "PEMPEM" not in text


def test_signed_claims_are_written_as_people_write_them():
    claims, headers = {"sub": "Jürgen"}, {"kid": "k-1"}
    config = {"private_key": "{{ get_secret('pem') }}", "claims": claims, "jwt_headers": headers}
    text = written({"url": "https://a.example", "authentication": {"type": "jwt", "config": config}})
    assert 'with the headers {"kid": "k-1"}, with the claims {"sub": "Jürgen"}.' in text
    del config["claims"]
    text = written({"url": "https://a.example", "authentication": {"type": "jwt", "config": config}})
    assert "with the claims {}." in text


def test_what_a_terminal_would_act_on_is_written_as_an_escape():
    text = written({"url": "https://a.example", "method": "POST", "request_body": "a\x1b[2J'b\\c\td"})
    assert r"$'a\033[2J\'b\\c\td'" in text


@needs_curl
def test_a_comment_cannot_become_a_command():
    steps = [{"name": "a\nid\u2028id\rid", "url": "https://a.example/{{ get_secret('x\nid') }}"}]
    report = asyncio.run(run_connector({"name": "n", "steps": steps}, MappingValues()))
    assert "# Step a␊id\ufffdid␍id" in report.curl.splitlines()
    done = shell("curl() { :; }; id() { echo ran; }; " + report.curl, {})
    assert b"ran" not in done.stdout


def test_a_composite_has_a_command_a_step_and_masks_what_an_api_sent_back():
    def api(request):
        return httpx2.Response(200, text=request.headers.get("x-key", "") or "x")

    steps = [
        {
            "name": "first",
            "url": "https://a.example/1",
            "headers": [{"key": "X-Key", "value": "{{ get_secret('k') }}"}],
        },
        {
            "name": "second",
            "method": "POST",
            "url": "https://a.example/2",
            "request_body": "{{ steps.first.body }}",
        },
    ]
    running = run_connector(
        {"name": "n", "steps": steps},
        MappingValues({"k": "s3cret-value"}),
        transport=httpx2.MockTransport(api),
    )
    report = asyncio.run(running)
    assert report.curl.count("curl https://") == 2
    assert "# Step second" in report.curl
    assert "# Made of what earlier steps answered in this run." in report.curl
    assert "s3cret-value" not in report.curl
    assert "••••••••" in report.curl


def test_a_url_with_the_word_steps_is_not_made_of_steps():
    request = render_request({"url": "https://api.example.com/steps"}, MappingValues())
    assert "earlier steps" not in curl.of_request(request)


def test_a_request_that_was_not_sent_says_why():
    text = written({"url": "https://a.example/{{ pathParams.id }}"})
    assert "# This request was not sent: the URL uses pathParams.id" in text


def test_an_expression_that_does_not_resolve_is_sent_as_it_stands():
    text = written({"url": "https://a.example", "headers": [{"key": "A", "value": "{{ get_secret('no') }}"}]})
    assert """--header 'A: {{ get_secret('"'"'no'"'"') }}'""" in text
    assert "# Does not resolve, and is sent as it is written: {{ get_secret('no') }}" in text


def test_the_calls_of_a_report_hold_no_value():
    config = {"key": "X", "value": "{{ (get_secret('k') ~ 'x') | base64_encode }}", "in": "header"}
    connector = {
        "name": "n",
        "url": "https://a.example",
        "authentication": {"type": "api_key", "config": config},
    }
    report = asyncio.run(
        run_connector(
            connector,
            MappingValues({"k": "s3cret-value"}),
            transport=httpx2.MockTransport(lambda _request: httpx2.Response(200)),
        )
    )
    assert "s3cret-value" not in repr(report.blueprints)
    assert base64.b64encode(b"s3cret-valuex").decode() not in repr(report.blueprints) + json.dumps(
        report.to_json()
    )
