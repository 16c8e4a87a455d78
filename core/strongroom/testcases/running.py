"""Run test cases: many at once, within a bound, with news of each as it ends.

There are two steps, because a vault belongs to the thread that opened it. `prepare` fetches the values that each test
needs, on that thread. `run_cases` then runs the tests on any event loop. To stop, cancel the task that awaits it:
`on_result` has got every test that had ended by then.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from strongroom.errors import StrongroomError
from strongroom.names import Names
from strongroom.resolver import (
    NO_VALUES,
    MappingValues,
    Policy,
    Report,
    Runner,
    Values,
    run_connector,
)
from strongroom.resolver.reports.recording import NotingValues, Replayer, read_recording, write_recording
from strongroom.resolver.request.consent import Consent
from strongroom.resolver.templates.bounded import TooSlow, beside
from strongroom.resolver.templates.values import snapshot
from strongroom.testcases.cases import Case
from strongroom.testcases.checking import Mismatch, check
from strongroom.testcases.connectors import Connectors, SeveralMeant, Target
from strongroom.testcases.results import CaseResult, Outcome

AT_ONCE: Final = 32
"""The most tests that run at the same time."""

CHECK_SECONDS: Final = 5.0
"""The seconds that all expectations of one test may take."""

ValuesOf = Callable[[str | None], tuple[str, Values]]
"""Returns a community's name and its values, given the community of a test.

None means the community that is meant.
"""


class Prepared(NamedTuple):
    """Hold a test with its run's connector and values, or why it cannot run."""

    case: Case
    community: str = ""
    connector: Mapping[str, Any] = {}
    values: MappingValues = NO_VALUES
    problem: str = ""

    def __repr__(self) -> str:
        return f"Prepared({self.case.name!r})"


def prepare(
    cases: Iterable[Case], connectors: Connectors, values_of: ValuesOf | None = None
) -> list[Prepared]:
    """Find each test's connector and fetch the values that it asks for.

    Raises nothing for a bad test. Without `values_of` nothing resolves, which is enough for a replay.
    """
    return [_prepared(case, connectors, values_of) for case in cases]


def _prepared(case: Case, connectors: Connectors, values_of: ValuesOf | None) -> Prepared:
    if case.skip is not None:
        return Prepared(case)
    try:
        target = connectors.find(case.connector, case.file)
    except SeveralMeant as error:
        return Prepared(case, problem=str(error))
    if target is None:
        way_out = connectors.suggest(case.connector)
        return Prepared(case, problem=f'No connector here is named "{case.connector}". {way_out}'.rstrip())
    return with_values(case, target, values_of)


def with_values(case: Case, target: Target, values_of: ValuesOf | None) -> Prepared:
    """Return a test of a found connector, with the values that it asks for."""
    if values_of is None:
        return Prepared(case, case.community or "", target.data)
    try:
        community, values = values_of(case.community)
        fetched = snapshot(values, target.data)
    except StrongroomError as error:
        return Prepared(case, problem=str(error))
    # A source that cannot list its values is asked for each while the run lasts.
    held = fetched if isinstance(fetched, MappingValues) else NotingValues(fetched)
    return Prepared(case, community, target.data, held)


class BatchOptions(NamedTuple):
    """Hold the options of all tests of one batch."""

    policy: Policy = Policy()
    at_once: int = AT_ONCE
    record: bool = False
    """Write the answers of the APIs to each test's recording."""
    replay: bool = False
    """Take the answers from the recordings: nothing is sent, and no value is needed."""
    names: Names | None = None
    """Names that resolve in a replay although they were not recorded."""
    consent: Consent | None = None
    """The consent that is asked before secrets go to a host."""
    transport: Any = None
    """An httpx2 transport in the place of the network."""
    on_start: Callable[[Case], None] = lambda _case: None
    on_result: Callable[[CaseResult], None] = lambda _result: None
    """Called with every result as it comes, on the loop's thread."""


async def run_cases(prepared: Sequence[Prepared], options: BatchOptions | None = None) -> list[CaseResult]:
    """Return the results in the order of the tests.

    Connections and access tokens are shared by all of them. Every test asks its API: answers that are kept (PLATFORM
    §6) are not used.
    """
    options = options or BatchOptions()
    free = asyncio.Semaphore(max(1, options.at_once))

    async def one(item: Prepared, runner: Runner) -> CaseResult:
        async with free:
            options.on_start(item.case)
            result = await _run_one(item, options, runner)
        options.on_result(result)
        return result

    async with (
        Runner(options.policy, transport=options.transport, consent=options.consent) as runner,
        asyncio.TaskGroup() as group,
    ):
        tasks = [group.create_task(one(item, runner)) for item in prepared]
    return [task.result() for task in tasks]


async def _run_one(item: Prepared, options: BatchOptions, runner: Runner) -> CaseResult:
    case = item.case
    if case.skip is not None:
        return CaseResult(case, Outcome.SKIPPED, reason=case.skip)
    if item.problem:
        return CaseResult(case, Outcome.ERROR, reason=item.problem, community=item.community)
    started = time.perf_counter()
    try:
        report = await (_replay(item, options) if options.replay else _real(item, options, runner))
    except (StrongroomError, OSError) as error:
        unread = f"The recording cannot be read: {error.strerror}." if isinstance(error, OSError) else ""
        reason = unread or str(error)
        return CaseResult(case, Outcome.ERROR, reason=reason, community=item.community)
    milliseconds = (time.perf_counter() - started) * 1000
    return await _checked(case, report, item.community, milliseconds)


async def _real(item: Prepared, options: BatchOptions, runner: Runner) -> Report:
    values = NotingValues(item.values)
    report = await runner.run(item.connector, values, item.case.inputs, community=item.community, fresh=True)
    # A call that was refused before it was made is reported again by itself. An outage is not kept.
    if options.record and (report.exchanges or (report.status or 500) < 500):
        write_recording(
            item.case.recorded, report.exchanges, values, test=item.case.name, community=item.community
        )
    return report


async def _replay(item: Prepared, options: BatchOptions) -> Report:
    recording = read_recording(item.case.recorded)
    return await run_connector(
        item.connector,
        recording.values(_names_for(item.community, options.names)),
        item.case.inputs,
        options.policy,
        sender=Replayer(recording),
        community=item.community or recording.community,
    )


def _names_for(community: str, names: Names | None) -> Names | None:
    if names is None or not community or names.community == community:
        return names
    return next((other for other in names.others if other.community == community), None)


async def _checked(case: Case, report: Report, community: str, milliseconds: float) -> CaseResult:
    """Return the result of a run that took place.

    Its expectations are checked beside the loop, because they may take a while.
    """
    if report.withheld:  # nothing was sent, so a test that expects a failure must not pass
        return CaseResult(case, Outcome.ERROR, (), report, report.reason, community, milliseconds)
    try:
        mismatches = await beside(lambda: check(report, case.expect), CHECK_SECONDS)
    except TooSlow:
        expected = f"to be checked within {CHECK_SECONDS:g} seconds"
        mismatches = (Mismatch("the expectations", expected, "they took longer; make them simpler"),)
    outcome = Outcome.FAILED if mismatches else Outcome.PASSED
    return CaseResult(case, outcome, mismatches, report, community=community, milliseconds=milliseconds)
