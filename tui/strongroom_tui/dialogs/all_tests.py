"""Run all test cases at once. Show a bar, and a table of the outcomes."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widget import Widget
from textual.worker import Worker, WorkerError

from strongroom.errors import StrongroomError
from strongroom_tui.frame.workers import Group, start
from strongroom_tui.model.runs.case_table import CaseTable
from strongroom_tui.model.text.words import one_line
from strongroom_tui.widgets.dialog import Dialog
from strongroom_tui.widgets.painting import segment, style
from strongroom_tui.widgets.virtual_list import VirtualList

TICK_SECONDS = 0.1
"""Seconds between two drawings of the table while tests run.

Hundreds of tests may end in between.
"""


class ProgressLine(Widget):
    """Draw `━━━━━━━━────  12 of 40` above `✓ 10 passed   ✗ 2 failed`."""

    DEFAULT_CSS = "ProgressLine { height: 3; }"

    def __init__(self, table: CaseTable) -> None:
        super().__init__()
        self._table = table
        self.status = ""

    def render_line(self, y: int) -> Strip:
        """Draw the bar, the tally and a blank line."""
        theme, width = self.app.theme, self.size.width
        table, pieces = self._table, list[Segment]()
        total = len(table.cases)
        if y == 0:
            words = f"  {table.done:,} of {total:,}  {self.status}"
            room = max(10, width - len(words) - 1)
            done = room * table.done // total if total else 0
            pieces = [segment(theme, "━" * done, "accent"), segment(theme, "─" * (room - done), "line")]
            pieces.append(segment(theme, words, "muted"))
        elif y == 1:
            pieces = [segment(theme, text, look) for text, look in table.tally()]
        return Strip(pieces).adjust_cell_length(width, style(theme, ""))


class AllTests(Dialog[Any]):
    """Run the tests when the dialog opens.

    Enter gives the `CaseResult` under the cursor.
    """

    DEFAULT_CSS = """
    AllTests #box { width: 96%; height: 92%; }
    AllTests VirtualList { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "show", show=False),
        Binding("r", "again", show=False),
        Binding("f", "failures", show=False),
        Binding("n", "next", show=False),
    ]
    keys = "⏎ show · n next failure · f failures · r again · esc close"

    def __init__(
        self, table: CaseTable, run: Callable[[], Awaitable[None]], *, begins: bool, community: str = ""
    ) -> None:
        """Take `run`, which runs all tests and fills the table.

        `begins` False shows the results that are in the table.
        """
        super().__init__()
        self.table = table
        self.heading = f"All tests · {one_line(community)}" if community else "All tests"
        self._run = run
        self._begins = begins
        self._at = table.at
        self._worker: Worker[None] | None = None
        # Kept in attributes, not looked up: locking closes the dialog while tests run.
        self._progress = ProgressLine(table)
        self.rows = VirtualList(table)
        self.rows.empty = ("", "Nothing failed.")

    def body(self) -> ComposeResult:
        """Yield the bar and the table."""
        yield self._progress
        yield self.rows

    @property
    def is_testing(self) -> bool:
        """Return True while tests run."""
        return self._worker is not None and self._worker.is_running

    def begin(self) -> None:
        """Run the tests."""
        self.rows.focus()
        self.rows.reload(self._at)
        if self._begins:
            self._start()

    async def _last_ended(self) -> None:
        """Wait for the end of a run whose last result is shown."""
        if self._worker is not None and self.table.done == len(self.table.cases):
            with suppress(WorkerError):
                await self._worker.wait()

    async def action_again(self) -> None:
        """Run all tests again."""
        await self._last_ended()
        self._start()

    def _start(self) -> None:
        if not self.is_testing:
            self.table.clear()
            self._worker = start(self, Group.RUN, self._go)
            self._tick()

    async def _go(self) -> None:
        try:
            await self._run()
        except StrongroomError as error:
            self._progress.status = one_line(error.message)
        except asyncio.CancelledError:
            self._progress.status = "cancelled"
            raise
        finally:
            self.table.running.clear()
            self._draw()
            first = self.table.next_failure(-1)
            if first is not None and not self.rows.cursor:
                self.rows.go(first)

    def _tick(self) -> None:
        self._draw()
        if self.is_testing:
            self.set_timer(TICK_SECONDS, self._tick)

    def _draw(self) -> None:
        self._progress.refresh()
        self.rows.reload()

    async def action_leave(self) -> None:  # type: ignore[override]
        """Cancel the running tests. Close if no test runs."""
        await self._last_ended()
        if self.is_testing and self._worker is not None:
            self._worker.cancel()
        else:
            self.dismiss(None)

    def action_failures(self) -> None:
        """Show only the failures, or all results."""
        self.table.only_failures = not self.table.only_failures
        self.table.arrange()
        self.rows.reload(0)

    def action_next(self) -> None:
        """Go to the next failure."""
        found = self.table.next_failure(self.rows.cursor)
        if found is not None:
            self.rows.go(found)

    async def action_show(self) -> None:
        """Give the result under the cursor."""
        await self._last_ended()
        result = self.table.result(self.rows.cursor)
        if result is not None and not self.is_testing:
            self.table.at = self.rows.cursor
            self.dismiss(result)

    async def on_virtual_list_chosen(self) -> None:
        """Give the result on whose row the cursor was clicked."""
        await self.action_show()
