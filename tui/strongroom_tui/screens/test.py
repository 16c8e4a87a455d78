"""The Test place: one connector, its inputs, and what a run of it gave."""

from collections.abc import Mapping
from typing import Any

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Label, Static
from textual.worker import Worker

from strongroom.errors import StrongroomError
from strongroom_tui import report_lines
from strongroom_tui.actions import Place, bindings
from strongroom_tui.report_lines import PARTS, Line, Part, ReportLike
from strongroom_tui.run_inputs import InputField, fields_for, to_inputs
from strongroom_tui.screens.pick import Pick
from strongroom_tui.screens.place import PlacePane
from strongroom_tui.widgets.line_view import LineView
from strongroom_tui.widgets.part_bar import PartBar
from strongroom_tui.words import one_line
from strongroom_tui.workers import Group, start
from strongroom_tui.workspace_view import Target

_BEFORE = (
    [("⏎  ", "key"), ("runs the test", "")],
    [("p  ", "key"), ("picks another connector", "")],
    [("i  ", "key"), ("goes to the inputs", "")],
)
_NOTHING: tuple[Line, ...] = (
    [("There is nothing to test yet.", "")],
    [],
    [("No connector file was found in this folder: Connectors (2) says", "muted")],
    [("where Strongroom looks.", "muted")],
)


class InputRow(Horizontal):
    """One input with its label."""

    DEFAULT_CSS = """
    InputRow { height: 1; }
    InputRow Label { width: 11; color: $muted; }
    InputRow Input { width: 1fr; border: none; height: 1; background: $raised; padding: 0 1; }
    InputRow Input:focus { border: none; }
    """

    def __init__(self, field: InputField, value: str) -> None:
        super().__init__()
        self.field = field
        self._value = value

    def compose(self) -> ComposeResult:
        """Label and input."""
        yield Label(one_line(self.field.label)[:10], markup=False)
        yield Input(self._value, placeholder=self.field.hint)

    @property
    def value(self) -> str:
        """What stands in it."""
        return self.query_one(Input).value


class TestPane(PlacePane):
    """Inputs on the left, the result on the right; one above the other on a narrow screen."""

    __test__ = False  # a screen, not a test
    DEFAULT_CSS = """
    TestPane { layout: horizontal; }
    TestPane #call { width: 30; height: 100%; border-right: solid $line; padding: 0 1; }
    TestPane #call > Static { width: 1fr; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    TestPane #target { color: $primary; text-style: bold; }
    TestPane .muted { color: $muted; }
    TestPane #inputs { height: 1fr; margin-top: 1; scrollbar-size-vertical: 1; }
    TestPane #result { width: 1fr; height: 100%; }
    TestPane #part { height: 1fr; }
    TestPane.-narrow { layout: vertical; }
    TestPane.-narrow #call { width: 100%; height: 8; border-right: none; border-bottom: solid $line; }
    TestPane.-narrow #inputs { margin-top: 0; }
    TestPane.-narrow #result { height: 1fr; width: 100%; }
    TestPane.-wide #call { width: 46; }
    """
    BINDINGS = bindings(Place.TEST)
    first = "#part"

    def __init__(self) -> None:
        super().__init__(id=Place.TEST.value)
        self.target: Target | None = None
        self.report: ReportLike | None = None
        self._parts: tuple[Part, ...] = ()
        self._remembered: dict[tuple[str, str], dict[str, str]] = {}
        self._worker: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        """The call and the result."""
        with Vertical(id="call"):
            yield Static("", markup=False, id="target")
            yield Static("", markup=False, id="url", classes="muted")
            yield VerticalScroll(id="inputs", can_focus=False)
        with Vertical(id="result"):
            yield PartBar(PARTS)
            yield LineView(id="part")

    def on_resize(self) -> None:
        """One above the other where it is narrow."""
        self.set_class(self.size.width < 72, "-narrow")
        self.set_class(self.size.width >= 110, "-wide")

    def on_line_view_resized(self) -> None:
        """Fold prose to its new width."""
        if self.report is not None:
            self._show_result()

    @property
    def bar(self) -> PartBar:
        """The lines above the result."""
        return self.query_one(PartBar)

    @property
    def view(self) -> LineView:
        """The shown part of the result."""
        return self.query_one("#part", LineView)

    @property
    def is_testing(self) -> bool:
        """Whether a test is under way."""
        return self._worker is not None and self._worker.is_running

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
            self._show_target()

    async def choose(self, target: Target | None) -> None:
        """Test this connector from now on."""
        self._remember()
        keeps_result = (
            target is not None
            and self.target is not None
            and (target.file, target.name) == (self.target.file, self.target.name)
        )
        self.target = target
        inputs = self.query_one("#inputs")
        await inputs.remove_children()
        if target is not None:
            old = self._remembered.get((target.file, target.name), {})
            await inputs.mount_all([InputRow(f, old.get(f.key, "")) for f in fields_for(target)])
        if not keeps_result:
            self.report, self._parts = None, ()
        self._show_target()

    def _show_target(self) -> None:
        target = self.target
        name = one_line(target.name) if target else "No connector"
        url = ""
        if target is not None:
            data: Mapping[str, Any] = target.data
            steps = data.get("steps")
            url = one_line(f"{data.get('method') or 'GET'} {data.get('url') or ''}")
            if target.is_composite and isinstance(steps, list):
                url = f"composite, {len(steps)} steps"
        self.query_one("#target", Static).update(name)
        self.query_one("#url", Static).update(url)
        self._show_result()

    def _show_result(self) -> None:
        if self.report is None:
            self.bar.show([("not run yet" if self.target else "", "muted")], None)
            self.view.show(_BEFORE if self.target else _NOTHING)
            return
        self.bar.show(report_lines.summary(self.report), self.bar.chosen or 0)
        chosen = self.bar.chosen or 0
        # These two are folded to the width, which may be another by now.
        fold = {"Explain": report_lines.explain, "Request": report_lines.request}.get(PARTS[chosen])
        part = fold(self.report, self.view.size.width) if fold else self._parts[chosen]
        self.view.show_lazily(part.height, part.line, part.widest)

    def values(self) -> dict[str, str]:
        """What stands in the inputs, by key."""
        return {row.field.key: row.value for row in self.query(InputRow)}

    def _remember(self) -> None:
        if self.target is not None:
            self._remembered[(self.target.file, self.target.name)] = self.values()

    # -- actions ----------------------------------------------------------------

    def action_pick(self) -> None:
        """Choose the connector from a list."""
        start(self, Group.DIALOG, self._pick)

    async def _pick(self) -> None:
        targets = self.room.workspace.targets
        choices = [(one_line(t.name), one_line(t.file), str(i)) for i, t in enumerate(targets)]
        chosen = await self.room.push_screen_wait(Pick("Test which connector?", choices))
        if chosen:
            await self.choose(targets[int(chosen)])
            self.view.focus()

    def action_inputs(self) -> None:
        """Go to the first input."""
        for row in self.query(InputRow):
            row.query_one(Input).focus()
            return

    def action_next_view(self) -> None:
        """The next part of the result."""
        self._turn(1)

    def action_previous_view(self) -> None:
        """The part before."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        if self.report is not None:
            self.bar.chosen = ((self.bar.chosen or 0) + by) % len(PARTS)
            self._show_result()

    def on_part_bar_clicked(self, event: PartBar.Clicked) -> None:
        """A click on a part's name."""
        if self.report is not None:
            self.bar.chosen = event.number
            self._show_result()

    def on_input_submitted(self) -> None:
        """Enter in an input runs."""
        self.action_run()

    def action_cancel(self) -> None:
        """Stop the running test; without one, leave the inputs."""
        if self.is_testing and self._worker is not None:
            self._worker.cancel()
            self._worker = None
            self.bar.show([("– cancelled", "warn")], None)
            self.view.show([[("The test was cancelled; the request may have arrived.", "muted")]])
        self.view.focus()

    def action_run(self) -> None:
        """Run the test."""
        if self.target is None:
            self.action_pick()
        elif not self.is_testing:
            self._worker = start(self, Group.RUN, self._run, self.target)

    async def _run(self, target: Target) -> None:
        room = self.room
        if "get_secret" in str(target.data) and not await room.ensure_unlocked():
            return
        self.report, self._parts = None, ()
        self.bar.show([("… running", "accent"), ("   esc cancels", "muted")], None)
        self.view.show([])
        try:
            report = await room.send_test(target.data, to_inputs(self.values()))
        except StrongroomError as error:
            self.bar.show([("✗ not run", "bad")], None)
            self.view.show([[(one_line(error.message), "")], [(one_line(error.way_out), "muted")]])
            return
        self._parts = await room.in_thread(report_lines.parts, report, self.view.size.width)
        self.report = report
        # A failure is looked at for its reason, a success for its answer.
        self.bar.chosen = 0 if report.ok else PARTS.index("Explain")
        self._show_result()
        self.view.focus()
