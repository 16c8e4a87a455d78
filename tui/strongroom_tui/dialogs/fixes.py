"""Show the difference that fixes make, before a file is written."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from strongroom.text.phrases import counted
from strongroom_tui.frame.workers import Group, start
from strongroom_tui.model.connectors.fix_plan import FixPlan, diff_lines
from strongroom_tui.model.text.words import one_line
from strongroom_tui.widgets.dialog import Dialog
from strongroom_tui.widgets.line_view import Line, LineView

Plan = Callable[[bool], Awaitable[FixPlan]]


class Fixes(Dialog[FixPlan]):
    """Show the difference of every file. Enter gives the plan that is shown."""

    DEFAULT_CSS = """
    Fixes #box { width: 96%; height: 96%; }
    Fixes LineView { height: 1fr; padding: 0; }
    Fixes #summary { height: auto; margin-bottom: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "apply", show=False),
        Binding("u", "unsafe", show=False),
        Binding("n", "leave", show=False),
    ]
    keys = "⏎ apply · u possible fixes too · esc cancel"

    def __init__(self, plan: Plan | None, first: FixPlan | None = None, heading: str = "Fix all") -> None:
        """Take `plan`, which makes a plan with or without unsafe fixes.

        A `first` plan is shown alone.
        """
        super().__init__()
        self.heading = heading
        if plan is None:
            self.keys = "⏎ apply · esc cancel"
        self._plan = plan
        self._shown = first

    def body(self) -> ComposeResult:
        """Yield the summary and the difference."""
        yield Static("", markup=False, id="summary")
        yield LineView(id="diff")

    def begin(self) -> None:
        """Make the plan, or show the given one."""
        self.query_one(LineView).focus()
        if self._shown is not None:
            self._show(self._shown)
        else:
            start(self, Group.FIND, self._make, False)

    async def _make(self, unsafe: bool) -> None:
        assert self._plan is not None
        self._shown = None
        self.query_one("#summary", Static).update("Working out the fixes …")
        self._show(await self._plan(unsafe))

    def _show(self, plan: FixPlan) -> None:
        self._shown = plan
        sort = "certain and possible fixes" if plan.unsafe else "certain fixes"
        if self._plan is None:
            summary = "Look at it first: this fix may not be what was meant."
        elif plan.files:
            places = counted(len(plan.files), "file")
            summary = f"{counted(plan.fixed, 'finding')} in {places} would go, by {sort}."
        else:
            summary = (
                "There is nothing to fix for certain." if not plan.unsafe else "There is nothing to fix."
            )
        self.query_one("#summary", Static).update(summary)
        lines: list[Line] = []
        for file in plan.files:
            if lines:
                lines.append([])
            left = f" · {file.left} left" if file.left else ""
            lines.append([(one_line(file.file.shown), "strong"), (f"  {file.fixed} fixed{left}", "muted")])
            lines += diff_lines(file.source.text, file.text)
        self.query_one(LineView).show(lines)

    def action_unsafe(self) -> None:
        """Add the unsafe fixes, or leave them out."""
        if self._plan is not None and self._shown is not None:
            start(self, Group.FIND, self._make, not self._shown.unsafe)

    def action_apply(self) -> None:
        """Give the plan that is shown."""
        if self._shown is not None and self._shown.files:
            self.dismiss(self._shown)
