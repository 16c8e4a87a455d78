"""Hold the connections that the runs of one batch share.

They are made when the first request goes out, and kept until they are closed. They belong to one event loop.
The HTTP library is imported when it is first needed.
"""

import asyncio
import ssl
from typing import TYPE_CHECKING, Any

from strongroom.resolver.terms.failures import RunFailed, unreachable
from strongroom.resolver.terms.inputs import Policy

if TYPE_CHECKING:
    import httpx2


class Network:
    """Send requests by one policy.

    `transport` is an httpx2 transport that tests put in the network's place.
    """

    def __init__(self, policy: Policy, transport: Any = None) -> None:
        self.policy = policy
        self._transport = transport
        self._client: httpx2.AsyncClient | None = None

    def __repr__(self) -> str:
        return "Network()"

    async def client(self) -> "httpx2.AsyncClient":
        """Return the client.

        Raises `RunFailed` if the file of certificate authorities is unusable.
        """
        if self._client is None:
            transport = self._transport
            if transport is None:
                from strongroom.resolver.network.transport import CheckedTransport

                transport = CheckedTransport(self.policy, await asyncio.to_thread(_trusted, self.policy))
            if self._client is None:  # another run may have made the client meanwhile
                from http.cookiejar import CookieJar, DefaultCookiePolicy

                import httpx2

                self._client = httpx2.AsyncClient(
                    transport=transport,
                    trust_env=False,
                    timeout=None,
                    follow_redirects=False,
                    # A cookie of one run must not go out with the next one's request.
                    cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
                )
        return self._client

    async def aclose(self) -> None:
        """Close every connection."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()


def _trusted(policy: Policy) -> ssl.SSLContext:
    from strongroom.resolver.network.transport import trust

    try:
        return trust(policy.ca_file)
    except FileNotFoundError:
        problem = "does not exist"
    except OSError:
        problem = "cannot be used"
    reason = f"the file of certificate authorities {policy.ca_file} (ca-file in strongroom.toml) {problem}."
    raise RunFailed(unreachable(reason))
