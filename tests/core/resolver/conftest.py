"""Fixtures that run a connector against an API in memory or a real HTTPS server."""

import asyncio
import json
import ssl
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
import trustme
from pytest_httpserver import HTTPServer

from strongroom.resolver import Inputs, MappingValues, Policy, Report, run_connector

Handler = Callable[[httpx2.Request], httpx2.Response]


def echo(request: httpx2.Request) -> httpx2.Response:
    """An API that sends back all that it received."""
    return httpx2.Response(
        200,
        json={
            "method": request.method,
            "url": str(request.url),
            "headers": dict(request.headers),
            "body": request.content.decode("utf-8", "replace"),
        },
    )


class Api:
    """An API in memory that remembers the requests it was sent."""

    def __init__(self) -> None:
        self.requests: list[httpx2.Request] = []
        self.handler: Handler = echo

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        return self.handler(request)

    def answers(self, status: int = 200, body: str | bytes = "", **headers: str) -> None:
        content = body.encode() if isinstance(body, str) else body
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        # As a stream, which is how an answer comes over the wire: not read, not decompressed.
        self.handler = lambda _request: httpx2.Response(
            status, stream=httpx2.ByteStream(content), headers=named
        )

    @property
    def request(self) -> httpx2.Request:
        return self.requests[-1]


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def run(api: Api) -> Callable[..., Report]:
    """Runs a connector, given by its fields, against the API in memory."""

    def run(
        *,
        secrets: dict[str, str] | None = None,
        variables: dict[str, str] | None = None,
        inputs: Inputs | None = None,
        policy: Policy | None = None,
        **fields: Any,
    ) -> Report:
        connector = {"name": "Sample", "url": "https://api.example.com/things", **fields}
        values = MappingValues(secrets, variables)
        transport = httpx2.MockTransport(api)
        return asyncio.run(run_connector(connector, values, inputs, policy, transport=transport))

    return run


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture
def https_server(authority: trustme.CA):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with HTTPServer(host="localhost", port=0, ssl_context=context) as server:
        yield server


@pytest.fixture
def local(ca_file: str) -> Policy:
    """The policy of somebody who tests against this machine."""
    return Policy(allowed_hosts=("localhost",), ca_file=ca_file, timeout=120.0)


def header(value: str, key: str = "X-Key", **more: Any) -> list[dict[str, Any]]:
    return [{"key": key, "value": value, **more}]


@pytest.fixture
def envelope() -> Callable[[Report], dict[str, Any]]:
    """The failure's envelope, which is also the body."""

    def envelope(report: Report) -> dict[str, Any]:
        assert report.failure is not None
        assert json.loads(report.text) == report.failure
        assert report.failure["success"] is False
        assert report.failure["request_id"] == report.request_id
        errors = report.failure["errors"]
        assert isinstance(errors, dict)
        return errors

    return envelope
