"""Find the missing names that a run did not resolve, and make the first one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from strongroom.document.template_facts import asked_names
from strongroom.names import Kind, Knowledge, Names
from strongroom_tui.flows.making import make_missing
from strongroom_tui.model.runs.report_lines import Line, ReportLike
from strongroom_tui.model.runs.result import Result
from strongroom_tui.model.runs.run import Run
from strongroom_tui.model.text.words import one_line, visible

if TYPE_CHECKING:
    from strongroom_tui.host import Host


def make_result(report: ReportLike, run: Run, names: Names, above: Sequence[Line] = ()) -> Result:
    """Return a run's result, with `above` and missing names above its explanation.

    Reads the whole body, so it belongs in a thread.
    """
    return Result(report, [*above, *_notes(run, report, names)], run)


def missing_names(unresolved: Sequence[str], names: Names) -> list[tuple[str, Kind]]:
    """Return the names in unresolved expressions that `names` does not have.

    Each has the kind that it is read as.
    """
    if names.knowledge is Knowledge.NONE:
        return []
    asked = dict.fromkeys(pair for expression in unresolved for pair in asked_names(expression))
    return [(name, kind) for name, kind in asked if names.get(name) is None]


def _notes(run: Run, report: ReportLike, names: Names) -> list[Line]:
    """Return lines with the missing names, and the key that makes the first one."""
    community = one_line(run.community)
    lines: list[Line] = []
    for number, (name, kind) in enumerate(missing_names(report.unresolved, names)):
        lines.append(
            [("✗ ", "bad"), (f"{community} has no {kind.value} named ", ""), (visible(name), "strong")]
        )
        if not number:
            lines.append([("m ", "key"), ("makes it and runs the test again", "")])
    return [*lines, []] if lines else []


async def make_name(host: "Host", result: Result | None) -> bool:
    """Make the first missing name in the run's community. Return True once made."""
    run = result.run if result is not None else None
    if result is None or run is None:
        host.say("run the test first")
        return False
    names = await host.vault_call(host.session.names, run.community)
    missing = missing_names(result.report.unresolved, names)
    if not missing:
        host.say("every name resolves")
        return False
    name, kind = missing[0]
    return await make_missing(host, name, kind, run.community)
