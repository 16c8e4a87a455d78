"""Sign JSON Web Tokens (RFC 7519) by the platform's 13 algorithms (PLATFORM §5)."""

import hashlib
import warnings
from collections.abc import Mapping
from typing import Any, NamedTuple

from strongroom.platform.authentication import ALGORITHMS
from strongroom.text.surrogates import has_half


class SigningFailed(NamedTuple):
    """Hold the reason why a token cannot be signed, in words that hold no key."""

    reason: str


class Signer:
    """Sign tokens, and keep each private key that was loaded.

    Reading an RSA key takes 40 ms. A signer lives as long as the `TokenCache` that holds it. Any thread may
    use it: two that load the same key at once both get it.
    """

    def __init__(self) -> None:
        self._loaded: dict[bytes, Any] = {}

    def __repr__(self) -> str:
        return f"Signer({len(self._loaded)} keys)"

    def sign(
        self,
        claims: Any,
        key: Any,
        algorithm: str = "RS256",
        headers: Mapping[str, Any] | None = None,
        *,
        is_resolved: bool = True,
    ) -> str | SigningFailed:
        """Return a signed token, or the reason why there is none.

        Never raises: errors of key parsers may hold the key.

        `is_resolved` is False where a part of the key is an expression that did not resolve.
        """
        if algorithm not in ALGORITHMS:
            return SigningFailed(f"the algorithm is not one of {', '.join(ALGORITHMS)}.")
        if not isinstance(claims, Mapping):
            return SigningFailed("the claims are not an object.")
        if not isinstance(key, str) or not key.strip():
            return SigningFailed("the key is empty.")
        if has_half(key):
            return SigningFailed("the key holds half of a surrogate pair, which is not a character.")
        import jwt

        # The warning says how long the key is, and would be printed over a screen.
        warnings.filterwarnings("ignore", category=jwt.InsecureKeyLengthWarning)
        # PyJWT takes the algorithm from the headers if they name one; it is the config that names it.
        more = {name: value for name, value in (headers or {}).items() if name != "alg"}
        try:
            loaded = self._load(key, algorithm)
            return jwt.encode(dict(claims), loaded, algorithm=algorithm, headers=more)
        except Exception as error:  # parsers of keys raise many kinds
            kind = type(error).__name__
        return SigningFailed(_why(algorithm, key, kind, is_resolved=is_resolved))

    def _load(self, key: str, algorithm: str) -> Any:
        """Return the key as PyJWT takes it without parsing it.

        A shared secret stays as it is.
        """
        if algorithm.startswith("HS"):
            return key
        import jwt

        digest = hashlib.sha256(f"{algorithm}\0{key}".encode("utf-8", "surrogatepass")).digest()
        if digest not in self._loaded:
            self._loaded[digest] = jwt.get_algorithm_by_name(algorithm).prepare_key(key)
        return self._loaded[digest]


class _Unsigned(Signer):
    """Give a fixed text in place of each token, for runs whose answers are recorded."""

    def sign(
        self,
        claims: Any,  # noqa: ARG002
        key: Any,  # noqa: ARG002
        algorithm: str = "RS256",
        headers: Mapping[str, Any] | None = None,  # noqa: ARG002
        *,
        is_resolved: bool = True,  # noqa: ARG002
    ) -> str | SigningFailed:
        """Return a text that no API takes for a token."""
        if algorithm not in ALGORITHMS:
            return SigningFailed(f"the algorithm is not one of {', '.join(ALGORITHMS)}.")
        return "recorded-answers-need-no-token"


UNSIGNED = _Unsigned()
"""The signer of runs whose answers are recorded. It holds no key and no state."""


def _why(algorithm: str, key: str, kind: str, *, is_resolved: bool) -> str:
    if algorithm.startswith("HS"):
        return f"the key does not suit {algorithm}: an HMAC algorithm takes a shared secret, not a PEM key."
    if not is_resolved:
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
