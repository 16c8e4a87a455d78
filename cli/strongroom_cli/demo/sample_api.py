"""Serve the local HTTPS API of the demo's connectors.

Its endpoints are weather, orders, contacts, and a few that misbehave. It runs in threads of this process on a
free loopback port, and forgets everything when it stops.
"""

import json
import secrets
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from strongroom_cli.demo.certificates import make_certificates

_LONGEST_BODY: Final = 1 << 20
_SLOWEST_SECONDS: Final = 20.0

_WEATHER: Final = {
    "amsterdam": (12, "light rain"),
    "lisbon": (23, "sunny"),
    "oslo": (4, "snow"),
    "warsaw": (9, "cloudy"),
}
_ORDERS: Final = (
    {"id": "A-1001", "item": "Desk lamp", "quantity": 2, "state": "shipped"},
    {"id": "A-1002", "item": "Standing desk", "quantity": 1, "state": "packing"},
    {"id": "A-1003", "item": "Notebook", "quantity": 12, "state": "delivered"},
)
_CONTACTS: Final = (
    {"id": 7, "name": "Ada Lindqvist", "company": "Northwind"},
    {"id": 8, "name": "Bruno Salgado", "company": "Fabrikam"},
)


class Keys(NamedTuple):
    """Hold the credentials that the API accepts, those of each community apart."""

    weather: str
    orders: str
    crm: str
    client_id: str
    client_secret: str


def make_keys(label: str) -> Keys:
    """Return new random credentials. Their form shows their purpose."""

    def fresh(prefix: str) -> str:
        return f"{prefix}_{label}_{secrets.token_urlsafe(18)}"

    return Keys(fresh("wk"), fresh("ord"), fresh("crm"), fresh("client"), fresh("shh"))


class ReceivedRequest(NamedTuple):
    """Hold a request for an endpoint. Header names are in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: str

    @property
    def last(self) -> str:
        """Return the last part of the path, decoded."""
        return unquote(self.path.rstrip("/").rpartition("/")[2])


class Reply(NamedTuple):
    """Hold the answer of an endpoint."""

    status: int
    data: Any
    headers: Mapping[str, str] = {}


Endpoint = Callable[["SampleApi", ReceivedRequest], Reply]


class SampleApi:
    """Serve the API.

    `with` or `start` starts it. A client needs `url` and `authority`.
    """

    def __init__(self, keys: tuple[Keys, ...]) -> None:
        self._keys = keys
        self._tokens: set[str] = set()
        certificates = make_certificates()
        self.authority = certificates.authority
        self._server = _server(self, certificates.server)
        self._thread = threading.Thread(target=self._server.serve_forever, name="sample-api", daemon=True)

    @property
    def port(self) -> int:
        """Return the port of the API, which was free."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Return the origin of the API, without a final slash."""
        return f"https://localhost:{self.port}"

    def start(self) -> "SampleApi":
        """Start to answer."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop to answer, and close the port."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join(5)
        self._server.server_close()

    def __enter__(self) -> "SampleApi":
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def answer(self, call: ReceivedRequest) -> Reply:
        """Return the answer of the endpoint with the longest matching path, or 404."""
        for path, endpoint in ENDPOINTS.items():
            if call.path == path or call.path.startswith(path + "/"):
                return endpoint(self, call)
        return Reply(404, {"error": f'There is nothing at "{call.path}".', "paths": list(ENDPOINTS)})

    def accepts(self, given: str, field: str) -> bool:
        """Return True for a credential of this API."""
        return any(
            secrets.compare_digest(given.encode(), getattr(keys, field).encode()) for keys in self._keys
        )

    def issue_token(self) -> str:
        """Return a new access token."""
        token = "tok_" + secrets.token_urlsafe(24)
        self._tokens.add(token)
        return token

    def has_issued(self, token: str) -> bool:
        """Return True for an access token of this API."""
        return token in self._tokens


def _refused(what: str) -> Reply:
    return Reply(401, {"error": "unauthorized", "message": f"{what} is missing or wrong."})


def _bearer(call: ReceivedRequest) -> str:
    scheme, _space, token = call.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _echo(_api: SampleApi, call: ReceivedRequest) -> Reply:
    return Reply(200, call._asdict())


def _weather(api: SampleApi, call: ReceivedRequest) -> Reply:
    if not api.accepts(call.headers.get("x-api-key", ""), "weather"):
        return _refused("The header X-API-Key")
    city = (call.query.get("city") or call.last).lower()
    if city not in _WEATHER:
        return Reply(404, {"error": "unknown city", "cities": sorted(_WEATHER)})
    degrees, sky = _WEATHER[city]
    fahrenheit = call.query.get("units") == "fahrenheit"
    return Reply(
        200,
        {
            "city": city.title(),
            "temperature": round(degrees * 9 / 5 + 32) if fahrenheit else degrees,
            "units": "fahrenheit" if fahrenheit else "celsius",
            "sky": sky,
        },
    )


def _orders(api: SampleApi, call: ReceivedRequest) -> Reply:
    if not api.accepts(_bearer(call), "orders"):
        return _refused("The bearer token")
    if call.method == "POST":
        try:
            order = json.loads(call.body)
        except ValueError:
            return Reply(400, {"error": "The body is not JSON."})
        if not isinstance(order, dict) or not order.get("item"):
            return Reply(422, {"error": "An order needs an item."})
        return Reply(201, {"id": "A-1004", "state": "received", **order})
    if call.path == "/orders":
        return Reply(200, {"data": {"items": list(_ORDERS), "count": len(_ORDERS)}})
    found = next((order for order in _ORDERS if order["id"] == call.last), None)
    return Reply(200, found) if found else Reply(404, {"error": f"There is no order {call.last}."})


def _contacts(api: SampleApi, call: ReceivedRequest) -> Reply:
    if not api.accepts(call.query.get("apikey", ""), "crm"):
        return _refused("The query parameter apikey")
    return Reply(200, {"contacts": list(_CONTACTS)})


def _token(api: SampleApi, call: ReceivedRequest) -> Reply:
    form = dict(parse_qsl(call.body))
    if form.get("grant_type") != "client_credentials":
        return Reply(400, {"error": "unsupported_grant_type"})
    known = api.accepts(form.get("client_id", ""), "client_id")
    if not known or not api.accepts(form.get("client_secret", ""), "client_secret"):
        return Reply(401, {"error": "invalid_client"})
    return Reply(200, {"access_token": api.issue_token(), "token_type": "Bearer", "expires_in": 3600})


def _accounts(api: SampleApi, call: ReceivedRequest) -> Reply:
    if not api.has_issued(_bearer(call)):
        return _refused("The access token")
    return Reply(
        200, {"accounts": [{"name": "Northwind", "tier": "gold"}, {"name": "Fabrikam", "tier": "silver"}]}
    )


def _status(_api: SampleApi, call: ReceivedRequest) -> Reply:
    status = int(call.last) if call.last.isdigit() and 200 <= int(call.last) <= 599 else 400
    return Reply(status, {"status": status})


def _slow(_api: SampleApi, call: ReceivedRequest) -> Reply:
    try:
        seconds = min(float(call.query.get("seconds", "2")), _SLOWEST_SECONDS)
    except ValueError:
        return Reply(400, {"error": "seconds is not a number."})
    time.sleep(max(seconds, 0.0))
    return Reply(200, {"waited_seconds": seconds})


def _redirect(_api: SampleApi, call: ReceivedRequest) -> Reply:
    return Reply(302, {}, {"Location": call.query.get("to", "/echo")})


ENDPOINTS: Final[Mapping[str, Endpoint]] = {
    "/echo": _echo,
    "/weather": _weather,
    "/orders": _orders,
    "/contacts": _contacts,
    "/oauth/token": _token,
    "/accounts": _accounts,
    "/status": _status,
    "/slow": _slow,
    "/redirect": _redirect,
}
"""The endpoints by path. An endpoint also answers the paths below its own."""


class _Server(ThreadingHTTPServer):
    """Serve HTTPS with a thread for each connection.

    The thread does the handshake, too, so that a stuck client blocks no other one.
    """

    daemon_threads = True
    # All tests connect at once. A connection without a place in the queue is dropped, or reset under load.
    request_queue_size = 128
    api: SampleApi
    context: ssl.SSLContext

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing about a client that breaks off: a screen may be drawn there."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "SampleApi"
    sys_version = ""
    server: _Server
    timeout = 30
    # One write for an answer. Two small ones would wait for each other (Nagle, delayed ACK).
    wbufsize = 1 << 16
    disable_nagle_algorithm = True

    def setup(self) -> None:
        self.request.settimeout(self.timeout)
        self.request = self.server.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        length = min(int(self.headers.get("Content-Length") or 0), _LONGEST_BODY)
        call = ReceivedRequest(
            self.command,
            parts.path.rstrip("/") or "/",
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            {key.lower(): value for key, value in self.headers.items()},
            self.rfile.read(length).decode("utf-8", "replace"),
        )
        reply = self.server.api.answer(call)
        body = json.dumps(reply.data, ensure_ascii=False).encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for key, value in reply.headers.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _answer  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Log nothing, because requests have credentials."""


def _server(api: SampleApi, context: ssl.SSLContext) -> _Server:
    server = _Server(("127.0.0.1", 0), _Handler)
    server.api = api
    server.context = context
    return server
