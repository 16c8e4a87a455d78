"""Where connectors are run: tokens and cached answers are kept from one run to the next, and each run is captured."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from strongroom.settings import Settings

if TYPE_CHECKING:
    from strongroom.resolver import AnswerCache, Report, TokenCache
    from strongroom.resolver.exchange import Watch
    from strongroom.resolver.inputs import Inputs, Policy
    from strongroom.resolver.values import Values


class Call(NamedTuple):
    """One run that is asked for."""

    connector: Mapping[str, Any]
    values: "Values"
    inputs: "Inputs"
    community: str
    watch: "Watch | None" = None
    fresh: bool = False
    """Ask the API even where the cache has an answer."""


class Bench:
    """The runs of one session. `transport` stands in for the network in tests."""

    def __init__(self, settings: Settings, transport: Any = None) -> None:
        self.settings = settings
        self.transport = transport
        self._tokens: TokenCache | None = None
        self._cache: AnswerCache | None = None

    @property
    def policy(self) -> "Policy":
        """Where a run may connect to."""
        from strongroom.resolver.inputs import Policy

        return Policy(self.settings.allowed_hosts, self.settings.ca_file)

    async def run(self, call: Call) -> "Report":
        """Send the connector's request, and report. Cancel the task to stop it."""
        from strongroom.resolver import AnswerCache, TokenCache
        from strongroom.resolver.runner import run_connector

        await asyncio.to_thread(_import_ahead)
        self._tokens = self._tokens or TokenCache()
        self._cache = self._cache or AnswerCache()
        return await run_connector(
            call.connector,
            call.values,
            call.inputs,
            self.policy,
            transport=self.transport,
            community=call.community,
            tokens=self._tokens,
            cache=self._cache,
            progress=call.watch,
            fresh=call.fresh,
        )

    def forget(self) -> None:
        """Drop every token and answer: they came from secrets."""
        self._tokens = self._cache = None


def _import_ahead() -> None:
    """Import what the first run would, whose time would count as the API's."""
    import httpx2  # noqa: F401

    import strongroom.resolver.sandbox
    import strongroom.resolver.transport  # noqa: F401
