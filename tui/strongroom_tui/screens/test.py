"""The Test place: one connector, the inputs of its call, and what a run of it gave."""

import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.worker import Worker

from strongroom.errors import StrongroomError
from strongroom_tui.actions import Place, bindings
from strongroom_tui.bench import Bench
from strongroom_tui.json_tree import json_path
from strongroom_tui.remembered import Remembered
from strongroom_tui.report_lines import Line, Piece
from strongroom_tui.result import Result
from strongroom_tui.screens.pick import Pick
from strongroom_tui.screens.place import PlacePane
from strongroom_tui.screens.test_call import CallForm
from strongroom_tui.why_not import Facts
from strongroom_tui.widgets.result_view import ResultView
from strongroom_tui.words import one_line
from strongroom_tui.workers import Group, start
from strongroom_tui.workspace_view import Target

if TYPE_CHECKING:
    from strongroom.resolver.exchange import Progress

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
"""How often the time of a running test is told."""

STAGES = {
    "render": "filling in the templates",
    "authenticate": "getting a token",
    "call": "waiting for the answer",
    "transform": "making the answer",
}


class TestPane(PlacePane):
    """Inputs on the left, the result on the right; one above the other on a narrow screen."""

    __test__ = False  # a screen, not a test
    DEFAULT_CSS = """
    TestPane { layout: horizontal; }
    TestPane CallForm { width: 28; height: 100%; border-right: solid $line; padding: 0 1; }
    TestPane ResultView { width: 1fr; height: 100%; }
    TestPane.-narrow { layout: vertical; }
    TestPane.-narrow CallForm { width: 100%; height: 7; border-right: none; border-bottom: solid $line; }
    TestPane.-narrow CallForm #inputs { margin-top: 0; }
    TestPane.-narrow ResultView { height: 1fr; width: 100%; }
    TestPane.-wide CallForm { width: 46; }
    """
    BINDINGS = bindings(Place.TEST)
    first = "#part"

    def __init__(self) -> None:
        super().__init__(id=Place.TEST.value)
        self.target: Target | None = None
        self._bench: Bench | None = None
        self._remembered: Remembered | None = None
        self._worker: Worker[None] | None = None
        self._began = 0.0
        self._stage = ""

    def compose(self) -> ComposeResult:
        """The call and the result."""
        yield CallForm()
        yield ResultView()

    def on_resize(self) -> None:
        """One above the other where it is narrow."""
        self.set_class(self.size.width < 72, "-narrow")
        self.set_class(self.size.width >= 110, "-wide")

    def enter(self) -> None:
        """The result takes the keys."""
        self.app.screen_stack[0].set_focus(self.view.shown)

    @property
    def form(self) -> CallForm:
        """The call."""
        return self.query_one(CallForm)

    @property
    def view(self) -> ResultView:
        """The result."""
        return self.query_one(ResultView)

    @property
    def bench(self) -> Bench:
        """Where connectors are run."""
        if self._bench is None:
            self._bench = Bench(self.room.settings)
        return self._bench

    @property
    def remembered(self) -> Remembered:
        """The inputs of earlier calls."""
        if self._remembered is None:
            self._remembered = Remembered(self.room.folder)
        return self._remembered

    @property
    def result(self) -> Result | None:
        """What is shown."""
        return self.view.result

    @property
    def is_testing(self) -> bool:
        """Whether a test is under way."""
        return self._worker is not None and self._worker.is_running

    def facts(self) -> Facts:
        """Return what there is to run and to look at."""
        view = self.view
        return Facts(
            has_target=self.target is not None,
            has_result=self.result is not None,
            has_value=view.is_tree and view.json.row is not None,
        )

    def forget(self) -> None:
        """The vault was locked: tokens and answers go."""
        if self._bench is not None:
            self._bench.forget()

    # -- the connector ------------------------------------------------------------

    def reload(self) -> None:
        """The files changed: keep the connector, as it stands in its file now."""
        targets = self.room.workspace.targets
        old = self.target
        same = [t for t in targets if old is not None and (t.file, t.name) == (old.file, old.name)]
        target = same[0] if same else targets[0] if targets else None
        if target != old:
            start(self, Group.CHOOSE, self.choose, target)
        elif target is None:
            self.show_nothing()

    async def choose(self, target: Target | None) -> None:
        """Test this connector from now on."""
        old = self.target
        if old is not None:
            self.remembered.put(old.file, old.name, self.form.values())
        is_same = (
            target is not None and old is not None and (target.file, target.name) == (old.file, old.name)
        )
        self.target = target
        values = self.remembered.of(target.file, target.name) if target else {}
        await self.form.show(target, values, self.room.folder)
        if not is_same:
            self.show_nothing()

    def show_nothing(self) -> None:
        """Nothing was run yet."""
        words: list[Piece] = [("not run yet" if self.target else "", "muted")]
        self.view.show_lines(words, _BEFORE if self.target else _NOTHING)

    def values(self) -> dict[str, str]:
        """What stands in the inputs, by key."""
        return self.form.values()

    # -- actions ----------------------------------------------------------------

    def begin(self, flow: Callable[..., Coroutine[Any, Any, None]], *args: object) -> None:
        """Start something that asks a person; what goes wrong is told."""
        start(self, Group.DIALOG, self._flow, flow, *args)

    async def _flow(self, flow: Callable[..., Coroutine[Any, Any, None]], *args: object) -> None:
        try:
            await flow(self, *args)
        except StrongroomError as error:
            self.room.complain(error)

    def action_pick(self) -> None:
        """Choose the connector from a list."""
        self.begin(_pick)

    def action_inputs(self) -> None:
        """Go to the first input."""
        self.form.focus_first()

    def action_next_view(self) -> None:
        """The next part of the result."""
        self.view.turn(1)

    def action_previous_view(self) -> None:
        """The part before."""
        self.view.turn(-1)

    def action_find(self) -> None:
        """Look for a text in the shown part."""
        self.view.start_finding()

    def action_next_hit(self) -> None:
        """To the next place that was found."""
        if not self.view.next_hit(1):
            self.room.say("/ finds a text")

    def action_previous_hit(self) -> None:
        """To the place before."""
        self.view.next_hit(-1)

    def action_whole(self) -> None:
        """The value under the cursor of the tree, whole."""
        from strongroom_tui.screens.whole_text import WholeText

        result, row = self.result, self.view.json.row
        if result is not None and self.view.is_tree and row is not None:
            self.app.push_screen(WholeText(json_path(row.path), result.scalar_at(row.path)))

    def action_history(self) -> None:
        """Earlier runs: look at one, compare two."""
        from strongroom_tui.flows.run_history import show_runs

        self.begin(show_runs)

    def action_all_tests(self) -> None:
        """Run all test cases."""
        from strongroom_tui.flows.running_all import run_all

        self.begin(run_all)

    def action_save_case(self) -> None:
        """Keep this call as a test case."""
        from strongroom_tui.flows.saving_case import save_case

        self.begin(save_case)

    def action_curl(self) -> None:
        """Copy the request as a curl command."""
        from strongroom_tui.flows.curl import copy_curl

        self.begin(copy_curl)

    def action_make(self) -> None:
        """Make the name that did not resolve, and run again."""
        from strongroom_tui.flows.testing import make_and_run

        self.begin(make_and_run)

    def on_input_submitted(self) -> None:
        """Enter in an input runs."""
        self.action_run()

    # -- running ------------------------------------------------------------------

    def action_run_fresh(self) -> None:
        """Run the test without the answers that are cached."""
        self.action_run(fresh=True)

    def action_run(self, *, fresh: bool = False) -> None:
        """Run the test; a cached answer counts, as on the platform."""
        from strongroom_tui.flows.testing import run_test

        if self.target is None:
            self.action_pick()
        elif not self.is_testing:
            self._worker = start(self, Group.RUN, run_test, self, self.target, fresh)

    def action_cancel(self) -> None:
        """Stop the running test; without one, leave the inputs."""
        if self.is_testing and self._worker is not None:
            self._worker.cancel()
            self._worker = None
            words: list[Piece] = [("– cancelled", "warn")]
            line: Line = [("The test was cancelled; the request may have arrived.", "muted")]
            self.view.show_lines(words, [line])
        self.view.shown.focus()

    def show_running(self) -> None:
        """The run begins: tell how long it takes."""
        self._began, self._stage = time.monotonic(), ""
        self.view.show_lines([], [])
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
        """What the run is doing now."""
        step = f"step {progress.number} of {progress.of}, " if progress.of > 1 else ""
        self._stage = one_line(step + STAGES.get(progress.stage, "running"))


async def _pick(pane: TestPane) -> None:
    targets = pane.room.workspace.targets
    choices = [(one_line(t.name), one_line(t.file), str(i)) for i, t in enumerate(targets)]
    chosen = await pane.room.push_screen_wait(Pick("Test which connector?", choices))
    if chosen:
        await pane.choose(targets[int(chosen)])
        pane.view.shown.focus()
