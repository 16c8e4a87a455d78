"""What the canary tests share: marked secrets in every place, an API that repeats all it gets, the search."""

import base64
import html
import json
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from strongroom.names import Kind
from strongroom.store.keys.ways import KeyFile
from strongroom.store.vault import Vault
from strongroom.values.secret_value import SecretValue

MARK = 'Kq"7&xé/9+<=%Zv\\w'
"""In every secret whose place takes any text: each character is written differently by some encoding."""

PLAIN = "cAnArY7f3Zz9QwLm"
"""In those that become a header's name, an identifier or a part of a URL."""

TOKEN = "tOkEnMaRk5d8Hh2Rr"
"""In the access tokens that the API issues."""


def private_key() -> str:
    """A PEM file; its lines are marks too."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, pem, serialization.NoEncryption()).decode()


def secrets(pem: str) -> dict[str, str]:
    """Name -> value: one for every place in which a secret may stand (PLATFORM §2, §5)."""
    marked = (
        "header", "query", "api_key_value", "client_secret", "client_id", "scope", "claim", "jwt_secret",
        "encode_key", "encode_claim", "jwt_header", "subject", "audience", "additional", "step_header",
        "step_query", "unused", "in_url", "in_body", "in_answer", "basic", "old",
    )  # fmt: skip
    values = {f"s_{name}": f"{name}-{MARK}-{PLAIN}-of-{name}" for name in marked}
    values |= {"s_key_name": f"X-{PLAIN}-Name", "s_token_path": f"{PLAIN}-path", "s_pem": pem}
    return values


def marks(pem: str) -> set[str]:
    """What must be found nowhere."""
    lines = [line for line in pem.splitlines() if "KEY" not in line and len(line) > 20]
    return {MARK, PLAIN, TOKEN, *lines[1:4]}


def forms(mark: str) -> set[bytes]:
    """A mark as it could turn up: made here by hand, apart from what the product looks for."""
    data = mark.encode()
    escaped = json.dumps(mark)[1:-1]
    texts = {
        mark, escaped, json.dumps(mark, ensure_ascii=False)[1:-1], json.dumps(escaped)[1:-1],
        escaped.replace("/", "\\/"),
        quote(mark), quote(mark, safe=""), quote_plus(mark), quote(mark, safe="").lower(), quote(quote(mark, safe="")),
        html.escape(mark), html.escape(mark).replace("&quot;", "&#34;"), repr(mark)[1:-1],
        data.hex(), data.hex().upper(), data.decode("latin-1"),
    }  # fmt: skip
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + data).decode().rstrip("=")
        # Without the characters that neighbours have a part in.
        middle = encoded[(0, 2, 3)[before] : len(encoded) - (1 if (before + len(data)) % 3 else 0)]
        texts |= {middle, middle.translate(str.maketrans("+/", "-_"))}
    return {text.encode() for text in texts} | {mark.encode("utf-16-le")}


class Search:
    """Looks for every form of every mark."""

    def __init__(self, marks: Iterable[str]) -> None:
        self._forms = {form: mark for mark in marks for form in forms(mark)}

    def in_bytes(self, data: bytes) -> list[str]:
        """What was found, shortened."""
        return sorted(
            {f"{mark[:6]}… as {form[:12]!r}…" for form, mark in self._forms.items() if form in data}
        )

    def expect_nothing(self, where: str, data: str | bytes) -> None:
        found = self.in_bytes(data.encode("utf-8", "replace") if isinstance(data, str) else data)
        assert not found, f"{where} holds {found}"

    def in_files(self, folder: Path) -> dict[str, list[str]]:
        """What was found in files below a folder, their names included."""
        found = {}
        for place, _folders, names in os.walk(folder):
            for name in names:
                path = Path(place) / name
                if path.is_file() and (seen := self.in_bytes(path.read_bytes() + str(path).encode())):
                    found[str(path)] = seen
        return found


def _encoded(text: str) -> list[str]:
    """A text as an API might repeat it."""
    data = text.encode()
    aligned = [base64.b64encode(b"." * before + data).decode() for before in range(3)]
    return [text, json.dumps(text), quote(text), quote_plus(text), html.escape(text), data.hex(), *aligned]


class _Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        status = int(self.path.split("/status/")[1][:3]) if "/status/" in self.path else 200
        if "/broken" in self.path:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + body[:20])
            self.close_connection = True
            self.connection.close()
            return
        query = [value for _key, value in parse_qsl(urlsplit(self.path).query)]
        sent = [
            value
            for key, value in self.headers.items()
            if key.startswith("X-") or key in ("Authorization", "Cookie")
        ]
        given = [value.encode("latin-1").decode("utf-8", "replace") for value in sent]
        text = body.decode("utf-8", "replace")
        seen: dict[str, Any] = {
            "url": self.path,
            "headers": [[key, value] for key, value in self.headers.items()],
            "raw": "\n".join(given),
            "body": text,
        }
        repeated = [form for value in [*given, *query, text] for form in _encoded(value)]
        # All of it in one more encoding, which differs from connector to connector.
        whole = _encoded(json.dumps(seen))
        repeated.append(whole[len(self.path) % len(whole)])
        data: dict[str, Any] = {"n": 3, "seen": seen, "repeated": repeated}
        if "/token" in self.path:
            data = {
                **data,
                "access_token": f"tok-{TOKEN}-{len(body)}",
                "token_type": "Bearer",
                "expires_in": 3600,
            }
            if status >= 400:
                data = {"error": "invalid_client", "error_description": text}
        out = text.encode() if "/garbage" in self.path else json.dumps(data).encode()
        echo = self.headers.get("X-Key", "")
        self.send_response(status, "Said " + quote(echo)[:200])
        for key, value in (
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(out))),
            ("X-Back", echo),
            ("Location", self.path),
            ("Set-Cookie", f"session={quote(echo)}"),
        ):
            self.send_header(key, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(out)

    do_GET = do_POST = do_PUT = do_HEAD = _answer  # noqa: N815

    def log_message(self, *args: Any) -> None:
        """Nothing is logged."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Every test case connects at once. Of a shorter queue Linux drops connections, or resets them under load.
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A broken connection is meant here."""


@contextmanager
def echoing_api() -> Iterator[str]:
    """The URL of an API that repeats everything in many forms, on this machine."""
    server = _Server(("127.0.0.1", 0), _Echo)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def _s(name: str) -> str:
    return "{{ get_secret('s_" + name + "') }}"


_SIGNED = "{{ jwt_encode({'c': get_secret('s_encode_claim')}, get_secret('s_encode_key'), 'HS256', {}) }}"


def connectors(url: str) -> dict[str, Any]:
    """Connectors with a secret in every place, each with one way of authenticating, and each kind of failure."""
    rows = {
        "headers": [
            {"key": "X-Key", "value": _s("header")},
            {"key": "Authorization", "value": "Basic {{ ('me:' ~ get_secret('s_basic')) | base64_encode }}"},
            {"key": "X-Signed", "value": _SIGNED},
        ],
        "query_parameters": [
            {"key": "q", "value": _s("query")},
            {"key": "j", "value": "{{ {'k': get_secret('s_query')} | tojson }}"},
        ],
    }
    key = {"type": "api_key", "config": {"key": _s("key_name"), "value": _s("api_key_value"), "in": "header"}}
    in_query = {"type": "api_key", "config": {"key": "apikey", "value": _s("api_key_value"), "in": "query"}}
    token_url = f"{url}/token/{_s('token_path')}"

    def grant(place: str) -> dict[str, Any]:
        config = {"client_id": _s("client_id"), "client_secret": _s("client_secret"), "scope": _s("scope")}
        return {"type": "oauth_client_credentials", "config": {**config, "token_url": place}}

    def bearer(place: str) -> dict[str, Any]:
        config = {
            "client_id": _s("client_id"),
            "private_key": _s("pem"),
            "subject": _s("subject"),
            "audience": _s("audience"),
            "additional_claims": {"extra": _s("additional")},
            "jwt_headers": {"kid": _s("jwt_header")},
        }
        return {"type": "oauth_jwt_bearer", "config": {**config, "token_url": place}}

    signed = {
        "type": "jwt",
        "config": {
            "private_key": _s("jwt_secret"),
            "algorithm": "HS256",
            "claims": {"sub": _s("claim"), "exp": "{{ now(60) }}"},
            "jwt_headers": {"kid": _s("jwt_header")},
        },
    }
    bad_key = {"type": "jwt", "config": {"private_key": _s("jwt_secret"), "claims": {"sub": _s("claim")}}}
    body = {
        "method": "POST",
        "request_body": '{"k": "' + _s("in_body") + '", "text": {{ body_text | tojson }}}',
    }

    def one(name: str, path: str = "/echo", **more: Any) -> dict[str, Any]:
        return {"name": name, "permalink": name, "url": f"{url}{path}", **rows, **more}

    steps = [
        {"name": "first", "url": f"{url}/echo", "headers": [{"key": "X-Key", "value": _s("step_header")}]},
        {
            "name": "second",
            "url": f"{url}/echo?from={{{{ (steps.first.body | from_json).n }}}}",
            "method": "POST",
            "query_parameters": [{"key": "q", "value": _s("step_query")}],
            "request_body": "{{ steps.first.body }}",
            "authentication": grant(token_url),
        },
    ]
    broken = [*steps, {"name": "third", "url": f"{url}/status/500/echo", "headers": rows["headers"]}]
    garbage = {"response_body": "{{ (response.body | from_json).n }}"}
    return {
        "connectors": [
            one("key-in-header", authentication=key),
            one("key-in-query", authentication=in_query, **body),
            one("grant", authentication=grant(token_url)),
            one("signed", authentication=signed, headers=[]),
            one("bearer", authentication=bearer(token_url)),
            one("misplaced-url", "/echo/" + _s("in_url")),
            one(
                "misplaced-answer",
                response_body='{"k": "'
                + _s("in_answer")
                + '", "b": {{ (response.body | from_json).seen.raw | tojson }} }',
            ),
            one("refused", "/status/401/echo", authentication=grant(token_url)),
            one("failing", "/status/500/echo"),
            one("moved", "/status/302/echo"),
            one("no-token", authentication=grant(f"{url}/status/401/token/{_s('token_path')}")),
            one("no-assertion", authentication=bearer(f"{url}/status/400/token")),
            one("bad-key", authentication=bad_key),
            one("garbage", "/garbage", **garbage),
            one("broken", "/broken"),
            one("unreachable") | {"url": "http://localhost:9/x"},
            one("private") | {"url": "http://127.0.0.2:9/x"},
            one("bad-header", headers=[{"key": "X-Bad", "value": "a\n" + _s("header")}]),
            one("bad-template", response_body="{{ 1 / 0 }}" + _s("in_answer")),
            one(
                "missing-name",
                headers=[{"key": "X-Key", "value": "{{ get_secret('s_not_there') }}" + _s("header")}],
            ),
            one("secret-host")
            | {"url": "http://{{ get_variable('host') }}/{{ 'x' | from_json }}" + _s("in_url")},
        ],
        "composite_connectors": [
            {"name": "steps", "permalink": "steps", "steps": steps},
            {"name": "broken-steps", "permalink": "broken-steps", "steps": broken},
        ],
    }


_NOT_MET = """\
headers = { X-Back = "x", Set-Cookie = "x", Location = "x" }
body_text = { equals = "x" }
that = "@.seen.raw == 'x' && @.repeated[0] == 1"
body = [
  { path = "$.repeated", equals = [] },
  { path = "$.seen.headers", length = 0 },
  { path = "$..raw", equals = 1 },
]
"""


def cases_of(registry: dict[str, Any]) -> str:
    """A test without expectations for each connector, and for some one that nothing meets."""
    named = [*registry["connectors"], *registry["composite_connectors"]]
    lines = []
    for connector in named:
        name = connector["permalink"]
        lines.append(f'[[test]]\nname = "{name}"\nconnector = "{name}"\npayload = "incoming"\n')
        if name not in ("key-in-header", "grant", "refused", "garbage", "steps", "broken-steps"):
            continue
        lines.append(
            f'[[test]]\nname = "{name}, not met"\nconnector = "{name}"\n[test.expect]\nstatus = 299\n{_NOT_MET}'
        )
    return "\n".join(lines)


class World:
    """A workspace, a vault and all that a machine keeps, below one folder."""

    def __init__(self, folder: Path, url: str, pem: str) -> None:
        self.folder = folder
        self.workspace = folder / "workspace"
        self.workspace.mkdir()
        (self.workspace / ".git").mkdir()
        self.search = Search(marks(pem))
        self.values = secrets(pem)
        registry = connectors(url)
        (self.workspace / "connectors_registry.json").write_text(json.dumps(registry, indent=1))
        (self.workspace / "connectors.tests.toml").write_text(cases_of(registry))
        (self.workspace / "strongroom.toml").write_text(
            'community = "acme"\n[test]\nallow-hosts = ["localhost"]\n'
        )
        self.environment = {
            "HOME": str(folder / "home"),
            "XDG_STATE_HOME": str(folder / "state"),
            "XDG_DATA_HOME": str(folder / "data"),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "STRONGROOM_VAULT": str(folder / "vault.db"),
            "STRONGROOM_KEY_FILE": str(folder / "key"),
            "STRONGROOM_NO_KEYRING": "1",
            "STRONGROOM_TRUST": "1",
        }

    def fill(self) -> None:
        with Vault.create(self.folder / "vault.db", [KeyFile(self.folder / "key")]) as vault:
            for name, value in self.values.items():
                vault.add("acme", name, Kind.SECRET, SecretValue(value), "a note", "2027-01-01")
            vault.set("acme", "s_old", SecretValue(f"a later value {MARK} {PLAIN}"))
            vault.add("acme", "host", Kind.VARIABLE, SecretValue("localhost"))
