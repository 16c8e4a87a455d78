"""Pick an earlier run, and read its result."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from strongroom.errors import StrongroomError
from strongroom_tui.dialogs.run_history import Entries, RunHistory
from strongroom_tui.flows.runs.unresolved import make_result
from strongroom_tui.model.connectors.workspace_view import RunTarget
from strongroom_tui.model.runs.captured import CapturedReport
from strongroom_tui.model.runs.result import Result
from strongroom_tui.model.runs.run import Run
from strongroom_tui.model.text.words import age

if TYPE_CHECKING:
    from strongroom_tui.host import Host

MOST = 200
"""Runs in the list. As many are kept."""


async def pick_run(host: "Host", connector: str) -> Result | None:
    """Ask for an earlier run, and return its result, if any.

    The runs of `connector` are first.
    """
    from strongroom.resolver import load_capture
    from strongroom.resolver.reports.capture import recent_captures

    entries = await host.in_thread(recent_captures, host.folder, None, MOST)

    def load(name: str | None) -> Entries:
        return [e for e in entries if name is None or name in (e.connector, e.test)]

    path = await host.push_screen_wait(RunHistory(load, connector, host.clock()))
    if path is None:
        return None
    try:
        report = CapturedReport(await host.in_thread(load_capture, path))
    except (OSError, ValueError) as error:
        raise StrongroomError("That run cannot be read any more.", "It may have been removed.") from error
    ago = age(report.saved, host.clock())
    run = run_of(report, host.workspace.targets, "just now" if ago == "now" else f"{ago} ago")
    names = await host.vault_call(host.session.names, run.community)
    return await host.in_thread(make_result, report, run, names)


def run_of(report: CapturedReport, targets: Sequence[RunTarget], label: str) -> Run:
    """Return the run that a capture is of.

    The run's connector is found by its file. Older captures have no file. Then the connector is the only one of
    that name. A connector that is gone still has its name.
    """
    of_kind = [target for target in targets if target.is_composite == report.is_composite]
    named = [target for target in of_kind if target.name == report.connector]
    found = [target for target in named if target.file == report.file]
    if not report.file:
        found = named if len(named) == 1 else []
    gone = RunTarget(report.connector, report.permalink, report.file, report.is_composite, {})
    return Run(
        found[0] if found else gone,
        report.community,
        report.inputs or {},
        digest=report.digest,
        dropped=report.dropped if report.inputs is not None else ("all of them",),
        label=label,
    )
