"""Run all test cases of the folder, and show one of their results."""

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from strongroom.errors import StrongroomError
from strongroom.text.phrases import counted
from strongroom_tui.backend.runner import AppRunner
from strongroom_tui.backend.session_values import SessionValues
from strongroom_tui.dialogs.all_tests import AllTests
from strongroom_tui.flows.runs.keeping import held_inputs, run_data
from strongroom_tui.flows.runs.testing import may_run
from strongroom_tui.flows.runs.unresolved import make_result
from strongroom_tui.frame.workers import Group, start
from strongroom_tui.model.connectors.workspace_view import RunTarget
from strongroom_tui.model.runs.case_table import CaseTable, reason
from strongroom_tui.model.runs.report_lines import Line
from strongroom_tui.model.runs.result import Result
from strongroom_tui.model.runs.run import Run, digest_of
from strongroom_tui.model.runs.run_inputs import fields_for
from strongroom_tui.model.text.words import one_line, visible

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from strongroom.testcases.cases import Case, CaseProblem
    from strongroom.testcases.connectors import Connectors
    from strongroom.testcases.loading import Loaded
    from strongroom.testcases.results import CaseResult
    from strongroom.testcases.running import Prepared
    from strongroom_tui.host import Host


class Mistakes(StrongroomError):  # noqa: N818 reads as what it says
    """Report mistakes in files of test cases, which `lines` shows."""

    def __init__(self, lines: list[Line]) -> None:
        super().__init__("The files of test cases have mistakes.", "Mend them, then run all again.")
        self.lines = lines


class AllRun(NamedTuple):
    """Hold all test cases, their results and the community they run in."""

    table: CaseTable
    community: str
    targets: dict[int, RunTarget]
    """The connector that each case was run with, by the case's identity."""


async def load_all(host: "Host") -> AllRun | None:
    """Read the test cases. Return None if there are none. Raises `Mistakes`."""
    run = AllRun(CaseTable(()), host.snapshot.community, {})
    connectors = await _read_again(host, run)
    if not run.table.cases:
        host.say("no test cases yet · s saves the call that is shown as one")
        return None
    return run if await may_run(host, [target.data for target in connectors.all]) else None


async def show_all(host: "Host", runner: AppRunner, run: AllRun, *, begins: bool) -> "CaseResult | None":
    """Show the list and return the picked result. With `begins`, run all tests."""

    async def again() -> None:
        results = await run_all(host, runner, run)
        # Of the app, not of the dialog: a result may be picked, or the list left, while runs are saved.
        start(cast("DOMNode", host), Group.KEEP, _keep_all, host, run, results)

    result: CaseResult | None = await host.push_screen_wait(
        AllTests(run.table, again, begins=begins, community=run.community)
    )
    return result


async def run_all(host: "Host", runner: AppRunner, run: AllRun) -> "list[CaseResult]":
    """Read cases and connectors as they are now, run them and return the results.

    All values are frozen before the first request is sent.
    """
    from strongroom.testcases.running import prepare

    connectors = await _read_again(host, run)
    if not await may_run(host, [target.data for target in connectors.all]):
        return []
    table = run.table

    def prepared() -> "list[Prepared]":
        known: dict[str, SessionValues] = {}

        def values_of(community: str | None) -> tuple[str, SessionValues]:
            chosen = community or run.community
            if chosen not in known:
                known[chosen] = SessionValues(host.session, chosen, host.session.names(chosen))
            return chosen, known[chosen]

        return prepare(table.cases, connectors, values_of)

    ready = await host.vault_call(prepared)
    return await runner.run_all(ready, table)


async def _keep_all(host: "Host", run: AllRun, results: "list[CaseResult]") -> None:
    """Save the runs, and their inputs except those that hold a secret's value."""
    runs = [case_run(run, result) for result in results]
    held = await held_inputs(host, run.community, [one.typed for one in runs])
    data = [run_data(one, keys) for one, keys in zip(runs, held, strict=True)]
    await host.in_thread(_keep, host.folder, list(zip(results, data, strict=True)))


async def _read_again(host: "Host", run: AllRun) -> "Connectors":
    loaded, connectors = await host.in_thread(_load, host.folder)
    if loaded.problems:
        raise Mistakes(_problem_lines(host.folder, loaded.problems))
    run.table.load(loaded.cases)
    run.targets.clear()
    for case in loaded.cases:
        meant = connectors.meant(case.connector, case.file)
        if len(meant) == 1:
            found = meant[0]
            file = os.path.relpath(found.path, host.folder).replace(os.sep, "/")
            run.targets[id(case)] = RunTarget(
                found.name, found.permalink, file, found.is_composite, found.data
            )
    return connectors


def _problem_lines(folder: str, problems: "Sequence[CaseProblem]") -> list[Line]:
    lines: list[Line] = []
    for problem in problems:
        place = f"{os.path.relpath(problem.file, folder)}:{problem.line}:{problem.column}"
        lines += [[(one_line(place), "accent")], [(one_line(problem.message), "")]]
        lines += [[(one_line(problem.way_out), "muted")]] if problem.way_out else []
        lines.append([])
    return lines


def _load(folder: str) -> "tuple[Loaded, Connectors]":
    from strongroom.testcases.connectors import Connectors
    from strongroom.testcases.loading import find_test_files, load

    return load(find_test_files(folder)), Connectors.of_folder(folder)


def _keep(folder: str, results: "list[tuple[CaseResult, dict[str, Any]]]") -> None:
    """Capture every run, so that it can be compared, if the folder can be written."""
    from strongroom.resolver.reports.capture import prune_captures, save_capture

    with suppress(OSError):
        for result, run in results:
            if result.report is not None:
                save_capture(
                    folder,
                    result.report,
                    community=result.community,
                    test=result.case.name,
                    outcome=result.outcome.value,  # a test may expect a failure
                    run=run,
                    keep=None,
                )
        prune_captures(folder)


def case_run(run: AllRun, result: "CaseResult") -> Run:
    """Return the run of a test case, with the connector and community that it had."""
    case = result.case
    target = run.targets.get(id(case)) or RunTarget(case.connector, "", "", False, {})
    return Run(
        target,
        result.community or case.community or run.community,
        typed_of(case, target),
        case.inputs,
        digest=digest_of(target.data) if target.data else "",
        label=f"test {one_line(case.name)}",
    )


class CaseShown(NamedTuple):
    """Hold a test's run for the Test tab. `lines` say why a run has no `result`."""

    run: Run
    result: Result | None
    lines: list[Line]
    outcome: str
    said: str = ""


async def show_case(host: "Host", run: AllRun, result: "CaseResult") -> CaseShown:
    """Return what is shown of a test's result: expectations above the explanation."""
    of = case_run(run, result)
    lines: list[Line] = [[("Test  ", "muted"), (one_line(result.case.name), "strong")]]
    lines += [[("✗ ", "bad"), (visible(str(mismatch)), "")] for mismatch in result.mismatches]
    outcome = f"✗ {result.outcome.value}"
    if result.report is None:
        return CaseShown(of, None, [*lines, [(visible(reason(result)), "")]], outcome)
    names = await host.vault_call(host.session.names, of.community)
    made = await host.in_thread(make_result, result.report, of, names, [*lines, []])
    said = counted(len(result.mismatches), "expectation") + " not met" if result.mismatches else ""
    return CaseShown(of, made, lines, outcome, said)


def typed_of(case: "Case", target: RunTarget) -> dict[str, str]:
    """Return the case's inputs as text for the fields that the form has."""
    from urllib.parse import urlencode

    from strongroom.testcases.typed_inputs import as_plain_text, user_words

    inputs = case.inputs
    typed = {
        **{f"path:{name}": value for name, value in inputs.path_parameters.items()},
        **{f"query:{name}": value for name, value in inputs.query.items()},
        **{f"header:{name}": value for name, value in inputs.headers.items()},
        "query": urlencode(dict(inputs.query)),
        "user": user_words(inputs.user),
        "payload": as_plain_text(inputs.payload_text()),
    }
    fields = {field.key for field in fields_for(target)}
    return {key: text for key, text in typed.items() if key in fields}
