"""The hosts for which consent is asked are those that a request goes to, in one spelling."""

import asyncio

import httpx2
import pytest

from strongroom.resolver import Inputs, MappingValues, run_connector
from strongroom.resolver.request.consent import wire_host


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://api.example.com/x", "api.example.com"),
        ("https://API.example.com:443/x", "api.example.com"),
        ("https://api.example.com:8443/x", "api.example.com:8443"),
        ("https://\u0430pi.example.com/x", "xn--pi-6kc.example.com"),
        ("https://g\u00f6od.example/", "xn--god-sna.example"),
        ("https://good\u3002example:8443/", "good.example:8443"),
        ("https://[2606:4700:4700::1111]/", "[2606:4700:4700::1111]"),
    ],
)
def test_the_question_names_the_host_as_it_goes_over_the_wire(url, host):
    asked, sent = [], []

    async def consent(_community, destinations):
        asked.extend(one.host for one in destinations)
        return True

    def answer(request):
        sent.append(request.url.netloc.decode())
        return httpx2.Response(200)

    row = {"key": "X", "value": "{{ get_secret('k') }}"}
    connector = {"name": "Sample", "url": url, "headers": [row]}
    values = MappingValues({"k": "a value of a secret"}, {})
    run = run_connector(connector, values, Inputs(), transport=httpx2.MockTransport(answer), consent=consent)
    assert asyncio.run(run).passed
    assert asked == sent == [host]
    assert wire_host(host) == host


@pytest.mark.parametrize(
    ("token_url", "host"),
    [
        ("https://{{ get_secret('h') }}/token", "{{ get_secret('h') }}"),
        ("https://login.{{ get_secret('h') }}:8443/?a=1", "login.{{ get_secret('h') }}:8443"),
        ("https://{{ get_variable('v') }}:8443/token?a={{ get_secret('h') }}", "auth.example.com:8443"),
        ("https://AUTH.example.com:443/{{ get_secret('h') }}", "auth.example.com"),
    ],
)
def test_the_question_shows_the_expression_of_a_host_that_is_a_secret(token_url, host):
    asked = []

    async def consent(_community, destinations):
        asked.extend(one.host for one in destinations)
        return False

    config = {"client_id": "a", "client_secret": "{{ get_secret('h') }}", "token_url": token_url}
    authentication = {"type": "oauth_client_credentials", "config": config}
    connector = {"name": "Sample", "url": "https://api.example.com/", "authentication": authentication}
    values = MappingValues({"h": "private.example.com"}, {"v": "AUTH.example.com"})
    report = asyncio.run(run_connector(connector, values, Inputs(), consent=consent))
    assert asked == [host, "api.example.com"]
    assert "private.example.com" not in report.reason


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("API.Example.com:443", "api.example.com"),
        ("g\u00f6od.example:8443", "xn--god-sna.example:8443"),
        ("[::1]:443", "[::1]"),
        ("2001:db8::443", "2001:db8::443"),
        ("not a host \u00e9", "not a host \u00e9"),
    ],
)
def test_a_host_that_is_typed_is_the_one_that_is_asked_for(typed, host):
    assert wire_host(typed) == host
