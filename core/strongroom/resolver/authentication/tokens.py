"""Ask token endpoints for access tokens, and keep each while it is good.

Tokens are kept in memory, as on the platform (PLATFORM §5).
"""

import asyncio
import hashlib
import json
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, NamedTuple

from strongroom.resolver.network.connections import Network
from strongroom.resolver.network.sending import Answer, Outgoing, send
from strongroom.resolver.signing import Signer
from strongroom.resolver.terms.failures import RunFailed, unreachable
from strongroom.text.surrogates import encodable
from strongroom.values.secret_value import SecretValue

MARGIN_SECONDS: Final = 60
"""The last seconds of a token, in which it is not used (PLATFORM §5)."""

DEFAULT_LIFETIME: Final = 3600
"""The seconds that a token is good for when its endpoint does not say.

RFC 6749 §5.1 leaves the lifetime open.
"""


class _Kept(NamedTuple):
    token: SecretValue
    until: float


class TokenCache:
    """Keep tokens by the parts of the request that got them.

    Keys are digests of the parts, so that no credential is a key. One cache belongs to one session of runs; a
    composite's steps share it. Any thread may use it. `signer` keeps the private keys that were loaded, for
    as long.
    """

    def __init__(self) -> None:
        self._kept: dict[bytes, _Kept] = {}
        self._lock = threading.Lock()
        self.signer = Signer()

    def __repr__(self) -> str:
        return f"TokenCache({len(self._kept)} tokens)"

    def get(self, *parts: str) -> SecretValue | None:
        """Return the token for these parts, or None if none is good any more."""
        with self._lock:
            kept = self._kept.get(_digest(parts))
        return kept.token if kept is not None and time.monotonic() < kept.until else None

    def put(self, token: SecretValue, seconds: float, *parts: str) -> None:
        """Keep a token that was asked for with these parts for `seconds`."""
        if seconds > 0:
            with self._lock:
                self._kept[_digest(parts)] = _Kept(token, time.monotonic() + seconds)

    def forget(self, refused: SecretValue, *parts: str) -> None:
        """Forget the token for these parts if it is still the one that an API refused."""
        with self._lock:
            kept = self._kept.get(_digest(parts))
            if kept is not None and kept.token == refused:
                del self._kept[_digest(parts)]


def _digest(parts: tuple[str, ...]) -> bytes:
    joined = b"".join(len(part).to_bytes(8, "big") + part.encode("utf-8", "surrogatepass") for part in parts)
    return hashlib.sha256(joined).digest()


class AccessToken(NamedTuple):
    """Hold a token, and the seconds for which its endpoint says that it is good."""

    token: SecretValue
    seconds: float


class TokenRequests:
    """Hold the requests for tokens that are under way.

    Runs that need the same token at the same time share one request. One object belongs to one event loop.
    """

    def __init__(self) -> None:
        self._under_way: dict[bytes, asyncio.Task[AccessToken]] = {}

    def __repr__(self) -> str:
        return f"TokenRequests({len(self._under_way)})"

    async def once(self, ask: Callable[[], Awaitable[AccessToken]], *parts: str) -> AccessToken:
        """Return the token of the request under way for these parts, or of a new request.

        Raises what asking raises.
        """
        key = _digest(parts)
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(_awaited(ask))
            self._under_way[key] = task
            task.add_done_callback(lambda _done: self._under_way.pop(key, None))
        # One run that is cancelled must not take the token away from the others.
        return await asyncio.shield(task)

    async def aclose(self) -> None:
        """Stop what is under way."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _awaited(ask: Callable[[], Awaitable[AccessToken]]) -> AccessToken:
    return await ask()


async def ask(token_url: str, form: Mapping[str, str], network: Network, *, is_secret: bool) -> AccessToken:
    """Post a form to a token endpoint, and return the token.

    Raises `RunFailed` (502) with a plain reason if the endpoint gives none. If `is_secret`, the URL holds a
    secret, so that no sentence names its host.
    """
    from urllib.parse import urlencode

    headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")]
    body = urlencode({name: encodable(value) for name, value in form.items()}).encode()
    title = "the token endpoint" if is_secret else ""
    failure = None
    try:
        answer = await send(Outgoing("POST", token_url, headers, [], body, title), network)
    except RunFailed as error:
        reason = f"no token could be fetched: {error.failure.reason}"
        failure = unreachable(reason, is_timeout=error.failure.is_timeout)
    if failure is not None:
        raise RunFailed(failure)
    return _issued(answer)


_ERRORS: Final = {
    "invalid_client": "it does not accept the client id or the client secret",
    "invalid_grant": "it does not accept the assertion (look at the key, audience, subject and the clock)",
    "invalid_request": "it finds the request incomplete",
    "invalid_scope": "the scope is not known to it, or not granted to this client",
    "unauthorized_client": "this client may not use this grant",
    "unsupported_grant_type": "it does not support this grant",
}
"""The error codes of RFC 6749 §5.2, in plain words.

Only these words are taken from an error: its description may repeat what was sent.
"""


def _issued(answer: Answer) -> AccessToken:
    try:
        data = json.loads(answer.body)
    except ValueError:
        data = None
    given = data if isinstance(data, dict) else {}
    token = given.get("access_token")
    if 200 <= answer.status < 300 and isinstance(token, str) and token:
        return AccessToken(SecretValue(token), _seconds(given.get("expires_in")))
    code = str(given.get("error", ""))
    why = f"{code}: {_ERRORS[code]}" if code in _ERRORS else "it gave no reason that is known"
    if 200 <= answer.status < 300:
        why = "its answer has no access_token" if given else "its answer is not JSON"
    raise RunFailed(unreachable(f"the token endpoint answered {answer.status} and no token: {why}."))


def _seconds(given: object) -> float:
    try:
        return float(given)  # type: ignore[arg-type]  # whatever an endpoint sends
    except (TypeError, ValueError):
        return float(DEFAULT_LIFETIME)
