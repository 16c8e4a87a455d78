"""A marked secret in every place where a secret may stand is found in no output, in none of its forms."""

# Tables of cases read better with one case a line:
# ruff: noqa: E501

import asyncio
import base64
import gc
import html
import json
import logging
import pickle
import subprocess
import sys
import traceback
from urllib.parse import parse_qsl, quote, quote_plus

import httpx2
import pytest
from werkzeug import Request, Response

from strongroom.names import Kind
from strongroom.resolver import (
    Inputs,
    MappingValues,
    Policy,
    TokenCache,
    VaultValues,
    render_request,
    run_connector,
    save_capture,
)
from strongroom.resolver.authentication import Applied
from strongroom.resolver.masking.echoes import Echoes
from strongroom.resolver.masking.needles import needles_of
from strongroom.resolver.masking.search import Search
from strongroom.resolver.network.connections import Network
from strongroom.resolver.network.quiet import quiet
from strongroom.resolver.network.sending import Outgoing, send
from strongroom.resolver.terms.failures import RunFailed
from strongroom.values.secret_value import MASK, SecretValue

CANARY = "CaNaRy-7f \"q\" <&> 'é' /+=%\\z"
LONG = (
    "-----BEGIN KEY-----\nMIICaNaRyLine1OfAKeyThatIsLong\nMIICaNaRyLine2OfAKeyThatIsLong\n-----END KEY-----"
)


def forms(value):
    """The value as it could turn up: written here by hand, apart from what the product looks for."""
    escaped = json.dumps(value)[1:-1]
    # Whole groups of three bytes in the middle of a longer base64 text.
    inside = base64.b64encode(b"ab:" + value.encode()[: len(value.encode()) // 3 * 3]).decode()[4:]
    return {
        value, escaped, json.dumps(value, ensure_ascii=False)[1:-1], json.dumps(escaped)[1:-1], escaped.replace("/", "\\/"),
        quote(value), quote(value, safe=""), quote_plus(value), quote(value).lower(), quote(quote(value, safe=""), safe=""),
        html.escape(value), html.escape(value).replace("&#x27;", "&#39;").replace("&quot;", "&#34;"), repr(value)[1:-1],
        base64.b64encode(value.encode()).decode().rstrip("="), base64.urlsafe_b64encode(value.encode()).decode().rstrip("="),
        inside, value.encode().hex(), value.upper(),
    }  # fmt: skip


def assert_absent(text, value=CANARY):
    found = [form for form in forms(value) if form in text]
    assert not found, f"{found[0][:20]}... is in {text[:200]}"


EVERYWHERE = {
    "name": "Canary",
    "url": "https://api.example.com/x",
    "method": "POST",
    "headers": [
        {"key": "X-Key", "value": "{{ get_secret('canary') }}"},
        {"key": "Authorization", "value": "Basic {{ ('me:' ~ get_secret('canary')) | base64_encode }}"},
        {"key": "X-Json", "value": "{{ {'k': get_secret('canary')} | tojson }}"},
    ],
    "query_parameters": [
        {"key": "q", "value": "{{ get_secret('canary') }}"},
        {"key": "twice", "value": "{{ get_secret('canary') | urlencode }}"},
    ],
    "authentication": {
        "type": "api_key",
        "config": {"key": "apikey", "value": "{{ get_secret('canary') }}", "in": "query"},
    },
    "request_body": '{"k": "{{ get_secret(\'canary\') }}"}',
}


def echoing(request: httpx2.Request) -> httpx2.Response:
    """Sends everything back in every form that an API could think of."""
    key = dict(request.headers.raw).get(b"X-Key", b"").decode("utf-8")
    body = {
        "headers": {name.decode(): value.decode("utf-8") for name, value in request.headers.raw},
        "url": str(request.url),
        "query": dict(parse_qsl(request.url.query.decode())),
        "forms": sorted(forms(key)),
        "body": request.content.decode(),
    }
    text = (
        json.dumps(body)
        + "\n"
        + json.dumps(body, ensure_ascii=False)
        + html.escape(json.dumps(body))
        + quote(json.dumps(body))
    )
    headers = [
        (b"x-echo", key.encode()),
        (b"location", str(request.url).encode()),
        (b"set-cookie", quote(key).encode()),
    ]
    return httpx2.Response(200, content=text.encode(), headers=headers)


def seen_in(report, tmp_path):
    """Everything that a report, its capture and what can be reached from it could show."""
    path = save_capture(tmp_path, report)
    reachable = []
    waiting, known = [report], set()
    while waiting:
        item = waiting.pop()
        if id(item) in known or isinstance(item, type) or callable(item):
            continue
        known.add(id(item))
        reachable.append(item)
        waiting += gc.get_referents(item)
    texts = [item for item in reachable if isinstance(item, str)]
    texts += [item.decode("utf-8", "replace") for item in reachable if isinstance(item, bytes)]
    with open(path, encoding="utf-8") as file:
        texts.append(file.read())
    shown = [
        json.dumps(report.to_json()),
        json.dumps(report.to_json(), ensure_ascii=False),
        repr(report),
        str(report),
    ]
    shown += [report.text, report.server_timing_header, pickle.dumps(report).decode("latin-1")]
    return "\n".join(texts + shown)


@pytest.mark.parametrize("value", [CANARY, "simple-canary-value", "ünïcödé-ключ-🔑-canary"])
def test_an_api_that_repeats_everything(value, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    for name in ("httpx2", "httpcore2", "asyncio"):
        caplog.set_level(logging.DEBUG, name)
    sent = []

    def handler(request):
        sent.append(request)
        return echoing(request)

    values = MappingValues({"canary": value})
    report = asyncio.run(
        run_connector(EVERYWHERE, values, transport=httpx2.MockTransport(handler)), debug=True
    )
    assert dict(sent[0].headers.raw)[b"X-Key"].decode("utf-8") == value
    assert sent[0].url.params["q"] == value
    assert report.passed
    text = seen_in(report, tmp_path)
    assert_absent(text, value)
    assert_absent(caplog.text, value)
    assert MASK in report.text
    assert any("The answer repeats the secret 'canary'" in line for line in report.explanation)
    assert report.debug["headers"]["X-Key"] == "{{ get_secret('canary') }}"


def test_a_real_server_that_repeats_everything_with_every_logger_at_debug(
    https_server, local, tmp_path, caplog
):
    caplog.set_level(logging.DEBUG)
    arrived = []

    def handler(request: Request) -> Response:
        arrived.append(request.headers["X-Key"].encode("latin-1").decode("utf-8"))
        return Response(
            request.url + json.dumps(dict(request.headers)),
            headers={"X-Echo": quote(request.headers["X-Key"])},
        )

    https_server.expect_request("/x").respond_with_handler(handler)
    connector = {**EVERYWHERE, "url": https_server.url_for("/x")}
    connector["headers"] = [EVERYWHERE["headers"][0]]
    report = asyncio.run(run_connector(connector, MappingValues({"canary": CANARY}), policy=local))
    assert arrived == [CANARY]
    assert report.passed, report.reason
    assert_absent(seen_in(report, tmp_path))
    assert_absent(
        "\n".join(
            record.getMessage() for record in caplog.records if record.name.startswith(("http", "strong"))
        )
    )


def fails(error):
    def handler(_request):
        raise error

    return handler


@pytest.mark.parametrize(
    ("change", "handler"),
    [
        ({}, fails(httpx2.ConnectError(CANARY))),
        ({}, fails(RuntimeError(CANARY))),
        ({}, fails(httpx2.RemoteProtocolError(CANARY))),
        ({"response_body": "{{ response.body | from_json }}"}, echoing),
        ({"response_body": "{{ {}[response.body].x }}"}, echoing),
        ({"response_body": "{{ response.body }}"}, echoing),
        ({"response_body": "{{ get_secret('canary') }}"}, echoing),
        ({"headers": [{"key": "X", "value": "{{ {}[get_secret('canary')].y }}"}]}, echoing),
        ({"headers": [{"key": "X", "value": "{{ get_secret('canary') | from_json }}"}]}, echoing),
        ({"headers": [{"key": "X", "value": "{{ get_secret('canary').nope.nope }}"}]}, echoing),
        ({"headers": [{"key": "X", "value": "{{ get_secret('canary') ~ '\\n' }}"}]}, echoing),
        ({"headers": [{"key": "X", "value": "{{ jwt_encode({'a': 1}, get_secret('canary'), 'RS256') }}"}]}, echoing),
        ({"headers": [{"key": "X", "value": "{{ jwt_encode({'a': 1}, get_secret('canary'), 'HS256') }}"}]}, echoing),
        ({"url": "https://api.example.com/{{ get_secret('canary') }}"}, echoing),
        ({"url": "https://127.0.0.1/x"}, echoing),
        ({"authentication": {"type": "api_key", "config": {"key": "{{ get_secret('canary') }}", "value": "x"}}}, echoing),
        ({"authentication": {"type": "api_key", "config": {"key": "a", "value": "x", "in": "{{ get_secret('canary') }}"}}}, echoing),
        ({"authentication": {"type": "jwt", "config": {"private_key": "{{ get_secret('canary') }}", "claims": {}}}}, echoing),
        ({"authentication": {"type": "jwt", "config": {"private_key": "x", "algorithm": "{{ get_secret('canary') }}"}}}, echoing),
        ({"authentication": {"type": "oauth_client_credentials", "config": {
            "client_id": "a", "client_secret": "{{ get_secret('canary') }}", "token_url": "https://a.example/t"}}}, echoing),
        ({"authentication": {"type": "oauth_client_credentials", "config": {
            "client_id": "a", "client_secret": "b", "token_url": "https://a.example/{{ get_secret('canary') }}"}}}, echoing),
        ({"authentication": {"type": "oauth_client_credentials", "config": {
            "client_id": "a", "client_secret": "b", "token_url": "{{ get_secret('canary') }}"}}}, echoing),
        ({"authentication": {"type": "oauth_client_credentials", "config": {
            "client_id": "a", "client_secret": "b", "token_url": "https://{{ get_secret('canary') }}.localhost/"}}}, echoing),
    ],
)  # fmt: skip
def test_no_failure_tells_the_value(change, handler, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    connector = {**EVERYWHERE, **change}
    transport = httpx2.MockTransport(handler)
    report = asyncio.run(run_connector(connector, MappingValues({"canary": CANARY}), transport=transport))
    assert_absent(seen_in(report, tmp_path))
    assert_absent(caplog.text)


def test_the_steps_of_a_composite(tmp_path):
    step = {key: value for key, value in EVERYWHERE.items() if key != "request_body"}
    later = {**step, "name": "b", "url": "https://api.example.com/", "request_body": "{{ steps.a.body }}"}
    transport = httpx2.MockTransport(echoing)
    connector = {"name": "c", "steps": [{**step, "name": "a"}, later]}
    report = asyncio.run(run_connector(connector, MappingValues({"canary": CANARY}), transport=transport))
    assert_absent(seen_in(report, tmp_path))


def test_no_exception_that_leaves_the_sending_holds_a_request():
    outgoing = Outgoing("GET", "https://api.example.com/", [("X", CANARY)], [("q", CANARY)], b"")
    transport = httpx2.MockTransport(fails(httpx2.ConnectError(CANARY)))
    with pytest.raises(RunFailed) as caught:
        asyncio.run(send(outgoing, Network(Policy(), transport)))
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert_absent("".join(traceback.format_exception(caught.value)) + repr(outgoing) + str(caught.value.args))


def test_what_holds_values_shows_none_of_them():
    values = [("canary", SecretValue(CANARY))]
    search = Search()
    search.add(needles_of("canary", CANARY))
    outgoing = Outgoing("GET", f"https://{CANARY}.example/", [("X", CANARY)], [("q", CANARY)], b"")
    applied = Applied(headers=(("X", CANARY),), token=SecretValue(CANARY))
    shown = [repr(one) for one in (Echoes(values), search, Network(Policy()), outgoing, applied)]
    assert shown == ["Echoes()", "Search()", "Network()", "Outgoing(GET)", "Applied(1 headers, 0 parameters)"]


def test_a_rendered_request_shows_no_value():
    request = render_request(EVERYWHERE, MappingValues({"canary": CANARY}), Inputs())
    text = (
        repr(request)
        + str(request)
        + repr(vars(request))
        + json.dumps(request.debug())
        + repr(vars(request.stand_ins))
    )
    assert_absent(text)


@pytest.mark.parametrize("value", [CANARY, LONG, "abcd1234", "p@ss/w+rd=="])
@pytest.mark.parametrize(
    "form", ["twice percent", "json in json", "base64 inside", "base64 after", "html in json", "line"]
)
def test_echoes_in_forms_within_forms(value, form):
    shapes = {
        "twice percent": quote(quote(value, safe=""), safe=""),
        "json in json": json.dumps(json.dumps({"a": value})),
        "base64 inside": base64.b64encode(f"user:{value}".encode()).decode(),
        "base64 after": base64.b64encode(f"xy{value}z".encode()).decode(),
        "html in json": json.dumps(html.escape(value)),
        "line": value.splitlines()[1] if "\n" in value else value,
    }
    echoes = Echoes([("k", SecretValue(value))])
    masked = echoes.masked(f"before {shapes[form]} after")
    assert masked.startswith("before ")
    assert masked.endswith(" after")
    assert MASK in masked
    assert echoes.found
    assert not [text for text in (value, shapes[form], *value.splitlines()) if text in masked]


def test_a_short_value_is_masked_only_where_it_stands_alone():
    echoes = Echoes([("k", SecretValue("ab"))])
    assert echoes.masked('{"key": "ab", "table": "cab"}') == f'{{"key": "{MASK}", "table": "cab"}}'


def test_a_value_in_a_binary_body_is_masked():
    echoes = Echoes([("k", SecretValue("s3cr3t-é"))])
    masked = echoes.masked_bytes(b"\xff\x00" + "s3cr3t-é".encode() + b"\xff", "utf-8")
    assert masked == b"\xff\x00********\xff"


def test_our_own_sentences_are_not_masked_since_a_mask_over_a_known_word_tells_it():
    connector = {
        "name": "n",
        "url": "https://api.example.com/",
        "headers": [{"key": "X", "value": "{{ get_secret('k') }}"}],
    }
    transport = httpx2.MockTransport(lambda _request: httpx2.Response(401))
    report = asyncio.run(run_connector(connector, MappingValues({"k": "accept"}), transport=transport))
    assert "The API did not accept the credential." in " ".join(report.explanation)


def test_other_requests_are_logged_as_ever(caplog):
    caplog.set_level(logging.INFO)
    asyncio.run(
        run_connector(EVERYWHERE, MappingValues({"canary": "x"}), transport=httpx2.MockTransport(echoing))
    )
    assert not [record for record in caplog.records if record.name == "httpx2"]
    with httpx2.Client(transport=httpx2.MockTransport(lambda _request: httpx2.Response(200))) as client:
        client.get("https://other.example/")
    assert [record for record in caplog.records if record.name == "httpx2"]


@pytest.mark.parametrize("port", ["", ":1"])
def test_a_token_endpoint_whose_host_is_a_secret_is_not_named(port):
    config = {"client_id": "a", "client_secret": "b", "token_url": "{{ get_secret('url') }}"}
    authentication = {"type": "oauth_client_credentials", "config": config}
    connector = {"name": "n", "url": "https://api.example.com/", "authentication": authentication}
    for host in ("canary-host.localhost", "canary-host.invalid"):
        values = MappingValues({"url": f"https://{host}{port}/token"})
        report = asyncio.run(run_connector(connector, values))
        assert report.status == 502
        assert "the token endpoint" in report.reason
        assert "canary-host" not in json.dumps(report.to_json())


def test_masking_a_long_body_is_quick():
    import time

    echoes = Echoes([(f"k{number}", SecretValue(f"{CANARY}{number}-{number * 7919}")) for number in range(5)])
    text = json.dumps({"a": "CaNaRy-7f 0123456789abcdef&amp;%25%5C" * 40}) * 300
    started = time.process_time()
    echoes.masked_bytes(text.encode(), "utf-8")
    assert len(text) > 400_000
    assert time.process_time() - started < 10


def test_a_token_cache_shows_no_token():
    tokens = TokenCache()
    tokens.put(SecretValue(CANARY), 100, CANARY)
    assert_absent(repr(tokens) + repr(vars(tokens)))
    assert tokens.get(CANARY) == SecretValue(CANARY)


class FakeVault:
    """As much of a vault as a run needs, and a note of what was asked for."""

    def __init__(self):
        self.asked = []

    def entries(self, community):
        class Entry:
            def __init__(self, name, kind):
                self.name, self.kind = name, kind

        return [Entry("a", Kind.SECRET), Entry("b", Kind.SECRET), Entry("v", Kind.VARIABLE)]

    def get(self, community, name):
        self.asked.append(name)
        return SecretValue(f"{community}-{name}")

    def variable(self, community, name):
        return f"{community}-{name}"


@pytest.mark.parametrize(
    ("template", "sent", "asked"),
    [
        ("{{ get_secret('a') }}", "acme-a", ["a"]),
        ("{{ get_secret('v') }}", "{{ get_secret('v') }}", []),
        ("{{ get_variable('v') }}", "acme-v", []),
        ("{{ get_variable('a') }}", "{{ get_variable('a') }}", ["a"]),
        ("{{ get_secret('A' | lower) }}", "acme-a", ["a", "b"]),
    ],
)
def test_only_the_values_that_are_asked_for_are_decrypted(template, sent, asked):
    vault, requests = FakeVault(), []

    def handler(request):
        requests.append(request)
        return httpx2.Response(200)

    connector = {"url": "https://api.example.com/", "headers": [{"key": "X", "value": template}]}
    asyncio.run(run_connector(connector, VaultValues(vault, "acme"), transport=httpx2.MockTransport(handler)))
    assert requests[0].headers["x"] == sent
    assert vault.asked == asked


_FIRST_RUN = """
import asyncio, logging, sys
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
from strongroom.resolver import MappingValues, run_connector
assert "httpx2" not in sys.modules
class Api:
    def __getattr__(self, name):
        import httpx2
        return getattr(httpx2.MockTransport(lambda request: httpx2.Response(204)), name)
    async def __aenter__(self):
        return self
    async def __aexit__(self, *error):
        pass
connector = {"name": "x", "url": "https://api.example.com/",
             "query_parameters": [{"key": "k", "value": "{{ get_secret('a') }}"}]}
report = asyncio.run(run_connector(connector, MappingValues({"a": "CANARY-4711"}), transport=Api()))
print(report.status)
"""


def test_the_first_run_of_a_process_is_not_logged_either():
    done = subprocess.run([sys.executable, "-c", _FIRST_RUN], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "204"
    assert "CANARY" not in done.stderr
    assert "httpx2" not in done.stderr


def test_requests_that_are_not_of_a_run_are_logged_as_ever(caplog):
    caplog.set_level(logging.INFO, "httpx2")
    with httpx2.Client(transport=httpx2.MockTransport(lambda _request: httpx2.Response(200))) as client:
        with quiet():
            client.get("https://a.example/?key=of-a-run")
        client.get("https://a.example/?key=of-others")
    assert "of-a-run" not in caplog.text
    assert "of-others" in caplog.text
