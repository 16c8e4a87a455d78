"""Run connectors, one or all test cases. Every request of the app begins here.

Tokens and cached answers are kept from one run to the next.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from strongroom.settings.model import Settings

if TYPE_CHECKING:
    from strongroom.resolver import AnswerCache, Report, TokenCache
    from strongroom.resolver.request.consent import Consent
    from strongroom.resolver.templates.values import Values
    from strongroom.resolver.terms.exchange import Watch
    from strongroom.resolver.terms.inputs import Inputs, Policy
    from strongroom.testcases.cases import Case
    from strongroom.testcases.results import CaseResult
    from strongroom.testcases.running import Prepared


class RequestedRun(NamedTuple):
    """Hold one run that a person asked for."""

    connector: Mapping[str, Any]
    values: "Values"
    inputs: "Inputs"
    community: str
    watch: "Watch | None" = None
    fresh: bool = False
    """True to ask the API even if the cache has an answer."""


class Watcher(Protocol):
    """Follow the runs of test cases."""

    def begin(self, case: "Case") -> None: ...
    def put(self, result: "CaseResult") -> None: ...


class AppRunner:
    """Run connectors for one session, keeping tokens and answers.

    `ask` returns the consent of one run or batch: it asks before secrets go to a new host. `transport` is used in
    place of the network in tests.
    """

    def __init__(self, settings: Settings, ask: "Callable[[], Consent]", transport: Any = None) -> None:
        self.settings = settings
        self.transport = transport
        self._ask = ask
        self._tokens: TokenCache | None = None
        self._cache: AnswerCache | None = None

    @property
    def policy(self) -> "Policy":
        """Return the hosts that a run may connect to."""
        from strongroom.resolver.terms.inputs import Policy

        return Policy(self.settings.allowed_hosts, self.settings.ca_file)

    async def run(self, call: RequestedRun) -> "Report":
        """Send the connector's request and return the report. Cancel the task to stop it."""
        from strongroom.resolver import AnswerCache, TokenCache
        from strongroom.resolver.runner import run_connector

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
            consent=self._ask(),
        )

    async def run_all(self, prepared: "Sequence[Prepared]", table: "Watcher") -> "list[CaseResult]":
        """Run all test cases, many at once.

        Nothing cached is used. `table` follows the runs.
        """
        from strongroom.testcases.running import BatchOptions, run_cases

        options = BatchOptions(self.policy, transport=self.transport, consent=self._ask())
        return await run_cases(prepared, options._replace(on_start=table.begin, on_result=table.put))

    def forget(self) -> None:
        """Drop every token and answer, because they came from secrets."""
        self._tokens = self._cache = None
