"""All test cases of the folder: loaded, run, and one of their results shown in the Test place."""

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from strongroom.names import Kind, Names
from strongroom_tui.case_table import CaseTable, told
from strongroom_tui.flows.testing import notes_for, part_for
from strongroom_tui.report_lines import Line
from strongroom_tui.result import Result
from strongroom_tui.screens.all_tests import AllTests
from strongroom_tui.words import count, one_line, visible

if TYPE_CHECKING:
    from strongroom.secret_value import SecretValue
    from strongroom.testcases.cases import Case, CaseProblem
    from strongroom.testcases.connectors import Connectors
    from strongroom.testcases.loading import Loaded
    from strongroom.testcases.results import CaseResult
    from strongroom.testcases.running import Prepared
    from strongroom_tui.screens.test import TestPane
    from strongroom_tui.session import Session


class SessionValues:
    """The values of one community, read on the vault's own thread (the resolver's `Values`)."""

    def __init__(self, session: "Session", community: str, names: Names) -> None:
        self._session = session
        self._community = community
        self._names = names

    def secret(self, name: str) -> "SecretValue | None":
        """The secret's value, or None where there is no such secret."""
        entry = self._names.get(name)
        if entry is None or entry.kind is not Kind.SECRET:
            return None
        return self._session.value(self._community, name)

    def variable(self, name: str) -> str | None:
        """The variable's text, or None where there is no such variable."""
        entry = self._names.get(name)
        return entry.value if entry is not None and entry.kind is Kind.VARIABLE else None


async def run_all(pane: "TestPane") -> None:
    """Load and run them; show the result that is picked."""
    room = pane.room
    loaded, connectors = await room.in_thread(_load, room.folder)
    if loaded.problems:
        pane.view.show_lines([("✗ not run", "bad")], _problem_lines(room.folder, loaded.problems))
        return
    if not loaded.cases:
        room.say("no test cases yet · s saves the call that is shown as one")
        return
    if (
        any("get_secret" in str(target.data) for target in connectors.all)
        and not await room.ensure_unlocked()
    ):
        return
    table = CaseTable(loaded.cases)

    async def run() -> None:
        await _run(pane, table, loaded.cases, connectors)

    screen = AllTests(table, run, begins=True)
    result = await room.push_screen_wait(screen)
    if result is not None:
        await show_case(pane, result)


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


async def _run(
    pane: "TestPane", table: CaseTable, cases: "tuple[Case, ...]", connectors: "Connectors"
) -> None:
    from strongroom.testcases.running import Run, prepare, run_cases

    room, shown = pane.room, pane.room.snapshot.community

    def prepared() -> "list[Prepared]":
        known: dict[str, SessionValues] = {}

        def values_of(community: str | None) -> tuple[str, SessionValues]:
            chosen = community or shown
            if chosen not in known:
                known[chosen] = SessionValues(room.session, chosen, room.session.names(chosen))
            return chosen, known[chosen]

        return prepare(cases, connectors, values_of)

    ready = await room.vault_call(prepared)
    run = Run(pane.bench.policy, transport=pane.bench.transport, on_start=table.begin, on_result=table.put)
    results = await run_cases(ready, run)
    await room.in_thread(_keep, room.folder, results)


def _keep(folder: str, results: "list[CaseResult]") -> None:
    """Capture every run, so that it can be compared; a folder that cannot be written stays without them."""
    from strongroom.resolver.capture import prune_captures, save_capture

    with suppress(OSError):
        for result in results:
            if result.report is not None:
                save_capture(
                    folder,
                    result.report,
                    community=result.community,
                    test=result.case.name,
                    outcome=result.outcome.value,  # a test may expect a failure
                    keep=None,
                )
        prune_captures(folder)


async def show_case(pane: "TestPane", result: "CaseResult") -> None:
    """A test's run in the Test place: what was expected above the explanation."""
    room, case = pane.room, result.case
    found = [t for t in room.workspace.targets if case.connector in (t.permalink, t.name)]
    if found:
        pane.remembered.put(found[0].file, found[0].name, _typed(case))
        pane.target = None
        await pane.choose(found[0])
    lines: list[Line] = [[("Test  ", "muted"), (one_line(case.name), "strong")]]
    lines += [[("✗ ", "bad"), (visible(str(mismatch)), "")] for mismatch in result.mismatches]
    if result.report is None:
        pane.view.show_lines([(f"✗ {result.outcome.value}", "bad")], [*lines, [(visible(told(result)), "")]])
    else:
        notes = [*lines, [], *notes_for(pane, result.report)]
        made = await room.in_thread(Result, result.report, notes, f"test {one_line(case.name)[:24]}")
        pane.view.show(made, "Explain" if result.mismatches else part_for(result.report))
    pane.view.shown.focus()
    if result.mismatches:
        room.say(count(len(result.mismatches), "expectation") + " not met")


def _typed(case: "Case") -> dict[str, str]:
    """The case's inputs as somebody would have typed them, as far as that is possible."""
    from urllib.parse import urlencode

    inputs = case.inputs
    return {
        **{f"path:{name}": value for name, value in inputs.path_parameters.items()},
        **{f"query:{name}": value for name, value in inputs.query.items()},
        **{f"header:{name}": value for name, value in inputs.headers.items()},
        "query": urlencode(dict(inputs.query)),
        "payload": inputs.payload_text(),
    }
