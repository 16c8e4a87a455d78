"""Run connectors as the platform does (PLATFORM §6), many at a time.

The runs share connections, tokens and the cache.
"""

import asyncio
import traceback
import uuid
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self

from strongroom.errors import StrongroomError
from strongroom.resolver.authentication import TokenCache, TokenRequests
from strongroom.resolver.composite import run_steps
from strongroom.resolver.network.cache import AnswerCache
from strongroom.resolver.network.connections import Network
from strongroom.resolver.reports.report import Report
from strongroom.resolver.reports.reporting import RunState, make_report
from strongroom.resolver.request.consent import Consent
from strongroom.resolver.running.batch import Batch, RunContext
from strongroom.resolver.running.step import Step, execute
from strongroom.resolver.templates.bounded import beside
from strongroom.resolver.templates.values import Values, snapshot
from strongroom.resolver.terms.exchange import Progress, Sender, Watch
from strongroom.resolver.terms.failures import Failure, RunFailed, scoped
from strongroom.resolver.terms.inputs import Inputs, Policy
from strongroom.resolver.terms.stand_ins import StandIns

AT_ONCE: Final = 32
"""The most runs at a time. More are not quicker, because connections are used again."""


class Runner:
    """Run connectors in one event loop.

    Use a runner as an async context manager, or call `aclose` in the end.

    `tokens` and `cache` may outlive the runner, and serve another. `sender` takes the network's place with
    recorded answers; `transport` is an httpx2 transport that does so in tests. At most `at_once` runs are
    under way; others wait, and their time has not begun. `consent` is asked before secrets go to a host.
    """

    def __init__(
        self,
        policy: Policy | None = None,
        *,
        tokens: TokenCache | None = None,
        cache: AnswerCache | None = None,
        sender: Sender | None = None,
        transport: Any = None,
        at_once: int = AT_ONCE,
        consent: Consent | None = None,
    ) -> None:
        self._places = asyncio.Semaphore(at_once)
        # Looking for echoes in a long answer takes a while: one answer at a time, since many threads at work would
        # keep the loop from what its requests wait for.
        self._reporting = asyncio.Lock()
        self._is_warm = False
        self._batch = Batch(
            Network(policy or Policy(), transport),
            TokenCache() if tokens is None else tokens,
            TokenRequests(),
            AnswerCache() if cache is None else cache,
            sender,
            consent,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close connections and stop what still asks for a token."""
        await self._batch.token_requests.aclose()
        await self._batch.network.aclose()

    async def run(
        self,
        connector: Mapping[str, Any],
        values: Values,
        inputs: Inputs | None = None,
        *,
        community: str = "",
        fresh: bool = False,
        progress: Watch | None = None,
    ) -> Report:
        """Send the connector's request, or each step's, and report.

        An error in one of them becomes a part of the report, and is not raised.

        `community` keeps the cache's answers apart and is named in explanations. `fresh` asks the API even
        where the cache has an answer. `progress` is called in this task with each stage that begins. To stop
        a run, cancel the task that awaits it.
        """
        async with self._places:
            await self._warm_up()
            return await self._run(
                connector, values, inputs, community=community, fresh=fresh, progress=progress
            )

    async def _warm_up(self) -> None:
        """Import and make what every run needs, before the first one's time begins."""
        if self._is_warm:
            return
        self._is_warm = True
        await beside(_import_engine)
        if self._batch.sender is None:
            with suppress(RunFailed):  # each run reports the failure itself
                await self._batch.network.client()

    async def _run(
        self,
        connector: Mapping[str, Any],
        values: Values,
        inputs: Inputs | None,
        *,
        community: str,
        fresh: bool,
        progress: Watch | None,
    ) -> Report:
        inputs, stand_ins = inputs or Inputs(), StandIns()
        name = str(connector.get("name") or "")
        kind = "composite" if isinstance(connector.get("steps"), list) else "connector"
        namespace = (community, kind, str(connector.get("permalink") or name))
        state = RunState(name, str(uuid.uuid4()), stand_ins, community)
        run = RunContext(stand_ins, self._batch, namespace, fresh, progress)
        fetched = snapshot(values, connector)
        try:
            if isinstance(connector.get("steps"), list):
                await run_steps(connector, fetched, inputs, run, state)
            else:
                state.steps.append(Step(connector, run))
                await execute(state.steps[-1], fetched, inputs, state.clock)
        except RunFailed as error:
            state.failure = error.failure
        except StrongroomError:
            raise
        except Exception as error:
            # A mistake of Strongroom's own. Its text and its frames may hold values: only its kind and place
            # are reported.
            state.failure = _own_mistake(error)
        state.clock.stop()
        async with self._reporting:
            report = await beside(lambda: make_report(state))
        if progress is not None:
            progress(Progress("done"))
        return report


async def run_connector(
    connector: Mapping[str, Any],
    values: Values,
    inputs: Inputs | None = None,
    policy: Policy | None = None,
    *,
    transport: Any = None,
    community: str = "",
    tokens: TokenCache | None = None,
    cache: AnswerCache | None = None,
    sender: Sender | None = None,
    fresh: bool = False,
    progress: Watch | None = None,
    consent: Consent | None = None,
) -> Report:
    """Run one connector with connections of its own (see `Runner.run`).

    `tokens` and `cache` last from one run to the next.
    """
    runner = Runner(policy, tokens=tokens, cache=cache, sender=sender, transport=transport, consent=consent)
    async with runner:
        return await runner.run(
            connector, values, inputs, community=community, fresh=fresh, progress=progress
        )


def _import_engine() -> None:
    from strongroom.resolver.templates.sandbox import rendered, sandbox

    rendered("{{ none }}", sandbox().globals)  # the engine's first template takes the longest


def _own_mistake(error: Exception) -> Failure:
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].name}, line {frames[-1].lineno}" if frames else "an unknown place"
    return scoped(500, "Strongroom", f"Strongroom itself failed ({type(error).__name__} in {place}).")
