"""Do the actions of the Test tab, which runs connectors."""

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult

from strongroom.errors import StrongroomError
from strongroom_tui.dialogs.pick_connector import PickConnector
from strongroom_tui.frame.actions import Tab, bindings
from strongroom_tui.frame.workers import Group, is_under_way, start
from strongroom_tui.model.connectors.workspace_view import RunTarget
from strongroom_tui.model.runs.result import Result
from strongroom_tui.model.runs.run import Run, is_same
from strongroom_tui.model.text.json_tree import json_path
from strongroom_tui.model.why_not import Facts
from strongroom_tui.tabs.call import CallForm
from strongroom_tui.tabs.runs import RunPane
from strongroom_tui.tabs.tab_pane import STACKED
from strongroom_tui.widgets.result_view import ResultView

if TYPE_CHECKING:
    from strongroom_tui.flows.runs.running_all import AllRun


class TestPane(RunPane):
    """Show inputs and result side by side, or one above the other on a narrow screen."""

    __test__ = False  # a screen, not a test
    DEFAULT_CSS = """
    TestPane { layout: horizontal; }
    TestPane CallForm { width: 30%; max-width: 60; height: 100%; border-right: solid $line; padding: 0 1; }
    TestPane ResultView { width: 1fr; height: 100%; }
    TestPane.-narrow { layout: vertical; }
    TestPane.-narrow CallForm { width: 100%; max-width: 100%; height: 7; }
    TestPane.-narrow CallForm { border-right: none; border-bottom: solid $line; }
    TestPane.-narrow CallForm #inputs { margin-top: 0; }
    TestPane.-narrow ResultView { height: 1fr; width: 100%; }
    TestPane.-form ResultView { display: none; }
    TestPane.-form CallForm { width: 100%; max-width: 100%; height: 100%; border: none; }
    TestPane.-result CallForm { display: none; }
    """
    BINDINGS = bindings(Tab.TEST)
    first = "#part"

    def compose(self) -> ComposeResult:
        """Make the form with the call, and the result."""
        yield CallForm()
        yield ResultView()

    def on_resize(self) -> None:
        """Put one above the other on a narrow screen."""
        self.set_class(self.size.width < STACKED, "-narrow")

    def enter(self) -> None:
        """Give the keys to the result."""
        self.remove_class("-form")
        self.app.screen_stack[0].set_focus(self.view.shown)

    def facts(self) -> Facts:
        """Return what there is to run and to look at."""
        view = self.view
        return Facts(
            has_target=self.target is not None,
            has_result=self.result is not None,
            has_value=view.is_tree and view.json.row is not None,
        )

    # -- actions ----------------------------------------------------------------

    def begin(self, work: Callable[..., Coroutine[Any, Any, None]], *args: object) -> None:
        """Start something that asks a person, and show what goes wrong."""
        start(self, Group.DIALOG, self._ask, work, *args)

    async def _ask(self, work: Callable[..., Coroutine[Any, Any, None]], *args: object) -> None:
        try:
            await work(*args)
        except StrongroomError as error:
            self.host.complain(error)

    def action_pick(self) -> None:
        """Choose the connector from a list."""
        # Not beside the screen: a key that is pressed after this one must not run the connector before.
        if not is_under_way(self.app, Group.DIALOG):
            self.app.push_screen(PickConnector(self.host.workspace.targets, self._picked))

    def _picked(self, target: RunTarget) -> None:
        self.take(target)
        self.app.screen_stack[0].set_focus(self.view.shown)

    def action_inputs(self) -> None:
        """Go to the first input."""
        self.remove_class("-result")
        self.form.focus_first()

    def action_next_view(self) -> None:
        """Show the next part of the result."""
        self.view.turn(1)

    def action_previous_view(self) -> None:
        """Show the part before."""
        self.view.turn(-1)

    def action_find(self) -> None:
        """Ask for a text to find in the shown part."""
        self.view.start_finding()

    def action_next_hit(self) -> None:
        """Go to the next place that was found."""
        if not self.view.next_hit(1):
            self.host.say("/ finds a text")

    def action_previous_hit(self) -> None:
        """Go to the place before."""
        self.view.next_hit(-1)

    def action_whole(self) -> None:
        """Show the value under the cursor of the tree whole."""
        from strongroom_tui.dialogs.whole_text import WholeText

        result, row = self.result, self.view.json.row
        if result is not None and self.view.is_tree and row is not None:
            self.app.push_screen(WholeText(json_path(row.path), result.scalar_at(row.path)))

    def action_history(self) -> None:
        """List the earlier runs. Show one, or compare two."""
        self.begin(self._history)

    async def _history(self) -> None:
        from strongroom_tui.flows.runs.run_history import pick_run

        result = await pick_run(self.host, self.target.name if self.target else "")
        if result is not None and result.run is not None:
            self._show_earlier(result.run, result)

    def action_all_tests(self) -> None:
        """Run all test cases."""
        self.begin(self._run_all)

    async def _run_all(self) -> None:
        from strongroom_tui.flows.runs.running_all import Mistakes, load_all

        try:
            run = await load_all(self.host)
        except Mistakes as mistakes:
            self._show(None)
            self.view.show_lines([("✗ not run", "bad")], mistakes.lines)
            return
        if run is not None:
            await self._show_all(run, True)

    async def _show_all(self, run: "AllRun", begins: bool) -> None:
        from strongroom_tui.flows.runs.running_all import show_all, show_case

        picked = await show_all(self.host, self.runner, run, begins=begins)
        self._all = None
        if picked is None:
            return
        case = await show_case(self.host, run, picked)
        if case.run.target.data:
            self.remembered.put(case.run.target.file, case.run.target.name, dict(case.run.typed))
        self._show_earlier(case.run, case.result, is_put=True)
        if case.result is None:
            self.view.show_lines([(case.outcome, "bad")], case.lines)
        elif case.said:
            self.view.choose_part("Explain")
            self.host.say(case.said)
        self._all = run
        self.retitle()

    def _show_earlier(self, run: Run, result: Result | None, *, is_put: bool = False) -> None:
        """Show a run that was made before, and its connector as it is in its file now."""
        from strongroom_tui.flows.runs.testing import part_for

        now = next((t for t in self.host.workspace.targets if is_same(t, run.target)), None)
        if now is not None:
            if is_put:
                self.target = None  # the form must not replace the inputs that were put
            self.take(now)
        self._all = None
        self._show(run)
        if result is not None:
            self.view.show(result, part_for(result.report))
        self.view.shown.focus()

    def action_save_case(self) -> None:
        """Keep this call as a test case."""
        from strongroom_tui.flows.runs.saving_case import save_case

        if (at_hand := self.at_hand()) is not None:
            self.begin(save_case, self.host, *at_hand)

    def action_curl(self) -> None:
        """Copy the request as a curl command."""
        from strongroom_tui.flows.runs.curl import copy_curl

        if (at_hand := self.at_hand()) is not None:
            self.begin(copy_curl, self.host, *at_hand, self.runner.policy)

    def action_make(self) -> None:
        """Make the name that did not resolve, and run the test again."""
        self.begin(self._make)

    async def _make(self) -> None:
        from strongroom_tui.flows.runs.unresolved import make_name

        run = self.shown
        if not await make_name(self.host, self.result) or run is None:
            return
        if is_same(run.target, self.target) and run.community == self.host.snapshot.community:
            self._begin_run(fresh=False)

    def on_input_submitted(self) -> None:
        """Run the test, because enter was pressed in an input."""
        self.action_run()

    def action_zoom(self) -> None:
        """Give the pane in focus the whole screen, or give both their parts again."""
        is_form = bool(self.form.focused_key)
        was = self.has_class("-form") or self.has_class("-result")
        self.set_class(is_form and not was, "-form")
        self.set_class(not is_form and not was, "-result")

    # -- running ------------------------------------------------------------------

    def action_run_fresh(self) -> None:
        """Run the test without the answers that are cached."""
        self.action_run(fresh=True)

    def action_run(self, *, fresh: bool = False) -> None:
        """Run the test. A cached answer counts, as on the platform."""
        if self.target is None:
            self.action_pick()
        elif self.is_testing:
            running = self.shown.title if self.shown is not None and self._is_sent else "a test"
            self.host.say(f"not run: {running} is still running · esc cancels it")
        elif is_under_way(self, Group.DIALOG) or is_under_way(self.app, Group.DIALOG):
            self.host.say("not run: another action has not ended yet · press the key again")
        else:
            self._begin_run(fresh=fresh)

    def action_cancel(self) -> None:
        """Stop the test, leave the inputs, end the search, or go back to all tests."""
        if self.is_testing:
            self._stop("The test was cancelled; the request may have arrived.")
        elif self.view.is_finding and not self.form.focused_key:
            self.view.stop_finding()
        elif self._all is not None and not self.form.focused_key:
            self.begin(self._show_all, self._all, False)
            return
        self.view.shown.focus()
