"""Run a connector in the Test tab, and show what a run came to."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual.worker import Worker

from strongroom.errors import StrongroomError
from strongroom_tui.backend.runner import AppRunner
from strongroom_tui.frame.actions import Tab
from strongroom_tui.frame.workers import Group, start
from strongroom_tui.model.connectors.workspace_view import RunTarget
from strongroom_tui.model.runs.remembered import RememberedInputs
from strongroom_tui.model.runs.report_lines import Line, Piece
from strongroom_tui.model.runs.result import Result
from strongroom_tui.model.runs.run import Present, Run, changes, is_same, state_of
from strongroom_tui.model.text.words import one_line
from strongroom_tui.tabs.call import CallForm
from strongroom_tui.tabs.tab_pane import TabPane
from strongroom_tui.vault_state import VaultState
from strongroom_tui.widgets.result_view import ResultView

if TYPE_CHECKING:
    from strongroom.resolver.terms.exchange import Progress
    from strongroom_tui.flows.runs.running_all import AllRun

_BEFORE: tuple[Line, ...] = (
    [("⏎  ", "key"), ("runs the test", "")],
    [("p  ", "key"), ("picks another connector", "")],
    [("i  ", "key"), ("goes to the inputs", "")],
    [("H  ", "key"), ("shows earlier runs", "")],
    [("A  ", "key"), ("runs all test cases", "")],
)
_NOTHING: tuple[Line, ...] = (
    [("There is nothing to test yet.", "")],
    [],
    [("No connector file was found in this folder:", "muted")],
    [("Connectors (2) says where Strongroom looks.", "muted")],
)
TICK_SECONDS = 0.1
"""Seconds from one notice of a running test's time to the next."""

STAGES = {
    "render": "filling in the templates",
    "authenticate": "getting a token",
    "call": "waiting for the answer",
    "transform": "making the answer",
}


class RunPane(TabPane):
    """Hold a connector, whose call is in the form, and a run, whose result is shown.

    The run (`shown`) may be of another connector or community, or older. Then the head of the result says so.
    """

    def __init__(self) -> None:
        super().__init__(id=Tab.TEST.value)
        self.target: RunTarget | None = None
        self.is_gone = False
        """True once the connector is not in its file any more.

        The connector stays, so that no other is run.
        """
        self.shown: Run | None = None
        """Run that is shown, under way or with its result."""
        self._is_late = False
        self._runner: AppRunner | None = None
        self._remembered: RememberedInputs | None = None
        self._worker: Worker[None] | None = None
        self._is_sent = False
        self._all: AllRun | None = None
        self._began = 0.0
        self._stage = ""

    @property
    def form(self) -> CallForm:
        """Return the form with the call."""
        return self.query_one(CallForm)

    @property
    def view(self) -> ResultView:
        """Return what shows the result."""
        return self.query_one(ResultView)

    @property
    def runner(self) -> AppRunner:
        """Return what runs connectors."""
        if self._runner is None:
            from strongroom_tui.flows.runs.agreeing import consent_of

            self._runner = AppRunner(self.host.settings, lambda: consent_of(self.host))
        return self._runner

    @property
    def remembered(self) -> RememberedInputs:
        """Return the inputs of earlier calls."""
        if self._remembered is None:
            self._remembered = RememberedInputs(self.host.folder)
        return self._remembered

    @property
    def result(self) -> Result | None:
        """Return the result that is shown."""
        return self.view.result

    @property
    def is_testing(self) -> bool:
        """Return True while a test is under way."""
        return self._worker is not None and not self._worker.is_finished

    def forget(self) -> None:
        """Drop tokens and answers, and send nothing more: the vault was locked."""
        if self._runner is not None:
            self._runner.forget()
        if self.is_testing and self._is_sent:
            self._stop("The vault was locked, so the test was cancelled; the request may have arrived.")
        for worker in tuple(self.app.workers):
            # All tests run for their dialog, which stays open if another program locked the vault.
            if worker.group == Group.RUN.value[0] and worker is not self._worker:
                worker.cancel()

    # -- the connector ------------------------------------------------------------

    def reload(self) -> None:
        """Show the connector as it is in its file now."""
        targets = self.host.workspace.targets
        same = next((t for t in targets if is_same(t, self.target)), None)
        self.is_gone = self.target is not None and same is None
        if self.target is None and targets:
            same = targets[0]
        if same is not None and same != self.target:
            self.take(same)
        elif self.target is None:
            self.show_nothing()
        self.form.show_name(is_gone=self.is_gone)
        self.retitle()

    async def choose(self, target: RunTarget | None) -> None:
        """Test this connector from now on, and draw its inputs."""
        if self._take(target):
            await self.form.draw_rows()

    def take(self, target: RunTarget | None) -> None:
        """Test this connector from now on. Draw its inputs a moment later."""
        if self._take(target):
            start(self, Group.CHOOSE, self.form.draw_rows)

    def _take(self, target: RunTarget | None) -> bool:
        """Put the connector into the form. Return True if the form has to be drawn."""
        old = self.target
        if old is not None:
            self.remembered.put(old.file, old.name, self.form.values())
        self.target, self.is_gone = target, False
        if not is_same(old, target):
            self._all = None
        values = self.remembered.of(target.file, target.name) if target else {}
        is_new = self.form.take(target, values, self.host.folder)
        if self.shown is None:
            self.show_nothing()
        self.retitle()
        return is_new

    def show_nothing(self) -> None:
        """Show what to do, because nothing was run yet."""
        words: list[Piece] = [("not run yet" if self.target else "", "muted")]
        self.view.show_lines(words, _BEFORE if self.target else _NOTHING)

    def values(self) -> dict[str, str]:
        """Return the texts of the inputs, by key."""
        return self.form.values()

    # -- whose result it is -------------------------------------------------------

    def present(self) -> Present:
        """Return what is on the screen now, to compare a run with."""
        snapshot = self.host.snapshot
        is_known = self.shown is not None and snapshot.state in (VaultState.LOCKED, VaultState.UNLOCKED)
        asked = self.shown.states if self.shown is not None else {}
        states = {e.name: state_of(e) for e in snapshot.entries if e.name in asked}
        return Present(self.target, snapshot.community, self.values(), states if is_known else None)

    def retitle(self) -> None:
        """Say of which run the result is, and what changed since."""
        self.view.bar.tell(self._title(self.shown) if self.shown is not None else ())

    def _title(self, run: Run) -> Sequence[Piece]:
        found = changes(run, self.present())
        pieces: list[Piece] = [("of ", "muted"), (run.title, "strong")]
        pieces.append((", stale" if found and not self.is_testing else "", "warn"))
        pieces += [(", finished", "accent")] if self._is_late else []
        pieces += [(f", {run.label}", "accent")] if run.label else []
        pieces += [(": " + ", ".join(found), "warn")] if found else []
        return [*pieces, ("   esc all tests", "muted")] if self._all else pieces

    def on_call_form_edited(self) -> None:
        """Say in the head that the inputs changed."""
        self.retitle()

    def _show(self, run: Run | None, *, late: bool = False) -> None:
        """Show this run in the head."""
        self.shown, self._is_late = run, late
        self.retitle()

    def at_hand(self) -> tuple[Run, Result | None] | None:
        """Return what is saved or copied: the shown run, else the call in the form."""
        if self.result is not None and self.shown is not None:
            return self.shown, self.result
        if self.target is None:
            return None
        return Run(self.target, self.host.snapshot.community, self.values()), None

    # -- running ------------------------------------------------------------------

    def _begin_run(self, *, fresh: bool) -> None:
        """Freeze the call that is on the screen now, and run the frozen call."""
        target = self.target
        if target is None:
            return
        problems = list(self.form.problems(self.host.folder).items())
        if self.is_gone:
            problems = [("", f"{one_line(target.name)} is not in {one_line(target.file)} any more.")]
        if problems:
            self._show(None)
            self.view.show_lines([("✗ not run", "bad")], [[(one_line(text), "")] for _, text in problems])
            self.form.focus_first(problems[0][0])
            return
        run = Run(target, self.host.snapshot.community, self.values())
        self.remembered.put(target.file, target.name, run.typed)
        self._is_sent = False
        self._worker = start(self, Group.RUN, self._run, run, fresh)

    async def _run(self, run: Run, fresh: bool) -> None:
        from strongroom_tui.flows.runs.keeping import keep
        from strongroom_tui.flows.runs.testing import run_test

        try:
            ended = await run_test(
                self.host, self.runner, run, fresh=fresh, begins=self.show_running, watch=self.on_progress
            )
        except StrongroomError as error:
            self._worker = None
            self._show(run)
            lines: list[Line] = [[(one_line(error.message), "")], [(one_line(error.way_out), "muted")]]
            self.view.show_lines([("✗ not run", "bad")], lines)
            return
        self._worker = None
        if ended is not None:
            self.show_result(ended.result)
            start(self, Group.KEEP, keep, self.host, self.remembered, ended.result, ended.held)

    def show_result(self, result: Result) -> None:
        """Show the result of a run that ended. Say if something else is chosen by now."""
        from strongroom_tui.flows.runs.testing import part_for

        run = result.run
        assert run is not None
        self.shown = run
        is_late = bool(changes(run, self.present()))
        self.view.show(result, part_for(result.report))
        self._show(run, late=is_late)
        if not is_late and self.view.shown.has_focus:
            missing = needed(result.report)
            self.set_class(self.has_class("-result") and not missing, "-result")
            self.form.need(missing)

    def _stop(self, words: str) -> None:
        if self._worker is not None:
            self._worker.cancel()
        self._worker = None
        self.view.show_lines([("– cancelled", "warn")], [[(words, "muted")]])
        self.retitle()

    def show_running(self, run: Run) -> None:
        """Show how long the run takes. Keys from now on are not for the inputs."""
        self._began, self._stage, self._is_sent = time.monotonic(), "", True
        self.remove_class("-form")
        self.view.show_lines([], [])
        self._show(run)
        if self.form.focused_key:
            self.view.shown.focus()
        self._tick()
        self.set_timer(TICK_SECONDS, self._again)

    def _again(self) -> None:
        if self.is_testing:
            self._tick()
            self.set_timer(TICK_SECONDS, self._again)

    def _tick(self) -> None:
        if self.result is None:
            took = time.monotonic() - self._began
            words = self._stage or "running"
            self.view.bar.show([(f"… {words}", "accent"), (f"   {took:.1f} s   esc cancels", "muted")], None)

    def on_progress(self, progress: "Progress") -> None:
        """Show what the run is doing now."""
        step = f"step {progress.number} of {progress.of}, " if progress.of > 1 else ""
        self._stage = one_line(step + STAGES.get(progress.stage, "running"))


def needed(report: Any) -> tuple[str, ...]:
    """Return the path parameters that a failed run asks for, as keys of the form."""
    errors = (report.failure or {}).get("errors")
    params = errors.get("params") if isinstance(errors, dict) else None
    return tuple(f"path:{name}" for name in params) if isinstance(params, list) else ()
