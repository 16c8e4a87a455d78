"""Run one connector with the values and inputs of the moment."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from strongroom.document.template_facts import reads_name
from strongroom.names import Kind
from strongroom.resolver.templates.values import snapshot
from strongroom_tui.backend.runner import AppRunner, RequestedRun
from strongroom_tui.backend.session import VaultSession
from strongroom_tui.backend.session_values import SessionValues
from strongroom_tui.flows.runs.keeping import held_inputs
from strongroom_tui.flows.runs.unresolved import make_result
from strongroom_tui.model.runs.report_lines import PARTS, ReportLike
from strongroom_tui.model.runs.result import Result
from strongroom_tui.model.runs.run import Run, digest_of, state_of
from strongroom_tui.model.runs.run_inputs import to_inputs

if TYPE_CHECKING:
    from strongroom.resolver.templates.values import Values
    from strongroom.resolver.terms.exchange import Watch
    from strongroom_tui.host import Host


async def may_run(host: "Host", connectors: Sequence[Mapping[str, Any]]) -> bool:
    """Unlock the vault if a connector needs it. Return True if all may run.

    Every run in the app begins here.
    """
    return not any(map(needs_key, connectors)) or await host.ensure_unlocked()


def needs_key(connector: Mapping[str, Any]) -> bool:
    """Return True if a run reads a secret's value."""
    return reads_name(connector, Kind.SECRET.function)


class Frozen(NamedTuple):
    """Hold a run and its values until the run has ended."""

    run: Run
    values: "Values"

    def __repr__(self) -> str:
        return f"Frozen({self.run.title!r})"


async def freeze(host: "Host", run: Run) -> Frozen:
    """Add to a run what its inputs and its community's values are at this moment."""
    inputs = await host.in_thread(to_inputs, run.typed, host.folder)
    return await host.vault_call(_with_values, host.session, run._replace(inputs=inputs))


def _with_values(session: VaultSession, run: Run) -> Frozen:
    connector = run.target.data
    names = session.names(run.community)
    source = SessionValues(session, run.community, names, with_secrets=needs_key(connector))
    values = snapshot(source, connector)
    states = {name: state_of(session.find(run.community, name)) for name in source.asked}
    return Frozen(run._replace(names=names, states=states, digest=digest_of(connector)), values)


class EndedRun(NamedTuple):
    """Hold the result of a run, and the inputs that hold a secret's value."""

    result: Result
    held: frozenset[str]


async def run_test(
    host: "Host",
    runner: AppRunner,
    run: Run,
    *,
    fresh: bool,
    begins: Callable[[Run], None],
    watch: "Watch",
) -> EndedRun | None:
    """Send a run and return its result, or None if the vault stays locked.

    `begins` gets the frozen run before anything is sent, `watch` the progress. Raises `StrongroomError` for an
    error before anything is sent.
    """
    if not await may_run(host, [run.target.data]):
        return None
    run, values = await freeze(host, run)
    begins(run)
    looking = asyncio.ensure_future(held_inputs(host, run.community, [run.typed]))
    assert run.inputs is not None
    if host.run_connector is not None:
        report = await host.run_connector(run.target.data, values, run.inputs, host.settings)
    else:
        report = await runner.run(
            RequestedRun(run.target.data, values, run.inputs, run.community, watch, fresh)
        )
    result = await host.in_thread(make_result, report, run, run.names)
    (held,) = await looking
    return EndedRun(result, held)


def part_for(report: ReportLike) -> str:
    """Return the part to show: the answer of a success, or why a failure failed."""
    return PARTS[0] if report.passed else "Explain"
