"""Signs JSON Web Tokens (RFC 7519) with the thirteen algorithms that the platform names (PLATFORM §5)."""

import warnings
from collections.abc import Mapping
from typing import Any, NamedTuple

from strongroom.platform.authentication import ALGORITHMS


class SigningFailed(NamedTuple):
    """Why no token could be signed, in words that hold no key."""

    reason: str


def sign(
    claims: Any, key: Any, algorithm: str = "RS256", headers: Mapping[str, Any] | None = None
) -> str | SigningFailed:
    """A signed token, or why there is none. Never raises: errors of key parsers may hold the key."""
    if algorithm not in ALGORITHMS:
        return SigningFailed(f"the algorithm is not one of {', '.join(ALGORITHMS)}.")
    if not isinstance(claims, Mapping):
        return SigningFailed("the claims are not an object.")
    if not isinstance(key, str) or not key.strip():
        return SigningFailed("the key is empty.")
    try:
        import jwt
    except ImportError:
        return SigningFailed("the package PyJWT is not installed: pip install pyjwt.")
    # The warning tells how long the key is, and it would be printed over a screen.
    warnings.filterwarnings("ignore", category=jwt.InsecureKeyLengthWarning)
    # PyJWT takes the algorithm from the headers if they name one; it is the config that names it.
    more = {name: value for name, value in (headers or {}).items() if name != "alg"}
    try:
        return jwt.encode(dict(claims), key, algorithm=algorithm, headers=more or None)
    except Exception as error:  # parsers of keys raise many kinds
        kind = type(error).__name__
    return SigningFailed(_why(algorithm, key, kind))


def _why(algorithm: str, key: str, kind: str) -> str:
    if algorithm.startswith("HS"):
        return f"the key does not suit {algorithm}: an HMAC algorithm takes a shared secret, not a PEM key."
    if "get_secret(" in key:
        return "the secret that holds the private key did not resolve."
    if "PUBLIC KEY" in key or "CERTIFICATE" in key:
        return f"the key is a public key: {algorithm} signs with a private key."
    if "-----BEGIN" not in key:
        return f"the key is not a PEM private key (it has no -----BEGIN line), which {algorithm} needs."
    if "\\n" in key:
        return "the key has \\n written out where its line breaks should be."
    if "ENCRYPTED" in key:
        return "the private key is protected by a passphrase, which the platform cannot give."
    return f"the private key cannot be used for {algorithm} ({kind})."
