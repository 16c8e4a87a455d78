"""Authentication against servers that nobody here wrote: Authlib issues and checks tokens, joserfc verifies signatures.

Authlib runs on werkzeug behind real TLS with a private authority, as an API would on the internet.
"""

import asyncio
import json
import ssl
import threading
import time

import pytest
from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector
from authlib.oauth2.rfc6749 import ClientMixin, TokenMixin, grants
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7523 import JWTBearerGrant
from flask import Flask, jsonify, request
from joserfc import jwk, jwt
from joserfc.errors import BadSignatureError
from werkzeug.serving import make_server

from strongroom.resolver import Inputs, MappingValues, Runner, TokenCache, run_connector

ID, PASSWORD = "client-7", "pa$$ wörd&=+/"
ALGORITHMS = ("HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384",
              "PS512", "EdDSA")  # fmt: skip


class Client(ClientMixin):
    """A client that may use the two grants and two scopes."""

    def __init__(self, grant_types):
        self.grant_types = grant_types

    def get_client_id(self):
        return ID

    def get_allowed_scope(self, scope):
        return " ".join(name for name in (scope or "").split() if name in ("read", "write"))

    def check_client_secret(self, client_secret):
        return client_secret == PASSWORD

    def check_endpoint_auth_method(self, method, endpoint):
        return method == "client_secret_post"

    def check_grant_type(self, grant_type):
        return grant_type in self.grant_types


class Token(TokenMixin):
    def __init__(self, fields):
        self.fields = fields
        self.is_withdrawn = False

    def is_expired(self):
        return False

    def is_revoked(self):
        return self.is_withdrawn

    def get_scope(self):
        return self.fields.get("scope", "")


class Peer:
    """Authlib's authorization server and a protected API, on one address."""

    def __init__(self, context):
        self.tokens = {}
        self.asked = []
        self.lifetime = 3600
        self.public_key = None
        self.audience = ""
        self.grant_types = [grants.ClientCredentialsGrant.GRANT_TYPE, JWTBearerGrant.GRANT_TYPE]
        app = Flask("peer")
        app.config["OAUTH2_SCOPES_SUPPORTED"] = ["read", "write"]
        self._routes(app)
        self.server = make_server("localhost", 0, app, threaded=True, ssl_context=context)
        self.base = f"https://localhost:{self.server.port}"
        self.audience = f"{self.base}/token"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _routes(self, app):
        peer = self

        class ClientCredentials(grants.ClientCredentialsGrant):
            TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_post",)

        class Bearer(JWTBearerGrant):
            def resolve_issuer_client(self, issuer):
                return Client(peer.grant_types) if issuer == ID else None

            def resolve_client_public_key(self, client):
                return peer.public_key

            def get_audiences(self):
                return [peer.audience]

            def authenticate_user(self, subject):
                return subject if subject == "test.user@example.com" else None

            def has_granted_permission(self, client, user):
                return True

        class Validator(BearerTokenValidator):
            def authenticate_token(self, token_string):
                return peer.tokens.get(token_string)

        server = AuthorizationServer(
            app,
            query_client=lambda client_id: Client(self.grant_types) if client_id == ID else None,
            save_token=lambda token, _request: self.tokens.update({token["access_token"]: Token(token)}),
        )
        server.register_token_generator("default", self._generate)
        server.register_grant(ClientCredentials)
        server.register_grant(Bearer)
        protect = ResourceProtector()
        protect.register_token_validator(Validator())

        @app.post("/token")
        def issue():
            self.asked.append(request.form.to_dict())
            return server.create_token_response()

        @app.get("/orders")
        @protect("read")
        def orders():
            return jsonify(total=3)

    def _generate(self, grant_type, client, user=None, scope=None, expires_in=None, **_more):
        number = len(self.tokens) + 1
        return {
            "token_type": "Bearer",
            "access_token": f"issued-by-authlib-{number}",
            "expires_in": self.lifetime,
            "scope": scope or "",
        }


@pytest.fixture(scope="module")
def context(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context


@pytest.fixture
def peer(context):
    peer = Peer(context)
    yield peer
    peer.server.shutdown()


def pem(key):
    return key.as_pem(private=True).decode()


def key_for(algorithm):
    if algorithm.startswith("HS"):
        return jwk.OctKey.generate_key(512)
    if algorithm[0] in "RP":
        return RSA
    if algorithm == "EdDSA":
        return jwk.OKPKey.generate_key("Ed25519")
    return jwk.ECKey.generate_key({"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}[algorithm])


RSA = jwk.RSAKey.generate_key(2048)


def connector(peer, kind, **config):
    return {
        "name": "Orders",
        "url": f"{peer.base}/orders",
        "authentication": {"type": kind, "config": {"token_url": f"{peer.base}/token", **config}},
    }


def credentials(peer, **config):
    own = {
        "client_id": "{{ get_secret('id') }}",
        "client_secret": "{{ get_secret('password') }}",
        "scope": "read",
    }
    return connector(peer, "oauth_client_credentials", **{**own, **config})


def assertion(peer, **config):
    own = {
        "client_id": "{{ get_secret('id') }}",
        "private_key": "{{ get_secret('key') }}",
        "subject": "{{ user.email }}",
        "audience": f"{peer.base}/token",
    }
    return connector(peer, "oauth_jwt_bearer", **{**own, **config})


def run(connector, local, tokens=None, **secrets):
    values = MappingValues({"id": ID, "password": PASSWORD, "key": pem(RSA), **secrets})
    return asyncio.run(run_connector(connector, values, Inputs(), local, tokens=tokens))


def assert_no_credential(report):
    text = json.dumps(report.to_json(), ensure_ascii=False) + repr(report) + report.curl
    assert PASSWORD not in text
    assert "issued-by-authlib" not in text
    assert "PRIVATE KEY" not in text


def test_client_credentials_are_accepted_and_the_token_opens_the_api(peer, local):
    report = run(credentials(peer), local)
    assert (report.status, json.loads(report.text)) == (200, {"total": 3})
    assert peer.asked == [
        {"grant_type": "client_credentials", "client_id": ID, "client_secret": PASSWORD, "scope": "read"}
    ]
    assert_no_credential(report)


def test_a_signed_assertion_is_accepted(peer, local):
    peer.public_key = RSA
    report = run(assertion(peer), local)
    # The form has no scope, so the token has none, and Authlib's API wants one: the token itself was accepted.
    assert report.status == 403
    assert "insufficient_scope" in report.text
    assert peer.asked[0]["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    claims = jwt.decode(peer.asked[0]["assertion"], RSA, algorithms=["RS256"]).claims
    assert (claims["iss"], claims["sub"], claims["aud"]) == (
        ID,
        "test.user@example.com",
        f"{peer.base}/token",
    )
    assert claims["exp"] - claims["iat"] == 180
    assert_no_credential(report)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "HS256"])
def test_authlib_verifies_assertions_of_other_algorithms(peer, local, algorithm):
    key = key_for(algorithm)
    peer.public_key = key
    secret = key.as_dict()["k"] if algorithm == "HS256" else pem(key)
    if algorithm == "HS256":
        peer.public_key = jwk.OctKey.import_key(secret)
    report = run(assertion(peer, algorithm=algorithm), local, key=secret)
    assert report.status == 403
    assert len(peer.tokens) == 1


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_joserfc_verifies_a_jwt_of_every_algorithm(https_server, local, algorithm):
    key = key_for(algorithm)
    secret = "a shared secret, long enough for 512 bits: 0123456789abcdef0123456789abcdef"
    if algorithm.startswith("HS"):
        key = jwk.OctKey.import_key(secret)
    else:
        secret = pem(key)
    seen = []
    https_server.expect_request("/x").respond_with_handler(
        lambda request: seen.append(request.headers["Authorization"]) or _empty()
    )
    config = {
        "private_key": "{{ get_secret('key') }}",
        "algorithm": algorithm,
        "claims": {
            "sub": "{{ user.email }}",
            "iat": "{{ now() }}",
            "nbf": "{{ now(-10) }}",
            "exp": "{{ now(300) }}",
            "roles": ["{{ user.username }}", {"deep": "{{ tenant_id }}"}],
            "plain": 7,
        },
        "jwt_headers": {"kid": "key-1", "alg": "none"},
    }
    connector = {
        "name": "n",
        "url": https_server.url_for("/x"),
        "authentication": {"type": "jwt", "config": config},
    }
    report = run(connector, local, key=secret)
    assert report.passed, report.reason
    token = jwt.decode(seen[0].removeprefix("Bearer "), key, algorithms=[algorithm])
    assert token.header == {"alg": algorithm, "kid": "key-1", "typ": "JWT"}
    assert token.claims["roles"] == ["test.user", {"deep": "sample-tenant"}]
    assert (token.claims["sub"], token.claims["plain"]) == ("test.user@example.com", 7)
    assert [type(token.claims[name]) for name in ("iat", "nbf", "exp")] == [int, int, int]
    assert token.claims["exp"] - token.claims["nbf"] in (310, 311)
    assert abs(token.claims["iat"] - time.time()) < 60
    other = key_for(algorithm) if algorithm[0] not in "RP" else jwk.RSAKey.generate_key(2048)
    with pytest.raises(BadSignatureError):
        jwt.decode(seen[0].removeprefix("Bearer "), other, algorithms=[algorithm])
    assert seen[0] not in json.dumps(report.to_json())


def _empty():
    from werkzeug import Response

    return Response("ok")


def test_steps_of_a_composite_share_a_token(peer, local):
    step = credentials(peer)
    steps = [{**step, "name": name} for name in ("one", "two", "three")]
    other = {**credentials(peer, scope="read write"), "name": "four"}
    report = run({"name": "All", "steps": [*steps, other]}, local)
    assert report.passed, report.reason
    assert [form["scope"] for form in peer.asked] == ["read", "read write"]


def test_a_token_that_authlib_withdrew_is_fetched_anew_once(peer, local):
    tokens = TokenCache()
    assert run(credentials(peer), local, tokens).passed
    peer.tokens["issued-by-authlib-1"].is_withdrawn = True
    report = run(credentials(peer), local, tokens)
    assert report.passed
    assert len(peer.asked) == 2
    assert "refused the kept access token (401); a new one was fetched" in " ".join(report.explanation)
    assert_no_credential(report)


def test_a_token_in_its_last_minute_is_not_used(peer, local):
    tokens = TokenCache()
    peer.lifetime = 60
    run(credentials(peer), local, tokens)
    run(credentials(peer), local, tokens)
    assert len(peer.asked) == 2


def test_runs_at_the_same_time_ask_authlib_once(peer, local):
    values = MappingValues({"id": ID, "password": PASSWORD})

    async def many():
        async with Runner(local) as runner:
            return await asyncio.gather(*(runner.run(credentials(peer), values) for _ in range(10)))

    assert all(report.passed for report in asyncio.run(many()))
    assert len(peer.asked) == 1


@pytest.mark.parametrize(
    ("change", "secrets", "words"),
    [
        (
            {},
            {"password": "wrong-pa$$word"},
            "invalid_client: it does not accept the client id or the client secret",
        ),
        ({}, {"id": "nobody"}, "invalid_client"),
        (
            {"scope": "admin"},
            {},
            "invalid_scope: the scope is not known to it, or not granted to this client",
        ),
    ],
    ids=["wrong secret", "unknown client", "wrong scope"],
)
def test_why_authlib_refuses_client_credentials_is_explained(peer, local, change, secrets, words):
    report = run(credentials(peer, **change), local, **secrets)
    assert report.status == 502
    assert report.failure["errors"]["scope"] == "Downstream (network/external service)"
    assert words in report.reason
    assert "wrong-pa" not in json.dumps(report.to_json())
    assert_no_credential(report)


@pytest.mark.parametrize("kind", ["client credentials", "assertion"])
def test_a_grant_that_the_client_may_not_use_is_explained(peer, local, kind):
    peer.grant_types = []
    peer.public_key = RSA
    report = run(credentials(peer) if kind == "client credentials" else assertion(peer), local)
    assert "unauthorized_client: this client may not use this grant" in report.reason


def test_a_grant_that_the_server_does_not_have_is_explained(https_server, local):
    https_server.expect_request("/token").respond_with_json({"error": "unsupported_grant_type"}, status=400)
    config = {"client_id": "c", "client_secret": "s", "token_url": https_server.url_for("/token")}
    fields = {"name": "n", "url": https_server.url_for("/x")}
    report = run({**fields, "authentication": {"type": "oauth_client_credentials", "config": config}}, local)
    assert "unsupported_grant_type: it does not support this grant" in report.reason


@pytest.mark.parametrize(
    "change",
    [{"audience": "https://elsewhere.example"}, {"subject": "nobody@example.com"}],
    ids=["audience", "subject"],
)
def test_an_assertion_that_authlib_refuses_is_explained(peer, local, change):
    peer.public_key = RSA
    report = run(assertion(peer, **change), local)
    assert report.status == 502
    assert (
        "invalid_grant: it does not accept the assertion (look at the key, audience, subject" in report.reason
    )
    assert_no_credential(report)


def test_an_assertion_signed_with_another_key_is_refused_and_explained(peer, local):
    peer.public_key = jwk.RSAKey.generate_key(2048)
    report = run(assertion(peer), local)
    assert "look at the key" in report.reason
    assert_no_credential(report)
