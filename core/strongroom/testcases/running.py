"""Runs test cases: many at once, within a bound, with news of each as it ends.

Two steps, since a vault belongs to the thread that opened it: `prepare` fetches what each test needs, there;
`run_cases` then runs them on any event loop. To stop, cancel the task that awaits it: what had ended by then
was told to `on_result`.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from strongroom.errors import StrongroomError
from strongroom.resolver import (
    Policy,
    RenderedRequest,
    Report,
    TokenCache,
    Values,
    render_request,
    run_connector,
)
from strongroom.resolver.values import snapshot
from strongroom.testcases.cases import Case
from strongroom.testcases.checking import check
from strongroom.testcases.connectors import Connectors
from strongroom.testcases.results import CaseResult, Outcome

AT_ONCE: Final = 16
"""How many tests run at the same time."""

ValuesOf = Callable[[str | None], tuple[str, Values]]
"""From the community that a test names (None: the one that is meant) to its name and its values."""


class Prepared(NamedTuple):
    """A test with everything that it takes to run it, or the reason why it cannot be."""

    case: Case
    community: str = ""
    connector: Mapping[str, Any] = {}
    values: Values | None = None
    problem: str = ""

    def __repr__(self) -> str:
        return f"Prepared({self.case.name!r})"


def prepare(cases: Iterable[Case], connectors: Connectors, values_of: ValuesOf) -> list[Prepared]:
    """Finds each test's connector and fetches the values that it asks for. Raises nothing for a bad test."""
    return [_prepared(case, connectors, values_of) for case in cases]


def _prepared(case: Case, connectors: Connectors, values_of: ValuesOf) -> Prepared:
    if case.skip is not None:
        return Prepared(case)
    target = connectors.find(case.connector, case.file)
    if target is None:
        way_out = connectors.suggest(case.connector)
        return Prepared(case, problem=f'There is no connector "{case.connector}" here. {way_out}'.rstrip())
    try:
        community, values = values_of(case.community)
        return Prepared(case, community, target.data, snapshot(values, target.data))
    except StrongroomError as error:
        return Prepared(case, problem=str(error))


class Run(NamedTuple):
    """What holds for all tests of one batch."""

    policy: Policy = Policy()
    at_once: int = AT_ONCE
    transport: Any = None
    """An httpx2 transport that stands in for the network."""
    on_start: Callable[[Case], None] = lambda _case: None
    on_result: Callable[[CaseResult], None] = lambda _result: None
    """Told of every result as it comes, on the loop's thread."""


async def run_cases(prepared: Sequence[Prepared], run: Run | None = None) -> list[CaseResult]:
    """The results in the order of the tests. Access tokens are shared by all of them."""
    run = run or Run()
    tokens = TokenCache()
    free = asyncio.Semaphore(max(1, run.at_once))

    async def one(item: Prepared) -> CaseResult:
        async with free:
            run.on_start(item.case)
            result = await _run_one(item, run, tokens)
        run.on_result(result)
        return result

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(item)) for item in prepared]
    return [task.result() for task in tasks]


async def _run_one(item: Prepared, run: Run, tokens: TokenCache) -> CaseResult:
    case = item.case
    if case.skip is not None:
        return CaseResult(case, Outcome.SKIPPED, reason=case.skip)
    if item.values is None:
        return CaseResult(case, Outcome.ERROR, reason=item.problem)
    started = time.perf_counter()
    report = await run_connector(
        item.connector,
        item.values,
        case.inputs,
        run.policy,
        transport=run.transport,
        community=item.community,
        tokens=tokens,
    )
    return judged(case, report, item.community, (time.perf_counter() - started) * 1000)


def judged(case: Case, report: Report, community: str, milliseconds: float) -> CaseResult:
    """The result of a run that took place."""
    mismatches = check(report, case.expect)
    outcome = Outcome.FAILED if mismatches else Outcome.PASSED
    return CaseResult(case, outcome, mismatches, report, community=community, milliseconds=milliseconds)


class DryRun(NamedTuple):
    """What a test would send; `request` is None where that cannot be said, and `problem` says why."""

    case: Case
    request: RenderedRequest | None
    problem: str = ""


def render_cases(prepared: Iterable[Prepared]) -> list[DryRun]:
    """What every test would send, without sending it. Of a composite one only that its steps exist is known."""
    return [_rendered(item) for item in prepared if item.case.skip is None]


def _rendered(item: Prepared) -> DryRun:
    if item.values is None:
        return DryRun(item.case, None, item.problem)
    return DryRun(item.case, render_request(item.connector, item.values, item.case.inputs))
