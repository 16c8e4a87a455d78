"""List authentication types, config fields and signing algorithms (PLATFORM §5)."""

from collections.abc import Mapping
from typing import Final, NamedTuple

_SOURCE = "PLATFORM §5"


class ConfigField(NamedTuple):
    """Describe one field of `authentication.config`.

    A credential must reference a secret (PLATFORM §4). `type` is "string", "integer", or "object", whose
    values may be anything. If `must_hold_one`, an object must have a member.
    """

    name: str
    required: bool = True
    default: object = None
    allowed: tuple[str, ...] = ()
    is_credential: bool = False
    type: str = "string"
    must_hold_one: bool = False
    doc: str = ""


class AuthType(NamedTuple):
    """Describe one authentication type, and the request parts that it sends.

    `makes` names the thing that a type makes of the secrets and sends in their place.
    """

    name: str
    fields: Mapping[str, ConfigField]
    sends: str
    makes: str = ""
    replaced_by: str = ""
    source: str = _SOURCE


ALGORITHMS: Final = (
    "HS256", "HS384", "HS512",
    "RS256", "RS384", "RS512",
    "ES256", "ES384", "ES512",
    "PS256", "PS384", "PS512",
    "EdDSA",
)  # fmt: skip
API_KEY_LOCATIONS: Final = ("header", "query")

SENSITIVE_HEADERS: Final = frozenset(
    {
        "authorization", "proxy-authorization", "apikey", "api-key", "x-api-key", "x-apikey", "x-auth-token",
        "x-access-token",
    }
)  # fmt: skip
"""Request headers, in lower case, that carry a credential.

The sources are RFC 9110 §11.6.2 and §11.7.2, and common use.
"""
AUTH_SCHEMES: Final = ("bearer", "basic", "token", "apikey", "api-key", "digest", "key")
"""The words, in lower case, before a credential in a header.

The sources are RFC 9110 §11.4, and common use.
"""
PLACEHOLDERS: Final = frozenset(
    {
        "anonymous",
        "public",
        "none",
        "guest",
        "null",
        "undefined",
        "demo_key",
        "demo-key",
        "demokey",
        "replace_me",
    }
)
"""Words, in lower case, that are written in place of a credential and open nothing.

The sources are RFC 1635 (anonymous), and common use: `DEMO_KEY` is what several public APIs document.
"""
SENSITIVE_PARAMETERS: Final = frozenset(
    {"api_key", "apikey", "api-key", "access_token", "auth_token", "client_secret", "password"}
)
"""Query parameters, in lower case, that carry a credential.

The sources are RFC 6750 §2.3, RFC 6749 §2.3.1, and common use.
"""


def _fields(*fields: ConfigField) -> Mapping[str, ConfigField]:
    return {field.name: field for field in fields}


_CLIENT_ID = ConfigField("client_id", doc="The client's id.")
_PRIVATE_KEY = ConfigField("private_key", is_credential=True, doc="The key that signs, in PEM form.")
_TOKEN_URL = ConfigField("token_url", doc="The endpoint that gives the token.")
_ALGORITHM = ConfigField("algorithm", False, "RS256", ALGORITHMS, doc="The signing algorithm.")
_JWT_HEADERS = ConfigField("jwt_headers", False, type="object", doc="More fields for the JWT's header.")

_API_KEY = _fields(
    ConfigField("key", doc="The name of the header or query parameter."),
    ConfigField("value", is_credential=True, doc="The key itself: reference a secret."),
    ConfigField("in", allowed=API_KEY_LOCATIONS, doc="The place of the pair: header or query."),
)

AUTH_TYPES: Final[Mapping[str, AuthType]] = {
    kind.name: kind
    for kind in (
        AuthType("none", {}, "nothing"),
        AuthType("api_key", _API_KEY, "the pair, in the place that `in` names"),
        AuthType("apikey", _API_KEY, "the pair, in the place that `in` names", replaced_by="api_key"),
        AuthType(
            "oauth_client_credentials",
            _fields(
                _CLIENT_ID,
                ConfigField("client_secret", is_credential=True, doc="The client's secret."),
                _TOKEN_URL,
                ConfigField("scope", False, doc="The scopes, separated by spaces."),
            ),
            "a Bearer token from a client credentials grant; cached for expires_in less 60 s",
            makes="access token",
        ),
        AuthType(
            "jwt",
            _fields(
                _PRIVATE_KEY,
                _ALGORITHM,
                ConfigField(
                    "claims",
                    type="object",
                    must_hold_one=True,
                    doc="The claims, at least one; exp, iat and nbf are cast to integers.",
                ),
                _JWT_HEADERS,
            ),
            "a Bearer JWT, signed again for each request",
            makes="signed token",
        ),
        AuthType(
            "oauth_jwt_bearer",
            _fields(
                _CLIENT_ID,
                _PRIVATE_KEY,
                _TOKEN_URL,
                ConfigField("subject", doc="The assertion's sub."),
                ConfigField("audience", doc="The assertion's aud."),
                ConfigField(
                    "token_ttl",
                    False,
                    3600,
                    type="integer",
                    doc="The seconds that a token is kept, less 60.",
                ),
                _ALGORITHM,
                ConfigField("additional_claims", False, type="object", doc="More claims for the assertion."),
                _JWT_HEADERS,
            ),
            "a Bearer token from a JWT bearer grant; cached for token_ttl less 60 s",
            makes="access token",
        ),
    )
}
