"""Tokens: signed, fetched, kept, shared, and explained when they fail."""

# Tables of cases read better with one case a line:
# ruff: noqa: E501

import asyncio
import json
import time
from urllib.parse import parse_qsl

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from strongroom.platform.authentication import AUTH_TYPES
from strongroom.resolver import MappingValues, TokenCache, render_request, run_connector
from strongroom.resolver.authentication import METHODS

CLIENT = {
    "type": "oauth_client_credentials",
    "config": {
        "client_id": "{{ get_secret('id') }}",
        "client_secret": "{{ get_secret('secret') }}",
        "token_url": "https://auth.example.com/token",
        "scope": "read write",
    },
}
SECRETS = {"id": "me+1", "secret": "s3cr&t ü"}


def test_each_type_of_the_platform_can_be_applied():
    current = {kind.name for kind in AUTH_TYPES.values() if not kind.replaced_by}
    assert set(METHODS) == current, "resolver/authentication/__init__.py has a method for each type"
    assert {kind.replaced_by for kind in AUTH_TYPES.values()} - {""} <= current


class TokenApi:
    """An API with a token endpoint; `forms` are what it was asked with."""

    def __init__(self):
        self.forms = []
        self.calls = []
        self.answer = lambda number: httpx2.Response(
            200, json={"access_token": f"tok{number}", "expires_in": 3600}
        )
        self.refused = set()

    def __call__(self, request):
        if request.url.host == "auth.example.com":
            self.forms.append(dict(parse_qsl(request.content.decode(), strict_parsing=True)))
            assert request.headers["content-type"] == "application/x-www-form-urlencoded"
            return self.answer(len(self.forms))
        token = request.headers.get("authorization", "")
        self.calls.append(token)
        return httpx2.Response(401 if token in self.refused else 200, text=token)

    def run(self, authentication, secrets=SECRETS, tokens=None, **fields):
        connector = {
            "name": "n",
            "url": "https://api.example.com/",
            "authentication": authentication,
            **fields,
        }
        transport = httpx2.MockTransport(self)
        return asyncio.run(
            run_connector(connector, MappingValues(secrets), transport=transport, tokens=tokens)
        )


@pytest.fixture
def service():
    return TokenApi()


@pytest.fixture(scope="module")
def keys():
    """Private keys as PEM, with the public key that verifies each."""
    made = {
        "RS": rsa.generate_private_key(public_exponent=65537, key_size=2048),
        "ES256": ec.generate_private_key(ec.SECP256R1()),
        "ES384": ec.generate_private_key(ec.SECP384R1()),
        "ES512": ec.generate_private_key(ec.SECP521R1()),
        "EdDSA": ed25519.Ed25519PrivateKey.generate(),
    }
    shape = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return {name: (key.private_bytes(*shape).decode(), key.public_key()) for name, key in made.items()}


def test_client_credentials_fetch_a_token_with_a_form_post(service):
    report = service.run(CLIENT)
    assert report.passed
    form = {
        "grant_type": "client_credentials",
        "client_id": "me+1",
        "client_secret": "s3cr&t ü",
        "scope": "read write",
    }
    assert service.forms == [form]
    assert service.calls == ["Bearer tok1"]
    assert "a new access token was fetched" in " ".join(report.explanation)
    assert report.debug["authentication"] == CLIENT


def test_a_token_that_the_api_repeats_is_masked(service):
    report = service.run(CLIENT)
    assert "tok1" not in json.dumps(report.to_json())
    assert report.text == "Bearer ••••••••"


def test_a_token_is_kept_for_connectors_that_resolve_to_the_same_values(service):
    tokens = TokenCache()
    service.run(CLIENT, tokens=tokens)
    service.run(CLIENT, tokens=tokens, name="another")
    assert service.calls == ["Bearer tok1"] * 2
    other = {**CLIENT, "config": {**CLIENT["config"], "scope": "admin"}}
    service.run(other, tokens=tokens)
    service.run(CLIENT, {**SECRETS, "secret": "changed"}, tokens=tokens)
    assert len(service.forms) == 3
    assert "tok" not in repr(tokens).replace("tokens", "")


def test_a_token_in_its_last_minute_is_fetched_anew(service):
    tokens = TokenCache()
    service.answer = lambda number: httpx2.Response(
        200, json={"access_token": f"tok{number}", "expires_in": 59}
    )
    service.run(CLIENT, tokens=tokens)
    service.run(CLIENT, tokens=tokens)
    assert service.calls == ["Bearer tok1", "Bearer tok2"]


def test_a_kept_token_that_is_refused_is_fetched_anew_once(service):
    tokens = TokenCache()
    service.run(CLIENT, tokens=tokens)
    service.refused = {"Bearer tok1"}
    report = service.run(CLIENT, tokens=tokens)
    assert report.passed
    assert service.calls == ["Bearer tok1", "Bearer tok1", "Bearer tok2"]
    service.refused = {"Bearer tok2", "Bearer tok3"}
    assert service.run(CLIENT, tokens=tokens).status == 401
    assert len(service.forms) == 3


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            httpx2.Response(401, json={"error": "invalid_client", "error_description": "s3cr&t ü"}),
            "does not accept the client",
        ),
        (httpx2.Response(400, json={"error": "unsupported_grant_type"}), "does not support this grant"),
        (httpx2.Response(400, json={"error": "invalid_scope"}), "the scope is not known"),
        (httpx2.Response(400, json={"error": "s3cr&t ü"}), "no reason that is known"),
        (httpx2.Response(200, text="<html>"), "its answer is not JSON"),
        (httpx2.Response(200, json={"token": 1}), "its answer has no access_token"),
        (httpx2.Response(302, headers={"location": "/x"}), "answered 302 and no token"),
    ],
)
def test_a_token_endpoint_that_gives_no_token_is_explained_without_a_credential(service, answer, words):
    service.answer = lambda _number: answer
    report = service.run(CLIENT)
    assert report.status == 502
    assert words in report.reason
    assert "s3cr&t" not in json.dumps(report.to_json(), ensure_ascii=False)
    assert not service.calls


def test_a_token_endpoint_on_a_private_host_is_refused():
    config = {**CLIENT["config"], "token_url": "https://169.254.169.254/token"}
    connector = {
        "name": "n",
        "url": "https://api.example.com/",
        "authentication": {**CLIENT, "config": config},
    }
    report = asyncio.run(run_connector(connector, MappingValues(SECRETS)))
    assert report.status == 502
    assert "no token could be fetched: 169.254.169.254 is a private address" in report.reason


def test_an_api_key_in_another_place_than_the_platforms_two_is_refused(service):
    report = service.run({"type": "api_key", "config": {"key": "X", "value": "v", "in": "cookie"}})
    assert 'authentication.config.in is neither "header" nor "query"' in report.reason


@pytest.mark.parametrize("missing", ["client_id", "client_secret", "token_url"])
def test_a_config_without_a_required_field_names_it(service, missing):
    config = {key: value for key, value in CLIENT["config"].items() if key != missing}
    assert f"authentication.config.{missing} is empty" in service.run({**CLIENT, "config": config}).reason


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512",
                                       "PS256", "PS384", "PS512", "EdDSA"])  # fmt: skip
def test_a_jwt_is_signed_with_each_algorithm(service, keys, algorithm):
    if algorithm.startswith("HS"):
        private = public = "shared-secret-of-sufficient-length-for-every-hmac-there-is-in-the-world!"
    else:
        private, public = keys["RS" if algorithm[0] in "RP" else algorithm]
    config = {
        "private_key": "{{ get_secret('key') }}",
        "algorithm": algorithm,
        "claims": {
            "sub": "{{ user.email }}",
            "iat": "{{ now() }}",
            "exp": "{{ now(60) }}",
            "deep": {"a": ["{{ 1 + 1 }}"]},
        },
        "jwt_headers": {"kid": "k-1"},
    }
    report = service.run({"type": "jwt", "config": config}, {"key": private})
    assert report.passed, report.reason
    token = service.calls[0].removeprefix("Bearer ")
    claims = jwt.decode(token, public, algorithms=[algorithm])
    assert (claims["sub"], claims["deep"]) == ("test.user@example.com", {"a": ["2"]})
    assert isinstance(claims["exp"], int)
    assert abs(claims["iat"] - time.time()) < 60
    assert jwt.get_unverified_header(token)["kid"] == "k-1"
    assert report.text == "Bearer ••••••••"
    assert "the signed token" in report.echoes
    assert token not in json.dumps(report.to_json())


def test_the_headers_of_a_token_may_be_written_as_the_text_of_an_object(service):
    def signed(headers):
        config = {"private_key": "{{ get_secret('key') }}", "algorithm": "HS256", "jwt_headers": headers}
        return service.run({"type": "jwt", "config": config}, {"key": "k" * 32})

    assert signed('{"kid": "k-1"}').passed
    assert jwt.get_unverified_header(service.calls[0].removeprefix("Bearer "))["kid"] == "k-1"
    assert signed(" ").passed
    for text in ("[1]", "{"):
        assert "authentication.config.jwt_headers is not a JSON object." in signed(text).reason


@pytest.mark.parametrize(
    ("key", "algorithm", "words"),
    [
        ("not a key", "RS256", "not a PEM private key"),
        ("-----BEGIN PRIVATE KEY-----\\nMII", "RS256", "\\n written out"),
        ("-----BEGIN PUBLIC KEY-----\nMII", "RS256", "signs with a private key"),
        (
            "-----BEGIN PRIVATE KEY-----\nMIIxyz\n-----END PRIVATE KEY-----",
            "RS256",
            "cannot be used for RS256",
        ),
        ("anything", "none", "the algorithm is not one of"),
        ("anything", "HS1", "not one of"),
    ],
)
def test_a_key_that_does_not_sign_is_explained_without_the_key(service, key, algorithm, words):
    config = {"private_key": "{{ get_secret('key') }}", "algorithm": algorithm, "claims": {"sub": "x"}}
    report = service.run({"type": "jwt", "config": config}, {"key": key})
    assert report.status == 422
    assert report.failure["errors"]["scope"] == "Authentication (JWT signing)"
    assert words in report.reason
    assert "MII" not in json.dumps(report.to_json())


@pytest.mark.parametrize("key", ["{{ get_secret('nope') }}", "{{ get_secret ( 'nope' ) }}"])
def test_a_private_key_that_did_not_resolve_says_so(service, key):
    config = {"private_key": key, "claims": {}}
    report = service.run({"type": "jwt", "config": config})
    assert "did not resolve" in report.reason


def test_claims_that_are_no_times_are_refused(service, keys):
    config = {"private_key": "{{ get_secret('key') }}", "claims": {"exp": "tomorrow"}}
    report = service.run({"type": "jwt", "config": config}, {"key": keys["RS"][0]})
    assert "the claim exp is not a number of seconds" in report.reason


def test_a_jwt_bearer_grant_posts_a_signed_assertion(service, keys):
    private, public = keys["RS"]
    config = {
        "client_id": "me", "private_key": "{{ get_secret('key') }}", "token_url": "https://auth.example.com/token",
        "subject": "{{ user.email }}", "audience": "https://auth.example.com", "additional_claims": {"role": "r", "iss": "x"},
    }  # fmt: skip
    tokens = TokenCache()
    report = service.run({"type": "oauth_jwt_bearer", "config": config}, {"key": private}, tokens=tokens)
    assert report.passed, report.reason
    (form,) = service.forms
    assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    claims = jwt.decode(form["assertion"], public, algorithms=["RS256"], audience="https://auth.example.com")
    assert (claims["iss"], claims["sub"], claims["role"]) == ("me", "test.user@example.com", "r")
    assert claims["exp"] - claims["iat"] == 180
    service.run({"type": "oauth_jwt_bearer", "config": config}, {"key": private}, tokens=tokens)
    assert len(service.forms) == 1


def test_a_private_key_is_loaded_once_for_a_batch_of_runs(service, keys, monkeypatch):
    loads = []
    real = jwt.algorithms.RSAAlgorithm.prepare_key
    monkeypatch.setattr(
        jwt.algorithms.RSAAlgorithm,
        "prepare_key",
        lambda self, key: (loads.append(1) if isinstance(key, str) else None, real(self, key))[1],
    )
    private, public = keys["RS"]
    config = {"private_key": "{{ get_secret('key') }}", "claims": {"sub": "x"}}
    template = "{{ jwt_encode({'sub': 'x'}, get_secret('key'), 'RS256') }}"
    tokens = TokenCache()
    for _ in range(2):
        headers = [{"key": "X-Token", "value": template}]
        service.run({"type": "jwt", "config": config}, {"key": private}, tokens=tokens, headers=headers)
    assert len(loads) == 1
    assert jwt.decode(service.calls[-1].removeprefix("Bearer "), public, algorithms=["RS256"]) == {"sub": "x"}
    assert "PRIVATE" not in repr(vars(tokens))
    service.run({"type": "jwt", "config": config}, {"key": private})
    assert len(loads) == 2


def test_jwt_encode_in_a_template_signs_and_shows_its_template(service):
    template = "Bearer {{ jwt_encode({'sub': user.email}, get_secret('key'), 'HS256', {'kid': 'a'}) }}"
    key = "a-long-enough-shared-secret-for-hs256"
    report = service.run(None, {"key": key}, headers=[{"key": "Authorization", "value": template}])
    token = service.calls[0].removeprefix("Bearer ")
    assert jwt.decode(token, key, algorithms=["HS256"]) == {"sub": "test.user@example.com"}
    assert report.debug["headers"]["Authorization"] == template
    assert token not in json.dumps(report.to_json())


KEY = "a-long-enough-shared-secret-for-hs256"


def test_jwt_encode_signs_with_hs256_unless_told_otherwise(service):
    template = "Bearer {{ jwt_encode({'a': 1}, get_secret('key')) }}"
    service.run(None, {"key": "k" * 32}, headers=[{"key": "Authorization", "value": template}])
    token = service.calls[0].removeprefix("Bearer ")
    assert jwt.get_unverified_header(token)["alg"] == "HS256"
    assert jwt.decode(token, "k" * 32, algorithms=["HS256"]) == {"a": 1}


@pytest.mark.parametrize(
    ("call", "claims"),
    [
        ("jwt_encode({'aud': ['x', get_secret('key')], 'in': {'n': [1, none]}}, get_secret('key'))", {"aud": ["x", KEY], "in": {"n": [1, None]}}),
        ("jwt_encode(payload={'a': 1}, key=get_secret('key'), algorithm='HS256', headers={})", {"a": 1}),
        ("jwt_encode({get_secret('key'): true}, key=get_secret('key'))", {KEY: True}),
    ],
)  # fmt: skip
def test_jwt_encode_signs_claims_of_any_shape_with_secrets_in_them(service, call, claims):
    headers = [{"key": "Authorization", "value": f"{{{{ {call} }}}}"}]
    report = service.run(None, {"key": KEY}, headers=headers)
    assert jwt.decode(service.calls[0], KEY, algorithms=["HS256"], options={"verify_aud": False}) == claims
    assert KEY not in json.dumps(report.to_json())


def test_jwt_encode_by_another_name_signs_the_same(service):
    template = "{% set sign = jwt_encode %}{{ sign({'a': 1}, get_secret('key')) }}"
    service.run(None, {"key": KEY}, headers=[{"key": "Authorization", "value": template}])
    assert jwt.decode(service.calls[0], KEY, algorithms=["HS256"]) == {"a": 1}


def test_each_signed_token_is_reported_as_its_call_is_written():
    calls = ["jwt_encode({'a': 1}, get_secret('key'))", "jwt_encode({'a': 2}, get_secret('key'))"]
    template = "".join(f"{{{{ {call} }}}}" for call in calls)
    rows = [{"key": "X", "value": template}]
    request = render_request({"url": "https://a.example", "headers": rows}, MappingValues({"key": KEY}))
    assert [origin.literal for origin in request.origins if origin.kind == "jwt"] == [
        f"{{{{ {call} }}}}" for call in calls
    ]


def test_jwt_encode_with_a_key_that_is_missing_says_so(service):
    template = "{{ jwt_encode({}, get_secret('missing'), 'RS256') }}"
    report = service.run(None, {}, headers=[{"key": "A", "value": template}])
    assert "the secret that holds the private key did not resolve." in "\n".join(report.explanation)


def test_jwt_encode_with_a_key_that_does_not_sign_is_a_signing_failure(service):
    report = service.run(
        None,
        {"key": "x"},
        headers=[{"key": "A", "value": "{{ jwt_encode({}, get_secret('key'), 'RS256') }}"}],
    )
    assert report.failure["errors"]["scope"] == "Authentication (JWT signing)"
