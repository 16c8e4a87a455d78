"""List earlier runs, and compare two of them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from strongroom.errors import StrongroomError
from strongroom_tui.model.columns import Cell, Column
from strongroom_tui.model.runs.compare_lines import comparison_lines
from strongroom_tui.model.text.words import age, one_line
from strongroom_tui.widgets.dialog import Dialog
from strongroom_tui.widgets.line_view import LineView
from strongroom_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from strongroom.resolver.reports.capture import CaptureEntry
    from strongroom.resolver.reports.compare import Comparison

Entries = Sequence["CaptureEntry"]


class Runs:
    """Hold the rows of the list."""

    columns = (
        Column("when", 7),
        Column("outcome", 10),
        Column("connector or test", 0),
        Column("community", 12, drop=2),
        Column("took", 9, drop=1, right=True),
    )

    def __init__(self, entries: Entries, now: datetime) -> None:
        self.entries = entries
        self._now = now

    def __len__(self) -> int:
        return len(self.entries)

    def cells(self, index: int) -> tuple[Cell, ...]:
        """Return the cells of one run."""
        entry = self.entries[index]
        sign, style = ("✓", "good") if entry.passed else ("✗", "bad")
        return (
            Cell(age(entry.saved, self._now), "muted"),
            Cell(f"{sign} {entry.status or 'failed'}", style),
            Cell(one_line(entry.test or entry.connector)),
            Cell(one_line(entry.community), "muted"),
            Cell(f"{entry.milliseconds:,.0f} ms", "muted"),
        )


class RunHistory(Dialog[str]):
    """Give the path of a run on Enter. Two marked runs are compared."""

    DEFAULT_CSS = """
    RunHistory #box { width: 96%; height: 90%; }
    RunHistory VirtualList { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "show", show=False),
        Binding("space", "mark", show=False),
        Binding("c", "compare", show=False),
        Binding("a", "all", show=False),
    ]
    keys = "⏎ show · space mark · c compare · a all connectors · esc close"

    def __init__(self, load: Callable[[str | None], Entries], connector: str, now: datetime) -> None:
        """Take `load`, which returns the runs of one connector, or of all for None."""
        super().__init__()
        self.heading = f"Earlier runs · {one_line(connector)}" if connector else "Earlier runs"
        self._load = load
        self._connector = connector
        self._shows_all = not connector
        self._now = now
        self._runs = Runs(load(connector or None), now)
        self._marked: list[str] = []

    def body(self) -> ComposeResult:
        """Yield the list."""
        rows = VirtualList(self._runs)
        rows.empty = (
            "",
            "No run was kept yet. From now on, each run of a test is kept.",
            "",
            "a shows all connectors",
        )
        rows.is_marked = lambda index: self._runs.entries[index].path in self._marked
        yield rows

    @property
    def rows(self) -> VirtualList:
        """Return the list."""
        return self.query_one(VirtualList)

    @property
    def entry(self) -> "CaptureEntry | None":
        """Return the run under the cursor."""
        at = self.rows.cursor
        return self._runs.entries[at] if at < len(self._runs) else None

    def begin(self) -> None:
        """Put the cursor on the newest."""
        self.rows.focus()
        self.rows.reload(0)

    def on_virtual_list_chosen(self) -> None:
        """Give the run on whose row the cursor was clicked."""
        self.action_show()

    def action_show(self) -> None:
        """Give this run."""
        if self.entry is not None:
            self.dismiss(self.entry.path)

    def action_mark(self) -> None:
        """Mark this run for comparing. A third mark removes the first."""
        if self.entry is not None:
            path = self.entry.path
            if path in self._marked:
                self._marked.remove(path)
            else:
                self._marked = [*self._marked, path][-2:]
            self.rows.refresh()
            self.rows.action_move(1)

    def action_compare(self) -> None:
        """Compare the two marked runs.

        With one mark, compare it with the run under the cursor.
        """
        pair = self._pair()
        if pair is None:
            self.notify("There is no earlier run of it. Mark two with space.", markup=False)
            return
        self.app.push_screen(CompareRuns(*pair, self._now))

    def _pair(self) -> "tuple[CaptureEntry, CaptureEntry] | None":
        entries, entry = self._runs.entries, self.entry
        chosen = [e for e in entries if e.path in self._marked]
        if entry is not None and len(chosen) < 2 and entry not in chosen:
            chosen.append(entry)
        if entry is not None and len(chosen) == 1:
            before = [e for e in entries[entries.index(entry) + 1 :] if e.connector == entry.connector]
            # The run of a test is compared with the last run of that test before it, or else with any run before it.
            before.sort(key=lambda e: e.test != entry.test)
            chosen += before[:1]
        if len(chosen) != 2:
            return None
        first, second = sorted(chosen, key=lambda e: e.saved)
        return first, second

    def action_all(self) -> None:
        """Show the runs of all connectors, or of this one."""
        if self._connector:
            self._shows_all = not self._shows_all
            self._runs.entries = self._load(None if self._shows_all else self._connector)
            self.rows.reload(0)


class CompareRuns(Dialog[None]):
    """Show what the later of two runs added, removed and changed."""

    DEFAULT_CSS = """
    CompareRuns #box { width: 96%; height: 90%; }
    CompareRuns LineView { height: 1fr; padding: 0; }
    CompareRuns #summary { margin-bottom: 1; }
    """
    heading = "Compare runs"
    keys = "esc close"

    def __init__(self, before: "CaptureEntry", after: "CaptureEntry", now: datetime) -> None:
        super().__init__()
        self._before, self._after, self._now = before, after, now
        self._comparison: Comparison | None = None

    def body(self) -> ComposeResult:
        """Yield the names of the two runs, and the differences."""
        summary = "   →   ".join(self._summary(entry) for entry in (self._before, self._after))
        yield Static(summary, markup=False, id="summary")
        yield LineView()

    def _summary(self, entry: "CaptureEntry") -> str:
        sign = "✓" if entry.passed else "✗"
        ago = age(entry.saved, self._now)
        when = "now" if ago == "now" else f"{ago} ago"
        name = f"{one_line(entry.connector)}, " if self._before.connector != self._after.connector else ""
        return f"{sign} {entry.status or 'failed'} {name}{one_line(entry.community)}, {when}"

    def begin(self) -> None:
        """Start the comparison."""
        self.query_one(LineView).focus()
        self.run_worker(self._compare(), exclusive=True)

    async def _compare(self) -> None:
        from strongroom.resolver import load_capture
        from strongroom.resolver.reports.compare import compare

        try:
            self._comparison = await self.host.in_thread(
                lambda: compare(load_capture(self._before.path), load_capture(self._after.path))
            )
        except (OSError, ValueError):
            self.host.complain(StrongroomError("A run cannot be read any more.", "It may have been removed."))
            self.dismiss(None)
            return
        self._show()

    def on_line_view_resized(self) -> None:
        """Fold the lines to the width."""
        self._show()

    def _show(self) -> None:
        view = self.query_one(LineView)
        if self._comparison is not None:
            view.show(comparison_lines(self._comparison, max(24, view.size.width - 2)))
